"""Which content serves now: one state of brand/, prompts/ and blocks/, and where it came from.

Whoever answers a request asks once and works with that answer to its end, so that a new version never
mixes with an old one. A state is never changed: what comes after it is another one.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import structlog

from app.brand.packs import load_packs
from app.errors import BrandDisabled, ContentError, CopydeskError, Problem
from app.guardrails.rulebook import RuleBook
from app.manifest import PLACES, collect, stamp
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary, Libraries
from app.repeating import Repeating

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Serving:
    """The content of one moment. `root` holds brand/, prompts/ and blocks/.

    `version` is the hash of the published version, empty where a folder serves directly; `why` says in
    words for people why this one serves, and `faults` what keeps another one, or a part of it, from that.
    Brands that do not load stand in `libraries.faults`.
    """

    root: Path
    libraries: Libraries
    prompts: PromptLibrary
    version: str
    why: str
    faults: tuple[str, ...] = ()
    last_good: bool = False
    """Whether it goes on only because the version that should serve cannot."""

    def library(self, brand: str) -> ContentLibrary:
        """A brand as it serves. Raises BrandDisabled for one that does not, UsageError for an unknown one."""
        try:
            return self.libraries.get(brand)
        except ContentError as error:
            words = f"brand '{brand}' does not serve: its files have {len(error.problems)} problems"
            raise BrandDisabled(words, "`copydesk brand check` lists them") from error

    @cached_property
    def pack_rules(self) -> RuleBook:
        """The rules of all packs, for copy that belongs to no brand. Raises ContentError."""
        packs = load_packs(self.root / "brand")
        return RuleBook.of_packs(tuple(rule for pack in packs.values() for rule in pack.rules))

    @property
    def partials(self) -> Path:
        """The folder of the MJML files."""
        return self.root / "blocks"


class Contents(Protocol):
    """Where the content that serves is asked for."""

    def now(self) -> Serving:
        """The content that serves at this moment. Answers at once: nothing is read or compiled for it."""
        ...


def load_content(
    root: Path, *, version: str, why: str, last_good: Mapping[str, ContentLibrary] | None = None
) -> Serving:
    """The content under a folder, compiled. A brand that does not load serves as in `last_good`, if there."""
    return Serving(
        root=root,
        libraries=Libraries(root / "brand", root / "blocks", last_good=last_good),
        prompts=PromptLibrary(root / "prompts"),
        version=version,
        why=why,
    )


class FolderContents:
    """A folder that serves as it is: for one machine, and before anything is published.

    Edited files serve once they are whole: what does not load is named, and its last valid state goes on.
    `faults` are named with every state of it.
    """

    def __init__(self, root: Path, *, why: str = "", faults: tuple[str, ...] = ()) -> None:
        self._root = root
        self._faults = faults
        self._why = why or "nothing is published, so the folder of the settings serves"
        self._lock = threading.Lock()
        self._stamp = stamp(root)
        self._hashes = self._listing()
        self._serving = replace(load_content(root, version="", why=self._why), faults=faults)

    def now(self) -> Serving:
        """The folder's content as it was read last."""
        return self._serving

    def behind(self, version: str) -> bool:
        """Never: a folder follows no pointer."""
        return False

    def refresh(self) -> None:
        """Read the folder again when any of its files changed. Takes a second or so: call it in a thread."""
        with self._lock:
            try:
                seen = stamp(self._root)
                if seen == self._stamp:
                    return
                hashes = self._listing()
                if hashes != self._hashes:
                    self._serving = self._reread()
            except (CopydeskError, OSError):  # a file went away while it was read: next time
                return
            self._stamp, self._hashes = seen, hashes

    def _listing(self) -> tuple[str, ...]:
        return tuple(collect(place, self._root / place).hash for place in PLACES)

    def _reread(self) -> Serving:
        before = self._serving
        after = load_content(self._root, version="", why=self._why, last_good=before.libraries.serving)
        problems = after.prompts.problems()
        if problems:
            after = replace(after, prompts=before.prompts)
        return replace(after, faults=(*self._faults, *prompt_faults(problems)))


def prompt_faults(problems: list[Problem]) -> tuple[str, ...]:
    """What is said of templates that cannot be used."""
    return tuple(f"the prompts stay as they were: {problem}" for problem in problems)


class Followed(Contents, Protocol):
    """Content that may change while a process runs."""

    def refresh(self) -> None:
        """Look whether other content has to serve, and load it. May take seconds: not in the event loop."""
        ...

    def behind(self, version: str) -> bool:
        """Whether the pointer names this version and has not been followed there yet: `refresh` does."""
        ...


def watching(contents: Followed, seconds: float) -> Repeating:
    """What has content refreshed again and again, so that no request waits for it. Call its `start`."""

    def look() -> None:
        before = contents.now()
        contents.refresh()
        after = contents.now()
        if (after.version, after.faults) != (before.version, before.faults):
            log.info("content serves", version=after.version or "folder", faults=len(after.faults))

    return Repeating(look, seconds, "content")
