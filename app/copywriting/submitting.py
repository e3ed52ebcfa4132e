"""Everything of a brief that is worth a reviewer's time, submitted at once."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.copywriting.reviewing import ReviewDesk
from app.copywriting.slots import SlotNow
from app.db.exports import Exports
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, DraftState
from app.errors import CopydeskError
from app.generation.plan import jobs_of
from app.release.approvals import may_go_unread
from app.review.situation import Actor


@dataclass(frozen=True)
class Submitted:
    """One slot: the draft that was or would have been submitted, and why it was not."""

    locale: str
    segment: str
    kind: str
    draft: Draft | None
    why_not: str = ""


def submit_brief(
    office: ReviewDesk, stored: StoredBrief, actor: Actor, at: dt.datetime
) -> Iterator[Submitted]:
    """Submit the drafts that were chosen for the slots of a brief, else the best one of each slot.

    Slots that hold approved copy or something in review are left as they are, and so is what the contract
    lets out unread. What cannot be submitted does not keep the others.
    """
    library = office.desk.library(stored.brand)
    chosen = Exports(office.desk.drafts.engine).chosen(stored.brand, stored.id)
    for slot in office.desk.slots(stored, jobs_of(stored.content, library), library):
        choice = chosen.get(slot.job.key)
        named = {arm.draft for arm in choice.arms} - {None} if choice is not None else set()
        for draft, why_not in _worth_it(slot, named):
            why = why_not if draft is None or why_not else _submit(office, draft, actor, at)
            yield Submitted(*slot.job.key, draft, why)


def _worth_it(slot: SlotNow, named: Iterable[str | None]) -> Iterator[tuple[Draft | None, str]]:
    wanted = [item for item in slot.candidates if item.draft.id in named] or list(slot.candidates[:1])
    if not wanted:
        yield None, "the slot has no draft"
    for item in wanted:
        state = item.draft.state
        if item.block is not None:
            yield item.draft, f"it is the approved block '{item.block.id}'"
        elif state is not DraftState.DRAFT:
            yield item.draft, f"it is {state.value.replace('_', ' ')}"
        else:
            yield item.draft, ""


def _submit(office: ReviewDesk, draft: Draft, actor: Actor, at: dt.datetime) -> str:
    """Submit one draft; why it was not, in words."""
    try:
        situation = office.situation(draft, actor, at)
        if may_go_unread(draft, situation.tier, situation.contract):
            return f"the contract lets it out unread: tier {situation.tier.value}, and it was not drawn"
        office.act("submit", draft, actor, seen=draft.revision, at=at)
    except CopydeskError as error:
        return error.message
    return ""
