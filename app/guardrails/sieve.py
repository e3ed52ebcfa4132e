"""Which of many RE2 patterns a text has, at the cost of looking for a few.

Few patterns lie in one RE2 set. A set of hundreds is slow with every text that is new to it: a filter (RE2's
FilteredRE2) looks in one pass for the letters that each of them cannot do without, and tries only those whose
letters are there.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import re2

_FEW = 200
"""Patterns that a set is quicker with."""
_MOST = 1_000
"""Patterns of one filter. RE2 refuses one that is too large, and says so late."""


class Sieve:
    """Patterns, to be asked which of them a text has. Build it once."""

    def __init__(self, patterns: Sequence[bytes], options: Any) -> None:
        self._all = list(range(len(patterns)))
        self._set = _set(patterns, options) if len(patterns) <= _FEW else None
        self._filters: list[tuple[int, Any]] = []
        for first in range(0, len(patterns) if self._set is None else 0, _MOST):
            self._filters += _filters(patterns[first : first + _MOST], options, first)

    def matching(self, text: bytes) -> list[int]:
        """The numbers of the patterns that match somewhere in the text, in order.

        The empty pattern at the end of a set always matches: where it is missing, the set ran out of memory
        and said nothing, and every pattern may match.
        """
        if self._set is not None:
            found = sorted(self._set.Match(text) or ())
            canary = len(self._all)
            return found[:-1] if found and found[-1] == canary else self._all
        return [first + number for first, made in self._filters for number in sorted(made.Match(text) or ())]


def _set(patterns: Sequence[bytes], options: Any) -> Any:
    made = re2.Set.SearchSet(options)
    for pattern in (*patterns, b""):
        made.Add(pattern)
    made.Compile()
    return made


def _filters(patterns: Sequence[bytes], options: Any, first: int) -> Iterator[tuple[int, Any]]:
    """One filter for all patterns, or several where one would be too large, each with the number of its first
    pattern. RE2 compiles a filter only if it has the memory for any text, and a pattern that runs out of it
    is tried in another way.
    """
    made = re2.Filter()
    for pattern in patterns:
        made.Add(pattern, options)
    try:
        made.Compile()
    except re2.error:
        if len(patterns) == 1:
            raise
        half = len(patterns) // 2
        yield from _filters(patterns[:half], options, first)
        yield from _filters(patterns[half:], options, first + half)
    else:
        yield first, made
