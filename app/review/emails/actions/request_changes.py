"""Request changes: the email goes back with what should be otherwise about it."""

from sqlmodel import Session

from app.db.email_tables import EmailClosed
from app.db.emails import change_email, end_email_approvals
from app.review.action import Order, Said
from app.review.emails.situation import EmailSituation
from app.review.emails.writing import record, require_seen, tell


class ChangesOrder(Order):
    """What should be otherwise."""

    text: Said


class RequestChanges:
    """Ends the review, and every approval that was given in it."""

    id = "request_changes"
    order = ChangesOrder

    def check(self, situation: EmailSituation) -> None:
        situation.in_review()
        situation.approver()

    def execute(self, session: Session, situation: EmailSituation, order: ChangesOrder) -> None:
        require_seen(session, situation)
        review, at = situation.in_review(), situation.at
        end_email_approvals(session, review, at, "changes were requested")
        closed = EmailClosed.CHANGES_REQUESTED
        change_email(session, review, closed_at=at, closed_as=closed, note=order.text)
        record(session, situation, review, self.id)
        people = (review.submitted_by, *sorted(situation.email.writers & situation.members.keys()))
        words = f"changes are requested to {situation.email.name}"
        tell(session, situation, review, "changes_requested", people, words)
