"""Which content serves now: one state of brand/, prompts/ and blocks/, and where it came from.

Whoever answers a request asks once and works with that answer to its end, so that a new version never
mixes with an old one.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from app.brand.packs import load_packs
from app.errors import BrandDisabled, ContentError
from app.guardrails.rulebook import RuleBook
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary, Libraries


@dataclass(frozen=True)
class Serving:
    """The content of one moment. `root` holds brand/, prompts/ and blocks/.

    `version` is the hash of the published version, empty where a folder serves directly; `why` says in
    words for people why this one serves.
    """

    root: Path
    libraries: Libraries
    prompts: PromptLibrary
    version: str
    why: str

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
        return RuleBook.of_packs(tuple(rule for rules in packs.values() for rule in rules))

    @property
    def partials(self) -> Path:
        """The folder of the MJML files."""
        return self.root / "blocks"


class Contents(Protocol):
    """Where the content that serves is asked for."""

    def now(self) -> Serving:
        """The content that serves at this moment."""
        ...


class FolderContents:
    """A folder that serves as it was when it was read: for one machine, and before anything is published."""

    def __init__(self, root: Path) -> None:
        self._serving = Serving(
            root=root,
            libraries=Libraries(root / "brand", root / "blocks"),
            prompts=PromptLibrary(root / "prompts"),
            version="",
            why=f"nothing is published, so the folder {root} serves",
        )

    def now(self) -> Serving:
        """The folder's content."""
        return self._serving
