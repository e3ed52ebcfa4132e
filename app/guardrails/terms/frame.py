"""What reading values needs to know of a language: its words around values, as patterns over folded text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from app.guardrails.gate import Gate
from app.guardrails.plain_fold import Folded
from app.guardrails.value_kinds import Bound, Kind, Reader, Use

_LETTER = re.compile(r"[a-z]")
_DAYS = frozenset({Kind.DATE, Kind.WEEKDAY})
_RANGE = re.compile(r"\d ?(?:-|to|bis|a) ?$")
_MINUS = re.compile(r"(?:^|(?<!\d)[ (])- ?$")


@dataclass(frozen=True, eq=False)
class Terms:
    """The value words of one language.

    `digits` writes number words as digits; `readers` are tried in their order. The patterns `..._before` end
    where a value begins, those `..._after` begin where it ends.
    """

    digits: Callable[[str], Folded]
    readers: tuple[tuple[re.Pattern[str], Reader], ...]
    saving_before: re.Pattern[str]
    saving_after: re.Pattern[str]
    was_before: re.Pattern[str]
    was_after: re.Pattern[str]
    lowest_before: re.Pattern[str]
    """Before the lowest price of the past 30 days."""
    starts_before: re.Pattern[str]
    ends_before: re.Pattern[str]
    more_after: re.Pattern[str]
    """After a number that is a least one: "or more"."""
    threshold_before: re.Pattern[str]
    threshold_after: re.Pattern[str]
    bounds: tuple[tuple[Bound, re.Pattern[str]], ...]
    range_before: re.Pattern[str]
    range_after: re.Pattern[str]
    named_code: re.Pattern[str]
    """Over the original text, with the code as its group."""
    deadline: re.Pattern[str]
    """A deadline that is written out in words."""
    cheaper: re.Pattern[str]
    """Words that promise a lower price."""
    reduced: re.Pattern[str]
    """Words that promise a lower price than a former one."""
    sale: re.Pattern[str]
    """Words by which supplied prose speaks of a lower price."""
    minus_saves: bool = False
    """Whether "-20 %" is how a discount is written."""

    @cached_property
    def gate(self) -> Gate:
        """Which readers a text with digits for number words has to pass."""
        return Gate([pattern for pattern, _ in self.readers])

    @cached_property
    def words(self) -> Gate:
        """Which of `deadline`, `cheaper` and `reduced` a folded text has to pass."""
        return Gate([self.deadline, self.cheaper, self.reduced])

    def use(self, kind: Kind, before: str, after: str) -> Use:
        """What a value is used for, from the folded text around it."""
        if kind in _DAYS:
            return self._moment(before)
        worded = _LETTER.search(before) is not None
        if self.saving_after.match(after) or (self.minus_saves and _MINUS.search(before)):
            return Use.SAVING
        if (worded and self.threshold_before.search(before)) or self.threshold_after.match(after):
            return Use.THRESHOLD
        if worded and self.saving_before.search(before):
            return Use.SAVING
        return self._price(before, after) if kind is Kind.MONEY else Use.PLAIN

    def _price(self, before: str, after: str) -> Use:
        if self.lowest_before.search(before):
            return Use.LOWEST
        was = self.was_after.match(after) or self.was_before.search(before)
        return Use.WAS if was else Use.PLAIN

    def _moment(self, before: str) -> Use:
        if self.ends_before.search(before):
            return Use.ENDS
        return Use.STARTS if self.starts_before.search(before) else Use.PLAIN

    def bound(self, kind: Kind, before: str, after: str) -> Bound:
        """How exactly a value is meant, from the folded text around it."""
        if kind is Kind.PERCENT and (self.range_after.match(after) or self.range_before.search(before)):
            return Bound.RANGE
        if kind in (Kind.QUANTITY, Kind.NUMBER) and _RANGE.search(before):
            return Bound.RANGE
        if self.more_after.match(after):
            return Bound.FROM
        if _LETTER.search(before) is None:
            return Bound.EXACT
        return next((bound for bound, pattern in self.bounds if pattern.search(before)), Bound.EXACT)


def compiled(*readers: tuple[str, Reader]) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    """The readers with their patterns compiled."""
    return tuple((re.compile(pattern), reader) for pattern, reader in readers)
