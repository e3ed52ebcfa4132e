"""The queue of review as its page shows it: one brand's open reviews in groups, a page at a time, and how
much there is of what.

A group is what stands for one position and one audience of a brief: its languages and its variants. It
stands where its worst member stands, so that the order by expected harm and deadline keeps its meaning.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, ColumnElement, Subquery, and_, case, func, or_, type_coerce
from sqlalchemy import select as core_select
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select

from app.brand.tiers import Tier
from app.db.receipts import DraftApproval, Edit, Hashes, Receipt
from app.db.review_tables import NoteSort, Review, ReviewNote
from app.db.reviews import QueuePlace
from app.db.service_tables import StoredBrief
from app.db.stored import Moment
from app.db.tables import Draft, DraftState
from app.db.transactions import Transactions
from app.verdicts.reports import GuardReport

_GROUP = (col(Review.brief_id), col(Review.kind), col(Review.segment))
_ORDER = (col(Review.harm).desc(), col(Review.due_at), col(Review.id))
_SUBMITTED = (DraftState.APPROVED, DraftState.IN_REVIEW, DraftState.CHANGES_REQUESTED)
_APPROVALS = TypeAdapter(tuple[DraftApproval, ...])
_EDITS = TypeAdapter(tuple[Edit, ...])


@dataclass(frozen=True)
class GroupWanted:
    """Which open reviews are wanted; None means any. `assignee` empty means those that nobody has taken."""

    brand: str
    brief: str | None = None
    kind: str | None = None
    segment: str | None = None
    locale: str | None = None
    tiers: Collection[Tier] | None = None
    assignee: str | None = None

    def of_tiers(self, tiers: Collection[Tier]) -> "GroupWanted":
        """The same, of these tiers alone."""
        return replace(self, tiers=tiers)


@dataclass(frozen=True)
class GroupedPlace:
    """The place of a review in the grouped queue: its group's, then its own within it."""

    group: QueuePlace
    own: QueuePlace


@dataclass(frozen=True)
class QueueEntry:
    """One review. Of the draft's receipt there are only approvals and edits: the rest takes longer to read
    than everything else together.
    """

    review: Review
    draft: Draft
    place: GroupedPlace


@dataclass(frozen=True)
class Facet:
    """How many open reviews there are of one sort, how many of them are due soon and how many are overdue.
    Those that a question holds up are in `count` alone.
    """

    brief: str
    kind: str
    segment: str
    locale: str
    tier: Tier
    count: int
    soon: int
    late: int


@dataclass(frozen=True)
class Progress:
    """How far a brief is: of the drafts that were submitted, those that are approved."""

    approved: int
    submitted: int


class ReviewQueue(Transactions):
    """Each method is one short transaction with one query, however many reviews there are."""

    def page(self, wanted: GroupWanted, after: GroupedPlace | None, limit: int) -> list[QueueEntry]:
        """The next reviews behind a place, group by group, the worst group first."""
        ranked = _ranked(wanted)
        group = (ranked.c.group_harm, ranked.c.group_due, ranked.c.group_id)
        query = (
            core_select(Review, Draft, *_approvals_and_edits(), *group)
            .join(ranked, ranked.c.id == col(Review.id))
            .join(Draft, col(Draft.id) == col(Review.draft_id))
            .options(defer(Draft.receipt))  # type: ignore[arg-type]
            .where(*([_behind(after, ranked)] if after else []))
            .order_by(group[0].desc(), group[1], group[2], *_ORDER)
            .limit(limit)
        )
        with self._read() as session:
            return [_entry(row) for row in session.execute(query)]

    def facets(self, brand: str, now: dt.datetime, soon: dt.datetime) -> list[Facet]:
        """How much there is of what in the brand's whole queue."""
        runs = col(Review.held_since).is_(None)
        due = col(Review.due_at)
        sorts = (*_GROUP, col(Review.locale), col(Review.tier))
        query = (
            core_select(
                *sorts,
                func.count(),
                func.sum(case((and_(runs, due > now, due <= soon), 1), else_=0)),
                func.sum(case((and_(runs, due <= now), 1), else_=0)),
            )
            .where(*_conditions(GroupWanted(brand)))
            .group_by(*sorts)
            .order_by(*sorts)
        )
        with self._read() as session:
            return [Facet(*row) for row in session.execute(query)]

    def held(self, brand: str, before: dt.datetime) -> Sequence[Review]:
        """Open reviews that a question holds up, and whose deadline would come before a moment."""
        waits = (col(Review.held_since).is_not(None), col(Review.due_at) <= before)
        query = select(Review).where(*_conditions(GroupWanted(brand)), *waits)
        with self._read() as session:
            return list(session.exec(query))

    def progress(self, brand: str, briefs: Collection[str]) -> Mapping[str, Progress]:
        """How far some briefs are."""
        query = (
            core_select(
                col(Draft.brief_id),
                func.sum(case((col(Draft.state) == DraftState.APPROVED, 1), else_=0)),
                func.count(),
            )
            .where(
                col(Draft.brand) == brand, col(Draft.brief_id).in_(briefs), col(Draft.state).in_(_SUBMITTED)
            )
            .group_by(col(Draft.brief_id))
            .order_by(col(Draft.brief_id))
        )
        with self._read() as session:
            return {row[0]: Progress(row[1], row[2]) for row in session.execute(query)}

    def asked(self, brand: str, email: str, limit: int) -> list[tuple[ReviewNote, Review]]:
        """Open questions to a person about drafts in review, the oldest first."""
        query = (
            select(ReviewNote, Review)
            .join(Review, col(Review.draft_id) == col(ReviewNote.draft_id))
            .where(
                col(Review.closed_at).is_(None),
                ReviewNote.brand == brand,
                ReviewNote.asked == email,
                *_open_question(),
            )
            .order_by(col(ReviewNote.at), col(ReviewNote.id))
            .limit(limit)
        )
        with self._read() as session:
            return [(note, review) for note, review in session.exec(query)]

    def waits_for(self, drafts: Collection[str]) -> Mapping[str, Sequence[str]]:
        """By draft, who is asked something that is not answered yet."""
        query = (
            core_select(col(ReviewNote.draft_id), col(ReviewNote.asked))
            .where(col(ReviewNote.draft_id).in_(drafts), *_open_question())
            .order_by(col(ReviewNote.at), col(ReviewNote.id))
        )
        found: dict[str, list[str]] = {}
        with self._read() as session:
            for draft, person in session.execute(query):
                found.setdefault(draft, []).append(person or "")
        return found

    def briefs(self, brand: str, ids: Collection[str]) -> Mapping[str, StoredBrief]:
        """Some briefs of the brand as they are now, by id."""
        query = select(StoredBrief).where(StoredBrief.brand == brand, col(StoredBrief.id).in_(ids))
        with self._read() as session:
            return {row.id: row for row in session.exec(query.order_by(col(StoredBrief.id)))}

    def brief_names(self, brand: str, ids: Collection[str]) -> Mapping[str, str]:
        """What some briefs are called, by id."""
        columns = (col(StoredBrief.id), col(StoredBrief.name))
        query = core_select(*columns).where(col(StoredBrief.brand) == brand, columns[0].in_(ids))
        with self._read() as session:
            return {row[0]: row[1] for row in session.execute(query.order_by(columns[0]))}


def _conditions(wanted: GroupWanted) -> Iterator[ColumnElement[bool]]:
    yield col(Review.brand) == wanted.brand
    yield col(Review.closed_at).is_(None)
    named = {
        Review.brief_id: wanted.brief,
        Review.kind: wanted.kind,
        Review.segment: wanted.segment,
        Review.locale: wanted.locale,
    }
    for column, value in named.items():
        if value is not None:
            yield col(column) == value
    if wanted.tiers is not None:
        yield col(Review.tier).in_(wanted.tiers)
    if wanted.assignee is not None:
        yield col(Review.assignee) == wanted.assignee if wanted.assignee else col(Review.assignee).is_(None)


def _ranked(wanted: GroupWanted) -> Subquery:
    """Every wanted review with the place of its group."""

    def first(column: Any, name: str, type_: Any = None) -> Any:
        worst = func.first_value(column, type_=type_ or column.type)
        return worst.over(partition_by=_GROUP, order_by=_ORDER).label(name)

    return (
        core_select(
            col(Review.id).label("id"),
            first(col(Review.harm), "group_harm"),
            first(col(Review.due_at), "group_due", Moment()),
            first(col(Review.id), "group_id"),
        )
        .where(*_conditions(wanted))
        .subquery()
    )


def _behind(after: GroupedPlace, ranked: Subquery) -> ColumnElement[bool]:
    group = (ranked.c.group_harm, ranked.c.group_due, ranked.c.group_id)
    own = (col(Review.harm), col(Review.due_at), col(Review.id))
    return or_(_later(group, after.group), and_(group[2] == after.group.id, _later(own, after.own)))


def _later(columns: tuple[Any, Any, Any], place: QueuePlace) -> ColumnElement[bool]:
    harm, due, row = columns
    behind = or_(due > place.due_at, and_(due == place.due_at, row > place.id))
    return or_(harm < place.harm, and_(harm == place.harm, behind))


def _open_question() -> tuple[ColumnElement[bool], ...]:
    return (col(ReviewNote.sort) == NoteSort.QUESTION, col(ReviewNote.answered_at).is_(None))


def _approvals_and_edits() -> tuple[Any, Any]:
    receipt = type_coerce(col(Draft.receipt), JSON)
    return receipt["data", "approvers"].label("approvers"), receipt["data", "edits"].label("edits")


def _entry(row: Any) -> QueueEntry:
    review, draft = row[0], row[1]
    receipt = _receipt(
        review,
        _APPROVALS.validate_python(row.approvers or ()),
        _EDITS.validate_python(row.edits or ()),
    )
    set_committed_value(draft, "receipt", receipt)
    group = QueuePlace(row.group_harm, row.group_due, row.group_id)
    return QueueEntry(review, draft, GroupedPlace(group, QueuePlace(review.harm, review.due_at, review.id)))


def _receipt(review: Review, approvers: tuple[DraftApproval, ...], edits: tuple[Edit, ...]) -> Receipt:
    """What was read of a receipt, in the form that rules about approvals know."""
    return Receipt(
        engine="",
        hashes=Hashes(brand=""),
        as_of=review.submitted_at,
        verdicts=GuardReport(required=(), results=()),
        approvers=approvers,
        edits=edits,
    )
