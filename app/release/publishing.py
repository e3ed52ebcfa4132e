"""Publishing: content is read once, judged as it would serve, stored, and only then does the pointer move.

What is judged is what is stored: the files are taken as bytes, written under their hash, and loaded there.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from app.db.content import ContentStore, Published
from app.db.service_tables import ContentVersion, ServingMove
from app.errors import StorageError, UsageError
from app.manifest import Publishable
from app.release.cache import ContentCache
from app.release.serving import Serving, load_content
from app.release.standing import (
    Approved,
    BrandChange,
    BrandStanding,
    FactsOf,
    Failing,
    RenderingProblems,
    Sort,
    compare,
    stand,
)
from app.yaml12 import nearest


class FileChanges(BaseModel):
    """The paths by which one version differs from another."""

    model_config = ConfigDict(frozen=True)

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, old: Mapping[str, str], new: Mapping[str, str]) -> "FileChanges":
        """What it takes to get from `old` to `new`."""
        return cls(
            added=tuple(sorted(new.keys() - old.keys())),
            changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
            removed=tuple(sorted(old.keys() - new.keys())),
        )


class Proposal(BaseModel):
    """What would happen if a version served: against `serving`, the version that does so now.

    `left_out` names files that no place of the content takes. `unread` says why there is nothing to compare
    with although a version serves.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    serving: str | None
    stored: bool
    """Whether the version is stored already."""
    as_of: dt.datetime
    files: int
    bytes: int
    changes: FileChanges
    left_out: tuple[str, ...] = ()
    brands: tuple[BrandChange, ...] = ()
    brands_gone: tuple[str, ...] = ()
    unread: str = ""

    @property
    def unusable(self) -> list[Failing]:
        """What must not serve, whoever accepts it."""
        return [item for item in self._failing() if item.sort is Sort.CONTENT]

    @property
    def shortfalls(self) -> list[Failing]:
        """Approved content and rule examples that do not hold, which somebody may accept."""
        return [item for item in self._failing() if item.sort in (Sort.BLOCK, Sort.EXAMPLE)]

    def _failing(self) -> list[Failing]:
        return [item for brand in self.brands for item in (*brand.now_fails, *brand.still_fails)]


@dataclass(frozen=True)
class Judging:
    """What a version is judged with besides its own files."""

    approved: Approved
    facts_of: FactsOf
    rendering: RenderingProblems


LOOKED_BACK = 200
"""Moves of the pointer that are looked through for another state of a brand."""


def _of_brand(manifest: Mapping[str, str], brand: str) -> dict[str, str]:
    """The files of one brand in a listing: its folder, and its approved blocks."""
    places = (f"brand/{brand}/", f"blocks/{brand}/")
    return {path: digest for path, digest in manifest.items() if path.startswith(places)}


@dataclass
class Publisher:
    """Proposes versions, and lets them serve."""

    store: ContentStore
    cache: ContentCache
    judging: Judging

    def propose(self, content: Publishable, as_of: dt.datetime) -> Proposal:
        """What publishing the files would change. Raises StorageError when they cannot be written down."""
        entries = content.entries
        return self._proposal(
            content.hash,
            entries,
            content.files.items(),
            as_of,
            stored=self.store.holds(content.hash),
            size=sum(map(len, content.files.values())),
            left_out=content.left_out,
        )

    def propose_stored(self, version: ContentVersion, as_of: dt.datetime) -> Proposal:
        """What letting a stored version serve would change. Raises StorageError when it cannot be had."""
        files = dict(self.store.files(version))
        return self._proposal(
            version.hash,
            version.manifest,
            files.items(),
            as_of,
            stored=True,
            size=sum(map(len, files.values())),
        )

    def previous(self, brand: str | None = None) -> ContentVersion:
        """The version that served before the one that serves; with a brand, the last one that served with
        other files of it. Raises UsageError when there is none.
        """
        if brand is not None:
            return self._previous_of(brand)
        move = self.store.serving()
        if move is None:
            raise UsageError("nothing is published, so there is nothing to go back to")
        if move.previous is None:
            raise UsageError("the version that serves is the first one", "`copydesk versions list` shows all")
        return self.store.find(move.previous)

    def _previous_of(self, brand: str) -> ContentVersion:
        move = self.store.serving()
        now = _of_brand(self.store.find(move.version).manifest, brand) if move is not None else {}
        for earlier in self.store.moves(LOOKED_BACK):
            version = self.store.find(earlier.version)
            files = _of_brand(version.manifest, brand)
            if files and files != now:
                return version
        raise UsageError(
            f"no version served before in which brand '{brand}' was different",
            "`copydesk versions list` shows all",
        )

    def with_brand_of(self, brand: str, version: ContentVersion) -> Publishable:
        """What serves now, with one brand's own files and blocks as they were in `version`.

        Packs and prompts belong to all brands, and stay. Raises UsageError when nothing serves, or
        `version` holds no such brand.
        """
        move = self.store.serving()
        if move is None:
            raise UsageError("nothing is published, so there is nothing to go back to")
        before = _of_brand(version.manifest, brand)
        if not before:
            known = {path.split("/")[1] for path in version.manifest if path.startswith("brand/")} - {
                "_packs"
            }
            raise UsageError(f"version {version.hash[:12]} holds no brand '{brand}'", nearest(brand, known))
        serving = self.store.find(move.version)
        stays = serving.manifest.keys() - _of_brand(serving.manifest, brand).keys()
        files = {path: data for path, data in self.store.files(serving) if path in stays}
        files |= {path: data for path, data in self.store.files(version) if path in before}
        return Publishable(files=files)

    def publish(self, content: Publishable, proposal: Proposal, *, author: str, note: str) -> Published:
        """Store the files and let them serve. Raises Conflict when another version serves by now."""
        return self.store.publish(content.files, author=author, note=note, expected=proposal.serving)

    def roll_back(self, proposal: Proposal, *, by: str, why: str) -> ServingMove:
        """Let a stored version serve. Raises Conflict when another version serves by now."""
        return self.store.move(proposal.version, by=by, why=why, expected=proposal.serving)

    def _proposal(
        self,
        digest: str,
        entries: Mapping[str, str],
        files: Iterable[tuple[str, bytes]],
        as_of: dt.datetime,
        *,
        stored: bool,
        size: int,
        left_out: Sequence[str] = (),
    ) -> Proposal:
        move = self.store.serving()
        current = self.store.find(move.version) if move is not None else None
        root = self.cache.put(digest, entries, files)
        new = self._stand(load_content(root, version=digest, why="proposed"), as_of, ())
        old, unread = self._current(current, as_of, new) if current is not None else ([], "")
        return Proposal(
            version=digest,
            serving=current.hash if current is not None else None,
            stored=stored,
            as_of=as_of,
            files=len(entries),
            bytes=size,
            changes=FileChanges.between(current.manifest if current is not None else {}, entries),
            left_out=tuple(left_out),
            brands=tuple(compare(new, old)),
            brands_gone=tuple(sorted({item.brand for item in old} - {item.brand for item in new})),
            unread=unread,
        )

    def _current(
        self, current: ContentVersion, as_of: dt.datetime, new: list[BrandStanding]
    ) -> tuple[list[BrandStanding], str]:
        """How the version that serves stands, or why that cannot be said."""
        try:
            root = self.cache.put(current.hash, current.manifest, self.store.files(current))
        except StorageError as error:
            return [], f"compared with nothing, because {error.message}"
        return self._stand(load_content(root, version=current.hash, why="serves"), as_of, new), ""

    def _stand(
        self, serving: Serving, as_of: dt.datetime, known: Iterable[BrandStanding]
    ) -> list[BrandStanding]:
        return stand(
            serving,
            as_of=as_of,
            approved=self.judging.approved,
            facts_of=self.judging.facts_of,
            rendering=self.judging.rendering,
            known=known,
        )
