"""Withdraw: an email that is in review or approved is not released any more."""

from sqlmodel import Session

from app.db.email_tables import EmailClosed
from app.db.emails import change_email, end_email_approvals
from app.errors import Conflict, NotPermitted
from app.review.action import Order, Said
from app.review.emails.situation import EmailSituation
from app.review.emails.writing import record, require_seen, tell

_MAY = frozenset({"copywriter", "brand owner", "legal"})


class WithdrawOrder(Order):
    """Why, in words."""

    text: Said | None = None


class Withdraw:
    """Ends the review and its approvals. Its slots stay what they are."""

    id = "withdraw"
    order = WithdrawOrder

    def check(self, situation: EmailSituation) -> None:
        review = situation.review
        if review is None or review.closed_as not in (None, EmailClosed.APPROVED):
            raise Conflict(f"{situation.email.name} is neither in review nor approved")
        if situation.actor.email != review.submitted_by and not situation.actor.roles & _MAY:
            raise NotPermitted("who submitted it withdraws it, or one of: brand owner, copywriter, legal")

    def execute(self, session: Session, situation: EmailSituation, order: WithdrawOrder) -> None:
        require_seen(session, situation)
        review, at = situation.review, situation.at
        if review is None:
            raise Conflict(f"{situation.email.name} is neither in review nor approved")
        end_email_approvals(session, review, at, "it was withdrawn")
        closed = EmailClosed.WITHDRAWN
        change_email(session, review, closed_at=at, closed_as=closed, note=order.text or "")
        record(session, situation, review, self.id)
        words = f"{situation.email.name} was withdrawn"
        tell(session, situation, review, "withdrawn", situation.with_roles(situation.needed), words)
