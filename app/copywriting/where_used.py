"""Where a text, a claim, a fact or a block is used: drafts, approved content and exports."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock
from app.brief.facts import FactSheet
from app.copywriting.desk import Desk
from app.db.exports import Exports
from app.db.tables import Draft
from app.errors import UsageError
from app.generation.plan import SlotJob, jobs_of
from app.guardrails.claim_wording import claims_said
from app.guardrails.fold import fold
from app.guardrails.frame import Piece
from app.release.content import SlotContent
from app.release.judging import LibraryJudge
from app.release.lease import stated_names
from app.release.library import ContentLibrary
from app.tokens import token_names
from app.yaml12 import nearest


@dataclass(frozen=True)
class Use:
    """One place where it is used. `what` is draft, block or export; `where` says where that stands."""

    what: str
    id: str
    brand: str
    where: str
    state: str


Wanted = Callable[[SlotContent, str, ContentLibrary, Collection[str]], bool]
"""Whether content in a locale uses what is asked for; last, the facts that an export recorded for it."""


def of_text(text: str) -> Wanted:
    """Copy that holds the words, whatever their case and spacing. Raises UsageError for no words."""
    wanted = fold(text).text.strip()
    if not wanted:
        raise UsageError("no words to look for", "some words of the copy")
    return lambda content, _locale, _library, _recorded: any(
        wanted in fold(copy).text for copy in content.copy_fields.values()
    )


def of_fact(name: str, desk: Desk) -> Wanted:
    """Copy that states the fact or the variable of this name: by token, or written out by a person."""
    bare = name.strip("{}")
    known: dict[tuple[str, str], dict[tuple[str, str, str], SlotJob]] = {}

    def states(
        content: SlotContent, _locale: str, library: ContentLibrary, recorded: Collection[str]
    ) -> bool:
        if bare in recorded or any(bare in token_names(copy) for copy in content.copy_fields.values()):
            return True
        draft = content.source
        if not isinstance(draft, Draft) or not content.by_a_person:
            return False
        brief = draft.brand, draft.brief_id
        if brief not in known:
            known[brief] = _jobs(desk, library, draft)
        job = known[brief].get((draft.locale, draft.segment, draft.kind))
        return job is not None and bare in stated_names(content, job.facts)

    return states


def _jobs(desk: Desk, library: ContentLibrary, draft: Draft) -> dict[tuple[str, str, str], SlotJob]:
    """The slots of the draft's brief; none where it is gone, or names what does not exist any more."""
    stored = desk.briefs.find(draft.brand, draft.brief_id)
    try:
        return {job.key: job for job in jobs_of(stored.content, library)} if stored is not None else {}
    except UsageError:
        return {}


def of_claim(claim: str, desk: Desk, brands: list[str]) -> Wanted:
    """Copy that says an entry of the claims library. Raises UsageError for an id that no brand has."""
    known = {entry.id for brand in brands for entry in desk.library(brand).brand.library}
    if claim not in known:
        raise UsageError(f"no claims library has an entry '{claim}'", nearest(claim, known))
    now = dt.datetime.now(dt.UTC)

    def says(content: SlotContent, locale: str, library: ContentLibrary, _recorded: Collection[str]) -> bool:
        judge = LibraryJudge(library, locale)
        context = judge.context(content, FactSheet(locale=locale), now)
        said = (
            entry
            for text in content.copy_fields.values()
            for entry in claims_said(Piece(text, kind=content.kind), context)
        )
        return any(entry.claim.id == claim for entry in said)

    return says


def of_block(block: str, desk: Desk, brands: list[str]) -> Wanted:
    """Copy of an approved block. Raises UsageError for an id that no brand has."""
    known = {placed.block.id for brand in brands for placed in desk.library(brand).blocks}
    if block not in known:
        raise UsageError(f"there is no approved block '{block}'", nearest(block, known))
    return lambda content, _locale, _library, _recorded: _block_of(content) == block


def _block_of(content: SlotContent) -> str | None:
    source = content.source
    if isinstance(source, Draft):
        return source.block
    return source.id if source is not None else None


def where_used(desk: Desk, exports: Exports, brands: list[str], wanted: Wanted) -> Iterator[Use]:
    """Every use in some brands: blocks first, then drafts, then exports, the newest first.

    An export counts by the copy that it was made of, which may have been edited since.
    """
    libraries = {brand: desk.library(brand) for brand in brands}
    for brand, library in libraries.items():
        for placed in library.blocks:
            block = placed.block
            if any(wanted(SlotContent.of_block(block), locale, library, ()) for locale in block.locales):
                where = f"{block.kind}, {', '.join(block.locales)}"
                yield Use("block", block.id, brand, where, "approved")
    for draft in desk.drafts.of_brands(brands):
        if wanted(SlotContent.of_draft(draft), draft.locale, libraries[draft.brand], ()):
            where = f"{draft.brief_id}, {draft.locale} {draft.segment} {draft.kind}"
            yield Use("draft", draft.id, draft.brand, where, draft.state.value)
    yield from _exports(exports, libraries, wanted)


def _exports(exports: Exports, libraries: Mapping[str, ContentLibrary], wanted: Wanted) -> Iterator[Use]:
    for export in exports.of_brands(list(libraries)):
        library = libraries[export.brand]
        for slot in export.content.slots:
            content = SlotContent(slot.kind, slot.copy_fields, _source(slot.block, library))
            if wanted(content, export.locale, library, slot.facts):
                where = f"{export.brief_id}, {export.locale} {slot.readers} {slot.kind}, {export.account}"
                yield Use("export", export.id, export.brand, where, f"{export.exported_at:%Y-%m-%d}")


def _source(block: str | None, library: ContentLibrary) -> ApprovedBlock | None:
    placed = library.find(block) if block is not None else None
    return placed.block if placed is not None else None
