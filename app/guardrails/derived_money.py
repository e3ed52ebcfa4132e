"""Amounts of money that follow from the supplied ones by plain arithmetic.

A price each or a kilo, what several of something come to, the difference of two prices, a price less its
discount, an instalment. Each needs its words in the copy: a chance product of two facts says something else.
"""

import itertools
import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from app.brief.facts import QuantityFact
from app.guardrails.bounds import amount_fits
from app.guardrails.price_units import comparable, reduced_prices, shared_by
from app.guardrails.supplied import Supplied
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import Bound, Kind, Use, Value

_EACH_AFTER = re.compile(  # "a kilo" stands there as "1 kilo"
    r"^ ?,?(?: ?(?:/|each\b|apiece\b|pp\b|per\b|to each\b|for (?:one|each)\b)|(?: for)? (?:an?|1)\b) ?"
    r"(?:square |cubic |single |whole )?(?P<unit>[a-z]+)?"
)
_EACH_BEFORE = re.compile(
    r"\b(?:each|apiece|every|per|one|an?|1) ?[a-z]* (?:is|for|at|costs?|comes? to)"
    r"(?: only| just)? $"
)
_NO_UNIT = frozenset({"year", "better", "time", "good", "great", "little"})
"""Words behind "a" that make no price each."""
TOTAL_AFTER = re.compile(
    r"^ ?,?(?: ?(?:in all|in total|altogether|all told|all in|total"
    r"|for (?:the lot|the set|all|both|everyone))\b"
    r"|(?: over| for)? (?:an?|1|the|per|every) (?:whole |full )?(?P<period>year|month|week|term|course)\b"
    r"|[^.!?;]{0,12}\bin (?:all|total)\b)"
)
TOTAL_BEFORE = re.compile(
    r"\b(?:in all|in total|altogether|a total of|adds? up to|comes? to|make(?:s|ing)?|would be"
    r"|that's|that is|both for|together for|the (?:pair|lot|two|three|set) (?:is|are|for|at))"
    r"(?: just| only)? $"
)
_A_PERIOD = re.compile(r"^ (?:an?|1|per|every) (?:month|week|year)\b")
"""A price a month is no total of several, unless the copy says of how many."""
_PER_YEAR = re.compile(
    r"\b(?:over|for|in|per) (?:a|the|one|each|1) (?:whole |full )?year\b|\b(?:a year|yearly|annually)\b"
)
_PERIODS = {"month": 12, "week": 52, "fortnight": 26, "quarter": 4, "day": 365}
_PERIODIC = re.compile(
    rf"(?:\ba|\bper|\bevery|\beach|/) ?(?P<period>year|{'|'.join(_PERIODS)})\b"
    r"|\b(?P<often>monthly|weekly|yearly|annual)(?:ly)?\b"
)
_INSTALMENTS = re.compile(
    r"\b(\d{1,3}) (?:equal |interest-free )?(?:(?:monthly|weekly) )?(?:payments|instalments|months)\b"
)
_AGAINST = re.compile(
    r"\b(?:not|against|rather than|instead of|versus|vs\.?|compared (?:with|to)|more than|singly|one by one"
    r"|(?:on|if) (?:their|its) own|separately|otherwise|usual)(?: the)?(?: usual"
    r"| normal)?,? ?(?:they|it|that)?(?: would)?(?: (?:come|cost|be|is|are|at|to)){0,3} ?$"
)
_DIFFERENCE_AFTER = re.compile(
    r"^ ?(?:less|cheaper|under|saved|saving|lower|off|back|more|extra|in hand"
    r"|(?:still |left )?to (?:go|find|raise|spare|spend|collect)|short|you can spend)\b"
)
_DIFFERENCE_BEFORE = re.compile(
    r"\b(?:save|saves|saved|saving|keep|keeps|pocket|worth|difference of|difference is|you're up|cheaper by"
    r"|the other|the rest|the balance|the remaining|the remainder"
    r"|extra|another|adds?|adding|plus|costs? you)(?: of| you| yourself| a full| a| the)? $"
)
_EVERY = re.compile(r"^ (?:in|of|from|out of) every [£$€] ?(\d{1,6})\b")
_OF_EVERY = re.compile(r"[£$€] ?(\d{1,6}(?:\.\d\d)?) (?:in|of|from|out of) every $")
_NOTHING = re.compile(r"\b(?:nothing|none|not one|no \w+) (?:is |are |costs? )?(?:over|above|more than) $")
_FREE = re.compile(r"\b(?:free|for nothing|no charge)\b[^.!?]*$")
GROUP = re.compile(r"\(([^()]*)\)|: ([^:]*)$")
MOST_TIMES = 400
"""The most of something that a price is multiplied by or shared among."""
_PENNY = Decimal("0.01")


def rounds(value: Value, truth: Decimal) -> bool:
    """Whether an amount is the truth to the penny, rounded or cut, or as its bound in words allows."""
    near = {truth.quantize(_PENNY), truth.quantize(_PENNY, ROUND_DOWN)}
    if value.kind is Kind.PERCENT:
        near.add(truth.quantize(Decimal(1), ROUND_DOWN))
    return value.amount in near if value.bound is Bound.EXACT else amount_fits(value, truth, Bound.EXACT)


def _prices(value: Value, supplied: Supplied) -> list[Decimal]:
    """Fixed prices in the currency of the value."""
    return [
        amount
        for use, bound, amount, unit in supplied.money
        if use is Use.PLAIN and bound is Bound.EXACT and unit == value.unit
    ]


def times_given(supplied: Supplied) -> set[Decimal]:
    """How many there are of something: counts, and the numbers of quantities as they were written."""
    values = (*supplied.stated, *supplied.named)
    kinds = (Kind.NUMBER, Kind.QUANTITY)
    values = tuple(item for item in values if item.kind in kinds and not item.after.startswith(" prices"))
    counts = {item.other or item.amount for item in values}
    counts |= {fact.value for fact in supplied.sheet.facts.values() if isinstance(fact, QuantityFact)}
    return {count for count in counts if 0 < count <= MOST_TIMES and count != 1}


def follows_in_money(value: Value, supplied: Supplied) -> bool:
    """Whether an amount follows from supplied ones, and the words beside it say how."""
    if _in_every(value, supplied) or _limit(value, supplied):
        return True
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
        others = (price for price in prices if price != value.amount)
        alike = value.amount in prices and any(comparable(value.amount, p, supplied) for p in others)
        return against and (alike or value.amount in set(_totals(prices, supplied)))
    return (
        _each(value, prices, supplied)
        or _several(value, prices, supplied)
        or _reduced(value, prices, supplied)
    )


def _in_every(value: Value, supplied: Supplied) -> bool:
    """Both amounts of "£1 in every £10", where that share was supplied."""
    after, before = _EVERY.match(value.after), _OF_EVERY.search(value.before)
    if after is not None:
        share = 100 * value.amount / Decimal(after[1])
    elif before is not None and value.amount:
        share = 100 * Decimal(before[1]) / value.amount
    else:
        return False
    return any(item.kind is Kind.PERCENT and item.amount == share for item in supplied.stated)


def _limit(value: Value, supplied: Supplied) -> bool:
    """An amount that all prices stay under, or under which another condition begins."""
    if value.bound is Bound.UNDER:
        if _FREE.search(value.before):  # what is free over an amount is not free under it
            return False
        return (Use.THRESHOLD, value.amount) in {(use, amount) for use, _, amount, _ in supplied.money}
    prices = _prices(value, supplied)
    none_over = _NOTHING.search(value.before) is not None
    return none_over and bool(prices) and all(price <= value.amount for price in prices)


def _each(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """A price for each, of a price for several; or for a measure, of the price of another measure."""
    after = _EACH_AFTER.match(value.after)
    if after is None and not _EACH_BEFORE.search(value.before):
        return False
    unit = after["unit"] if after is not None else None
    if unit in _PERIODS:
        return _each_period(value, prices, supplied, unit)
    if unit in _NO_UNIT:
        return False
    counts = times_given(supplied)
    shared = shared_by(value)
    if shared is not None and unit not in UNITS:
        counts &= {shared}
    parts = [price / count for price in prices for count in counts]
    parts += [
        price / (first * second) for price in prices for first, second in itertools.combinations(counts, 2)
    ]
    if unit in UNITS:
        name, factor = UNITS[unit]
        held = [item.amount / factor for item in (*supplied.stated, *supplied.named) if item.unit == name]
        parts += [price / amount for price in prices for amount in held if amount > 0]
    return any(rounds(value, part) for part in parts)


def _each_period(value: Value, prices: list[Decimal], supplied: Supplied, unit: str) -> bool:
    """A price a month or a day, of a yearly one or one that is paid in so many instalments."""
    often = _PERIODIC.search(supplied.prose)
    given = (often["period"] or often["often"]) if often is not None else ""
    parts = [price / _PERIODS[unit] for price in prices if given in ("year", "yearly", "annual")]
    counts = [Decimal(found[1]) for found in _INSTALMENTS.finditer(supplied.prose)]
    parts += [price / count for price in prices for count in counts if count > 1]
    return any(rounds(value, part) for part in parts)


def _totals(prices: list[Decimal], supplied: Supplied) -> Iterator[Decimal]:
    for price, count in itertools.product(prices, times_given(supplied)):
        if count == count.to_integral_value():
            yield price * count
    for text in supplied.sheet.statements:
        yield from _of_party(text, supplied)


def _of_party(text: str, supplied: Supplied) -> Iterator[Decimal]:
    """What a listed party costs one by one: "2 adults, 2 children" by the price of each."""
    priced = {_one(label): value.amount for label, value in supplied.labelled if value.kind is Kind.MONEY}
    for group in GROUP.finditer(text.lower()):
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
    after = TOTAL_AFTER.match(value.after)
    if _PER_YEAR.search(around):
        often = _PERIODIC.search(supplied.prose)
        if often is not None:
            name = often["period"] or often["often"].removesuffix("ly")
            if any(value.amount == price * _PERIODS[name] for price in prices):
                return True
    total = (after is not None and not _A_PERIOD.match(value.after)) or TOTAL_BEFORE.search(
        value.before
    ) is not None
    if total and value.amount in (first + second for first, second in itertools.combinations(prices, 2)):
        return True
    said = {Decimal(number) for number in re.findall(r"(?<![\d.,£$€])\d{1,3}(?![\d.,]*\d)", around)}
    for price, count in itertools.product(prices, times_given(supplied)):
        if value.amount == price * count and (total or count in said):
            return True
    return total and any(value.amount in _of_party(text, supplied) for text in supplied.sheet.statements)


def _reduced(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """A price less a discount that was supplied, where no former price says that it is taken off already."""
    if any(use is Use.WAS for use, *_ in supplied.money):
        return False
    return any(
        rounds(value, price * (100 - share) / 100)
        for share in supplied.discounts
        for price in reduced_prices(share, prices, supplied)
    )


def _difference(value: Value, prices: list[Decimal], supplied: Supplied) -> bool:
    """What one price lacks to another one, or to what several of another one come to."""
    if supplied.lowest:
        return False
    gaps = {abs(first - second) for first in prices for second in _totals(prices, supplied)}
    saved = value.use is Use.SAVING
    gaps |= {
        abs(first - second)
        for first, second in itertools.combinations(set(prices), 2)
        if not saved or comparable(first, second, supplied)
    }
    gaps.discard(Decimal(0))
    gaps |= {amount for use, _, amount, unit in supplied.money if use is Use.SAVING and unit == value.unit}
    if not any(use is Use.WAS for use, *_ in supplied.money):
        gaps |= {
            price * share / 100
            for share in supplied.discounts
            for price in reduced_prices(share, prices, supplied)
        }
    return any(rounds(value, gap) for gap in gaps)
