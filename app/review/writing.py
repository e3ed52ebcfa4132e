"""What actions write: the draft at the revision that was seen, its review, what was said, and the record."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.db.audit import AuditNote, note
from app.db.blobs import NewBlob
from app.db.drafts import DraftChange, change_drafts
from app.db.outbox import Announcement, announce
from app.db.receipts import DraftApproval, Ending, Receipt
from app.db.review_tables import Closed, NoteSort, Review, ReviewNote
from app.errors import Conflict
from app.review.situation import Situation


def change_draft(
    session: Session, situation: Situation, *, blobs: tuple[NewBlob, ...] = (), **values: Any
) -> None:
    """Change the draft, if it is still as it was seen; `blobs` are bytes that its receipt names anew. Raises
    OutOfDate otherwise.

    Every action but a comment does this, also where only the review changes: so of two at once one wins.
    """
    change_drafts(session, [DraftChange(situation.draft.id, situation.draft.revision, values, blobs)])


def change_review(session: Session, review: Review, **values: Any) -> None:
    """Change an open review. Raises Conflict when it has been closed meanwhile."""
    found = session.execute(
        update(Review).where(col(Review.id) == review.id, col(Review.closed_at).is_(None)).values(**values)
    )
    if not getattr(found, "rowcount", 0):
        raise Conflict(f"the review of draft {review.draft_id} has ended meanwhile", "read the draft again")


def close_review(session: Session, situation: Situation, as_: Closed, **values: Any) -> None:
    """End the open review, if there is one."""
    if situation.review is not None:
        change_review(session, situation.review, closed_at=situation.at, closed_as=as_, **values)


def say(session: Session, situation: Situation, sort: NoteSort, text: str, **values: Any) -> ReviewNote:
    """Keep what was said about the draft."""
    draft, actor = situation.draft, situation.actor
    row = ReviewNote(
        brand=draft.brand, draft_id=draft.id, sort=sort, by=actor.email, text=text, at=situation.at, **values
    )
    session.add(row)
    return row


def record(
    session: Session, situation: Situation, action: str, data: Mapping[str, Any] | None = None
) -> None:
    """Note the action in the audit trail, with the content and the tier that it was about."""
    draft = situation.draft
    known = {"content": draft.content_hash, "state": draft.state.value, "tier": situation.tier.value}
    session_note = AuditNote(
        draft.brand,
        situation.actor.person_id,
        f"draft.{action}",
        f"draft {draft.id}",
        {**known, **(data or {})},
    )
    note(session, session_note)


def tell(session: Session, situation: Situation, event: str, people: tuple[str, ...], words: str) -> None:
    """Let people and other services know. Nobody is told what they did themselves."""
    draft = situation.draft
    data = {
        "brief": draft.brief_id,
        "kind": draft.kind,
        "locale": draft.locale,
        "segment": draft.segment,
        "tier": situation.tier.value,
    }
    others = tuple(dict.fromkeys(name for name in people if name and name != situation.actor.email))
    announce(session, Announcement(draft.brand, f"draft.{event}", f"draft {draft.id}", data, others, words))


def named(situation: Situation) -> str:
    """The draft as a line of a mail names it; no words of it."""
    draft = situation.draft
    return f"{draft.kind} for {draft.segment} in {draft.locale} of {draft.brief_id}"


def without_approvals(receipt: Receipt, at: dt.datetime, by: str, why: str) -> Receipt:
    """The receipt with every standing approval ended; they stay where they are, with the reason."""
    ending = Ending(at=at, by=by, why=why)
    ended: tuple[DraftApproval, ...] = tuple(
        item.model_copy(update={"ended": ending}) if item.stands else item for item in receipt.approvers
    )
    return receipt.model_copy(update={"approvers": ended})
