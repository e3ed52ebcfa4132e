"""Take: somebody says who reads the draft, so that two do not read the same."""

from pydantic import Field
from sqlmodel import Session

from app.errors import NotFound, NotPermitted
from app.review.action import Address, Order
from app.review.situation import Situation
from app.review.writing import change_draft, change_review, named, record, tell
from app.yaml12 import nearest


class TakeOrder(Order):
    """Whom the draft is for: oneself when nobody is named. With `release` nobody has it any more."""

    assignee: Address | None = None
    release: bool = Field(default=False)


class Take:
    """Names or removes the assignee. Others who may decide still may."""

    id = "take"
    order = TakeOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()
        situation.approver()

    def execute(self, session: Session, situation: Situation, order: TakeOrder) -> None:
        who = None if order.release else order.assignee or situation.actor.email
        if who is not None:
            _may_decide(situation, who)
        change_draft(session, situation)
        change_review(session, situation.in_review(), assignee=who)
        record(session, situation, self.id, {"released": who is None})
        if who is not None:
            tell(session, situation, "assigned", (who,), f"{named(situation)} was given to you for review")


def _may_decide(situation: Situation, who: str) -> None:
    roles = situation.members.get(who)
    if roles is None:
        hint = nearest(who, situation.members)
        raise NotFound(f"{who} has no role for brand '{situation.draft.brand}'", hint)
    if not situation.decides(roles):
        raise NotPermitted(f"{who} has none of the roles: {', '.join((*situation.needed, 'brand owner'))}")
    if who in situation.writers:
        raise NotPermitted(f"{who} had a hand in this copy, and nobody approves what they wrote")
