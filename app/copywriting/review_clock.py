"""What time does to reviews: reminders before a deadline, and the safe block once it has passed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.copywriting.places import SlotPlace, place_of_draft
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.whole_emails import EmailOffice, expire_overdue
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.review_tables import Review
from app.db.tables import Draft, DraftState
from app.errors import Conflict, CopydeskError
from app.generation.kept_answers import judge_of
from app.generation.writer import query_of
from app.release.chain import answer
from app.release.content import NoDrafts
from app.review.actions.expire import ExpireOrder
from app.review.deadlines import due
from app.review.situation import CLOCK, Situation
from app.review.writing import named, tell
from app.verdicts.decisions import Reason, Step

REMINDED_BEFORE = dt.timedelta(hours=4)
BY_CLOCK = "clock"
"""Who chose a safe block in place of people who did not decide in time."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Swept:
    """What one look at the deadlines did."""

    reminded: int = 0
    expired: int = 0
    emails_expired: int = 0
    """Whole emails that nobody approved in time."""


def sweep(office: ReviewDesk, at: dt.datetime) -> Swept:
    """Remind people of deadlines that are near, and end the reviews whose deadline has passed.

    What fails for one draft is logged and does not keep the others.
    """
    reminded = expired = 0
    for review, draft in _near(office, at + REMINDED_BEFORE):
        try:
            situation = office.situation(draft, CLOCK, at)
            until = due(review, situation.contract.review, at)
            if until <= at:
                _expire(office, situation)
                expired += 1
            elif until <= at + REMINDED_BEFORE and review.reminded_at is None:
                reminded += _remind(office, situation, until)
        except CopydeskError as error:
            log.warning("a deadline was not kept", draft=draft.id, problem=type(error).__name__)
    return Swept(reminded, expired, expire_overdue(EmailOffice.over(office.desk), at))


def _near(office: ReviewDesk, until: dt.datetime) -> Iterator[tuple[Review, Draft]]:
    """Open reviews with a deadline up to `until`, page by page: those that cannot end keep no others."""
    after = None
    while page := office.reviews.due(until, after=after):
        yield from page
        after = page[-1][0]


def _remind(office: ReviewDesk, situation: Situation, until: dt.datetime) -> bool:
    """Whether people were reminded; not where another process has done it meanwhile."""
    review = situation.in_review()
    people = situation.with_roles(situation.next_roles)
    if review.assignee is not None and review.assignee not in people:
        people = (*people, review.assignee)
    with office.reviews.writing() as session:
        if not office.reviews.mark_reminded(session, review.id, situation.at):
            return False
        words = f"{named(situation)} is due {until:%Y-%m-%d %H:%M %Z}"
        tell(session, situation, "deadline_near", people, words)
    return True


def _expire(office: ReviewDesk, situation: Situation) -> None:
    draft = situation.draft
    try:
        order = _order(office, place_of_draft(office.desk, draft), draft, situation.at)
    except Conflict:
        order = ExpireOrder()
    office.act("expire", draft, CLOCK, order, seen=draft.revision, at=situation.at)


def _order(office: ReviewDesk, place: SlotPlace, draft: Draft, at: dt.datetime) -> ExpireOrder:
    """The safe block of the slot, and the choice of it where nothing else stands there."""
    block = safe_block(place)
    if block is None or _has_other_copy(office, place, draft):
        return ExpireOrder(block=block)
    job = place.job
    choice = ChosenSlot(
        brand=draft.brand,
        brief_id=draft.brief_id,
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        arms=(Arm(name=SINGLE, block=block),),
        chosen_by=BY_CLOCK,
        chosen_at=at,
    )
    return ExpireOrder(block=block, choice=choice)


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


def _has_other_copy(office: ReviewDesk, place: SlotPlace, draft: Draft) -> bool:
    """Whether a sibling is approved or in review, or people chose something else for the slot."""
    (slot,) = office.desk.slots(place.stored, [place.job], place.library)
    live = (DraftState.APPROVED, DraftState.IN_REVIEW)
    if any(item.draft.state in live for item in slot.candidates if item.draft.id != draft.id):
        return True
    chosen = Exports(office.desk.drafts.engine).chosen(draft.brand, draft.brief_id).get(place.job.key)
    return chosen is not None and all(arm.draft != draft.id for arm in chosen.arms)
