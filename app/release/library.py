"""A brand with its approved content, loaded together and checked against each other.

A brand that does not load is disabled and named with its problems; the others are not touched, and on a
reload its last valid version keeps serving.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from app.blocks.loader import PlacedBlock, load_blocks
from app.brand.brand import Brand
from app.brand.loader import brand_ids, load_brand
from app.brand.overlays import View
from app.errors import ContentError, Problem, UsageError
from app.guardrails.rulebook import RuleBook
from app.manifest import Manifest, collect
from app.release.names import block_problems, brand_problems
from app.release.twins import twin_problems
from app.yaml12 import nearest


@dataclass(frozen=True, eq=False)
class ContentLibrary:
    """One brand as it serves: its folder, its approved blocks with their places, its compiled rules."""

    brand: Brand
    blocks: tuple[PlacedBlock, ...]
    rulebook: RuleBook
    blocks_manifest: Manifest
    views: dict[View, "ContentLibrary"] = field(default_factory=dict, init=False, repr=False)
    """The views of this content that were asked for."""

    @property
    def blocks_hash(self) -> str:
        """SHA-256 of the listing of the block files."""
        return self.blocks_manifest.hash

    def localised(self, locale: str, market: str | None = None) -> "ContentLibrary":
        """The same content under the words and rules of the language of `locale` and of `market`.

        Without a market it is the region of the locale. Asking a view gives the same as asking the brand.
        """
        brand = self.brand.localised(locale, market)
        if brand is self.brand:
            return self
        if brand.view not in self.views:
            rulebook = self.rulebook.localised(locale, market)
            self.views.setdefault(brand.view, replace(self, brand=brand, rulebook=rulebook))
        return self.views[brand.view]

    def find(self, block_id: str) -> PlacedBlock | None:
        """The approved block with this id."""
        return self._by_id.get(block_id)

    def written_for(self, kind: str, locale: str) -> Sequence[PlacedBlock]:
        """The approved blocks of a kind in a locale, as filed."""
        return self._by_place.get((kind, locale), ())

    @cached_property
    def _by_id(self) -> Mapping[str, PlacedBlock]:
        return {placed.block.id: placed for placed in reversed(self.blocks)}  # of two, the first filed

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Sequence[PlacedBlock]]:
        """Every slot looks through these; going through all blocks each time takes a millisecond."""
        found: dict[tuple[str, str], list[PlacedBlock]] = {}
        for placed in self.blocks:
            for locale in dict.fromkeys(placed.block.locales):
                found.setdefault((placed.block.kind, locale), []).append(placed)
        return found


def load_library(
    brand_root: Path, blocks_root: Path, brand_id: str, *, sealed: bool = True
) -> ContentLibrary:
    """Load a brand and its blocks. Raises UsageError for an unknown id, ContentError with every problem.

    With `sealed`, a block whose recorded hash does not match its content is a problem.
    """
    problems: list[Problem] = []
    brand, placed = None, None
    try:
        brand = load_brand(brand_root, brand_id)
    except ContentError as error:
        problems += error.problems
    try:
        placed = load_blocks(blocks_root, brand_id, sealed=sealed)
    except ContentError as error:
        problems += error.problems
    if brand is not None:
        problems += brand_problems(brand)
        problems += block_problems(
            brand, placed or [], folder=f"{blocks_root.name}/{brand_id}", whole=placed is not None
        )
    if brand is not None and placed is not None:
        problems += twin_problems(brand, placed)
    if problems or brand is None or placed is None:
        raise ContentError(problems)
    manifest = collect("blocks", blocks_root, blocks_root / brand_id)
    return ContentLibrary(brand, tuple(placed), _compiled(brand), manifest)


def _compiled(brand: Brand) -> RuleBook:
    """The rules, also those of each overlay and of each locale in its own market."""
    try:
        rulebook = RuleBook.of(brand)
        for language, market in brand.views:
            if not (language and market):
                rulebook.localised(f"{language}-", market)
        for locale in brand.identity.locales:
            rulebook.localised(locale)
        return rulebook
    except UsageError as error:
        place = f"{brand.folder.parent.name}/{brand.id}"
        raise ContentError([Problem(place, 0, 0, "", error.message, error.hint)]) from error


class Libraries:
    """All brands under one root. `reload` swaps in what loads, and keeps what served before for the rest.

    `last_good` holds what served before these were loaded for the first time.
    """

    def __init__(
        self,
        brand_root: Path,
        blocks_root: Path,
        *,
        sealed: bool = True,
        last_good: Mapping[str, ContentLibrary] | None = None,
    ) -> None:
        self.brand_root = brand_root
        self.blocks_root = blocks_root
        self.sealed = sealed
        self._serving: dict[str, ContentLibrary] = dict(last_good or {})
        self._faults: dict[str, tuple[Problem, ...]] = {}
        self.reload()

    @property
    def serving(self) -> Mapping[str, ContentLibrary]:
        """The brands that serve, by id; one with faults serves its last valid version."""
        return self._serving

    @property
    def faults(self) -> Mapping[str, Sequence[Problem]]:
        """The brands whose files do not load as they are now, with every problem."""
        return self._faults

    @property
    def disabled(self) -> Mapping[str, Sequence[Problem]]:
        """The brands that do not serve at all."""
        return {name: found for name, found in self._faults.items() if name not in self._serving}

    def reload(self) -> None:
        """Read all files again. A brand whose folder is gone stops serving."""
        serving: dict[str, ContentLibrary] = {}
        faults: dict[str, tuple[Problem, ...]] = {}
        for name in brand_ids(self.brand_root):
            try:
                serving[name] = load_library(self.brand_root, self.blocks_root, name, sealed=self.sealed)
            except ContentError as error:
                faults[name] = error.problems
            except OSError as error:  # a file that may not be read, or that vanished meanwhile
                place = str(error.filename or name)
                faults[name] = (Problem(place, 0, 0, "", f"cannot be read: {error.strerror}"),)
            if name in faults and name in self._serving:
                serving[name] = self._serving[name]
        self._serving, self._faults = serving, faults

    def get(self, brand_id: str) -> ContentLibrary:
        """The brand as it serves. Raises UsageError when there is none, ContentError when it is disabled."""
        found = self._serving.get(brand_id)
        if found is not None:
            return found
        if brand_id in self._faults:
            raise ContentError(self._faults[brand_id])
        raise UsageError(
            f"there is no brand '{brand_id}'", nearest(brand_id, [*self._serving, *self._faults])
        )
