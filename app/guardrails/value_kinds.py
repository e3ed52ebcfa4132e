"""What a value in copy is, how it is used, and how exactly it is meant."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a value is."""

    MONEY = "amount"
    PERCENT = "percentage"
    NUMBER = "number"
    QUANTITY = "quantity"
    DATE = "date"
    WEEKDAY = "day"
    TIME = "time"
    PERIOD = "period"
    CODE = "code"
    PHONE = "phone number"
    LINK = "address"
    MULTIBUY = "multi-buy offer"


class Use(StrEnum):
    """What a value is used for."""

    PLAIN = "plain"
    WAS = "former price"
    LOWEST = "lowest price of the past 30 days"
    SAVING = "saving"
    THRESHOLD = "threshold"
    STARTS = "start"
    ENDS = "end"


CHEAPER = frozenset({Use.WAS, Use.LOWEST, Use.SAVING})
"""Uses that say that something costs less than before."""


class Bound(StrEnum):
    """Whether a value is meant exactly."""

    EXACT = "exact"
    UP_TO = "up to"
    OVER = "over"
    UNDER = "under"
    NEARLY = "nearly"
    ABOUT = "about"
    FROM = "from"
    RANGE = "range"


@dataclass(frozen=True)
class Value:
    """One value in a text; `start` and `end` count in the original. `other` is a second number (a year)."""

    kind: Kind
    amount: Decimal
    start: int
    end: int
    unit: str = ""
    use: Use = Use.PLAIN
    bound: Bound = Bound.EXACT
    other: Decimal | None = None
    shown: str = ""
    """The value as it stands in the text."""
    after: str = ""
    """What follows it, folded."""
    before: str = ""
    """What precedes it, folded."""


Found = tuple[Kind, Decimal, str, Decimal | None, Use]
"""Kind, amount, unit, a second number, use."""
Reader = Callable[[re.Match[str], str], Found | None]
"""Reads a match in a language; None where it is no value after all."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""What a weekday is called as a unit, whatever the language of the copy."""
RELATIVE = "from today"
"""The unit of a day that is counted from the day of the copy."""
NEXT = "next"
"""The unit of a weekday of the week after this one."""
