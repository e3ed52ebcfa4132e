"""What values of one text say together: "from £129 to £99", "£40 instead of 60", "two to four hundred".

A number beside an amount is an amount in the same currency where its words say so; of "from ... to ..." the
higher amount is the former price, since a range goes up and a reduction goes down.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

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
_BACK = re.compile(r"^,? ?(?:\(|now |today |each |- )?(?:down |cut |slashed |reduced |marked down )?from ?$")
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
    if value.kind is Kind.NUMBER and not value.unit and money:
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


def together(values: list[Value], text: str, uses: Uses) -> list[Value]:
    """The values of a text in their order, each as its neighbours make it read."""
    if not any(value.kind is Kind.MONEY for value in values) or len(values) < 2:
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
