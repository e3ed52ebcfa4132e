"""What an edit of a draft, or a change of its values, does to its review; in the same transaction."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.db.outbox import Announcement, announce
from app.db.review_tables import Closed, Review
from app.db.tables import Draft, DraftState
from app.review.deadlines import moved, require_time
from app.review.opening import Ground

Follow = Callable[[Session], None]


def after_edit(changed: Draft, ground: Ground, *, by: str, at: dt.datetime) -> Follow:
    """The open review has the new words, or ends where the guardrails refuse them. `changed` is the draft as
    it will be. Raises Conflict past the deadline: such words would only expire, or get around it.
    """

    def follow(session: Session) -> None:
        review = _open(session, changed.id)
        if review is not None:
            require_time(review, ground.contract.review, at)
            session.execute(
                update(Review).where(col(Review.id) == review.id).values(**_changes(changed, ground, at))
            )
        if review is not None:
            words = f"{changed.kind} for {changed.segment} of {changed.brief_id} was edited while in review"
            approved = (item.by for item in changed.receipt.approvers if item.ended and item.ended.at == at)
            involved = dict.fromkeys((review.assignee, review.submitted_by, *approved))
            people = tuple(name for name in involved if name and name != by)
            data = {"brief": changed.brief_id, "kind": changed.kind, "tier": ground.tiering.tier.value}
            subject = f"draft {changed.id}"
            announce(session, Announcement(changed.brand, "draft.edited", subject, data, people, words))

    return follow


def after_new_values(changed: Draft, ground: Ground, *, by: str, at: dt.datetime, ended: bool) -> Follow:
    """A draft in review goes by the new facts and the new moment of sending. Where an approval `ended`, since
    a value is another, what was approved is in review again without being submitted.
    """

    def follow(session: Session) -> None:
        review = _open(session, changed.id)
        if review is not None:
            values = {
                **_changes(changed, ground, at),
                **moved(review, ground.contract.review, at, ground.send_at),
            }
            session.execute(update(Review).where(col(Review.id) == review.id).values(**values))
        elif changed.state is DraftState.IN_REVIEW:
            session.add(ground.review(changed, by=by, at=at))
        if not ended:
            return
        data = {"brief": changed.brief_id, "kind": changed.kind}
        subject = f"draft {changed.id}"
        announce(session, Announcement(changed.brand, "draft.values_changed", subject, data))

    return follow


def _open(session: Session, draft_id: str) -> Review | None:
    query = select(Review).where(Review.draft_id == draft_id, col(Review.closed_at).is_(None))
    return session.exec(query).first()


def _changes(changed: Draft, ground: Ground, at: dt.datetime) -> dict[str, object]:
    if changed.state is not DraftState.IN_REVIEW:
        return {"closed_at": at, "closed_as": Closed.EDITED}
    return {
        "tier": ground.tiering.tier,
        "why": ground.tiering.reasons,
        "harm": ground.harm(changed),
        "words": ground.words(changed),
    }
