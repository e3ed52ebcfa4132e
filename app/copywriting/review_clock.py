"""What time does to reviews: reminders before a deadline, and the safe block once it has passed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from app.copywriting.places import place_of_draft
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.safe_blocks import names_a_draft, order_of
from app.copywriting.whole_emails import EmailOffice, expire_overdue
from app.db.exports import Exports
from app.db.inserts import insert_new
from app.db.review_tables import NoteSort, Review
from app.db.tables import Draft
from app.errors import Conflict, CopydeskError
from app.review.actions.expire import ExpireOrder
from app.review.deadlines import REMINDED_BEFORE, due
from app.review.situation import CLOCK, Situation
from app.review.writing import named, record, say, tell

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Swept:
    """What one look at the deadlines did."""

    reminded: int = 0
    expired: int = 0
    emails_expired: int = 0
    """Whole emails that nobody approved in time."""
    filled: int = 0
    """Slots that took the safe block after the deadline, when their other copy was gone."""


def sweep(office: ReviewDesk, at: dt.datetime) -> Swept:
    """Remind people of deadlines that are near, end the reviews whose deadline has passed, and fill the slots
    that have nothing else after one.

    What fails for one draft is logged and does not keep the others.
    """
    reminded = expired = 0
    for review, draft in _near(office, at + REMINDED_BEFORE):
        try:
            situation = office.situation(draft, CLOCK, at)
            until = situation.until
            if until is None:
                continue  # it ended meanwhile
            if until <= at:
                _expire(office, situation)
                expired += 1
            elif until <= at + REMINDED_BEFORE and review.reminded_at is None:
                reminded += _remind(office, situation, until)
        except CopydeskError as error:
            log.warning("a deadline was not kept", draft=draft.id, problem=type(error).__name__)
    filled = _fill_slots(office, at)
    return Swept(reminded, expired, expire_overdue(EmailOffice.over(office.desk), at), filled)


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
    draft, at = situation.draft, situation.at
    try:
        place = place_of_draft(office.desk, draft)
    except Conflict:
        order = ExpireOrder()
    else:
        choice = Exports(office.desk.drafts.engine).chosen(draft.brand, draft.brief_id).get(place.job.key)
        order = order_of(office.desk, place, draft, choice, at)
    office.act("expire", draft, CLOCK, order, seen=draft.revision, at=at)


def _fill_slots(office: ReviewDesk, at: dt.datetime) -> int:
    """Slots that had other copy when a deadline passed and have it no more take the safe block as well."""
    exports, filled = Exports(office.desk.drafts.engine), 0
    for review, draft in office.reviews.missed(at):
        try:
            filled += _fill(office, exports, review, draft, at)
        except CopydeskError as error:
            log.warning("a slot was left open", draft=draft.id, problem=type(error).__name__)
    return filled


def _fill(office: ReviewDesk, exports: Exports, review: Review, draft: Draft, at: dt.datetime) -> bool:
    library, ended = office.desk.library(draft.brand), review.closed_at
    if ended is None or due(review, library.brand.contract.review, ended) > ended:
        return False  # it was withdrawn in time, while a question held the deadline up
    segment = library.brand.aliases.get(draft.segment, draft.segment)
    choice = exports.chosen(draft.brand, draft.brief_id).get((draft.locale, segment, draft.kind))
    if not names_a_draft(choice):
        return False
    order = order_of(office.desk, place_of_draft(office.desk, draft), draft, choice, at)
    if order.choice is None:
        return False
    situation = office.situation(draft, CLOCK, at)
    words = f"nothing else of the slot can go out; {order.words}"
    with office.reviews.writing() as session:
        if not insert_new(session, order.choice, ["id"]):
            return False  # another process looked at the same moment
        said = say(session, situation, NoteSort.EVENT, words)
        record(session, situation, "safe_block", {"note": said.id, "block": order.block})
        people = (review.submitted_by, *situation.with_roles(("brand owner",)))
        tell(session, situation, "safe_block", people, f"{named(situation)}: {words}")
    return True
