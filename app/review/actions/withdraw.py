"""Withdraw: who wrote a draft, or answers for the brand, takes it back; approved content too."""

from sqlmodel import Session

from app.db.review_tables import Closed, NoteSort
from app.db.tables import DraftState
from app.errors import NotPermitted
from app.review.action import Order, Said
from app.review.situation import Situation
from app.review.writing import change_draft, close_review, named, record, say, tell, without_approvals

_MAY = frozenset({"copywriter", "brand owner", "legal"})


class WithdrawOrder(Order):
    """Why, in words."""

    text: Said | None = None


class Withdraw:
    """Ends the draft; content that was approved is not released from the next fetch or export on."""

    id = "withdraw"
    order = WithdrawOrder

    def check(self, situation: Situation) -> None:
        situation.not_over()
        if situation.actor.email not in situation.writers and not situation.actor.roles & _MAY:
            raise NotPermitted("its writers withdraw it, or one of: brand owner, copywriter, legal")

    def execute(self, session: Session, situation: Situation, order: WithdrawOrder) -> None:
        receipt = without_approvals(
            situation.draft.receipt, situation.at, situation.actor.email, "it was withdrawn"
        )
        change_draft(
            session,
            situation,
            state=DraftState.WITHDRAWN,
            receipt=receipt,
            approved_at=None,
            review_by=None,
            tier=situation.tier,
        )
        close_review(session, situation, Closed.WITHDRAWN)
        said = say(session, situation, NoteSort.REASON, order.text) if order.text else None
        record(session, situation, self.id, {"note": said.id} if said else {})
        people = situation.with_roles(situation.needed) if situation.review is not None else ()
        tell(session, situation, "withdrawn", people, f"{named(situation)} was withdrawn")
