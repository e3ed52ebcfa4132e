"""What a supplied price is for: a kilo is not a wedge, a year not a month, a mug not a kettle.

A right amount for another measure, period or thing than it was supplied for says something false.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from app.guardrails.supplied import Supplied
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import Kind, Use, Value

_PER = re.compile(
    r"^ ?,?(?:(?:/|per|an?|1|each|every) ?)(?:square |cubic |single |whole )?(?P<unit>[a-z]{2,20})\b"
)
_FOR_PERIOD = re.compile(
    r"^ (?:for|covers|buys) (?:the|an?|1|one)(?P<whole> (?:whole|full|entire))?"
    r" (?P<period>year|month|week|day)\b"
)
_LENGTHS = {
    "half day": 0,
    "half-day": 0,
    "day": 1,
    "week": 2,
    "fortnight": 3,
    "month": 4,
    "quarter": 5,
    "year": 6,
}
_PAID = re.compile(r"(?:\ba|\bper|\bevery|\beach|/) ?(half[ -]day|day|week|fortnight|month|quarter|year)\b")
_OFTEN = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year"}
_TIERS = re.compile(
    r"\d|\b(?:non-)?(?:members?|everyone|standard|regular|usual|early|bird|late|doors?|advance|online|single|separate"
    r"|separately|monthly|yearly|annual|annually|full|half|off-peak|peak|weekdays?|weekends?|students?|concessions?"
    r"|child|children|adults?|deposit|total|ticket|balance|subscription|subscribers?|one-off|new|refills?|refurbished"
    r"|used|with|without|bundle|set|case|box|pack|pass|block|each|both|together|pair|first|second|next|then|after)\b"
)
"""What a label has that tells two prices of one thing apart, and not two things."""
_SHARED_BY = re.compile(
    r"\b(?:for|between|among) (\d{1,2})(?: of (?:you|us)| people| guests)?\b"
    r"(?! (?:nights?|days?|weeks?|months?))"
    r"|\b(?:a|any) (?:pair|couple) pays?\b"
)
_STEM = 5
_OFF_THING = re.compile(r"\b(\d{1,2})(?: ?%| per ?cent) off (?:all |our |the |any )?([a-z]{3,20})")


def _stems(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM].removesuffix("s") for word in re.findall(r"[a-z]{3,}", words))


def _labels(amount: Decimal, supplied: Supplied) -> list[str]:
    return [
        label for label, other in supplied.labelled if other.kind is Kind.MONEY and other.amount == amount
    ]


def shared_by(value: Value) -> Decimal | None:
    """How many share a price, as the copy says: "for two people", "a pair pays". None where it does not."""
    found = _SHARED_BY.search(f"{value.before} {value.after}")
    return None if found is None else Decimal(found[1] or 2)


def comparable(first: Decimal, second: Decimal, supplied: Supplied) -> bool:
    """Whether two prices are of one thing in two ways, so that one may be set against the other.

    A mug and a kettle are two things; a shirt and a shirt with a suit, a case and a bottle are one.
    """
    one, other = _labels(first, supplied), _labels(second, supplied)
    if not one or not other:
        return True
    return any(
        _TIERS.search(f"{label} {again}") is not None or bool(_stems(label) & _stems(again))
        for label in one
        for again in other
    )


def reduced_prices(share: Decimal, prices: list[Decimal], supplied: Supplied) -> Iterator[Decimal]:
    """The prices that a percentage is taken off: of things that it was supplied for, where it names them."""
    named = [found[2] for found in _OFF_THING.finditer(supplied.prose) if Decimal(found[1]) == share]
    for price in prices:
        labels = _labels(price, supplied)
        known = [thing for thing in named if any(_stems(thing) & _stems(text) for text in _all(supplied))]
        if not labels or not known or any(_stems(a) & _stems(b) for a in labels for b in known):
            yield price


def _all(supplied: Supplied) -> Iterator[str]:
    return (label for label, other in supplied.labelled if other.kind is Kind.MONEY)


def for_something_else(value: Value, supplied: Supplied) -> bool:
    """Whether an amount is a supplied price, and the copy puts it to another measure or period."""
    if value.kind is not Kind.MONEY or value.use is not Use.PLAIN:
        return False
    period = _FOR_PERIOD.match(value.after)
    if period is not None:
        return _too_long(value, period["period"], period["whole"] is not None, supplied)
    per = _PER.match(value.after)
    if per is None:
        return False
    unit = per["unit"]
    if re.search(
        rf"\b(?:an?|per|1|each|single|one|every) (?:square |cubic )?{unit}\b|/ ?{unit}\b", supplied.prose
    ):
        return False
    return _other_measure(unit, supplied) if unit in UNITS else _one_of_several(value, unit, supplied)


def _too_long(value: Value, period: str, whole: bool, supplied: Supplied) -> bool:
    """Whether a price of a shorter period is called that of a longer one."""
    paid = [found[1] for text in supplied.sheet.statements for found in _PAID.finditer(text.lower())]
    paid += [
        _OFTEN[word] for label in _labels(value.amount, supplied) for word in label.split() if word in _OFTEN
    ]
    lengths = [_LENGTHS[name] for name in paid]
    return bool(lengths) and max(lengths) < _LENGTHS[period] and (whole or period != "day")


def _other_measure(unit: str, supplied: Supplied) -> bool:
    """Whether what has the price was supplied in the same measure, and is not one of the unit."""
    name, factor = UNITS[unit]
    if name in ("min", "day", "month"):
        return False
    held = [item.amount for item in (*supplied.stated, *supplied.named) if item.unit == name]
    return bool(held) and factor not in held and not _labelled_so(unit, supplied)


def _labelled_so(unit: str, supplied: Supplied) -> bool:
    return any(re.search(rf"\b{unit}\b", label) is not None for label in _all(supplied))


def _one_of_several(value: Value, unit: str, supplied: Supplied) -> bool:
    """Whether the price of a box of four is called that of one of them."""
    if _labels(value.amount, supplied) or value.amount not in supplied.prices or len(supplied.prices) != 1:
        return False
    names = " ".join(supplied.names).lower()
    several = re.search(r"\b(?:box|case|pack|set|bag|crate|tray) of (\d{1,3})\b", names)
    return (
        several is not None
        and int(several[1]) > 1
        and bool(_stems(unit) & _stems(names.split(several[0])[0]))
    )
