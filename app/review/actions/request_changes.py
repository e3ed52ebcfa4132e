"""Request changes: the draft goes back to its writer with what should be otherwise."""

from sqlmodel import Session

from app.db.review_tables import Closed, NoteSort
from app.db.tables import DraftState
from app.review.action import Order, Said
from app.review.situation import Situation
from app.review.writing import change_draft, close_review, named, record, say, tell, without_approvals


class ChangesOrder(Order):
    """What should be otherwise."""

    text: Said


class RequestChanges:
    """Ends the review, and every approval that was given in it."""

    id = "request_changes"
    order = ChangesOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()
        situation.approver()

    def execute(self, session: Session, situation: Situation, order: ChangesOrder) -> None:
        review, by = situation.in_review(), situation.actor.email
        receipt = without_approvals(situation.draft.receipt, situation.at, by, "changes were requested")
        change_draft(
            session, situation, state=DraftState.CHANGES_REQUESTED, receipt=receipt, tier=situation.tier
        )
        close_review(session, situation, Closed.CHANGES_REQUESTED)
        said = say(session, situation, NoteSort.REASON, order.text)
        record(session, situation, self.id, {"note": said.id})
        people = (review.submitted_by, *sorted(situation.writers & situation.members.keys()))
        tell(session, situation, "changes_requested", people, f"changes are requested to {named(situation)}")
