"""Reject: the draft is over, with a reason from the list."""

from sqlmodel import Session

from app.db.review_tables import Closed, NoteSort, RejectReason
from app.db.tables import DraftState
from app.errors import Conflict
from app.review.action import Order, Said
from app.review.situation import Situation
from app.review.writing import change_draft, close_review, named, record, say, tell, without_approvals


class RejectOrder(Order):
    """Why; words are needed where no reason of the list fits."""

    reason: RejectReason
    text: Said | None = None


class Reject:
    """Ends the draft for good; who wants its words writes a new one."""

    id = "reject"
    order = RejectOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()
        situation.approver()

    def execute(self, session: Session, situation: Situation, order: RejectOrder) -> None:
        if order.reason is RejectReason.OTHER and not order.text:
            words = "where no reason of the list fits, words say which one it is"
            raise Conflict(words, "write them as well, or choose a reason of the list")
        review, by = situation.in_review(), situation.actor.email
        receipt = without_approvals(situation.draft.receipt, situation.at, by, "it was rejected")
        change_draft(session, situation, state=DraftState.REJECTED, receipt=receipt, tier=situation.tier)
        close_review(session, situation, Closed.REJECTED, reason=order.reason)
        words = order.text or order.reason.value.replace("_", " ")
        said = say(session, situation, NoteSort.REASON, words)
        record(session, situation, self.id, {"note": said.id, "reason": order.reason.value})
        people = (review.submitted_by, *sorted(situation.writers & situation.members.keys()))
        tell(session, situation, "rejected", people, f"{named(situation)} was rejected")
