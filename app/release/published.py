"""Serving what was published: every process follows one pointer in the database.

A version is written to a folder of this machine, verified file by file, compiled beside the one that serves,
and then takes its place. Whatever keeps it from that is named, and what served before goes on: for one brand
when only that brand does not load, and for all of them when the version cannot be had at all.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.db.content import ContentStore
from app.db.service_tables import ContentVersion, ServingMove
from app.errors import ContentError, StorageError
from app.release.cache import ContentCache
from app.release.library import ContentLibrary, Libraries
from app.release.serving import FolderContents, Serving, load_content, prompt_faults

RETRY_SECONDS = 30.0
"""How long a version that could not be had is left alone: a full disk or a damaged row takes a person."""
SWEEP_SECONDS = 3_600.0
KEPT_LOADED = 2
"""Versions that served before and stay compiled, so that going back to one takes no time."""
LOOKED_BACK = 20
"""Moves of the pointer that are looked through for what last worked, when a process starts."""


@dataclass(frozen=True)
class ContentRoot:
    """The folder of the content that a command works with, and the published version that it is, if any."""

    path: Path
    version: str = ""

    @property
    def partials(self) -> Path:
        """The folder of the MJML files."""
        return self.path / "blocks"


def published_root(store: ContentStore, cache: ContentCache, folder: Path) -> ContentRoot:
    """Where the version that serves lies, for a command that loads one brand of it. Raises StorageError.

    Before anything is published it is the folder.
    """
    move = store.serving()
    if move is None:
        return ContentRoot(folder)
    version = store.find(move.version)
    return ContentRoot(cache.put(version.hash, version.manifest, store.files(version)), version.hash)


class PublishedContents:
    """Follows the pointer, and serves the folder as long as nothing is published.

    `production` makes it a fault that nothing is published. Raises StorageError when it is made and the
    database cannot be read, or no version that was ever served can be used.
    """

    def __init__(
        self, store: ContentStore, cache: ContentCache, folder: Path, *, production: bool = False
    ) -> None:
        self._store = store
        self._cache = cache
        self._folder = folder
        self._production = production
        self._lock = threading.Lock()
        self._unpublished: FolderContents | None = None
        self._serving: Serving | None = None
        self._wanted = ""
        """The version that the pointer named when it was read last."""
        self._followed = ""
        """The same, once the load has ended, well or not."""
        self._loaded: OrderedDict[str, Serving] = OrderedDict()
        self._retry_at = 0.0
        self._sweep_at = 0.0
        self._follow(store.serving())

    def now(self) -> Serving:
        """The content that serves at this moment."""
        serving = self._serving
        if serving is None:
            raise RuntimeError("nothing serves before the first load has ended")
        return serving

    def behind(self, version: str) -> bool:
        """Whether the pointer names this version and has not been followed there yet."""
        return version != self._followed

    def refresh(self) -> None:
        """Read the pointer, and load what it names when it moved. Takes seconds then: call it in a thread.

        A database that is away changes nothing.
        """
        with self._lock:
            try:
                move = self._store.serving()
            except StorageError:
                return
            self._follow(move)

    def _follow(self, move: ServingMove | None) -> None:
        if move is None:
            self._serve_folder()
        elif move.version != self._wanted or (self._behind() and time.monotonic() >= self._retry_at):
            self._wanted = move.version
            self._load(move)
        if self._wanted and time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
            in_use = {self.now().version, *self._loaded}
            for digest in in_use:
                self._cache.used(digest)
            self._cache.sweep({*in_use, self._wanted})

    def _behind(self) -> bool:
        return self._serving is not None and self._serving.version != self._wanted

    def _serve_folder(self) -> None:
        if self._unpublished is None:
            advice = ("nothing is published: run `copydesk publish`, so that all processes serve the same",)
            self._unpublished = FolderContents(self._folder, faults=advice if self._production else ())
        else:
            self._unpublished.refresh()
        self._serving = self._unpublished.now()
        self._followed = ""

    def _load(self, move: ServingMove) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        try:
            self._exchange(move)
        finally:
            self._followed = move.version

    def _exchange(self, move: ServingMove) -> None:
        before = self._serving
        try:
            kept = self._loaded.pop(move.version, None)
            if kept is not None and kept.root.is_dir():
                after = replace(kept, why=_why(move))
            else:
                after = self._version(move.version, _why(move), before)
        except (StorageError, ContentError) as error:
            fault = f"version {move.version[:12]} cannot serve: {_first_line(error)}"
            after = self._fall_back(move, before, fault, error)
        self._unpublished = None
        self._serving = after
        if before is not None and before.version and not before.faults and before.version != after.version:
            self._loaded[before.version] = before
            while len(self._loaded) > KEPT_LOADED:
                self._loaded.popitem(last=False)

    def _version(self, digest: str, why: str, before: Serving | None) -> Serving:
        """The version, loaded. Raises StorageError when it cannot be had, ContentError for its prompts."""
        version = self._store.find(digest)
        last_good = dict(before.libraries.serving) if before is not None else {}
        root = self._materialised(version)
        after = load_content(root, version=digest, why=why, last_good=last_good)
        problems = after.prompts.problems()
        if problems and before is None:
            raise ContentError(problems)
        if problems and before is not None:
            after = replace(after, prompts=before.prompts, faults=prompt_faults(problems))
        found = self._last_good(after.libraries.disabled, digest)
        if found:
            libraries = Libraries(root / "brand", root / "blocks", last_good={**last_good, **found})
            after = replace(after, libraries=libraries)
        named = tuple(_brand_fault(name, after.libraries) for name in after.libraries.faults)
        return replace(after, faults=(*after.faults, *named))

    def _materialised(self, version: ContentVersion) -> Path:
        if self._cache.holds(version.hash, version.manifest):
            self._cache.used(version.hash)
            return self._cache.path(version.hash)
        return self._cache.put(version.hash, version.manifest, self._store.files(version))

    def _last_good(self, brands: Mapping[str, object], than: str) -> dict[str, ContentLibrary]:
        """The brands from the latest earlier versions in which they load, for a process that just started."""
        found: dict[str, ContentLibrary] = {}
        for digest in self._earlier(than):
            wanted = [name for name in brands if name not in found]
            if not wanted:
                break
            try:
                root = self._materialised(self._store.find(digest))
            except StorageError:
                continue
            serving = Libraries(root / "brand", root / "blocks").serving
            found.update({name: serving[name] for name in wanted if name in serving})
        return found

    def _fall_back(self, move: ServingMove, before: Serving | None, fault: str, error: Exception) -> Serving:
        """What served goes on; a process that starts takes the latest version that can be used."""
        if before is not None:
            return replace(before, faults=(fault,), last_good=True)
        for digest in self._earlier(move.version):
            try:
                serving = self._version(digest, "it is the last version that could be used", None)
            except (StorageError, ContentError):
                continue
            return replace(serving, faults=(fault, *serving.faults), last_good=True)
        raise error

    def _earlier(self, than: str) -> list[str]:
        moves = self._store.moves(LOOKED_BACK)
        return [digest for digest in dict.fromkeys(move.version for move in moves) if digest != than]


def _why(move: ServingMove) -> str:
    return f"version {move.version[:12]} serves since {move.moved_at:%Y-%m-%d %H:%M} UTC"


def _brand_fault(name: str, libraries: Libraries) -> str:
    problems = libraries.faults[name]
    first = str(problems[0]) if problems else "it does not load"
    stays = "its last valid version goes on" if name in libraries.serving else "it does not serve"
    return f"brand {name}: {stays}: {first}"


def _first_line(error: Exception) -> str:
    text = error.problems[0] if isinstance(error, ContentError) and error.problems else error
    return str(text).splitlines()[0]
