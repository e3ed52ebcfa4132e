"""Every action on whole emails: a new one is a file in actions/ and a line here."""

from typing import Any, Protocol

from sqlmodel import Session

from app.review.action import Order
from app.review.emails.actions.approve import Approve
from app.review.emails.actions.request_changes import RequestChanges
from app.review.emails.actions.submit import Submit
from app.review.emails.actions.withdraw import Withdraw
from app.review.emails.situation import EmailSituation


class EmailAction(Protocol):
    """One action on a whole email: a check, then what it changes, as app.review.action has it."""

    @property
    def id(self) -> str:
        """Its name in the API and in the audit trail."""
        ...

    @property
    def order(self) -> type[Order]:
        """What somebody gives with it."""
        ...

    def check(self, situation: EmailSituation) -> None:
        """Raises NotPermitted or Conflict."""
        ...

    def execute(self, session: Session, situation: EmailSituation, order: Any) -> None:
        """Do it inside a transaction, once `check` has passed. Raises OutOfDate."""
        ...


EMAIL_ACTIONS: dict[str, EmailAction] = {
    action.id: action for action in (Submit(), Approve(), RequestChanges(), Withdraw())
}
