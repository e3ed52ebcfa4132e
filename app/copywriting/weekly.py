"""The weekly review of a brand: what was asked, written, refused and approved, its cost and its time.

Everything is counted from stored rows. Weeks are those of ISO 8601, from Monday, in UTC.
"""

import csv
import datetime as dt
import io
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, computed_field
from sqlalchemy import Engine

from app.copywriting.repeated_edits import LOOKED_BACK, FieldEdit, RepeatedEdit, field_edits, repeated
from app.db.blobs import BlobStore
from app.db.review_tables import Closed
from app.db.weekly import Answered, Ended, Span, WeeklyRows
from app.errors import UsageError
from app.verdicts.decisions import Outcome

TOP = 10
"""Entries of each list."""
SHOWN_WEEKS = 12
"""Weeks that the plots show, this one the last."""
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_WRITTEN = frozenset({Outcome.GENERATED, Outcome.REASKED})
_FELL_BACK = frozenset({Outcome.FELL_BACK, Outcome.LEFT_OUT})


class Week(BaseModel):
    """A week of ISO 8601, named `2026-W48`."""

    model_config = ConfigDict(frozen=True)

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        """The week that a day is in; a moment counts in UTC."""
        moment = day.astimezone(dt.UTC) if isinstance(day, dt.datetime) else day
        year, number, _ = moment.isocalendar()
        return cls(year=year, number=number)

    @classmethod
    def named(cls, text: str) -> "Week":
        """The week of a name. Raises UsageError for what is none."""
        found = _WEEK.fullmatch(text)
        try:
            week = cls(year=int(found[1]), number=int(found[2])) if found else None
            if week is not None and dt.MINYEAR < week.year < dt.MAXYEAR:
                _ = week.monday
                return week
        except ValueError:
            pass
        raise UsageError(f"'{text[:20]}' is no week", "such as 2026-W48")

    @property
    def monday(self) -> dt.date:
        """Its first day."""
        return dt.date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=6)

    def plus(self, weeks: int) -> "Week":
        """The week so many weeks later."""
        return Week.of(self.monday + dt.timedelta(weeks=weeks))

    def span(self, brand: str, weeks: int = 1) -> Span:
        """The week as a span of time; with `weeks`, those that end with it."""
        end = dt.datetime.combine(self.monday, dt.time(), dt.UTC) + dt.timedelta(weeks=1)
        return Span(brand, end - dt.timedelta(weeks=weeks), end)

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"


class Measure(StrEnum):
    """What is counted week by week."""

    SLOTS = "slots"
    WRITTEN = "written"
    REUSED = "reused"
    FELL_BACK = "fell_back"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class Bar(BaseModel):
    """The counts of one week."""

    model_config = ConfigDict(frozen=True)

    week: str
    counts: dict[Measure, int]


class Spread(BaseModel):
    """How long something took, in hours: the median, the lower and the upper quartile."""

    model_config = ConfigDict(frozen=True)

    count: int
    median: float
    lower: float
    upper: float

    @classmethod
    def of(cls, hours: Sequence[float]) -> "Spread | None":
        """None where there is nothing."""
        if not hours:
            return None
        if len(hours) == 1:
            return cls(count=1, median=hours[0], lower=hours[0], upper=hours[0])
        lower, middle, upper = statistics.quantiles(hours, n=4, method="inclusive")
        return cls(count=len(hours), median=middle, lower=lower, upper=upper)


class Figures(BaseModel):
    """One week in numbers. What nothing could be worked out of is None."""

    model_config = ConfigDict(frozen=True)

    week: str
    runs: int = 0
    briefs: int = 0
    slots: int = 0
    written: int = 0
    reused: int = 0
    fell_back: int = 0
    refused_lines: int = 0
    approved: int = 0
    changes_requested: int = 0
    rejected: int = 0
    expired: int = 0
    withdrawn: int = 0
    words_read: int = 0
    model_calls: int = 0
    cost_usd: Decimal = Decimal(0)
    hours_to_approval: Spread | None = None
    refused_by_rule: dict[str, int] = {}
    fell_back_because: dict[str, int] = {}
    rejected_because: dict[str, int] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.runs or self.slots or self.model_calls or self.ended)

    @property
    def ended(self) -> int:
        """The reviews that ended."""
        return self.approved + self.changes_requested + self.rejected + self.expired + self.withdrawn

    @computed_field  # type: ignore[prop-decorator]
    @property
    def reuse_rate(self) -> float | None:
        """Which share of the answered positions took approved content that was there."""
        return self.reused / self.slots if self.slots else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def cost_per_accepted(self) -> Decimal | None:
        """US dollars for each draft that was approved."""
        return self.cost_usd / self.approved if self.approved else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def words_per_accepted(self) -> float | None:
        """Words that reviewers had before them for each draft that was approved."""
        return self.words_read / self.approved if self.approved else None


class EditedField(BaseModel):
    """How often people edited one field of a kind."""

    model_config = ConfigDict(frozen=True)

    kind: str
    field: str
    edits: int
    by_reviewers: int


class WeeklyReview(BaseModel):
    """One week of a brand beside the week before, and the weeks up to it."""

    model_config = ConfigDict(frozen=True)

    brand: str
    now: Figures
    before: Figures
    weeks: tuple[Bar, ...]
    edited: tuple[EditedField, ...]
    repeated: tuple[RepeatedEdit, ...] = ()


def weekly_review(engine: Engine, brand: str, week: Week) -> WeeklyReview:
    """The review of a week."""
    rows = WeeklyRows(engine)
    span = week.span(brand, SHOWN_WEEKS)
    answered, ended = rows.answered(span), rows.ended(span)
    edits = edits_until(engine, brand, week)
    return WeeklyReview(
        brand=brand,
        now=_figures(rows, brand, week, answered, ended),
        before=_figures(rows, brand, week.plus(-1), answered, ended),
        weeks=tuple(_bars(week, answered, ended)),
        edited=_edited(item for item in edits if Week.of(item.at) == week),
        repeated=tuple(repeated(edits)),
    )


def edits_until(engine: Engine, brand: str, week: Week) -> list[FieldEdit]:
    """The edits of the weeks that repeated edits are looked for in, the last one `week`."""
    until = week.span(brand).until
    since = until - LOOKED_BACK
    edits = field_edits(WeeklyRows(engine).edited(brand, since), BlobStore(engine), since)
    return [edit for edit in edits if edit.at < until]


def repeated_edits(engine: Engine, brand: str, at: dt.datetime) -> list[RepeatedEdit]:
    """What reviewers changed again and again in the last weeks."""
    return repeated(edits_until(engine, brand, Week.of(at)))


def _figures(
    rows: WeeklyRows, brand: str, week: Week, answered: Sequence[Answered], ended: Sequence[Ended]
) -> Figures:
    span = week.span(brand)
    asked, (calls, cost) = rows.asked(span), rows.cost(span)
    refused, rules = rows.refused_rules(span)
    slots = [item for item in answered if Week.of(item.day) == week]
    closed = [item for item in ended if Week.of(item.closed_at) == week]
    ends = Counter(item.closed_as for item in closed)
    return Figures(
        week=str(week),
        runs=asked.runs,
        briefs=asked.briefs,
        slots=sum(item.count for item in slots),
        written=_count(slots, _WRITTEN),
        reused=_count(slots, {Outcome.REUSED}),
        fell_back=_count(slots, _FELL_BACK),
        refused_lines=refused,
        approved=ends[Closed.APPROVED],
        changes_requested=ends[Closed.CHANGES_REQUESTED] + ends[Closed.EDITED],
        rejected=ends[Closed.REJECTED],
        expired=ends[Closed.EXPIRED],
        withdrawn=ends[Closed.WITHDRAWN],
        words_read=sum(item.words for item in closed if item.closed_as not in _UNREAD),
        model_calls=calls,
        cost_usd=cost,
        hours_to_approval=Spread.of(_hours(rows, brand, closed)),
        refused_by_rule=_top(rules),
        fell_back_because=_top(_reasons(slots)),
        rejected_because=_top(Counter(item.reason.value for item in closed if item.reason is not None)),
    )


_UNREAD = frozenset({Closed.WITHDRAWN, Closed.EXPIRED})
"""Ends of a review for which nobody had to read it to the end."""


def _count(slots: Iterable[Answered], outcomes: Iterable[Outcome]) -> int:
    wanted = set(outcomes)
    return sum(item.count for item in slots if item.outcome in wanted)


def _reasons(slots: Iterable[Answered]) -> Counter[str]:
    found: Counter[str] = Counter()
    for item in slots:
        if item.outcome in _FELL_BACK:
            found[item.reason.value] += item.count
    return found


def _hours(rows: WeeklyRows, brand: str, closed: Iterable[Ended]) -> list[float]:
    """From the first storing of a brief to each approval; briefs that were never stored are left out."""
    approved = [item for item in closed if item.closed_as is Closed.APPROVED]
    began = rows.briefs_began(brand, sorted({item.brief_id for item in approved}))
    return [
        max(0.0, (item.closed_at - began[item.brief_id]).total_seconds() / 3600)
        for item in approved
        if item.brief_id in began
    ]


def _top(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOP])


def _bars(week: Week, answered: Sequence[Answered], ended: Sequence[Ended]) -> Iterable[Bar]:
    for back in range(SHOWN_WEEKS - 1, -1, -1):
        shown = week.plus(-back)
        slots = [item for item in answered if Week.of(item.day) == shown]
        ends = Counter(item.closed_as for item in ended if Week.of(item.closed_at) == shown)
        counts = {
            Measure.SLOTS: sum(item.count for item in slots),
            Measure.WRITTEN: _count(slots, _WRITTEN),
            Measure.REUSED: _count(slots, {Outcome.REUSED}),
            Measure.FELL_BACK: _count(slots, _FELL_BACK),
            Measure.APPROVED: ends[Closed.APPROVED],
            Measure.REJECTED: ends[Closed.REJECTED],
            Measure.EXPIRED: ends[Closed.EXPIRED],
        }
        yield Bar(week=str(shown), counts=counts)


def _edited(edits: Iterable[FieldEdit]) -> tuple[EditedField, ...]:
    found: dict[tuple[str, str], list[FieldEdit]] = {}
    for edit in edits:
        found.setdefault((edit.kind, edit.field), []).append(edit)
    counted = [
        EditedField(kind=kind, field=field, edits=len(made), by_reviewers=sum(edit.review for edit in made))
        for (kind, field), made in found.items()
    ]
    return tuple(sorted(counted, key=lambda item: (-item.edits, item.kind, item.field))[:TOP])


NUMBERS: Mapping[str, str] = {
    "runs": "runs",
    "briefs": "briefs",
    "slots": "positions answered",
    "written": "written by the model",
    "reused": "approved copy used again",
    "fell_back": "approved copy used, or left out",
    "refused_lines": "lines refused",
    "approved": "approved",
    "changes_requested": "changes requested",
    "rejected": "rejected",
    "expired": "expired",
    "withdrawn": "withdrawn",
    "words_read": "words to read",
    "model_calls": "model calls",
    "cost_usd": "cost in USD",
}
"""The plain numbers of a week with people's words for them, in their order."""


def rows_of(review: WeeklyReview) -> list[tuple[str, str, str]]:
    """The review as rows: what, this week, the week before. Where nothing could be worked out it is empty."""
    now, before = review.now, review.before
    rows = [(words, str(getattr(now, name)), str(getattr(before, name))) for name, words in NUMBERS.items()]
    for words, name in (
        ("cost per accepted draft in USD", "cost_per_accepted"),
        ("words to read per accepted draft", "words_per_accepted"),
        ("reuse rate", "reuse_rate"),
    ):
        rows.append((words, _rounded(getattr(now, name)), _rounded(getattr(before, name))))
    for name, words in (("median", "median"), ("lower", "lower quartile"), ("upper", "upper quartile")):
        spreads = (item.hours_to_approval for item in (now, before))
        values = [_rounded(getattr(item, name) if item is not None else None) for item in spreads]
        rows.append((f"hours from brief to approved, {words}", values[0], values[1]))
    for title, name in (
        ("refused by", "refused_by_rule"),
        ("fell back because", "fell_back_because"),
        ("rejected because", "rejected_because"),
    ):
        mine, theirs = getattr(now, name), getattr(before, name)
        rows += [
            (f"{title} {key}", str(mine.get(key, 0)), str(theirs.get(key, 0))) for key in {**mine, **theirs}
        ]
    rows += [(f"edited {item.kind} {item.field}", str(item.edits), "") for item in review.edited]
    return rows


def as_csv(review: WeeklyReview) -> str:
    """The review for a spreadsheet: the week beside the one before."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("what", review.now.week, review.before.week))
    writer.writerows([(_plain(what), now, before) for what, now, before in rows_of(review)])
    return text.getvalue()


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _rounded(value: float | Decimal | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
