"""Values that nobody supplied as they stand, and that follow from the supplied ones by plain arithmetic.

A price each, an hour or a kilo; what several of something come to; the difference of two prices; a price less
its discount; hours in all; the ends of a range; the whole of a listed party. Each of them needs its words in
the copy ("an evening", "in all", "save", "not £11"): a number that happens to be a product of two others
says something else without them.
"""

import itertools
import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from app.guardrails.bounds import amount_fits
from app.guardrails.supplied import Supplied
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import WEEKDAYS, Bound, Kind, Use, Value

_EACH_AFTER = re.compile(  # "a kilo" stands there as "1 kilo"
    r"^ ?,?(?: ?(?:/|each\b|apiece\b|pp\b|per\b|to each\b|for (?:one|each)\b)|(?: for)? (?:an?|1)\b) ?"
    r"(?:square |cubic |single |whole )?(?P<unit>[a-z]+)?"
)
_EACH_BEFORE = re.compile(
    r"\b(?:each|apiece|every|per|one|an?|1) ?[a-z]* (?:is|for|at|costs?|comes? to)"
    r"(?: only| just)? $"
)
_NO_UNIT = frozenset({"month", "year", "better", "time", "good", "great", "little"})
"""Words behind "a" that make no price each: of a month's price, `_PERIODS` knows."""
_TOTAL_AFTER = re.compile(
    r"^ ?,?(?: ?(?:in all|in total|altogether|all told|all in|total"
    r"|for (?:the lot|the set|all|both|everyone))\b"
    r"|(?: over| for)? (?:an?|1|the|per|every) (?:whole |full )?(?P<period>year|month|week|term|course)\b"
    r"|[^.!?;]{0,12}\bin (?:all|total)\b)"
)
_TOTAL_BEFORE = re.compile(
    r"\b(?:in all|in total|altogether|a total of|adds? up to|comes? to|make(?:s|ing)?|would be"
    r"|that's|that is|is)(?: just| only)? $"
)
_PER_YEAR = re.compile(
    r"\b(?:over|for|in|per) (?:a|the|one|each|1) (?:whole |full )?year\b|\b(?:a year|yearly|annually)\b"
)
_PERIODS = {"month": 12, "week": 52, "fortnight": 26, "quarter": 4, "day": 365}
_PERIODIC = re.compile(
    rf"(?:\ba|\bper|\bevery|\beach|/) ?(?P<period>{'|'.join(_PERIODS)})\b|\b(?P<often>monthly|weekly)\b"
)
_AGAINST = re.compile(
    r"\b(?:not|against|rather than|instead of|versus|vs\.?|compared (?:with|to)|more than|singly|one by one"
    r"|(?:on|if) (?:their|its) own|separately|otherwise|usual)(?: the)?(?: usual"
    r"| normal)?,? ?(?:they|it|that)?(?: would)?(?: (?:come|cost|be|is|are|at|to)){0,3} ?$"
)
_DIFFERENCE_AFTER = re.compile(r"^ ?(?:less|cheaper|under|saved|saving|lower|off|back|more|extra|in hand)\b")
_DIFFERENCE_BEFORE = re.compile(
    r"\b(?:save|saves|saved|saving|keep|keeps|pocket|worth|difference of|difference is|you're up|cheaper by"
    r"|extra|another)(?: of| you| yourself| a full| a| the)? $"
)
_PRICE_BEFORE = re.compile(
    r"(?:[£$€] ?[\d.,]+|\d ?(?:p|pence|pounds?|quid|dollars?|bucks|euros?|cents?|eur|gbp|usd)) $"
)
_OFF = re.compile(r"^'? (?:worth )?(?:off|free|on us)\b")
_SQUARE = re.compile(r"^ (?:square|sq\.?|cubic) ")
_LATER = re.compile(r"^ (?:later|after|before|earlier)\b")
_WHOLE = re.compile(r"\b(?:the|all|for|any|those|these) $")
_GROUP = re.compile(r"\(([^()]*)\)|: ([^:]*)$")
_MOST_TIMES = 400
"""The most of something that a price is multiplied by or shared among."""
_PENNY = Decimal("0.01")


def follows(value: Value, supplied: Supplied) -> bool:
    """Whether a value follows from the supplied ones and is used for what it then is."""
    match value.kind:
        case Kind.MONEY:
            return _money(value, supplied)
        case Kind.PERCENT:
            return _share(value, supplied)
        case Kind.QUANTITY:
            return (
                _rate(value) or _lasts(value, supplied) or _apart(value, supplied) or _free(value, supplied)
            )
        case Kind.NUMBER:
            return _in_range(value, supplied) or _party(value, supplied) or _area(value, supplied)
        case _:
            return False


def _rounds(value: Value, truth: Decimal) -> bool:
    """Whether an amount is the truth to the penny, rounded or cut, or as its bound in words allows."""
    near = {
        truth.quantize(_PENNY),
        truth.quantize(_PENNY, ROUND_DOWN),
        truth.quantize(Decimal(1), ROUND_DOWN),
    }
    if truth != truth.to_integral_value():
        near.discard(truth.quantize(Decimal(1), ROUND_DOWN)) if value.kind is Kind.MONEY else None
    return value.amount in near if value.bound is Bound.EXACT else amount_fits(value, truth, Bound.EXACT)


def _prices(value: Value, supplied: Supplied) -> list[Decimal]:
    """Fixed prices in the currency of the value."""
    return [
        amount
        for use, bound, amount, unit in supplied.money
        if use is Use.PLAIN and bound is Bound.EXACT and unit == value.unit
    ]


def _times(supplied: Supplied) -> set[Decimal]:
    """How many there are of something: counts, and the numbers of quantities as they were written."""
    values = (*supplied.stated, *supplied.named)
    counts = {item.other or item.amount for item in values if item.kind in (Kind.NUMBER, Kind.QUANTITY)}
    counts |= {amount for amount, bound in supplied.counts if bound is Bound.EXACT}
    return {count for count in counts if 0 < count <= _MOST_TIMES and count != 1}


def _money(value: Value, supplied: Supplied) -> bool:
    prices = _prices(value, supplied)
    if not prices:
        return False
    if (
        value.use is Use.SAVING
        or _DIFFERENCE_AFTER.match(value.after)
        or _DIFFERENCE_BEFORE.search(value.before)
    ):
        return _difference(value, prices, supplied)
    if value.use is Use.WAS or _AGAINST.search(value.before):
        against = _AGAINST.search(value.before) is not None and len(set(prices)) > 1
        return against and (value.amount in prices or value.amount in set(_totals(prices, supplied)))
    return (
        _each(value, prices, supplied)
        or _several(value, prices, supplied)
        or _reduced(value, prices, supplied)
    )


def _each(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """A price for each, of a price for several; or for a measure, of the price of another measure."""
    after = _EACH_AFTER.match(value.after)
    if after is None and not _EACH_BEFORE.search(value.before):
        return False
    unit = after["unit"] if after is not None else None
    if unit in _PERIODS or unit in _NO_UNIT:
        return False
    parts = [price / count for price in prices for count in _times(supplied)]
    if unit in UNITS:
        name, factor = UNITS[unit]
        held = [item.amount / factor for item in (*supplied.stated, *supplied.named) if item.unit == name]
        parts += [price / amount for price in prices for amount in held if amount > 0]
    return any(_rounds(value, part) for part in parts)


def _totals(prices: list[Decimal], supplied: Supplied) -> Iterator[Decimal]:
    for price, count in itertools.product(prices, _times(supplied)):
        if count == count.to_integral_value():
            yield price * count
    for text in supplied.sheet.statements:
        yield from _of_party(text, supplied)


def _of_party(text: str, supplied: Supplied) -> Iterator[Decimal]:
    """What a listed party costs one by one: "2 adults, 2 children" by the price of each."""
    priced = {_one(label): value.amount for label, value in supplied.labelled if value.kind is Kind.MONEY}
    for group in _GROUP.finditer(text.lower()):
        party = re.findall(r"(\d{1,2}) ([a-z]+)", group[1] or group[2] or "")
        named = [(int(count), priced.get(_one(word))) for count, word in party]
        if named and all(price is not None for _, price in named):
            yield sum((count * price for count, price in named if price is not None), Decimal(0))


def _one(words: str) -> str:
    """The last word of a label, as one of it is called."""
    return words.rsplit(maxsplit=1)[-1].removesuffix("s").removesuffix("ren")


def _several(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """What several cost: with a word that says so, or where the copy names how many beside it."""
    around = f"{value.before} {value.after}"
    after = _TOTAL_AFTER.match(value.after)
    if _PER_YEAR.search(around):
        often = _PERIODIC.search(supplied.prose)
        if often is not None:
            name = often["period"] or often["often"].removesuffix("ly")
            if any(value.amount == price * _PERIODS[name] for price in prices):
                return True
    total = after is not None or _TOTAL_BEFORE.search(value.before) is not None
    said = {Decimal(number) for number in re.findall(r"(?<![\d.,£$€])\d{1,3}(?![\d.,]*\d)", around)}
    for price, count in itertools.product(prices, _times(supplied)):
        if value.amount == price * count and (total or count in said):
            return True
    return total and any(value.amount in _of_party(text, supplied) for text in supplied.sheet.statements)


def _reduced(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """A price less a discount that was supplied, where no former price says that it is taken off already."""
    if any(use is Use.WAS for use, *_ in supplied.money):
        return False
    return any(
        _rounds(value, price * (100 - share) / 100)
        for price, share in itertools.product(prices, supplied.discounts)
    )


def _difference(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """What one price lacks to another one, or to what several of another one come to."""
    if supplied.lowest:
        return False
    sums = {*prices, *_totals(prices, supplied)}
    gaps = {abs(first - second) for first in prices for second in sums if first != second}
    if not any(use is Use.WAS for use, *_ in supplied.money):
        gaps |= {price * share / 100 for price in prices for share in supplied.discounts}
    return any(_rounds(value, gap) for gap in gaps)


def _shares(supplied: Supplied) -> Iterator[Decimal]:
    """Percentages off that a multi-buy offer comes to."""
    for item in supplied.stated:
        if item.kind is Kind.MULTIBUY and not item.unit and item.other and item.amount:
            yield 100 - 100 * item.other / item.amount


def _share(value: Value, supplied: Supplied) -> bool:
    """A share off that a multi-buy offer comes to; or a share in words, near a percentage that was given."""
    if value.use is Use.SAVING:
        return any(_rounds(value, share) for share in _shares(supplied))
    given = [item.amount for item in supplied.stated if item.kind is Kind.PERCENT and item.use is Use.PLAIN]
    in_words = not any(character.isdigit() for character in value.shown)
    return in_words and any(abs(value.amount - share) < 1 for share in given)


def _rate(value: Value) -> bool:
    """The measure that a price is for ("£34 an hour"): it says nothing but the price, which is judged."""
    return value.other == 1 and _PRICE_BEFORE.search(value.before) is not None


def _free(value: Value, supplied: Supplied) -> bool:
    """So many months free, where a year costs so much less than twelve months."""
    if value.unit != "month" or not _OFF.match(value.after):
        return False
    prices = {amount for use, _, amount, _ in supplied.money if use is Use.PLAIN}
    return any(12 * month - year == value.amount * month for month in prices for year in prices)


def _area(value: Value, supplied: Supplied) -> bool:
    """An area or a volume whose number was supplied with its unit as a sign."""
    written = {item.other for item in (*supplied.stated, *supplied.named)}
    return value.amount in written and _SQUARE.match(value.after) is not None


def _lasts(value: Value, supplied: Supplied) -> bool:
    """How much it is in all: so many times a measure."""
    if not (_TOTAL_AFTER.match(value.after) or _TOTAL_BEFORE.search(value.before)):
        return False
    measures = {item.amount for item in supplied.stated if item.unit == value.unit and item.amount > 0}
    return any(
        value.amount == measure * count for measure, count in itertools.product(measures, _times(supplied))
    )


def _apart(value: Value, supplied: Supplied) -> bool:
    """So many days between two supplied weekdays or days."""
    if value.unit != "day" or not _LATER.match(value.after):
        return False
    weekdays = [number for number, name in enumerate(WEEKDAYS) if re.search(rf"\b{name}\b", supplied.prose)]
    gaps = {Decimal((second - first) % 7) for first, second in itertools.permutations(weekdays, 2)}
    days = [day for day, _ in supplied.days]
    gaps |= {Decimal(abs((first - second).days)) for first, second in itertools.combinations(days, 2)}
    return value.amount in gaps


def _in_range(value: Value, supplied: Supplied) -> bool:
    """An end of a supplied range, where the copy has said the other one with its unit."""
    if value.unit:
        return False
    for text in supplied.sheet.statements:
        ends = re.search(r"(?<![\d.,])(\d{1,4}) ?(?:-|–|to) ?(\d{1,4})\b", text.lower())
        if ends is None:
            continue
        low, high = Decimal(ends[1]), Decimal(ends[2])
        other = {low: high, high: low}.get(value.amount)
        if other is not None and re.search(rf"(?<![\d.,]){other}\b", f"{value.before} {value.after}"):
            return True
    return False


def _party(value: Value, supplied: Supplied) -> bool:
    """All of a listed party: "the four tickets" of two adults and two children."""
    if not _WHOLE.search(value.before):
        return False
    for text in supplied.sheet.statements:
        for group in _GROUP.finditer(text.lower()):
            party = re.findall(r"(\d{1,2}) [a-z]+", group[1] or group[2] or "")
            if len(party) > 1 and value.amount == sum(map(int, party)):
                return True
    return False
