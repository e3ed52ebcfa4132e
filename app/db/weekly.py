"""The rows of a span of time for one brand, as the weekly review counts them; each method is one query."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from app.db.review_tables import Closed, RejectReason, Review
from app.db.service_tables import BriefRevision
from app.db.stored import UtcDay
from app.db.tables import Draft, ModelCall, Origin, Refusal, Run, SlotRecord
from app.db.transactions import Transactions
from app.verdicts.decisions import Outcome, Reason
from app.verdicts.reports import Finding


@dataclass(frozen=True)
class Span:
    """A brand and a span of time: from `since` on and before `until`."""

    brand: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class Answered:
    """Slots that were answered alike on one day (UTC)."""

    day: dt.date
    outcome: Outcome
    reason: Reason
    count: int


@dataclass(frozen=True)
class Ended:
    """A review that ended."""

    draft_id: str
    brief_id: str
    closed_at: dt.datetime
    closed_as: Closed
    reason: RejectReason | None
    words: int


@dataclass(frozen=True)
class Asked:
    """What one week's runs of a brand were: how often, and for how many briefs."""

    runs: int
    briefs: int


class WeeklyRows(Transactions):
    """Reads what a week holds."""

    def asked(self, span: Span) -> Asked:
        """The runs that began."""
        query = core_select(func.count(), func.count(func.distinct(col(Run.brief_id)))).where(*_runs(span))
        with self._read() as session:
            runs, briefs = session.execute(query).one()
        return Asked(runs, briefs)

    def answered(self, span: Span) -> list[Answered]:
        """The slots that were answered, by day, outcome and reason."""
        day = UtcDay(col(SlotRecord.created_at)).label("day")
        keys: list[Any] = [day, col(SlotRecord.outcome), col(SlotRecord.reason)]
        query = (
            core_select(*keys, func.count())
            .where(*_within(span, col(SlotRecord.brand), col(SlotRecord.created_at)))
            .group_by(*keys)
        )
        with self._read() as session:
            found = [Answered(*row) for row in session.execute(query)]
        # Sorted here: databases differ in how they order words.
        return sorted(found, key=lambda item: (item.day, item.outcome, item.reason))

    def refused_rules(self, span: Span) -> tuple[int, Counter[str]]:
        """How many lines were refused, and how many of them each rule refused."""
        query = (
            select(Refusal.findings)
            .join(SlotRecord, col(SlotRecord.fingerprint) == col(Refusal.slot_fingerprint))
            .where(*_within(span, col(SlotRecord.brand), col(SlotRecord.created_at)))
        )
        with self._read() as session:
            found: list[Sequence[Finding]] = list(session.exec(query))
        rules = Counter(rule for findings in found for rule in {item.rule for item in findings})
        return len(found), Counter(dict(sorted(rules.items())))

    def ended(self, span: Span) -> list[Ended]:
        """The reviews that ended."""
        query = core_select(
            col(Review.draft_id),
            col(Review.brief_id),
            col(Review.closed_at),
            col(Review.closed_as),
            col(Review.reason),
            col(Review.words),
        ).where(*_within(span, col(Review.brand), col(Review.closed_at)))
        query = query.order_by(col(Review.closed_at), col(Review.id))
        with self._read() as session:
            return [Ended(*row) for row in session.execute(query)]

    def briefs_began(self, brand: str, brief_ids: Sequence[str]) -> dict[str, dt.datetime]:
        """When some briefs were stored first."""
        query = core_select(col(BriefRevision.brief_id), func.min(col(BriefRevision.created_at))).where(
            col(BriefRevision.brand) == brand, col(BriefRevision.brief_id).in_(brief_ids)
        )
        with self._read() as session:
            found = session.execute(query.group_by(col(BriefRevision.brief_id)))
            return dict(sorted((row[0], row[1]) for row in found))

    def cost(self, span: Span) -> tuple[int, Decimal]:
        """The calls of the runs that began, and what they cost in US dollars."""
        query = (
            core_select(func.count(), func.sum(col(ModelCall.cost_usd)))
            .join(Run, col(Run.id) == col(ModelCall.run_id))
            .where(*_runs(span))
        )
        with self._read() as session:
            calls, cost = session.execute(query).one()
        return calls, cost or Decimal(0)

    def edited(self, brand: str, since: dt.datetime) -> list[Draft]:
        """The drafts that people edited and that changed since a moment."""
        query = select(Draft).where(
            Draft.brand == brand, Draft.origin == Origin.EDITED, col(Draft.updated_at) >= since
        )
        with self._read() as session:
            return list(session.exec(query.order_by(col(Draft.updated_at), col(Draft.id))))


def _runs(span: Span) -> list[ColumnElement[bool]]:
    return _within(span, col(Run.brand), col(Run.started_at))


def _within(span: Span, brand: Any, moment: Any) -> list[ColumnElement[bool]]:
    return [brand == span.brand, moment >= span.since, moment < span.until]
