"""Comparing the values of a text with the facts, by value and by what they are used for."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from app.brief.facts import Role
from app.guardrails.fold import fold
from app.guardrails.numbers import values_in
from app.guardrails.supplied import Supplied
from app.guardrails.units import IMPERIAL, SAME_SPAN
from app.guardrails.value_kinds import NEXT, RELATIVE, WEEKDAYS, Bound, Kind, Use, Value

_LEFT = re.compile(
    r"^ (?:to go|left|remaining|until|till|more|from now|from tonight|away|from today|tomorrow|today|ago"
    r"|old|since|before"
    r"|from (?:mon|tues|wednes|thurs|fri|satur|sun)day|ubrig|bis|alt|restants?|jusqu'au?|avant)\b"
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:in|been|for|only|just|another|over|nearly|almost|after|turn(?:s|ed|ing)?|aged?) (?:an? )?$"
)
_NUMBERED = re.compile(r"\S{2,} \d[\w.-]{0,12}|\d[\w.-]{0,12} [a-z]{2,}")
"""The part of a name that is used alone: "Route 66" of "Route 66 jacket", "501 fit" of "501 fit jeans"."""
_TO = re.compile(r"^ ?(?:-|to|till|until|bis|au|a) ?[£$€]?\d")
_REMAINING = re.compile(r"^ (?:more )?(?:points?|to go|away|short|stamps?|visits?)\b")
_ON_TOP = re.compile(r"\b(?:additional|a further|another) $")
"""Before a discount that comes on top of another one."""
_STEM = 5
"""Letters of a word that are compared."""
_CLAUSE = re.compile(r"[.,;:!?]|\b(?:and|but|or|plus)\b")
_MADE_FOR = re.compile(
    r"\b(?:tables?|teas?|dinners?|rooms?|suppers?|lunch|breakfast|brunch|picnic|stay|getaway|night|seat"
    r"|bath|ride|cosy"
    r"|romantic|made|built|space|enough|meal|feast|recipe) for $"
)
"""What is for two without a count of anything."""
_TIME = frozenset({"s", "min", "day", "month"})
_LISTED = re.compile(
    r"^ (?:[a-z]+ )?(reasons|ways|tips|ideas|things|words|steps|picks|questions|rules|tricks|facts"
    r"|secrets|habits"
    r"|favourites|favorites|looks|lessons|good reasons)\b"
)
_STEP = re.compile(
    r"(?:^|[.!?:] |\b(?:our|the|to|this is|it's|in|for|of) )(?:step|day|chapter|part|tip"
    r"|reason|question|rule|round) $"
)
_LONGEST_LIST = 101
_SEASON = re.compile(
    r"\b(?:spring|summer|autumn|winter|fall|year|christmas|dear|hello|goodbye|aw|ss"
    r"|season|bye|january) ?$"
)
_YEAR_ALONE = re.compile(r"^\|(?: is\b|[,.:!]|$)")
_POUND = re.compile(r"pound", re.IGNORECASE)
_GRAMS = Decimal("453.6")
"""Grams of a pound."""
_PAIRS = re.compile(r"^ (?:couples|pairs)\b")
_EACH = re.compile(
    r"^ ?(?:,? ?(?:each|apiece)\b|per (?:head|person|portion|serving|cup|item|piece|pair|[a-z]+)\b"
    r"|a (?!month|week|year|day|night)[a-z]+\b|for each|pro |par |je )"
)
_FOR_PEOPLE = re.compile(r" ?\bfor (\d{1,2})\b(?! (?:hours?|days?|weeks?|nights?|months?|years?|minutes?))")
_IN_ALL_AFTER = re.compile(r"^ ?(?:in all|in total|altogether|all told|total|insgesamt|au total)\b")
_IN_ALL_BEFORE = re.compile(r"\b(?:total(?:ling)?|in all|altogether|a total of)(?: is| of|:)? ?$")
_SEVERAL = 1000
"""Of how many at the most a price is shared."""
_ROUND = Decimal("1.25")
"""How far above a round number the true one may lie: "over four thousand" is fair for 4,200."""
_NEARLY = Decimal("1.03")
"""How far below a number the true one may lie: "nearly forty" is fair for 39."""
_ABOUT = Decimal("0.95")
"""How far down "about" may round; up it may not."""
_CONVERTED = Decimal("0.98")
"""How far down a measure may be rounded in another system of units: 60 miles are "96 km"."""
_ROLE_OF_USE = {Use.STARTS: Role.STARTS, Use.ENDS: Role.ENDS}
_NOON = Decimal(720)
_LATER = re.compile(r"^ (?:in the (?:evening|afternoon)|at night|tonight)\b")
_MIDNIGHT = Decimal(1440)
_MIDNIGHTS = frozenset({Decimal(0), Decimal(1439), _MIDNIGHT})
"""Minutes of the day that say that the day is over."""
_DEGREES = frozenset({"celsius", "fahrenheit"})
"""Units that copy leaves out: "down to minus five"."""
_LOOSE = {
    Bound.UP_TO: frozenset({Bound.UP_TO, Bound.UNDER, Bound.RANGE}),
    Bound.UNDER: frozenset({Bound.UP_TO, Bound.UNDER}),
    Bound.RANGE: frozenset({Bound.RANGE, Bound.UP_TO, Bound.FROM}),
    Bound.NEARLY: frozenset({Bound.NEARLY, Bound.UP_TO, Bound.UNDER}),
}
"""Bounds that copy may put instead of the one that was supplied; others it may leave out."""


def _apart(value: Value, truth: Decimal) -> bool:
    """Whether a bound in words holds for a truth that is another number."""
    amount = value.amount
    match value.bound:
        case Bound.OVER | Bound.FROM:
            holds = amount < truth <= amount * _ROUND
        case Bound.UNDER:
            holds = truth < amount <= truth * _ROUND
        case Bound.NEARLY:
            holds = truth < amount <= truth * _NEARLY
        case Bound.ABOUT:
            holds = truth * _ABOUT <= amount < truth
        case _:
            holds = False
    return holds


def amount_fits(value: Value, truth: Decimal, given: Bound) -> bool:
    """Whether an amount, as exactly as it is meant, says no more than what was supplied as exactly."""
    if given in _LOOSE:
        return value.amount == truth and value.bound in _LOOSE[given]
    return value.amount == truth or _apart(value, truth)


def _money(value: Value, supplied: Supplied) -> bool:
    uses = {value.use, Use.PLAIN} if value.use is Use.THRESHOLD else {value.use}
    known = [
        (amount, bound) for use, bound, amount, unit in supplied.money if use in uses and unit == value.unit
    ]
    amounts = {amount for amount, _ in known}
    if value.unit == "GBP" and _POUND.search(value.shown) and _weighs(value, supplied):
        return True
    people = _FOR_PEOPLE.search(value.before) or _FOR_PEOPLE.match(value.after)
    if people and supplied.per_person and not _EACH.match(value.after):
        return any(value.amount == amount * int(people[1]) for amount in amounts)
    if value.use is Use.PLAIN:
        least = {(use, amount, unit) for use, _, amount, unit in supplied.money}
        loose = value.bound in (Bound.OVER, Bound.FROM)
        least_spent = loose and (Use.THRESHOLD, value.amount, value.unit) in least
        return least_spent or _price(value, known) or _shared(value, known, supplied)
    if value.use is Use.SAVING:
        return any(
            amount_fits(value, amount, bound) for amount, bound in known if value.bound is not Bound.NEARLY
        )
    return value.amount in amounts


def _weighs(value: Value, supplied: Supplied) -> bool:
    """Whether pounds are a weight that was supplied, also in another unit."""
    grams = value.amount * _GRAMS
    weights = [other.amount for other in (*supplied.stated, *supplied.named) if other.unit == "g"]
    return any(weight * _CONVERTED <= grams <= weight * (2 - _CONVERTED) for weight in weights)


def _shared(value: Value, known: list[tuple[Decimal, Bound]], supplied: Supplied) -> bool:
    """A price each, of a price for several; or what several payments come to."""
    several = {count for count, bound in supplied.counts if bound is Bound.EXACT and 1 < count <= _SEVERAL}
    if _EACH.match(value.after):
        parts = [amount / count for amount, bound in known if bound is not Bound.FROM for count in several]
        return any(_rounds_to(value, part) for part in parts)
    if _IN_ALL_AFTER.match(value.after) or _IN_ALL_BEFORE.search(value.before):
        return any(value.amount == amount * count for amount, _ in known for count in several)
    return False


def _rounds_to(value: Value, part: Decimal) -> bool:
    """Whether an amount is a part, to the penny, or as a bound in words holds for it."""
    return (
        value.amount == round(part, 2)
        if value.bound is Bound.EXACT
        else amount_fits(value, part, Bound.EXACT)
    )


def _price(value: Value, known: list[tuple[Decimal, Bound]]) -> bool:
    """A price: "from" needs a lowest of several, and a price that begins somewhere is no fixed one."""
    amounts = {amount for amount, _ in known}
    if value.bound is Bound.FROM:
        lowest = len(amounts) > 1 and value.amount == min(amounts)
        return lowest or (value.amount, Bound.FROM) in known
    if value.bound is Bound.UNDER:
        return any(
            amount < value.amount <= amount * _ROUND for amount, bound in known if bound is not Bound.FROM
        )
    if value.bound is Bound.NEARLY:
        return any(amount <= value.amount <= amount * _NEARLY for amount in amounts)
    if value.bound is Bound.OVER:
        return any(value.amount <= amount <= value.amount * _ROUND for amount in amounts)
    return any(value.amount == amount and bound is not Bound.FROM for amount, bound in known)


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
            holds = any(share * _ABOUT <= amount <= share for share in flat)
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


def _own(value: Value, supplied: Supplied) -> bool:
    """Whether a number counts what the copy itself lists, or names the year of sending, or the next."""
    counted = _LISTED.match(value.after)
    if counted is not None:
        return value.amount <= _LONGEST_LIST and counted[1] not in supplied.prose
    if _STEP.search(value.before):
        return value.amount <= _LONGEST_LIST
    near = value.amount in (supplied.today.year, supplied.today.year + 1)
    return near and bool(_SEASON.search(value.before) or _YEAR_ALONE.match(value.before + "|" + value.after))


def _number(value: Value, supplied: Supplied) -> bool:
    if value.unit == "many":
        return any(value.amount <= truth for truth, _ in supplied.counts)
    if (value.amount in (1, 2) and _MADE_FOR.search(value.before)) or _own(value, supplied):
        return True
    if _REMAINING.match(value.after) and value.amount in supplied.differences:
        return True
    pairs = _PAIRS.match(value.after) is not None
    if pairs and any(2 * value.amount == truth for truth, _ in supplied.counts):
        return True
    ranged = value.bound is Bound.RANGE or _TO.match(value.after) is not None
    held = any(_counts_too(value, other) for other in (*supplied.stated, *supplied.named))
    if held or _short_year(value, supplied) or (ranged and _end_of_range(value, supplied)):
        return True
    return any(amount_fits(value, truth, given) for truth, given in supplied.counts)


def _short_year(value: Value, supplied: Supplied) -> bool:
    """Whether a number is a supplied year without its century: "'98"."""
    return value.before.endswith("'") and any(
        truth - truth % 100 in (1800, 1900, 2000) and truth % 100 == value.amount
        for truth, _ in supplied.counts
    )


def _end_of_range(value: Value, supplied: Supplied) -> bool:
    """Whether something supplied begins or ends with the number: an amount, an hour, a day."""
    ends = {other.amount for other in supplied.stated} | {amount for _, _, amount, _ in supplied.money}
    hours = {other.amount % 720 for other in supplied.stated if other.kind is Kind.TIME}
    days = {day.day for day, _ in supplied.days}
    return value.amount in ends or value.amount in days or value.amount * 60 % 720 in hours


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


def _same(value: Value, other: Value) -> bool:
    """Whether two quantities say the same, also in another unit."""
    if other.kind is not value.kind or {value.unit, other.unit} == {""}:
        return False
    if value.unit == other.unit:
        if amount_fits(value, other.amount, other.bound):
            return True
        mixed = (_scale(value) in IMPERIAL) != (_scale(other) in IMPERIAL)
        return mixed and other.amount * _CONVERTED <= value.amount <= other.amount
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
    Kind.MONEY: _money,
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
            yield value, _COMPARE[value.kind](value, supplied) and not _of_another(value, supplied)
