"""What a slot takes once the deadline of a review has passed and nothing else can go out there: a safe block.

People chose otherwise, or may yet: a sibling that is approved or in review keeps the slot, and so does a
choice of theirs, as long as all that it names can go out or is in review. A choice that names copy which is
over, or which went back to its writer, ships nothing, and the block takes its place.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping

from app.copywriting.desk import Desk
from app.copywriting.places import SlotPlace
from app.copywriting.slots import Candidate
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.tables import Draft, DraftState
from app.generation.kept_answers import judge_of
from app.generation.writer import query_of
from app.release.approvals import may_go_unread
from app.release.chain import answer
from app.release.content import NoDrafts
from app.review.actions.expire import ExpireOrder
from app.verdicts.decisions import Reason, Step

BY_CLOCK = "clock"
"""Who chose a safe block in place of people who did not decide in time."""
_LIVE = (DraftState.APPROVED, DraftState.IN_REVIEW)


def order_of(
    desk: Desk, place: SlotPlace, draft: Draft, choice: ChosenSlot | None, at: dt.datetime
) -> ExpireOrder:
    """What becomes of the slot of a draft that is over; `choice` is what counts there now."""
    (slot,) = desk.slots(place.stored, [place.job], place.library)
    others = {item.draft.id: item for item in slot.candidates if item.draft.id != draft.id}
    if _has_other_copy(place, others, choice):
        return ExpireOrder(other_copy=True)
    block = safe_block(place)
    if block is None:
        return ExpireOrder()
    locale, segment, kind = place.job.key
    names = (draft.brand, draft.brief_id, locale, segment, kind, choice.id if choice is not None else "")
    chosen = ChosenSlot(
        id=hashlib.sha256("\n".join(names).encode()).hexdigest()[:32],  # whoever looks twice chooses once
        brand=draft.brand,
        brief_id=draft.brief_id,
        locale=locale,
        segment=segment,
        kind=kind,
        arms=(Arm(name=SINGLE, block=block),),
        chosen_by=BY_CLOCK,
        chosen_at=at,
    )
    return ExpireOrder(choice=chosen)


def safe_block(place: SlotPlace) -> str | None:
    """The approved block that the slot takes when nobody decides: the journey's, else the evergreen one."""
    found = answer(
        place.library,
        query_of(place.job),
        because=Reason.NOTHING_APPROVED,
        judge=judge_of(place.job, place.library),
        drafts=NoDrafts(),
        steps=(Step.JOURNEY_BLOCK, Step.EVERGREEN_BLOCK),
    )
    return found.block.id if found.block is not None else None


def names_a_draft(choice: ChosenSlot | None) -> bool:
    """Whether a choice can come to ship nothing: what is no draft stays as it is."""
    return choice is None or any(arm.draft is not None for arm in choice.arms)


def _has_other_copy(place: SlotPlace, others: Mapping[str, Candidate], choice: ChosenSlot | None) -> bool:
    if choice is None:
        return any(item.draft.state in _LIVE for item in others.values())
    return all(arm.draft is None or _may_go_out(place, others.get(arm.draft)) for arm in choice.arms)


def _may_go_out(place: SlotPlace, item: Candidate | None) -> bool:
    """Whether a draft that was chosen goes out, or may once reviewers have decided."""
    if item is None:
        return False
    tier = place.job.tiering(item.draft.copy_fields.values()).at_least(item.draft.tier).tier
    unread = may_go_unread(item.draft, tier, place.library.brand.contract)
    return item.block is not None or item.draft.state in _LIVE or unread
