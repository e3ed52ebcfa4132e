"""A gate before many patterns: one pass over a text says which of them can match at all.

Python's `re` tries every pattern at every place, and nearly all guardrail patterns match nowhere in ordinary
copy. A `Gate` writes each of them again for RE2, wider than it is: what RE2 cannot express (a look to either
side, a reference to a group) is left out, a counted repeat is any number. What the wider pattern does not
find, the pattern itself cannot find, so that only the ones that are left have to be searched for. All of them
lie in one sieve, whose cost hardly depends on how many there are.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import re2

from app.guardrails.sieve import Sieve

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as op
    import sre_parse

_MEMORY = 64 << 20
_LEAST_COUNTED = 3
"""Repeats that are counted; beyond them a counter costs states and tells little."""
_FEW_PLACES = 8
"""Places of one pattern in one text that are looked at one by one."""
_WIDE_LETTER = re.compile(r"[^\W\x00-\x7f]")
_REFERENCE = re.compile(r"\\[1-9]")
_SPACES = (
    r"\s\x{0b}\x{1c}-\x{1f}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
_ANY = r"(?s:.)"
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class _Widened:
    """One pattern, written again.

    `narrow` is for text whose letters and digits are ASCII, where the classes and edges of words mean the
    same to both; otherwise they are widened to Unicode's.
    """

    def __init__(self, *, narrow: bool) -> None:
        self.word = r"\w" if narrow else r"\pL\pN_"
        self.digit = r"\d" if narrow else r"\p{Nd}"
        self.edge = r"\b" if narrow else ""
        self.narrow = narrow

    def of(self, pattern: re.Pattern[str]) -> str:
        """The wider pattern, as RE2 reads it."""
        parsed = sre_parse.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
        text = self._sequence(parsed, pattern.flags, last=True)
        return f"(?i){text}" if pattern.flags & re.IGNORECASE else text

    def _sequence(self, items: Any, flags: int, *, last: bool = False) -> str:
        """The items one after the other; `last` says that nothing of the pattern follows them."""
        end = len(items) - 1
        return "".join(
            self._item(code, value, flags, last=last and place == end)
            for place, (code, value) in enumerate(items)
        )

    def _item(self, code: Any, value: Any, flags: int, *, last: bool) -> str:
        if code in _REPEATS:
            return self._repeat(value, flags)
        simple: dict[Any, Callable[[], str]] = {
            op.LITERAL: lambda: _literal(value),
            op.NOT_LITERAL: lambda: f"[^{_literal(value)}]",
            op.ANY: lambda: _ANY,
            op.IN: lambda: self._class(value),
            op.BRANCH: lambda: (
                f"(?:{'|'.join(self._sequence(branch, flags, last=last) for branch in value[1])})"
            ),
            op.SUBPATTERN: lambda: self._group(value, flags, last=last),
            op.ATOMIC_GROUP: lambda: f"(?:{self._sequence(value, flags)})",
            op.AT: lambda: self._place(value, flags),
            op.ASSERT: lambda: self._look(value, flags, last=last),
            op.ASSERT_NOT: str,
        }
        return simple[code]() if code in simple else f"{_ANY}*"  # references to groups

    def _look(self, value: Any, flags: int, *, last: bool) -> str:
        """What a look ahead wants at the end of a pattern is as good as a part of it; others are left out."""
        direction, items = value
        return f"(?:{self._sequence(items, flags, last=True)})" if last and direction > 0 else ""

    def _group(self, value: Any, flags: int, *, last: bool) -> str:
        _, added, _, items = value
        inner = self._sequence(items, flags | added, last=last)
        return f"(?i:{inner})" if added & re.IGNORECASE else f"(?:{inner})"

    def _repeat(self, value: Any, flags: int) -> str:
        least, most, items = value
        inner = f"(?:{self._sequence(items, flags)})"
        if (least, most) == (0, 1):
            return inner + "?"
        if least == most <= _LEAST_COUNTED:
            return f"{inner}{{{least}}}"
        return inner + ("*" if least == 0 else f"{{{min(least, _LEAST_COUNTED)},}}")

    def _place(self, value: Any, flags: int) -> str:
        if value is op.AT_BOUNDARY:
            return self.edge
        if value in (op.AT_BEGINNING, op.AT_BEGINNING_STRING) and not flags & re.MULTILINE:
            return r"\A"
        if value in (op.AT_END, op.AT_END_STRING) and not flags & re.MULTILINE:
            return r"\n?\z"
        return ""

    def _class(self, items: Any) -> str:
        negated = items[0][0] is op.NEGATE
        codes = [value for code, value in items if code is op.CATEGORY]
        if negated and op.CATEGORY_NOT_SPACE in codes:
            return _ANY
        if not self.narrow and (op.CATEGORY_NOT_WORD in codes or op.CATEGORY_NOT_DIGIT in codes):
            return f"[{self.word}]" if negated else _ANY
        return f"[{'^' if negated else ''}{''.join(self._members(items))}]"

    def _members(self, items: Any) -> Iterator[str]:
        named = {
            op.CATEGORY_WORD: self.word,
            op.CATEGORY_DIGIT: self.digit,
            op.CATEGORY_SPACE: _SPACES,
            op.CATEGORY_NOT_WORD: r"\W",
            op.CATEGORY_NOT_DIGIT: r"\D",
            op.CATEGORY_NOT_SPACE: r"\S",
        }
        for code, value in items:
            if code is op.LITERAL:
                yield _literal(value)
            elif code is op.RANGE:
                yield f"{_literal(value[0])}-{_literal(value[1])}"
            elif code is op.CATEGORY:
                yield named[value]


def _literal(code: int) -> str:
    return chr(code) if chr(code).isalnum() and code < 128 else f"\\x{{{code:x}}}"


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    return options


def _sieve(patterns: Sequence[re.Pattern[str]], *, narrow: bool) -> Sieve:
    widened = _Widened(narrow=narrow)
    return Sieve([widened.of(pattern).encode() for pattern in patterns], _options())


class Gate:
    """Patterns of which a text has to pass only those that can match in it. Build it once."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self.patterns = tuple(patterns)
        self._all = tuple(range(len(self.patterns)))

    @cached_property
    def _refers(self) -> tuple[bool, ...]:
        """Which patterns refer to a group of theirs: those are much wider when written for RE2."""
        return tuple(_REFERENCE.search(pattern.pattern) is not None for pattern in self.patterns)

    @cached_property
    def _narrow(self) -> Sieve:
        return _sieve(self.patterns, narrow=True)

    @cached_property
    def _wide(self) -> Sieve:
        return _sieve(self.patterns, narrow=False)

    @cached_property
    def _single(self) -> tuple[Any, ...]:
        widened = _Widened(narrow=True)
        return tuple(re2.compile(widened.of(pattern).encode(), _options()) for pattern in self.patterns)

    def matches(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Every match of every pattern with the pattern's number, pattern by pattern."""
        for number in self.passed(text):
            for match in self.matches_of(number, text):
                yield number, match

    def matches_of(self, number: int, text: str) -> Iterator[re.Match[str]]:
        """The matches of one pattern, tried only where the wider one begins while those places are few."""
        pattern, position = self.patterns[number], 0
        if text.isascii() and not self._refers[number]:
            encoded, wider = text.encode(), self._single[number]
            for _ in range(_FEW_PLACES):
                place = wider.search(encoded, position)
                if place is None:
                    return
                match = pattern.match(text, place.start())
                if match is not None:
                    yield match
                position = place.start() + 1 if match is None else max(match.end(), place.start() + 1)
        yield from pattern.finditer(text, position)

    def passed(self, text: str) -> Sequence[int]:
        """The numbers of the patterns that may match in `text`, in order."""
        plain = text.isascii() or _WIDE_LETTER.search(text) is None
        try:
            return (self._narrow if plain else self._wide).matching(text.encode())
        except UnicodeEncodeError:  # a lone surrogate
            return self._all
