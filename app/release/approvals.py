"""Whether the content of a slot is validly approved: by its block file, by its draft, or by its tier."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock, digest
from app.brand.contract import Tier
from app.brief.facts import FactSheet
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState, Origin
from app.release.content import DraftLookup, SlotContent
from app.release.library import ContentLibrary
from app.release.values import changed_values, stated_roles

_UNREAD_STATES = frozenset({DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED})


@dataclass(frozen=True)
class Place:
    """The email that asks: its brand's library, journey, segment, facts and moment."""

    library: ContentLibrary
    journey: str
    segment: str
    facts: FactSheet
    as_of: dt.datetime


def shown_source(content: SlotContent) -> str:
    """The approved thing as a release records it: its name and the hash that was approved."""
    source = content.source
    if isinstance(source, ApprovedBlock):
        return f"block {source.id} {source.content_hash()}"
    return f"draft {source.id} {source.content_hash}" if source is not None else ""


def lacking(content: SlotContent, place: Place, drafts: DraftLookup) -> list[str]:
    """What the slot's approval lacks, as sentences; empty when it is valid."""
    if isinstance(content.source, ApprovedBlock):
        return list(_block(content, content.source, place))
    if content.source is None:
        return ["it is a preview that nobody approved"]
    stored = drafts.find_draft(content.source.id)
    if stored is None:
        return [f"{content.label} is not stored"]
    return list(_draft(content, stored, place))


def _block(content: SlotContent, block: ApprovedBlock, place: Place) -> Iterator[str]:
    placed = place.library.find(block.id)
    if placed is None or placed.block.content_hash() != block.content_hash():
        yield f"{content.label} is not the approved content that serves now"
        return
    block = placed.block
    day = place.as_of.date()
    if block.approval.hash != block.content_hash():
        yield f"{content.label} was changed after it was approved, or was never sealed"
    if (content.kind, dict(content.copy_fields), content.image) != (block.kind, block.copy_, block.image):
        yield f"the copy is not that of {content.label}: an edit ends the approval"
    if block.approval.on > day:
        yield f"{content.label} is approved only from {block.approval.on}"
    if block.approval.review_by < day:
        yield f"{content.label} had to be reviewed by {block.approval.review_by}"
    names = place.library.brand.aliases
    segments = {names.get(name, name) for name in block.segments}
    if segments and names.get(place.segment, place.segment) not in segments:
        yield f"{content.label} is approved for other segments"
    if place.facts.locale not in block.locales:
        yield f"{content.label} is not approved for {place.facts.locale}"
    if block.journey not in (None, place.journey):
        yield f"{content.label} is approved for the journey {block.journey}"


def _draft(content: SlotContent, draft: Draft, place: Place) -> Iterator[str]:
    names = place.library.brand.aliases
    here = (place.library.brand.id, content.kind, place.facts.locale, place.journey)
    if (draft.brand, draft.kind, draft.locale, draft.journey) != here or names.get(
        draft.segment, draft.segment
    ) != names.get(place.segment, place.segment):
        yield f"{content.label} was written for another place"
        return
    now = digest([draft.kind, draft.locale, dict(content.copy_fields)])
    if not now == draft.content_hash == draft.actual_hash() or content.image != draft.image:
        yield f"the copy is not that of {content.label}: an edit ends the approval"
        return
    contract = place.library.brand.contract
    tier = contract.tier_of(draft.kind, place.journey, stated_roles(draft.copy_fields.values(), place.facts))
    unread = tier in contract.release_without_approval and draft.origin is Origin.GENERATED
    if unread and draft.state in _UNREAD_STATES:
        return
    if draft.state is not DraftState.APPROVED:
        yield f"{content.label} is not approved but {draft.state.value}, and tier {tier.value} asks for it"
        return
    yield from _approvals(content, draft, place, tier)


def _approvals(content: SlotContent, draft: Draft, place: Place, tier: Tier) -> Iterator[str]:
    """Approvals count for the copy as it is now, and not from anyone who wrote on it."""
    writers = {draft.author, *(edit.by for edit in draft.receipt.edits)}
    valid = [item for item in draft.receipt.approvers if _counts(item, draft, writers)]
    roles = {item.role for item in valid}
    missing = [r.value for r in place.library.brand.contract.approvers[tier] if r.value not in roles]
    if missing:
        yield f"{content.label} lacks an approval of this copy by: {', '.join(missing)}"
    elif not valid:
        yield f"{content.label} lacks an approval of this copy"
    if draft.review_by is not None and draft.review_by < place.as_of.date():
        yield f"{content.label} had to be reviewed by {draft.review_by}"
    changed = changed_values(draft, place.facts)
    if changed:
        yield f"{content.label} was approved with other values of: {', '.join(changed)}"


def _counts(approval: DraftApproval, draft: Draft, writers: set[str]) -> bool:
    return approval.content_hash == draft.content_hash and approval.by not in writers
