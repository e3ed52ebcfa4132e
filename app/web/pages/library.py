"""The library: what is approved for a brand, its state, and where it is used."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from app.blocks.registry import KINDS
from app.copywriting.inventory import BLOCK, DRAFT, Inventory, Item
from app.db.library_rows import LibraryRows
from app.db.tables import Draft, DraftState, now
from app.errors import NotFound
from app.generation.draft_facts import DraftFacts
from app.guardrails.fold import fold
from app.release.content import SlotContent
from app.release.fetching import Values, shown
from app.release.inventory import InventoryState
from app.release.library import ContentLibrary
from app.release.matching import fact_tokens
from app.release.samples import sample_sheet
from app.web.deps import BrandDep, VisitDep
from app.web.labels import load_labels
from app.web.visit import Visit

router = APIRouter()
PAGE = 25
MOST_USES = 100
Text = Annotated[str, Query(max_length=200)]
Name = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means anything."""

    text: str = ""
    kind: str = ""
    journey: str = ""
    segment: str = ""
    language: str = ""
    state: str = ""
    sort: str = ""

    def fits(self, item: Item) -> bool:
        """Whether a piece is meant. Words are looked for in the copy, the id and the author."""
        return (
            self.kind in ("", item.kind)
            and self.sort in ("", item.sort)
            and self.journey in ("", item.journey or ANY)
            and (not self.segment or not item.segments or self.segment in item.segments)
            and (not self.language or self.language in item.languages)
            and self.state in ("", item.state.value)
            and self._says(item)
        )

    def _says(self, item: Item) -> bool:
        if not self.text.strip():
            return True
        words = fold(self.text).text.strip()
        texts = (*item.copy.values(), item.id, item.author)
        return any(words in fold(text).text for text in texts)

    def query(self, **other: Any) -> str:
        """As it stands in an address."""
        mine = {item.name: getattr(self, item.name) for item in fields(self)}
        return urlencode({name: value for name, value in {**mine, **other}.items() if value})


ANY = "any"
"""How the filter calls content of no journey."""


def wanted_of(
    *,
    text: Text = "",
    kind: Name = "",
    journey: Name = "",
    segment: Name = "",
    language: Name = "",
    state: Name = "",
    sort: Name = "",
) -> Wanted:
    """The filters of a request. An unknown value finds nothing, and the page says so."""
    return Wanted(text, kind, journey, segment, language, state, sort)


@dataclass(frozen=True)
class Shown:
    """A piece as the page shows it: its copy as readers see it, and who approved it."""

    item: Item
    copy: tuple[tuple[str, str], ...]
    approvers: tuple[str, ...]
    uses: int
    """Drafts that took it over."""
    path: str


@router.get("/brands/{brand}/library")
def library(
    *,
    visit: VisitDep,
    brand: BrandDep,
    wanted: Annotated[Wanted, Depends(wanted_of)],
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Everything approved, filtered, page by page."""
    content = visit.serving.library(brand)
    inventory = visit.service.inventories.look(content, visit.service.store, now())
    found = [item for item in inventory.items if wanted.fits(item)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages)
    here = found[(page - 1) * PAGE : page * PAGE]
    return visit.show(
        "library.html.jinja",
        brand=brand,
        wanted=wanted,
        choices=_choices(inventory, content),
        shown=_shown(visit, content, here),
        found=len(found),
        of=len(inventory.items),
        stale=sum(item.state is InventoryState.NEEDS_REFRESHING for item in inventory.items),
        inventory=inventory,
        page=page,
        pages=pages,
        published=visit.serving.version,
    )


@router.get("/brands/{brand}/library/blocks/{block}")
def library_block(visit: VisitDep, brand: BrandDep, block: str) -> Response:
    """One approved block. Raises NotFound."""
    content = visit.serving.library(brand)
    if content.find(block) is None:
        raise NotFound(f"there is no approved block '{block[:60]}'", "it may have been taken away meanwhile")
    return _piece(visit, content, BLOCK, block)


@router.get("/brands/{brand}/library/drafts/{approved}")
def library_draft(visit: VisitDep, brand: BrandDep, approved: str) -> Response:
    """One approved draft. Raises NotFound."""
    content = visit.serving.library(brand)
    draft = LibraryRows(visit.service.store.engine).whole([approved]).get(approved)
    if draft is None or draft.brand != brand or draft.state is not DraftState.APPROVED:
        raise NotFound(f"there is no approved draft '{approved[:60]}'", "it may have been changed meanwhile")
    return _piece(visit, content, DRAFT, approved, draft)


def _piece(
    visit: Visit, content: ContentLibrary, sort: str, id_: str, draft: Draft | None = None
) -> Response:
    rows = LibraryRows(visit.service.store.engine)
    inventory = visit.service.inventories.look(content, visit.service.store, now())
    item = next((item for item in inventory.items if (item.sort, item.id) == (sort, id_)), None)
    if item is None:
        raise NotFound(f"there is nothing approved as '{id_[:60]}'", "it may have been changed meanwhile")
    (shown_item,) = _shown(visit, content, [item], exact=True)
    placed = content.find(id_) if sort == BLOCK else None
    return visit.show(
        "library_item.html.jinja",
        brand=content.brand.id,
        shown=shown_item,
        inventory=inventory,
        placed=placed,
        drafts=rows.drafts_of_block(content.brand.id, id_, MOST_USES) if sort == BLOCK else [],
        exports=rows.exports_with(content.brand.id, id_, MOST_USES),
        most=MOST_USES,
        source=draft,
    )


def _shown(
    visit: Visit, content: ContentLibrary, items: Iterable[Item], *, exact: bool = False
) -> list[Shown]:
    """Pieces with their copy filled; with `exact` a draft's own facts fill it, else examples do."""
    here = list(items)
    rows = LibraryRows(visit.service.store.engine)
    drafts = rows.whole([item.id for item in here if item.sort != BLOCK])
    taken = rows.taken_over(content.brand.id, [item.id for item in here if item.sort == BLOCK])
    return [
        Shown(
            item,
            tuple(_filled(visit, content, item, drafts.get(item.id) if exact else None)),
            _approvers(content, item, drafts),
            taken.get(item.id, 0),
            f"/brands/{content.brand.id}/library/{item.sort}s/{item.id}",
        )
        for item in here
    ]


def _approvers(content: ContentLibrary, item: Item, drafts: Mapping[str, Draft]) -> tuple[str, ...]:
    if item.sort == BLOCK:
        placed = content.find(item.id)
        return placed.block.approval.by if placed is not None else ()
    draft = drafts.get(item.id)
    given = draft.receipt.approvers if draft is not None else ()
    return tuple(dict.fromkeys(f"{one.by} ({one.role})" for one in given if one.stands))


def _filled(
    visit: Visit, content: ContentLibrary, item: Item, draft: Draft | None
) -> Iterable[tuple[str, str]]:
    locale = item.locales[0]
    brand = content.localised(locale).brand
    facts = DraftFacts(visit.service.store.engine)(draft, brand) if draft is not None else None
    facts = facts or sample_sheet(fact_tokens(item.copy.values()), locale, dt.datetime.now(dt.UTC))
    specs = KINDS[item.kind].schema.specs()
    for name, text in SlotContent(item.kind, item.copy, None).copy_fields.items():
        try:
            words = shown(text, Values.FALLBACKS, facts, brand)
        except KeyError:  # a token of which nobody knows a value
            words = text
        yield (specs[name].label if name in specs else name), words


def _choices(inventory: Inventory, content: ContentLibrary) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: a value and its words."""
    items = inventory.items
    segments, words = content.brand.segments, load_labels()
    journeys = sorted({item.journey for item in items if item.journey is not None})
    languages = sorted({language for item in items for language in item.languages})
    return {
        "kind": [(kind, words("kind", kind)) for kind in KINDS if any(item.kind == kind for item in items)],
        "journey": [*((name, words("journey", name)) for name in journeys), (ANY, "of no journey")],
        "segment": [(name, segments[name].name) for name in segments],
        "language": [(name, name) for name in languages],
    }
