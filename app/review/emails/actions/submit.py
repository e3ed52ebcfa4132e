"""Submit: an email whose slots may all go out is looked at as a whole."""

from sqlmodel import Session

from app.db.email_tables import EmailClosed, EmailReview
from app.db.emails import change_email, end_email_approvals
from app.errors import Conflict
from app.review.action import Nothing
from app.review.deadlines import first_due, latest
from app.review.emails.situation import EmailSituation, EmailState
from app.review.emails.writing import record, require_seen, tell


class Submit:
    """Begins a review of the email as it is composed now."""

    id = "submit"
    order = Nothing

    def check(self, situation: EmailSituation) -> None:
        email = situation.email
        tier = situation.tiering.tier
        if situation.state in (EmailState.IN_REVIEW, EmailState.APPROVED):
            raise Conflict(f"{email.name} is {situation.state.value.replace('_', ' ')} already")
        if email.obstacles:
            raise Conflict(f"its slots cannot go out yet: {'; '.join(email.obstacles)}")
        end = latest(email.contract.review, email.send_at)
        if end <= situation.at:
            words = f"reviews of this email (tier {tier.value}) had to end by {end:%Y-%m-%d %H:%M %Z}"
            raise Conflict(words, "move the send window of the brief")

    def execute(self, session: Session, situation: EmailSituation, order: Nothing) -> None:
        require_seen(session, situation)
        email, before, at = situation.email, situation.review, situation.at
        if before is not None:
            end_email_approvals(session, before, at, "it was submitted again")
            if before.closed_at is None:
                change_email(session, before, closed_at=at, closed_as=EmailClosed.REPLACED)
        review = EmailReview(
            brand=email.brand,
            brief_id=email.brief_id,
            locale=email.locale,
            market=email.market,
            segment=email.segment,
            arm=email.arm,
            tier=situation.tiering.tier,
            why=situation.tiering.reasons,
            digest=email.digest,
            versions=email.versions,
            shown=dict(email.shown),
            submitted_by=situation.actor.email,
            submitted_at=at,
            due_at=first_due(email.contract.review, situation.terms, at, email.send_at),
        )
        session.add(review)
        session.flush()
        record(session, situation, review, self.id, {"due": review.due_at.isoformat()})
        waiting = situation.needed[:1] if situation.terms.in_turn else situation.needed
        words = f"{email.name} waits for your review as a whole until {review.due_at:%Y-%m-%d %H:%M %Z}"
        tell(session, situation, review, "submitted", situation.with_roles(waiting), words)
