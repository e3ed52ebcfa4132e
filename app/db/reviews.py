"""Reads reviews: the queue, one draft's way through it, what is overdue."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlalchemy import select as core_select
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.brand.tiers import Tier
from app.db.review_tables import Closed, Review, ReviewNote
from app.db.tables import Draft
from app.db.transactions import Transactions


class QueuePlace(NamedTuple):
    """The place of a review in the queue, after which a page begins."""

    harm: int
    due_at: dt.datetime
    id: str


@dataclass(frozen=True)
class QueueFilter:
    """Which open reviews are wanted. `assignee` empty means those that nobody has taken."""

    brands: Collection[str]
    brief_id: str | None = None
    kind: str | None = None
    segment: str | None = None
    locale: str | None = None
    tier: Tier | None = None
    assignee: str | None = None


@dataclass(frozen=True)
class QueuePage:
    """Some reviews with their drafts, the worst first; `after` is where the next page begins."""

    entries: tuple[tuple[Review, Draft], ...]
    after: QueuePlace | None


class Reviews(Transactions):
    """Each method is one short transaction; `writing` is one that an action does its work in."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A write in which an action changes a draft and its review."""
        with self._write() as session:
            yield session

    def open_of(self, draft_id: str) -> Review | None:
        """The review that the draft is in."""
        return self.open_of_all([draft_id]).get(draft_id)

    def open_of_all(self, draft_ids: Collection[str]) -> Mapping[str, Review]:
        """The open reviews of some drafts, by draft."""
        query = select(Review).where(col(Review.draft_id).in_(draft_ids), col(Review.closed_at).is_(None))
        with self._read() as session:
            return {row.draft_id: row for row in session.exec(query)}

    def rounds(self, draft_id: str) -> list[Review]:
        """Every way of the draft through review, the first one first."""
        query = select(Review).where(Review.draft_id == draft_id)
        with self._read() as session:
            return list(session.exec(query.order_by(col(Review.submitted_at), col(Review.id))))

    def notes(self, draft_id: str) -> list[ReviewNote]:
        """What people said about the draft, in order."""
        query = select(ReviewNote).where(ReviewNote.draft_id == draft_id)
        with self._read() as session:
            return list(session.exec(query.order_by(col(ReviewNote.at), col(ReviewNote.id))))

    def notes_of_all(self, draft_ids: Collection[str]) -> Mapping[str, list[ReviewNote]]:
        """The same of several drafts."""
        found: dict[str, list[ReviewNote]] = {}
        query = select(ReviewNote).where(col(ReviewNote.draft_id).in_(draft_ids))
        with self._read() as session:
            for row in session.exec(query.order_by(col(ReviewNote.at), col(ReviewNote.id))):
                found.setdefault(row.draft_id, []).append(row)
        return found

    def queue(self, wanted: QueueFilter, *, after: QueuePlace | None = None, limit: int = 50) -> QueuePage:
        """Open reviews, by expected harm, then by deadline. The drafts come without their receipts, which
        take longer to read than all the rest.
        """
        query = (
            select(Review, Draft)
            .join(Draft, col(Draft.id) == col(Review.draft_id))
            .options(defer(Draft.receipt))  # type: ignore[arg-type]
            .where(*_conditions(wanted), *([_behind(after)] if after else []))
            .order_by(col(Review.harm).desc(), col(Review.due_at), col(Review.id))
            .limit(limit + 1)
        )
        with self._read() as session:
            rows = list(session.exec(query))
        entries = tuple((review, draft) for review, draft in rows[:limit])
        last = entries[-1][0] if len(rows) > limit else None
        return QueuePage(entries, QueuePlace(last.harm, last.due_at, last.id) if last else None)

    def beside(self, wanted: QueueFilter, place: QueuePlace) -> tuple[str | None, str | None]:
        """The drafts that stand right before and right after a place in the queue, by id."""
        harm, due_at, row = col(Review.harm), col(Review.due_at), col(Review.id)
        query = select(Review.draft_id).where(*_conditions(wanted)).limit(1)
        before = query.where(_ahead(place)).order_by(harm, due_at.desc(), row.desc())
        after = query.where(_behind(place)).order_by(harm.desc(), due_at, row)
        with self._read() as session:
            return session.exec(before).first(), session.exec(after).first()

    def count(self, wanted: QueueFilter) -> Mapping[Tier, int]:
        """How many open reviews there are, by tier."""
        tier = col(Review.tier)
        query = core_select(tier, func.count()).where(*_conditions(wanted)).group_by(tier)
        with self._read() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def due(
        self, at: dt.datetime, *, after: Review | None = None, limit: int = 200
    ) -> Sequence[tuple[Review, Draft]]:
        """Open reviews whose deadline has come by `at`, unless a question holds it up, after a given one."""
        due_at, row = col(Review.due_at), col(Review.id)
        query = (
            select(Review, Draft)
            .join(Draft, col(Draft.id) == col(Review.draft_id))
            .where(col(Review.closed_at).is_(None), due_at <= at)
            .order_by(due_at, row)
            .limit(limit)
        )
        if after is not None:
            later = and_(due_at == after.due_at, row > after.id)
            query = query.where(or_(due_at > after.due_at, later))
        with self._read() as session:
            return [(review, draft) for review, draft in session.exec(query)]

    def missed(self, at: dt.datetime) -> Sequence[tuple[Review, Draft]]:
        """Reviews that ended after their deadline as it is stored, of emails that are not sent yet, with
        their drafts; the last one first.
        """
        late = and_(col(Review.closed_as) == Closed.WITHDRAWN, col(Review.closed_at) >= col(Review.due_at))
        query = (
            select(Review, Draft)
            .join(Draft, col(Draft.id) == col(Review.draft_id))
            .where(or_(col(Review.closed_as) == Closed.EXPIRED, late), col(Review.send_at) > at)
            .order_by(col(Review.closed_at).desc(), col(Review.id))
        )
        with self._read() as session:
            return [(review, draft) for review, draft in session.exec(query)]

    @staticmethod
    def mark_reminded(session: Session, review_id: str, at: dt.datetime) -> bool:
        """Note inside a write that people are reminded of an open review; False when they were already."""
        mine = (col(Review.id) == review_id, col(Review.closed_at).is_(None))
        found = session.execute(
            update(Review).where(*mine, col(Review.reminded_at).is_(None)).values(reminded_at=at)
        )
        return bool(getattr(found, "rowcount", 0))

    def closed_since(self, brands: Collection[str], since: dt.datetime) -> list[Review]:
        """Reviews that ended at or after a moment, in order."""
        query = select(Review).where(
            col(Review.brand).in_(brands), col(Review.closed_at).is_not(None), col(Review.closed_at) >= since
        )
        with self._read() as session:
            return list(session.exec(query.order_by(col(Review.closed_at), col(Review.id))))


def _conditions(wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    yield col(Review.brand).in_(wanted.brands)
    yield col(Review.closed_at).is_(None)
    named = {
        Review.brief_id: wanted.brief_id,
        Review.kind: wanted.kind,
        Review.segment: wanted.segment,
        Review.locale: wanted.locale,
        Review.tier: wanted.tier,
    }
    for column, value in named.items():
        if value is not None:
            yield col(column) == value
    if wanted.assignee is not None:
        yield col(Review.assignee) == wanted.assignee if wanted.assignee else col(Review.assignee).is_(None)


def _behind(after: QueuePlace) -> ColumnElement[bool]:
    harm, due_at, row = col(Review.harm), col(Review.due_at), col(Review.id)
    later = or_(due_at > after.due_at, and_(due_at == after.due_at, row > after.id))
    return or_(harm < after.harm, and_(harm == after.harm, later))


def _ahead(place: QueuePlace) -> ColumnElement[bool]:
    harm, due_at, row = col(Review.harm), col(Review.due_at), col(Review.id)
    earlier = or_(due_at < place.due_at, and_(due_at == place.due_at, row < place.id))
    return or_(harm > place.harm, and_(harm == place.harm, earlier))
