"""Comparing the values of a text with the facts, by value and by what they are used for."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from app.brief.facts import Role
from app.guardrails.bounds import ABOUT, CONVERTED, UP, amount_fits
from app.guardrails.derived import follows, of_age
from app.guardrails.fold import fold
from app.guardrails.money_fits import money_fits
from app.guardrails.numbers import values_in
from app.guardrails.own_counts import counts_nothing
from app.guardrails.price_units import for_something_else
from app.guardrails.supplied import Supplied
from app.guardrails.units import IMPERIAL, SAME_SPAN
from app.guardrails.value_kinds import NEXT, RELATIVE, WEEKDAYS, Bound, Kind, Use, Value

_LEFT = re.compile(
    r"^ (?:to go|left|remaining|until|till|more|from now|from tonight|away|from today"
    r"|tomorrow|today|ago|old|since|before"
    r"|from (?:mon|tues|wednes|thurs|fri|satur|sun)day|ubrig|bis|alt|restants?|jusqu'au?|avant)\b"
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:in|been|for|only|just|another|over|nearly|almost|after|turn(?:s|ed|ing)?|aged?|gives? you|you have"
    r"|you've got|leaves? you|that leaves) (?:an? )?$"
)
_NUMBERED = re.compile(r"\S{2,} \d[\w.-]{0,12}|\d[\w.-]{0,12} [a-z]{2,}")
"""The part of a name that is used alone: "Route 66" of "Route 66 jacket", "501 fit" of "501 fit jeans"."""
_TO = re.compile(r"^ ?(?:-|to|till|until|bis|au|a) ?[£$€]?\d")
_REMAINING = re.compile(r"^ (?:more )?(?:points?|to go|away|short|stamps?|visits?)\b")
_ON_TOP = re.compile(r"\b(?:additional|a further|another) $")
"""Before a discount that comes on top of another one."""
_STEM = 5
"""Letters of a word that are compared."""
_CLAUSE = re.compile(r"[.,;:!?\d]|\b(?:and|but|or|plus)\b")
_AT_HOUR = re.compile(
    r"\b(?:doors|band|bar|tea|lunch|dinner|supper|show|kick-off|curtain|home by|before|after|by|until|till"
    r"|from|at|past|between|\d(?: ?[ap]m)? (?:and|to)) $"
)
_HOUR_ENDS = re.compile(r"^(?:[.,;:!?)]|$| (?:and|on|for|today|tonight|tomorrow|to)\b)")
_EVERY_DAY = re.compile(r"\b(?:daily|every day|24/7|all week|mon(?:day)?s? ?(?:-|to|until) ?sun(?:day)?s?)\b")
_TIME = frozenset({"s", "min", "day", "month"})
_PAIRS = re.compile(r"^ (?:couples|pairs)\b")
_ROLE_OF_USE = {Use.STARTS: Role.STARTS, Use.ENDS: Role.ENDS}
_NOON = Decimal(720)
_NOON_NAMES = ("noon", "midday")
_LATER = re.compile(r"^ (?:in the (?:evening|afternoon)|at night|tonight)\b")
_MIDNIGHT = Decimal(1440)
_MIDNIGHTS = frozenset({Decimal(0), Decimal(1439), _MIDNIGHT})
"""Minutes of the day that say that the day is over."""
_CENTURIES = (1800, 1900, 2000)
_DEGREES = frozenset({"celsius", "fahrenheit"})
"""Units that copy leaves out: "down to minus five"."""


def _discount(value: Value, supplied: Supplied) -> bool:
    """A share that is taken off: less than the true one with a word that says so, and never more."""
    flat, highest = supplied.discounts, supplied.highest
    amount = value.amount
    if _ON_TOP.search(value.before) and not supplied.on_top:
        return False
    match value.bound:
        case Bound.UP_TO:
            holds = amount in flat or amount == max(highest, default=None)
        case Bound.FROM:
            holds = amount in flat or (len(highest) > 1 and amount == min(highest))
        case Bound.RANGE:
            holds = amount in flat or amount in highest
        case Bound.OVER:
            holds = any(amount < share for share in flat)
        case Bound.NEARLY:
            holds = False
        case Bound.ABOUT:
            holds = any(share * ABOUT <= amount <= share for share in flat)
        case _:
            holds = amount in flat or (amount == 66 and 67 in flat)
    return holds


def _percent(value: Value, supplied: Supplied) -> bool:
    if value.use is Use.SAVING:
        return _discount(value, supplied)
    of_something = re.match(r"\s?(?:of|more)\b", value.after) is not None
    if not of_something and _discount(value, supplied):
        return True
    known = [other for other in supplied.stated if other.kind is Kind.PERCENT and other.use is Use.PLAIN]
    return any(amount_fits(value, other.amount, other.bound) for other in known)


def _range_end(value: Value, supplied: Supplied) -> bool:
    """Whether a number that stands in a range is an end of something supplied: an amount, an hour, a day."""
    if value.bound is not Bound.RANGE and not _TO.match(value.after):
        return False
    ends = {other.amount for other in supplied.stated} | {amount for _, _, amount, _ in supplied.money}
    hours = {other.amount % 720 for other in supplied.stated if other.kind is Kind.TIME}
    days = {day.day for day, _ in supplied.days}
    return value.amount in ends | days or value.amount * 60 % 720 in hours


def _reckoned(value: Value, supplied: Supplied) -> bool:
    """Whether a number follows from the counts: what is missing, in couples, a year without its century."""
    amount = value.amount
    if _REMAINING.match(value.after) and amount in supplied.differences:
        return True
    truths = {truth for truth, _ in supplied.counts}
    if _PAIRS.match(value.after) and 2 * amount in truths:
        return True
    return value.before.endswith("'") and any(century + amount in truths for century in _CENTURIES)


def _number(value: Value, supplied: Supplied) -> bool:
    fits_age = of_age(value, supplied)
    if fits_age is not None:
        return fits_age
    if value.unit == "many":
        return any(value.amount <= truth for truth, _ in supplied.counts)
    if counts_nothing(value, supplied) or _range_end(value, supplied) or _reckoned(value, supplied):
        return True
    if _hour(value, supplied):
        return True
    if any(_counts_too(value, other) for other in (*supplied.stated, *supplied.named)):
        return True
    return any(amount_fits(value, truth, given) for truth, given in supplied.counts)


def _hour(value: Value, supplied: Supplied) -> bool:
    """Whether a bare number is an hour that was supplied: "order before 3", "free after six"."""
    if not (_AT_HOUR.search(value.before) and _HOUR_ENDS.match(value.after)):
        return False
    times = (other.amount for other in supplied.stated if other.kind is Kind.TIME)
    ends = (Decimal(60 * moment.hour + moment.minute) for moment in supplied.ends)
    return any(value.amount * 60 % _NOON == time % _NOON for time in (*times, *ends))


def _counts_too(value: Value, other: Value) -> bool:
    """Whether a supplied value holds the number: the same count, degrees, a part of a multi-buy offer."""
    if other.kind is Kind.NUMBER and (other.amount, other.unit) == (value.amount, value.unit):
        return True
    if other.unit in _DEGREES and other.other == value.amount:
        return True
    return other.kind is Kind.MULTIBUY and value.amount in (other.amount, other.other)


def _age(value: Value, supplied: Supplied) -> bool:
    """Years since a year that was supplied."""
    years = Value(value.kind, value.amount / 12, 0, 0, bound=value.bound)
    founded = [v.amount for v in supplied.stated if v.kind is Kind.NUMBER and 1500 < v.amount < 2200]
    return any(amount_fits(years, supplied.today.year - year, Bound.EXACT) for year in founded)


def _scale(value: Value) -> Decimal:
    """How many of the unit that is compared one of the written unit is."""
    return value.amount / value.other if value.other else Decimal(1)


def _half(value: Value) -> Decimal:
    """Half of the written unit, for a number of two digits and more: 17.7 km are "18 km"."""
    scale = _scale(value)
    return scale / 2 if value.amount >= 10 * scale else Decimal(0)


def _same(value: Value, other: Value) -> bool:
    """Whether two quantities say the same, also in another unit."""
    if other.kind is not value.kind or {value.unit, other.unit} == {""}:
        return False
    if value.unit == other.unit:
        if amount_fits(value, other.amount, other.bound):
            return True
        mixed = (_scale(value) in IMPERIAL) != (_scale(other) in IMPERIAL)
        least, most = other.amount * CONVERTED, max(other.amount * UP, other.amount + _half(value))
        if value.bound is Bound.ABOUT:
            most *= 2 - CONVERTED
        return mixed and least <= value.amount <= most
    spans = (((value, other), (value.unit, other.unit)), ((other, value), (other.unit, value.unit)))
    return any(
        units in SAME_SPAN and short.amount == long.amount * SAME_SPAN[units]
        for (short, long), units in spans
    )


def _counted(value: Value, supplied: Supplied) -> bool:
    """Whether that much time lies between today and a day that was supplied."""
    today = supplied.today + dt.timedelta(days=value.after.startswith(" tomorrow"))
    for day in supplied.counted_from:
        early, late = min(day, today), max(day, today)
        months = 12 * (late.year - early.year) + late.month - early.month - (late.day < early.day)
        if value.unit == "day" and amount_fits(value, Decimal((late - early).days), Bound.EXACT):
            return True
        whole = months - months % 12 if value.amount % 12 == 0 and value.bound is Bound.EXACT else months
        if value.unit == "month" and months and amount_fits(value, Decimal(whole), Bound.EXACT):
            return True
    return False


def _quantity(value: Value, supplied: Supplied) -> bool:
    if _LEFT.match(value.after) and _counted(value, supplied):
        return True
    if value.unit == "min" and value.amount in supplied.spans:
        return True
    if _COUNTED_BEFORE.search(value.before) and _counted(value, supplied):
        return True
    if value.unit == "month" and value.amount % 12 == 0 and _age(value, supplied):
        return True
    if value.unit == "day" and f"{value.amount}{value.after[:7]}" in ("7 a week", "365 a year"):
        return _EVERY_DAY.search(supplied.prose) is not None or _measured(value, supplied)
    return _measured(value, supplied)


def _measured(value: Value, supplied: Supplied) -> bool:
    known = (*supplied.stated, *supplied.named)
    return any(_same(value, other) for other in known) or value.other in supplied.bare


def _happens(value: Value, role: Role) -> bool:
    """Whether a day may be used as it is: a start is no end."""
    needed = _ROLE_OF_USE.get(value.use)
    return needed is None or role in (needed, Role.EVENT_DATE)


def _date(value: Value, supplied: Supplied) -> bool:
    if value.unit == RELATIVE and value.other is not None:
        day = supplied.today + dt.timedelta(days=int(value.other))
        return not supplied.days or any(day == other for other, _ in supplied.days)
    for day, role in supplied.days:
        number = 100 * day.month + day.day if value.amount % 100 else 100 * day.month
        number = day.day if value.amount <= 31 else number
        weekday = not value.unit or WEEKDAYS[day.weekday()] == value.unit
        year = value.other in (None, day.year, day.year % 100)
        if value.amount == number and not weekday:
            return False
        if value.amount == number and year and _happens(value, role):
            return True
    return any(
        other.kind is Kind.DATE and other.amount == value.amount and (value.other in (None, other.other))
        for other in supplied.stated
    )


def _weekday(value: Value, supplied: Supplied) -> bool:
    monday = supplied.today - dt.timedelta(days=supplied.today.weekday())
    for day, role in supplied.days:
        ahead = (day - supplied.today).days
        near = 7 <= (day - monday).days < 14 if value.unit == NEXT else 0 <= ahead <= 7
        if near and day.weekday() == value.amount and _happens(value, role):
            return True
    name = WEEKDAYS[int(value.amount)]
    return (
        any(other.kind is Kind.WEEKDAY and other.amount == value.amount for other in supplied.stated)
        or re.search(rf"\b{name}\b", supplied.prose) is not None
    )


def _time(value: Value, supplied: Supplied) -> bool:
    times = [other.amount for other in supplied.stated if other.kind is Kind.TIME]
    times += [Decimal(60 * moment.hour + moment.minute) for moment in supplied.ends]
    times = [_MIDNIGHT if time in _MIDNIGHTS else time for time in times]
    if any(name in supplied.prose for name in _NOON_NAMES):
        times.append(_NOON)
    halves = {other.amount % _NOON for other in supplied.stated if other.unit == "12h"}
    if value.amount % _NOON in halves:
        return True
    if value.amount < _NOON and _LATER.match(value.after):
        return value.amount + _NOON in times
    if value.unit == "named" and not times:  # "by midnight" is no more than the day says
        return True
    if value.amount in _MIDNIGHTS:
        return _MIDNIGHT in times
    if value.unit == "12h":
        same = any(time % 720 == value.amount % 720 for time in times)
        return same or (value.amount / 60, Bound.EXACT) in supplied.counts
    return value.amount in times


def _period(value: Value, supplied: Supplied) -> bool:
    """How often something happens contradicts the facts only where they say how often, too."""
    known = {other.amount for other in supplied.stated if other.kind is Kind.PERIOD}
    return not known or value.amount in known


def _code(value: Value, supplied: Supplied) -> bool:
    named = value.unit.casefold() in {name.casefold() for name in supplied.names}
    return named or re.search(rf"\b{re.escape(value.unit.lower())}\b", supplied.prose) is not None


def _digits(text: str) -> str:
    return "".join(character for character in fold(text).text if character.isdigit())[-9:]


def _phone(value: Value, supplied: Supplied) -> bool:
    known = {_digits(v.shown) for v in supplied.stated if v.kind is Kind.PHONE}
    return _digits(value.shown) in known


def _multibuy(value: Value, supplied: Supplied) -> bool:
    return any(
        other.kind is Kind.MULTIBUY
        and (other.amount, other.other, other.unit) == (value.amount, value.other, value.unit)
        for other in supplied.stated
    )


_COMPARE: dict[Kind, Callable[[Value, Supplied], bool]] = {
    Kind.MONEY: money_fits,
    Kind.PERCENT: _percent,
    Kind.NUMBER: _number,
    Kind.QUANTITY: _quantity,
    Kind.DATE: _date,
    Kind.WEEKDAY: _weekday,
    Kind.TIME: _time,
    Kind.PERIOD: _period,
    Kind.CODE: _code,
    Kind.PHONE: _phone,
    Kind.LINK: lambda _value, _supplied: True,  # judged by host, in a guardrail of their own
    Kind.MULTIBUY: _multibuy,
}


def _name_spans(text: str, supplied: Supplied) -> list[tuple[int, int]]:
    """Where supplied names stand word for word: their figures belong to the name."""
    folded = fold(text)
    spans = []
    whole = [fold(item).text for item in supplied.names]
    parts = [part for name in whole for part in _NUMBERED.findall(name)]
    for name in (*whole, *parts):
        at = folded.text.find(name)
        while at >= 0:
            spans.append(folded.span(at, at + len(name)))
            at = folded.text.find(name, at + 1)
    return spans


def _stems(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in re.findall(r"[a-z]{3,}", words))


def _fits(value: Value, other: Value) -> bool:
    return _same(value, other) or (value.unit == other.unit and amount_fits(value, other.amount, other.bound))


def _of_another(value: Value, supplied: Supplied) -> bool:
    """Whether a value is that of another label than the words around it name: hot, cold; deposit, rate."""
    alike = [
        (label, other)
        for label, other in supplied.labelled
        if other.kind is value.kind and (other.unit == value.unit or {other.unit, value.unit} <= _TIME)
    ]
    if len(alike) < 2:
        return False
    around = _stems(_CLAUSE.split(value.before)[-1]) | _stems(_CLAUSE.split(value.after)[0])
    fits = [_stems(label) & around for label, other in alike if _fits(value, other)]
    others = [_stems(label) & around for label, other in alike if not _fits(value, other)]
    return bool(fits) and not any(fits) and any(others)


def compared(text: str, locale: str, supplied: Supplied) -> Iterator[tuple[Value, bool]]:
    """The values of `text` outside supplied names, each with whether something supplied supports it."""
    names = _name_spans(text, supplied)
    for value in values_in(text, locale):
        if not any(start <= value.start and value.end <= end for start, end in names):
            if _COMPARE[value.kind](value, supplied):
                yield value, not (_of_another(value, supplied) or for_something_else(value, supplied))
            else:
                yield value, follows(value, supplied)
