"""Approve: in the missing roles that one has, bound to this copy and the values that it states."""

import datetime as dt
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Session

from app.db.blobs import NewBlob
from app.db.receipts import DraftApproval, Receipt
from app.db.review_tables import Closed
from app.db.tables import DraftState
from app.errors import Conflict, NotPermitted, OutOfDate
from app.review.action import Order
from app.review.situation import Situation
from app.review.turns import roles_now
from app.review.writing import change_draft, close_review, named, record, tell
from app.verdicts.reports import Verdict

Seen = Annotated[str, StringConstraints(max_length=64)]


class ApproveOrder(Order):
    """What the approver read, as the review named it (`seen`); not looked at where it is not given."""

    seen: Seen | None = None


class Approve:
    """Adds approvals; with the last one that the contract asks for the draft is approved."""

    id = "approve"
    order = ApproveOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()
        if situation.actor.email in situation.writers:
            raise NotPermitted("you had a hand in this copy, and nobody approves what they wrote", "another")
        if not roles_of(situation):
            waits = " or ".join(situation.next_roles)
            raise NotPermitted(f"it waits for an approval by: {waits}", "ask somebody with such a role")
        if any(item.by == situation.actor.email for item in situation.given) and not situation.missing:
            raise NotPermitted("you have approved it, and another person has to as well")
        if situation.questions:
            asked = ", ".join(str(item.asked) for item in situation.questions)
            raise Conflict(f"a question to {asked} is open", "it has to be answered first")
        if situation.report.verdict is not Verdict.PASS:
            reasons = "; ".join(situation.report.reasons) or situation.report.verdict.value
            raise Conflict(f"the guardrails do not pass it as of now: {reasons}", "request changes")

    def execute(self, session: Session, situation: Situation, order: ApproveOrder) -> None:
        require_read(situation, order.seen)
        roles = roles_of(situation)
        approved = with_approvals(situation, roles)
        receipt, blobs = _judged_now(approved)
        if approved.complete:
            change_draft(
                session,
                situation,
                blobs=blobs,
                receipt=receipt,
                tier=situation.tier,
                state=DraftState.APPROVED,
                approved_at=situation.at,
                review_by=situation.at.date() + dt.timedelta(days=situation.terms.valid_days),
            )
            close_review(session, situation, Closed.APPROVED, tier=situation.tier)
            people = (
                situation.in_review().submitted_by,
                *sorted(situation.writers & situation.members.keys()),
            )
            tell(session, situation, "approved", people, f"{named(situation)} is approved")
        else:
            change_draft(session, situation, blobs=blobs, receipt=receipt, tier=situation.tier)
            words = f"{named(situation)} waits for your review"
            tell(session, situation, "partly_approved", approved.with_roles(approved.next_roles), words)
        record(session, situation, self.id, {"roles": list(roles), "complete": approved.complete})


def require_read(situation: Situation, seen: str | None) -> None:
    """Raises OutOfDate for other values than those that somebody read, where they say what they read."""
    if seen not in (None, situation.seen):
        words = f"draft {situation.draft.id} states other values than those that you saw"
        raise OutOfDate(words, "read it again: values of offers change without the draft")


def roles_of(situation: Situation) -> tuple[str, ...]:
    """The roles in which the actor approves now."""
    return roles_now(
        situation.actor.roles,
        needed=situation.needed,
        missing=situation.missing,
        people_missing=situation.people_missing,
        in_turn=situation.terms.in_turn,
    )


def with_approvals(situation: Situation, roles: tuple[str, ...]) -> Situation:
    """The situation once the actor has approved in these roles."""
    draft, actor = situation.draft, situation.actor
    new = [
        DraftApproval(
            by=actor.email,
            role=role,
            at=situation.at,
            content_hash=draft.content_hash,
            values=dict(situation.values),
            shown=dict(situation.shown),
        )
        for role in roles
    ]
    receipt = draft.receipt.model_copy(update={"approvers": (*draft.receipt.approvers, *new)})
    return situation.with_receipt(receipt)


def _judged_now(situation: Situation) -> tuple[Receipt, tuple[NewBlob, ...]]:
    """The receipt with the verdict that the approver saw, and with what that rests on, so that it replays."""
    receipt = situation.draft.receipt
    if situation.report == receipt.verdicts or situation.rests_on is None:
        return receipt, ()
    hashes, blobs = situation.rests_on()
    judged = {
        "verdicts": situation.report,
        "hashes": hashes.model_copy(update={"prompt": receipt.hashes.prompt}),
        "as_of": situation.ground.send_at,
    }
    return receipt.model_copy(update=judged), blobs
