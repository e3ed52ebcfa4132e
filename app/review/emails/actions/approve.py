"""Approve: the email as it is put together, bound to all that it holds."""

from sqlmodel import Session

from app.db.email_tables import EmailApproval, EmailClosed
from app.db.emails import change_email
from app.errors import Conflict, NotPermitted
from app.review.action import Nothing
from app.review.emails.situation import EmailSituation
from app.review.emails.writing import record, require_seen, tell
from app.review.turns import roles_now


class Approve:
    """Adds approvals in the roles that one has and that are missing; the last one makes it approved."""

    id = "approve"
    order = Nothing

    def check(self, situation: EmailSituation) -> None:
        situation.in_review()
        if situation.actor.email in situation.email.writers:
            raise NotPermitted("you wrote a part of this email, and nobody approves what they wrote")
        if not roles_of(situation):
            waits = " or ".join(situation.next_roles)
            raise NotPermitted(f"it waits for an approval by: {waits}", "ask somebody with such a role")
        given = {item.by for item in situation.given}
        if situation.actor.email in given and not situation.lacks.roles:
            raise NotPermitted("you have approved it, and another person has to as well")
        if situation.email.obstacles:
            raise Conflict(f"its slots cannot go out as of now: {'; '.join(situation.email.obstacles)}")

    def execute(self, session: Session, situation: EmailSituation, order: Nothing) -> None:
        require_seen(session, situation)
        review, email, roles = situation.in_review(), situation.email, roles_of(situation)
        rows = [
            EmailApproval(
                review_id=review.id,
                brand=email.brand,
                version=version.digest,
                by=situation.actor.email,
                role=role,
                at=situation.at,
            )
            for role in roles
            for version in {item.digest: item for item in email.versions}.values()
        ]
        session.add_all(rows)
        lacks = situation.with_approvals(rows).lacks
        closing = {"closed_at": situation.at, "closed_as": EmailClosed.APPROVED} if lacks.nothing else {}
        change_email(session, review, tier=situation.tiering.tier, **closing)
        record(session, situation, review, self.id, {"roles": list(roles), "complete": lacks.nothing})
        if lacks.nothing:
            people: tuple[str, ...] = (review.submitted_by,)
            words = f"{email.name} is approved as a whole"
        else:
            waiting = lacks.roles or situation.needed
            people = situation.with_roles(waiting[:1] if situation.terms.in_turn else waiting)
            words = f"{email.name} waits for your review as a whole"
        tell(session, situation, review, "approved" if lacks.nothing else "partly_approved", people, words)


def roles_of(situation: EmailSituation) -> tuple[str, ...]:
    """The roles in which the actor approves now."""
    lacks = situation.lacks
    return roles_now(
        situation.actor.roles,
        needed=situation.needed,
        missing=lacks.roles,
        people_missing=lacks.people,
        in_turn=situation.terms.in_turn,
    )
