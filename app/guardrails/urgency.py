"""Urgency and scarcity that are true: words that hurry the reader, against the offer's end and stock.

The words are data, a file a language (data/urgency_en.yaml); each says what the facts must say for it to be
true. Copy that is stored with tokens is read on a day that nobody knows yet, so that a day or an hour counted
from now is never true there.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from babel.dates import format_datetime
from pydantic import BaseModel, ConfigDict

from app.brief.facts import DeadlineFact, FactSheet, Role
from app.guardrails.bounds import amount_fits
from app.guardrails.data_files import read_data
from app.guardrails.extended_offer import extended, stated_ends, told
from app.guardrails.fold import fold, shadows
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Hit, Matcher
from app.guardrails.numbers import values_in
from app.guardrails.supplied import Supplied
from app.guardrails.value_kinds import Bound, Kind
from app.verdicts.reports import Family, Finding

LANGUAGES = frozenset({"en", "de", "fr", "es"})
_HOURS = dt.timedelta(hours=24)
"""How far off an end may be for "final hours"."""
_DAYS = 7
"""How many days off an end may be for "last days", "last chance", "hurry"."""
_FEW = 10
"""How many pieces may be left for "nearly gone" where nothing says of how many."""
_FEW_OF = Decimal("0.2")
"""Which share of the whole stock may be left for it."""
_HANDFUL = 6
_MINUTES = {"s": Decimal(1) / 60, "min": Decimal(1)}
_BEFORE = 24
"""Characters before a cue that say what it means."""
_SLACK = 60
"""Minutes by which hours that are left may be off."""


class Needs(StrEnum):
    """What the facts must say for a cue to be true."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEKEND = "weekend"
    WEEK = "week"
    MONTH = "month"
    HOURS = "hours"
    DAYS = "days"
    TIME_LEFT = "time_left"
    """As much time as the words say."""
    SOON = "soon"
    END = "end"
    """Any end that has not passed."""
    PRESSURE = "pressure"
    """An end soon, or a low stock."""
    LOW = "low"
    STOCK = "stock"
    """Any stock that is counted."""
    HALF_GONE = "half_gone"
    """At least half of a stock of which the whole is known."""
    STOCK_LEFT = "stock_left"
    """As many pieces as the words say."""
    DEMAND = "demand"
    """Words that were supplied: no fact counts other shoppers."""


_FROM_NOW = frozenset(Needs) - {Needs.SOON, Needs.END, Needs.PRESSURE, Needs.LOW, Needs.STOCK}
"""What copy that is read on an unknown day cannot know, with or without facts."""
_OF_STOCK = frozenset({Needs.LOW, Needs.HALF_GONE, Needs.STOCK, Needs.STOCK_LEFT, Needs.DEMAND})
_SOON = frozenset({Needs.SOON, Needs.END, Needs.PRESSURE, Needs.DAYS})
_DATED = frozenset({Needs.TODAY, Needs.TOMORROW, Needs.HOURS, Needs.TIME_LEFT, Needs.SOON, Needs.DAYS})


class Cue(BaseModel):
    """Wordings that need the same fact to be true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    needs: Needs
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    not_ahead: tuple[str, ...] = ()
    """Words right after a cue that make it something else: "four chairs left our workshop"."""
    not_behind: tuple[str, ...] = ()
    """Words right before a cue that make it something else: "in the last 30 days"."""


class _Cues(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cues: tuple[Cue, ...]


@functools.cache
def _matcher(language: str) -> Matcher[Cue]:
    return Matcher(read_data(f"urgency_{language}.yaml", _Cues).cues)


@dataclass(frozen=True)
class Cued:
    """A cue in a copy: whether it is judged true, and where it stands."""

    hit: Hit[Cue]
    true: bool


@dataclass(frozen=True)
class _Clock:
    """The offer's end and stock, as a cue asks for them."""

    supplied: Supplied
    locale: str

    @functools.cached_property
    def said(self) -> frozenset[Needs]:
        """What the supplied prose itself says ("while stocks last", "ends tonight")."""
        language = self.locale.split("-", maxsplit=1)[0]
        texts = self.supplied.sheet.statements
        return frozenset(hit.rule.needs for text in texts for hit in _matcher(language).hits(shadows(text)))

    @functools.cached_property
    def day(self) -> dt.date | None:
        """The next day on which something ends, or the last one that has passed."""
        days = sorted(self.supplied.last_days)
        return next((day for day in days if day >= self.supplied.today), days[-1] if days else None)

    @functools.cached_property
    def moment(self) -> dt.datetime | None:
        """The moment of that end; the end of the day where only a day is known."""
        for moment in self.supplied.ends:
            if moment.date() == self.day:
                return moment
        if self.day is None:
            return None
        zone = self.supplied.local(self.supplied.as_of).tzinfo
        return dt.datetime.combine(self.day, dt.time(23, 59, 59), zone)

    @property
    def left(self) -> dt.timedelta | None:
        """How long it is until the end; None without an end, or after it."""
        left = self.moment - self.supplied.as_of if self.moment is not None else None
        return left if left is not None and left >= dt.timedelta(0) else None

    def ends_by(self, day: dt.date) -> bool:
        """Whether the end lies before the end of a day, and has not passed."""
        return self.left is not None and self.day is not None and self.day <= day

    @property
    def low(self) -> bool:
        """Whether few are left: of all, or by number."""
        if self.supplied.stock is None:
            return False
        left, total = self.supplied.stock
        return 0 < left <= (total * _FEW_OF if total else Decimal(_FEW))

    @property
    def half_gone(self) -> bool:
        """Whether no more than half of a known whole is left."""
        left, total = self.supplied.stock or (Decimal(0), None)
        return total is not None and 2 * left <= total


def _today(clock: _Clock) -> bool:
    return clock.ends_by(clock.supplied.today)


def _on(clock: _Clock, days: range) -> bool:
    """Whether the end lies so many days from today."""
    today = clock.supplied.today
    return clock.left is not None and clock.day is not None and (clock.day - today).days in days


def _weekend(clock: _Clock) -> bool:
    return clock.day is not None and clock.day.weekday() >= 5 and _on(clock, range(_DAYS))


def _week(clock: _Clock) -> bool:
    today = clock.supplied.today
    return clock.ends_by(today + dt.timedelta(days=6 - today.weekday()))


def _month(clock: _Clock) -> bool:
    today, day = clock.supplied.today, clock.day
    return clock.left is not None and day is not None and (day.year, day.month) == (today.year, today.month)


def _month_end(clock: _Clock) -> bool:
    return _month(clock) and clock.day is not None and (clock.day + dt.timedelta(days=1)).day == 1


def _soon(clock: _Clock) -> bool:
    return _on(clock, range(_DAYS + 1)) or bool(clock.said & _DATED)


_CLOCKED: dict[Needs, Callable[[_Clock], bool]] = {
    Needs.TODAY: _today,
    Needs.TOMORROW: lambda clock: _on(clock, range(1, 2)),
    Needs.WEEKEND: _weekend,
    Needs.WEEK: _week,
    Needs.MONTH: _month,
    Needs.HOURS: lambda clock: clock.left is not None and clock.left <= _HOURS,
    Needs.DAYS: _soon,
    Needs.SOON: lambda clock: _soon(clock) or clock.low,
    Needs.END: lambda clock: clock.left is not None or bool(clock.said & _DATED),
    Needs.PRESSURE: lambda clock: _soon(clock) or clock.low,
    Needs.LOW: lambda clock: clock.low,
    Needs.HALF_GONE: lambda clock: clock.half_gone,
    Needs.STOCK: lambda clock: clock.supplied.stock is not None and clock.supplied.stock[0] > 0,
}


def _time_left(words: str, clock: _Clock) -> bool:
    words = words.replace("one day", "1 day")  # an idiom elsewhere: "one day you will"
    value = next((v for v in values_in(words, clock.locale) if v.kind is Kind.QUANTITY), None)
    if value is None:
        return _CLOCKED[Needs.DAYS if "day" in words or "tag" in words else Needs.HOURS](clock)
    if clock.left is None or clock.day is None:
        return False
    if value.unit in _MINUTES:
        minutes = Decimal(int(clock.left.total_seconds())) / 60
        return abs(minutes - value.amount * _MINUTES[value.unit]) <= min(Decimal(_SLACK), value.amount)
    return value.unit == "day" and (clock.day - clock.supplied.today).days == value.amount


def _stock_left(words: str, clock: _Clock) -> bool:
    if clock.supplied.stock is None:
        return False
    values = [v for v in values_in(words, clock.locale) if v.kind is Kind.NUMBER]
    left = clock.supplied.stock[0]
    return (not values and left == 1) or any(
        left < value.amount if value.bound is Bound.UNDER else amount_fits(value, left, Bound.EXACT)
        for value in values
    )


def _counts_time(words: str, locale: str) -> bool:
    return any(value.kind is Kind.QUANTITY for value in values_in(words, locale))


def _true(hit: Hit[Cue], words: str, clock: _Clock) -> bool:
    needs, folded = hit.rule.needs, fold(words).text
    if folded in clock.supplied.prose:
        return True
    if needs is Needs.TIME_LEFT:
        return _time_left(folded, clock)
    if needs is Needs.STOCK_LEFT:
        return _stock_left(words, clock)
    if needs is Needs.LOW and clock.supplied.stock is not None and "handful" in folded:
        return 0 < clock.supplied.stock[0] <= _HANDFUL
    if needs is Needs.MONTH and "end" in folded.split():
        return _month_end(clock)
    return needs in clock.said or (needs in _CLOCKED and _CLOCKED[needs](clock))


def cues_of(piece: Piece, context: Context) -> tuple[Cued, ...]:
    """The cues in a copy, each with whether the facts support it; of nested ones the longest speaks."""
    return piece.once("cues", context, _longest)


def _longest(piece: Piece, context: Context) -> tuple[Cued, ...]:
    found = sorted(_cues(piece, context), key=lambda cued: (cued.hit.start, -cued.hit.end, not cued.true))
    kept: list[Cued] = []
    for cued in found:
        if not kept or cued.hit.end > kept[-1].hit.end:
            kept.append(cued)
    return tuple(kept)


def _cues(piece: Piece, context: Context) -> Iterator[Cued]:
    """Every cue outside the names of products."""
    sheet = context.facts or FactSheet(locale=context.locale)
    clock = _Clock(context.supplied, context.locale)
    names = [fold(name).text for name in clock.supplied.names]
    for hit in _matcher(context.language).hits(piece.shadows):
        words = piece.text[hit.start : hit.end]
        if hit.rule.needs is Needs.STOCK_LEFT and _counts_time(words, context.locale):
            continue
        if any(fold(words).text in name for name in names):
            continue
        before = piece.folded.part(hit.start - _BEFORE, hit.start).rstrip()
        after = piece.folded.part(hit.end, hit.end + _BEFORE)
        if hit.rule.not_ahead and after.startswith(hit.rule.not_ahead):
            continue
        if hit.rule.not_behind and before.endswith(hit.rule.not_behind):
            yield Cued(hit, true=True)
            continue
        if context.tokens_only:
            roles = {fact.role for fact in sheet.facts.values()}
            needed = Role.STOCK if hit.rule.needs in _OF_STOCK else Role.ENDS
            either = hit.rule.needs in (Needs.PRESSURE, Needs.SOON) and Role.STOCK in roles
            yield Cued(hit, hit.rule.needs not in _FROM_NOW and (needed in roles or either))
        else:
            yield Cued(hit, _true(hit, words, clock))


def _end_said(clock: _Clock) -> str:
    if clock.moment is None:
        said = "; ".join(clock.supplied.sheet.statements) if clock.said & _DATED else ""
        return f"the facts only say '{said}'" if said else "the facts give no end"
    shown = format_datetime(clock.moment, "d MMMM y, HH:mm", locale="en")
    zone = clock.moment.tzname() or "UTC"
    if clock.left is None:
        return f"the facts say that it ended on {shown} ({zone})"
    days = (clock.moment.date() - clock.supplied.today).days
    off = "today" if days == 0 else "tomorrow" if days == 1 else f"{days} days from the day of this copy"
    return f"the facts say that it ends on {shown} ({zone}), {off}"


def _stock_said(clock: _Clock) -> str:
    if clock.supplied.stock is None:
        return "the facts give no stock"
    left, total = clock.supplied.stock
    return f"the facts say that {left:f} are left" + (f" of {total:f}" if total else "")


def _told(needs: Needs, clock: _Clock) -> tuple[str, str]:
    """What the facts say about it, and what would pass."""
    if needs is Needs.DEMAND:
        return "the facts say nothing about other shoppers", "leave other shoppers out"
    if needs in _OF_STOCK:
        known = clock.supplied.stock is not None
        return _stock_said(clock), "state that number" if known else "supply 'stock', or leave it out"
    hint = "state that day" if clock.moment is not None else "supply 'end', or leave it out"
    if needs in (Needs.PRESSURE, Needs.SOON):
        return f"{_end_said(clock)}; {_stock_said(clock)}", hint
    return _end_said(clock), hint


def _of_time(cued: Cued, clock: _Clock) -> bool:
    """Whether a cue hurries by the end of the offer, and not by its stock."""
    needs = cued.hit.rule.needs
    return needs not in _OF_STOCK and not (needs in (Needs.PRESSURE, Needs.SOON) and clock.low)


def _extended(piece: Piece, span: tuple[int, int], fact: DeadlineFact, clock: _Clock) -> Finding:
    shown = piece.text[slice(*span)]
    hint = "leave the hurry out; where the new end is stated, say that the offer was extended"
    return GUARDRAIL.finding(piece, span, f"'{shown}': {told(fact, clock.supplied)}", hint)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every word that hurries the reader without an end or a stock that makes it true."""
    clock = _Clock(Supplied(context.facts or FactSheet(locale=context.locale), context.as_of), context.locale)
    later = tuple(extended(clock.supplied).values())
    for span, fact in stated_ends(piece, context, clock.supplied):
        yield _extended(piece, span, fact, clock)
    for cued in cues_of(piece, context):
        span = cued.hit.span
        if cued.true and later and _of_time(cued, clock):
            yield _extended(piece, span, later[0], clock)
        if cued.true:
            continue
        facts, hint = _told(cued.hit.rule.needs, clock)
        if context.tokens_only:
            facts, hint = f"{facts}, and the copy may be read on another day", "use the token of the end"
        shown = piece.text[slice(*span)]
        yield GUARDRAIL.finding(piece, span, f"'{shown}': {facts}", hint)


GUARDRAIL = Guardrail(
    id="urgency",
    family=Family.FACT,
    categories=("false_scarcity",),
    summary="Words that hurry the reader are true: the facts give an end or a stock that they fit.",
    source="UCPD Annex I no. 7 and 18; 16 CFR 238; CAP 3.28 to 3.31 and 8.17; RCW 19.190.020",
    check=check,
    languages=LANGUAGES,
)
