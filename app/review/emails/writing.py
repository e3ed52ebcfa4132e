"""What actions on whole emails write besides the review itself: the record, and who is told."""

from collections.abc import Mapping

from pydantic import JsonValue
from sqlmodel import Session

from app.db.audit import AuditNote, note
from app.db.email_tables import EmailReview
from app.db.emails import require_latest
from app.db.outbox import Announcement, announce
from app.review.emails.situation import EmailSituation


def require_seen(session: Session, situation: EmailSituation) -> None:
    """Raises OutOfDate when somebody has acted on the email since the situation was read."""
    email, review = situation.email, situation.review
    where = (email.brand, email.brief_id, (email.locale, email.segment, email.arm))
    require_latest(session, where, (review.id, review.revision) if review is not None else None)


def record(
    session: Session,
    situation: EmailSituation,
    review: EmailReview,
    action: str,
    data: Mapping[str, JsonValue] | None = None,
) -> None:
    """Note the action in the audit trail."""
    email = situation.email
    known: dict[str, JsonValue] = {
        "brief": email.brief_id,
        "locale": email.locale,
        "segment": email.segment,
        "arm": email.arm,
        "tier": review.tier.value,
        "versions": [item.digest for item in email.versions],
    }
    told = {**known, **(data or {})}
    subject, actor = f"email {review.id}", situation.actor.person_id
    note(session, AuditNote(email.brand, actor, f"email.{action}", subject, told))


def tell(  # noqa: PLR0917
    session: Session,
    situation: EmailSituation,
    review: EmailReview,
    event: str,
    people: tuple[str, ...],
    words: str,
) -> None:
    """Let people and other services know. Nobody is told what they did themselves."""
    email = situation.email
    data = {"brief": email.brief_id, "locale": email.locale, "segment": email.segment, "arm": email.arm}
    others = tuple(dict.fromkeys(name for name in people if name and name != situation.actor.email))
    announce(session, Announcement(email.brand, f"email.{event}", f"email {review.id}", data, others, words))
