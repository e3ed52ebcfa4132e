"""Expire: the deadline has passed, and the slot takes the safe block."""

from sqlmodel import Session

from app.db.release_tables import ChosenSlot
from app.db.review_tables import Closed, NoteSort
from app.db.tables import DraftState
from app.errors import Conflict, NotPermitted
from app.review.action import Order
from app.review.deadlines import due
from app.review.situation import CLOCK, Situation
from app.review.writing import change_draft, close_review, named, record, say, tell, without_approvals


class ExpireOrder(Order):
    """What the slot takes instead: the safe block, when there is one, and the choice that says so, where the
    slot has nothing else that is approved or in review.
    """

    block: str | None = None
    choice: ChosenSlot | None = None


class Expire:
    """Only the clock does this."""

    id = "expire"
    order = ExpireOrder

    def check(self, situation: Situation) -> None:
        if situation.actor != CLOCK:
            raise NotPermitted("a review expires by itself, when its deadline has passed")
        until = due(situation.in_review(), situation.contract.review, situation.at)
        if until > situation.at:
            raise Conflict(f"draft {situation.draft.id} is due {until:%Y-%m-%d %H:%M %Z} only")

    def execute(self, session: Session, situation: Situation, order: ExpireOrder) -> None:
        review = situation.in_review()
        receipt = without_approvals(
            situation.draft.receipt, situation.at, "", "the deadline of the review passed"
        )
        change_draft(session, situation, state=DraftState.EXPIRED, receipt=receipt, tier=situation.tier)
        close_review(session, situation, Closed.EXPIRED)
        words = f"nobody decided by {due(review, situation.contract.review, situation.at):%Y-%m-%d %H:%M %Z}"
        taken = f"the slot takes the block '{order.block}'" if order.choice else "the slot has other copy"
        if order.choice is not None:
            session.add(order.choice)
        elif order.block is None:
            taken = "no safe block fits: the slot is open"
        said = say(session, situation, NoteSort.EVENT, f"{words}; {taken}")
        record(session, situation, self.id, {"note": said.id, "block": order.block})
        people = (review.submitted_by, *situation.with_roles(("brand owner",)))
        tell(session, situation, "expired", people, f"{named(situation)}: {words}; {taken}")
