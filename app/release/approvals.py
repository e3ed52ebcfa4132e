"""Whether the content of a slot is validly approved: by its block file, by its draft, or by its tier."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.blocks.approved import ApprovedBlock, digest
from app.blocks.registry import REQUIRED
from app.brand.consents import lacks, unconsented
from app.brand.contract import DecisionContract
from app.brand.markets import market_of
from app.brand.review_terms import ReviewTerms
from app.brand.roles import PersonRole
from app.brand.tiers import Tier, Tiering
from app.brief.facts import FactSheet
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState, Origin
from app.release.content import DraftLookup, SlotContent, writers
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary
from app.release.risks import risks_of
from app.release.values import Around, Surroundings, changed_since

COPYWRITER = (PersonRole.COPYWRITER.value,)
BRAND_OWNER = (PersonRole.BRAND_OWNER.value,)
_UNREAD_STATES = frozenset({DraftState.DRAFT, DraftState.APPROVED})
_DECIDED_BY_REVIEWERS = frozenset({DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED})


@dataclass(frozen=True)
class Place:
    """The email that asks: its brand's library, journey, segment, facts and moment."""

    library: ContentLibrary
    journey: str
    segment: str
    facts: FactSheet
    as_of: dt.datetime
    market: str | None = None
    """The jurisdiction; that of the locale's region where none is named."""
    flags: tuple[str, ...] = ()
    """Suppression flags of the readers besides those of their segment."""
    last_resort: bool = False
    """At the moment of sending: an evergreen block of a required kind stands past its review date as well,
    since the alternative is a hole in the email."""

    brief: str = ""
    """The brief whose email it is; empty where nobody said."""
    slots: Mapping[str, Surroundings] = field(default_factory=dict)
    """What stands around the words of each slot, by kind, as far as it is known besides the market."""

    def around(self, kind: str) -> Surroundings:
        """What is known to stand around the words of a slot: the market at least."""
        market = market_of(self.market, self.facts.locale)
        return {**self.slots.get(kind, {}), Around.MARKET: market}

    def in_time(self, block: ApprovedBlock) -> bool:
        """Whether the block's review date lets it go out."""
        spared = self.last_resort and block.evergreen and block.kind in REQUIRED
        return spared or block.approval.review_by >= self.as_of.date()


@dataclass(frozen=True)
class Obstacle:
    """One thing that keeps a slot from going out, in words, and the roles that can do something about it."""

    words: str
    who: tuple[str, ...]


def shown_source(content: SlotContent) -> str:
    """The approved thing as a release records it: its name and the hash that was approved."""
    source = content.source
    if isinstance(source, ApprovedBlock):
        return f"block {source.id} {source.content_hash()}"
    return f"draft {source.id} {source.content_hash}" if source is not None else ""


def lacking(content: SlotContent, place: Place, drafts: DraftLookup) -> list[Obstacle]:
    """What the slot's approval lacks; empty when it is valid.

    No approval covers a variable whose consent the segment lacks.
    """
    missing = unconsented(place.library.brand, place.segment, content.copy_fields.values())
    found = [Obstacle(f"{content.label}: {lacks(place.segment, missing)}", BRAND_OWNER)] if missing else []
    if isinstance(content.source, ApprovedBlock):
        return [*found, *(Obstacle(words, BRAND_OWNER) for words in _block(content, content.source, place))]
    if content.source is None:
        return [*found, Obstacle("it is a preview that nobody approved", COPYWRITER)]
    stored = drafts.find_draft(content.source.id)
    if stored is None:
        return [*found, Obstacle(f"{content.label} is not stored", COPYWRITER)]
    return [*found, *_draft(content, stored, place)]


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
    if not place.in_time(block):
        yield f"{content.label} had to be reviewed by {block.approval.review_by}"
    names = place.library.brand.aliases
    segments = {names.get(name, name) for name in block.segments}
    if segments and names.get(place.segment, place.segment) not in segments:
        yield f"{content.label} is approved for other segments"
    if place.facts.locale not in block.locales:
        yield f"{content.label} is not approved for {place.facts.locale}"
    if block.journey not in (None, place.journey):
        yield f"{content.label} is approved for the journey {block.journey}"


def _draft(content: SlotContent, draft: Draft, place: Place) -> Iterator[Obstacle]:
    names = place.library.brand.aliases
    here = (place.library.brand.id, content.kind, place.facts.locale, place.journey)
    if (draft.brand, draft.kind, draft.locale, draft.journey) != here or names.get(
        draft.segment, draft.segment
    ) != names.get(place.segment, place.segment):
        yield Obstacle(f"{content.label} was written for another place", COPYWRITER)
        return
    now = digest([draft.kind, draft.locale, dict(content.copy_fields)])
    if not now == draft.content_hash == draft.actual_hash() or content.image != draft.image:
        yield Obstacle(f"the copy is not that of {content.label}: an edit ends the approval", COPYWRITER)
        return
    if not set(content.waivers) <= set(draft.receipt.waivers):
        yield Obstacle(f"{content.label} rests on a waiver that was revoked meanwhile", COPYWRITER)
        return
    contract = place.library.brand.contract
    tier = tiering_of(content, place, draft).tier
    if may_go_unread(draft, tier, contract):
        return
    needed = contract.needed(tier)
    if draft.state is not DraftState.APPROVED:
        asks = f", and tier {tier.value} asks for: {', '.join(needed)}" if needed else ""
        who = needed if needed and draft.state in _DECIDED_BY_REVIEWERS else COPYWRITER
        yield Obstacle(f"{content.label} is not approved but {draft.state.value}{asks}", who)
        return
    yield from _approvals(content, draft, place, tier)


def may_go_unread(draft: Draft, tier: Tier, contract: DecisionContract) -> bool:
    """Whether the contract lets this draft out without anybody's approval: generated, as it was written, of
    such a tier, with the confidence that this asks for, and not drawn for review. What somebody gave to
    review is waited for, also with a question or in a tier that it was raised to.
    """
    rules = contract.review
    return (
        tier in contract.release_without_approval
        and draft.origin is Origin.GENERATED
        and draft.state in _UNREAD_STATES
        and draft.confidence is not None
        and draft.confidence.score >= rules.unread_confidence
        and not drawn(draft.id, rules.unread_sample)
    )


def drawn(draft_id: str, share: float) -> bool:
    """Whether a draft is in the sample that people read; the same for each who asks."""
    number = int.from_bytes(hashlib.sha256(draft_id.encode()).digest()[:4])
    return number < share * 2**32


def tiering_of(content: SlotContent, place: Place, draft: Draft | None = None) -> Tiering:
    """The tier of the copy as it is, with the facts of now, and never below one that the draft was in."""
    stored = draft if draft is not None else content.source
    floor = stored.tier if isinstance(stored, Draft) else None
    market = market_of(place.market, place.facts.locale)
    judge = LibraryJudge(place.library, place.facts.locale, place.journey, market)
    context = judge.context(content, place.facts, place.as_of)
    texts = content.copy_fields.values()
    risks = risks_of(content.kind, texts, context, place.facts, journey=place.journey, market=market)
    return place.library.brand.contract.tiering(risks).at_least(floor)


def _approvals(content: SlotContent, draft: Draft, place: Place, tier: Tier) -> Iterator[Obstacle]:
    """Approvals count for the copy and the values as they are now, and not from anyone who wrote on it."""
    contract = place.library.brand.contract
    needed = contract.needed(tier)
    terms = contract.review.terms(tier)
    standing = [item for item in draft.receipt.approvers if counts(item, draft)]
    given = in_their_turn(standing, needed, terms)
    around = place.around(content.kind)
    changed = {name for item in given for name in changed_since(item, draft, place.facts, around)}
    valid = in_their_turn(
        [item for item in standing if not changed_since(item, draft, place.facts, around)], needed, terms
    )
    roles = {item.role for item in valid}
    missing = tuple(role for role in needed if role not in roles)
    if changed and (missing or not valid):
        names = ", ".join(sorted(changed))
        yield Obstacle(f"{content.label} was approved with other values of: {names}", missing or needed)
    elif missing:
        words = f"{content.label} lacks an approval of this copy by: {', '.join(missing)}"
        yield Obstacle(words, missing)
    elif len({item.by for item in valid}) < terms.people:
        words = f"{content.label} lacks an approval of this copy"
        asks = f": tier {tier.value} asks for {terms.people} people" if terms.people > 1 else ""
        yield Obstacle(f"{words}{asks}", needed or BRAND_OWNER)
    if draft.review_by is not None and draft.review_by < place.as_of.date():
        yield Obstacle(f"{content.label} had to be reviewed by {draft.review_by}", needed or BRAND_OWNER)


def in_their_turn(
    given: Iterable[DraftApproval], needed: Sequence[str], terms: ReviewTerms
) -> tuple[DraftApproval, ...]:
    """The approvals in roles that the tier needs; where it asks for them in turn, without those that came
    before their turn, as when the tier rose after they were given.
    """
    kept: list[DraftApproval] = []
    for item in given:
        done = {other.role for other in kept}
        waiting = [role for role in needed if role not in done]
        early = terms.in_turn and item.role in waiting[1:]
        if item.role in needed and not early:
            kept.append(item)
    return tuple(kept)


def counts(approval: DraftApproval, draft: Draft) -> bool:
    """Whether an approval was given for the copy as it is, by somebody who did not write it."""
    for_this_copy = approval.content_hash == draft.content_hash
    return approval.stands and for_this_copy and approval.by not in writers(draft)
