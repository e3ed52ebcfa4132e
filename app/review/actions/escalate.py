"""Escalate: a reviewer finds more risk in a draft than the contract's matrix does, and more people decide."""

from sqlmodel import Session

from app.brand.tiers import TIERS, Tier
from app.db.review_tables import NoteSort
from app.errors import Conflict
from app.review.action import Order, Said
from app.review.harm import expected_harm
from app.review.situation import Situation
from app.review.writing import change_draft, change_review, named, record, say, tell


class EscalateOrder(Order):
    """The higher tier, and why."""

    tier: Tier
    text: Said


class Escalate:
    """Raises the tier. Nothing lowers it again."""

    id = "escalate"
    order = EscalateOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()
        situation.approver()
        if situation.tier is TIERS[-1]:
            raise Conflict(f"draft {situation.draft.id} is in the highest tier already")

    def execute(self, session: Session, situation: Situation, order: EscalateOrder) -> None:
        if TIERS.index(order.tier) <= TIERS.index(situation.tier):
            raise Conflict(f"the tier is {situation.tier.value} and can only be raised")
        review, draft = situation.in_review(), situation.draft
        score = draft.confidence.score if draft.confidence is not None else None
        change_draft(session, situation, tier=order.tier)
        change_review(
            session,
            review,
            tier=order.tier,
            why=(f"{order.tier.value}: {situation.actor.email} raised it", *review.why),
            harm=expected_harm(order.tier, score, situation.report),
        )
        said = say(session, situation, NoteSort.REASON, order.text)
        record(session, situation, self.id, {"note": said.id, "raised_to": order.tier.value})
        people = situation.with_roles(situation.contract.needed(order.tier))
        tell(
            session,
            situation,
            "escalated",
            people,
            f"{named(situation)} was moved to tier {order.tier.value}",
        )
