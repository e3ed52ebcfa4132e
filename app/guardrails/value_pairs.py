"""What values of one text say together: "from £129 to £99", "£40 instead of 60", "two to four hundred".

A number beside an amount is an amount in the same currency where its words say so; of "from ... to ..." the
higher amount is the former price, since a range goes up and a reduction goes down.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from app.guardrails.value_kinds import Bound, Kind, Use, Value

_JOINED = re.compile(r",? ?(?:,|and|to|or|-|bis|und|oder|et|a|ou) ?$")
_ENDS = re.compile(
    r"^ ?(?:[.,;:!?)]|$|-|each\b|now\b|instead\b|off\b|today\b|a (?:head|month|pop|pair)\b|to [£$€]?\d)"
)
_LESS = re.compile(r"^ (?:down|off|less|cheaper|saved|knocked off)\b")
_AMOUNT_BEFORE = re.compile(
    r"\b(?:from|to|now|just|only|pay|at|instead of|rather than|not|was|were|statt|auf|von|au lieu de"
    r"|save|saved|saving|saves|against|versus|vs) ?$"
)
_FROM_BEFORE = re.compile(r"\b(?:from|von|de|du) ?$")
_DROPPED_BEFORE = re.compile(
    r"\b(?:dropped|drops|drop|fallen|fell|falls|come down|came down|comes down|lost|shed)(?: by)? ?$"
)
_DOWN = re.compile(r"^ ?(?:all the way |right |straight )?(?:down )?(?:to|auf|a)(?: just| only| nur)? ?$")
_BY = re.compile(r" ?(?:by|x|\u00d7) ?")
_MINUTES = re.compile(r"\d{1,2} ?m")
_HOURS = ("min", Decimal(60))
_AND = re.compile(r",? ?(?:and |et |und )?")
_PART_ENDS = re.compile(r"^ ?(?:[.,;:!?)]|$|(?:with|long|tall|in|for|from|to|and|or|plus|including)\b)")
_SMALLER = {("min", Decimal(60)): Decimal(1), ("mm", Decimal("304.8")): Decimal("25.4")}
"""Of a unit and its factor, the factor of the unit that is left out after it: minutes, inches."""
_BACK = re.compile(r"^,? ?(?:\(|now |today |each |- )?(?:down |cut |slashed |reduced |marked down )?from ?$")
_OF_COUNTS = re.compile(r"(?<![£$€\d.,])\d{1,3} ?(?:to|-|or|and|a|bis|ou|oder) $")
"""Before the second of two counts: "teams of two to six, £96" has one amount."""
Uses = Callable[[Kind, str, str], tuple[Use, Bound]]
"""What a value of a kind is used for and how exactly it is meant, from the folded text around it."""


def _between(first: Value, second: Value, text: str) -> str:
    return text[first.end : second.start].lower().replace("\u00a0", " ")


def _elliptic(values: list[Value], text: str, uses: Uses) -> Iterator[Value]:
    """The values, numbers that stand for amounts of money as amounts."""
    money = [value for value in values if value.kind is Kind.MONEY]
    following = None
    for value in reversed(values):
        read = _as_money(value, following, text, money, uses)
        yield read
        following = read


def _as_money(value: Value, following: Value | None, text: str, money: list[Value], uses: Uses) -> Value:
    """One number as the amount that its words or the following value make of it."""
    if value.kind is Kind.NUMBER and not value.unit and money and not _OF_COUNTS.search(value.before):
        if (
            following is not None
            and following.kind is Kind.MONEY
            and following.shown[:1].isalnum()
            and following.amount > value.amount
            and _JOINED.fullmatch(_between(value, following, text))
        ):
            return replace(value, kind=Kind.MONEY, unit=following.unit, use=following.use, bound=Bound.EXACT)
        if _LESS.match(value.after):
            return replace(value, kind=Kind.MONEY, unit=money[0].unit, use=Use.SAVING)
        if _ENDS.match(value.after) and _AMOUNT_BEFORE.search(value.before):
            use, bound = uses(Kind.MONEY, value.before, value.after)
            return replace(value, kind=Kind.MONEY, unit=money[0].unit, use=use, bound=bound)
    return value


def _compounds(values: list[Value], text: str) -> list[Value]:
    """The values, a measure in two units as one: "2 hrs 20 mins", "six foot two", "two hours twenty"."""
    joined = values[:1]
    for value in values[1:]:
        first = joined[-1]
        if _BY.fullmatch(_between(first, value, text)) and value.other and first.kind is Kind.NUMBER:
            scale = value.amount / value.other
            joined[-1] = replace(
                first, kind=value.kind, unit=value.unit, amount=first.amount * scale, other=first.amount
            )
        part = _part(first, value, text)
        if part is None:
            joined.append(value)
            continue
        shown = text[first.start : value.end]
        whole = first.amount + part
        joined[-1] = replace(first, amount=whole, end=value.end, other=None, shown=shown, after=value.after)
    return joined


def _part(first: Value, second: Value, text: str) -> Decimal | None:
    """What the second value adds to a first one in a larger unit; None where it stands for itself."""
    if first.kind is not Kind.QUANTITY or not first.other or first.other != first.other.to_integral_value():
        return None
    between, scale = _between(first, second, text), first.amount / first.other
    if (
        _MINUTES.fullmatch(second.shown)
        and (first.unit, scale) == _HOURS
        and second.other
        and len(between) < 2
    ):
        return second.other if second.other < scale else None
    if second.kind is Kind.QUANTITY and second.unit == first.unit and _AND.fullmatch(between):
        return second.amount if second.amount < scale else None
    smaller = _SMALLER.get((first.unit, scale))
    bare = (
        second.kind is Kind.NUMBER and not second.unit and between == " " and _PART_ENDS.match(second.after)
    )
    if smaller is None or not bare or second.amount * smaller >= scale:
        return None
    return second.amount * smaller


def together(values: list[Value], text: str, uses: Uses) -> list[Value]:
    """The values of a text in their order, each as its neighbours make it read."""
    if len(values) < 2:
        return values
    values = _compounds(values, text)
    if not any(value.kind is Kind.MONEY for value in values):
        return values
    read = [*_elliptic(values, text, uses)][::-1]
    for index, (first, second) in enumerate(itertools.pairwise(read)):
        if first.kind is not Kind.MONEY or second.kind is not Kind.MONEY or first.unit != second.unit:
            continue
        between = _between(first, second, text)
        if first.amount > second.amount and _FROM_BEFORE.search(first.before) and _DOWN.match(between):
            read[index] = replace(first, use=Use.WAS, bound=Bound.EXACT)
        elif _DROPPED_BEFORE.search(first.before) and _DOWN.match(between):
            read[index] = replace(first, use=Use.SAVING, bound=Bound.EXACT)
        elif second.amount > first.amount and second.use is Use.PLAIN and _BACK.match(between):
            read[index + 1] = replace(second, use=Use.WAS, bound=Bound.EXACT)
        elif second.use is Use.SAVING and first.use is Use.PLAIN and _JOINED.fullmatch(between):
            read[index] = replace(first, use=Use.SAVING)
    return read
