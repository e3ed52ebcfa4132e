"""Expire: the deadline has passed, and the slot takes the safe block."""

from sqlmodel import Session

from app.db.inserts import insert_new
from app.db.release_tables import ChosenSlot
from app.db.review_tables import Closed, NoteSort
from app.db.tables import DraftState
from app.errors import Conflict, NotPermitted
from app.review.action import Order
from app.review.deadlines import due
from app.review.situation import CLOCK, Situation
from app.review.writing import change_draft, close_review, named, record, say, tell, without_approvals


class ExpireOrder(Order):
    """What the slot takes instead: the choice of a safe block when one fits, unless it has other copy."""

    choice: ChosenSlot | None = None
    other_copy: bool = False

    @property
    def block(self) -> str | None:
        """The safe block that the slot takes."""
        return self.choice.arms[0].block if self.choice is not None else None

    @property
    def words(self) -> str:
        """What becomes of the slot."""
        if self.choice is not None:
            return f"the slot takes the block '{self.block}'"
        return "the slot has other copy" if self.other_copy else "no safe block fits: the slot is open"


class Expire:
    """Only the clock does this."""

    id = "expire"
    order = ExpireOrder

    def check(self, situation: Situation) -> None:
        if situation.actor != CLOCK:
            raise NotPermitted("a review expires by itself, when its deadline has passed")
        until = due(situation.open_review(), situation.contract.review, situation.at)
        if until > situation.at:
            raise Conflict(f"draft {situation.draft.id} is due {until:%Y-%m-%d %H:%M %Z} only")

    def execute(self, session: Session, situation: Situation, order: ExpireOrder) -> None:
        review = situation.open_review()
        receipt = without_approvals(
            situation.draft.receipt, situation.at, "", "the deadline of the review passed"
        )
        change_draft(session, situation, state=DraftState.EXPIRED, receipt=receipt, tier=situation.tier)
        close_review(session, situation, Closed.EXPIRED)
        words = f"nobody decided by {due(review, situation.contract.review, situation.at):%Y-%m-%d %H:%M %Z}"
        words = f"{words}; {order.words}"
        if order.choice is not None:
            insert_new(session, order.choice, ["id"])
        said = say(session, situation, NoteSort.EVENT, words)
        record(session, situation, self.id, {"note": said.id, "block": order.block})
        people = (review.submitted_by, *situation.with_roles(("brand owner",)))
        tell(session, situation, "expired", people, f"{named(situation)}: {words}")
