"""Finding phrases, patterns and frames in copy, in linear time, with spans in the original text.

All phrases and exceptions of a rule set lie in one Aho-Corasick automaton, the words of its frames in
another; all patterns lie in one sieve, which says in one pass which of them to look for. All read shadow
copies (`fold.shadows`), with tokens masked so that no rule matches inside the name of a variable.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, Protocol, TypeVar

import re2
from ahocorasick_rs import AhoCorasick

from app.errors import UsageError
from app.guardrails.fold import Folded, fold
from app.guardrails.frames import FrameLike, Frames, on_edges
from app.guardrails.sieve import Sieve
from app.tokens import TOKEN
from app.verdicts.reports import Severity

MOST_HITS = 20
"""How many places a rule reports in one text; a person needs no more to see what is wrong."""


class Detector(Protocol):
    """What the matcher needs of a rule: claim rules and never-infer rules both have it."""

    @property
    def id(self) -> str:
        """The rule's name, for errors."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """Words that match as they stand, on word edges."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """RE2 expressions over folded text."""

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Phrases inside which a match does not count."""


@dataclass(frozen=True)
class Wording:
    """A detector that is written down in code or made from a word list, with what to tell people."""

    id: str
    message: str
    suggestion: str = ""
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    severity: Severity = Severity.BLOCK
    frames: tuple[FrameLike, ...] = ()


DetectorT = TypeVar("DetectorT", bound=Detector)


@dataclass(frozen=True)
class Hit(Generic[DetectorT]):
    """One place where a rule matched: `start` and `end` count in the original text."""

    rule: DetectorT
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Start and end together."""
        return self.start, self.end


_VARIABLE = re.compile(rf"{TOKEN.pattern}|\{{\{{[^{{}}]{{0,80}}\}}\}}")


def masked(text: str) -> str:
    """The text with the inside of each token made unreadable, at the same length."""
    if "{" not in text:
        return text
    return _VARIABLE.sub(lambda match: "{" + "x" * (len(match[0]) - 2) + "}", text)


def folded_phrase(phrase: str, owner: str) -> str:
    """A phrase as it stands in folded text. Raises UsageError when nothing of it is left."""
    text = fold(phrase).text.strip()
    if not text:
        raise UsageError(f"{owner}: the phrase '{phrase}' holds nothing that can be found in a text")
    return text


class Matcher(Generic[DetectorT]):
    """A set of rules, ready to look through texts. Build it once."""

    def __init__(self, rules: Sequence[DetectorT]) -> None:
        self.rules = tuple(rules)
        self._phrases = _Phrases(self.rules)
        self._patterns = _Patterns(self.rules)
        self._frames = Frames([getattr(rule, "frames", ()) for rule in self.rules])

    def hits(self, shadows: Iterable[Folded]) -> tuple[Hit[DetectorT], ...]:
        """Every match in the shadow copies of one text, in order, each place once a rule."""
        found: dict[tuple[int, int, int], None] = {}
        for shadow in shadows:
            text = masked(shadow.text)
            matches, excused = self._phrases.search(text)
            for rule, spans in self._frames.search(text, excused).items():
                matches.setdefault(rule, []).extend(spans)
            patterns = self._patterns.hit(text)
            if matches or patterns:
                for rule, start, end in _accepted(text, matches, patterns, excused):
                    found[rule, *shadow.span(start, end)] = None
        if not found:
            return ()
        ordered = sorted(found, key=lambda item: (item[1], -item[2], item[0]))
        return tuple(Hit(self.rules[rule], start, end) for rule, start, end in ordered)


def _accepted(
    text: str,
    matches: dict[int, list[tuple[int, int]]],
    patterns: dict[int, list[Any]],
    excused: "dict[int, Spans]",
) -> Iterator[tuple[int, int, int]]:
    """The places that no exception covers, at most `MOST_HITS` a rule."""
    encoded = text.encode() if patterns else b""
    for rule in {**matches, **patterns}:
        taken = 0
        for start, end in (*matches.get(rule, ()), *_spans(patterns.get(rule, ()), encoded)):
            if rule in excused and excused[rule].cover(start, end):
                continue
            yield rule, start, end
            taken += 1
            if taken >= MOST_HITS:
                break


class Spans:
    """Spans that excuse what lies inside them, asked in logarithmic time."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self.starts: list[int] = []
        self.furthest: list[int] = []
        for start, end in sorted(spans):
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Add a span; spans come in the order of their starts."""
        self.starts.append(start)
        self.furthest.append(max(end, self.furthest[-1]) if self.furthest else end)

    def cover(self, start: int, end: int) -> bool:
        """Whether a span that begins no later than `start` reaches at least to `end`."""
        index = bisect_right(self.starts, start) - 1
        return index >= 0 and self.furthest[index] >= end


class _Phrases:
    """All phrases and exceptions of all rules in one automaton."""

    def __init__(self, rules: Sequence[Detector]) -> None:
        self.uses: list[list[tuple[int, bool]]] = []
        places: dict[str, int] = {}
        for number, rule in enumerate(rules):
            for group, exception in ((rule.phrases, False), (rule.exceptions, True)):
                for phrase in group:
                    text = folded_phrase(phrase, f"rule '{rule.id}'")
                    if text not in places:
                        places[text] = len(places)
                        self.uses.append([])
                    self.uses[places[text]].append((number, exception))
        self.automaton = AhoCorasick(list(places)) if places else None

    def search(self, text: str) -> tuple[dict[int, list[tuple[int, int]]], dict[int, Spans]]:
        """Phrase matches by rule, and the spans that excuse a rule's matches."""
        matches: dict[int, list[tuple[int, int]]] = {}
        if self.automaton is None:
            return matches, {}
        exceptions: list[tuple[int, int, int]] = []
        for phrase, start, end in self.automaton.find_matches_as_indexes(text, overlapping=True):
            if on_edges(text, start, end):
                for rule, exception in self.uses[phrase]:
                    if exception:
                        exceptions.append((start, end, rule))
                    else:
                        matches.setdefault(rule, []).append((start, end))
        excused: dict[int, Spans] = {}
        for start, end, rule in sorted(exceptions):
            excused.setdefault(rule, Spans()).add(start, end)
        return matches, excused


class _Patterns:
    """All patterns of all rules: a sieve that says which ones occur, then each of those on its own."""

    def __init__(self, rules: Sequence[Detector]) -> None:
        self.owners: list[int] = []
        self.folded: list[bytes] = []
        self.compiled: list[Any] = []
        for number, rule in enumerate(rules):
            for pattern in rule.patterns:
                self._add(number, rule.id, pattern)

    def _add(self, number: int, rule_id: str, pattern: str) -> None:
        folded = _folded_pattern(pattern)
        try:
            self.compiled.append(_compiled(folded))
        except re2.error as error:
            raise UsageError(f"rule '{rule_id}': '{pattern}' is no RE2 pattern: {error}") from error
        self.folded.append(folded)
        self.owners.append(number)

    @cached_property
    def _sieve(self) -> Sieve:
        """Made when a text is first looked through, as a start need not wait for the rules of every view."""
        return Sieve(self.folded, _options())

    def hit(self, text: str) -> dict[int, list[Any]]:
        """The rules of which a pattern occurs, each with those of its patterns that do."""
        found: dict[int, list[Any]] = {}
        if self.owners:
            for index in self._sieve.matching(text.encode()):
                found.setdefault(self.owners[index], []).append(self.compiled[index])
        return found


def _spans(patterns: Iterable[Any], encoded: bytes) -> Iterator[tuple[int, int]]:
    """Where patterns match, as indexes of characters; empty matches do not count."""
    plain = encoded.isascii()
    for pattern in patterns:
        if plain:
            yield from (match.span() for match in pattern.finditer(encoded) if match.start() < match.end())
            continue
        position, place = 0, 0
        for match in pattern.finditer(encoded):
            start, end = match.span()
            if start == end:
                continue
            first = place + len(encoded[position:start].decode())
            position, place = end, first + len(encoded[start:end].decode())
            yield first, place


_MEMORY = 256 << 20
"""Bytes that RE2 may use for one pattern."""


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _MEMORY
    return options


@lru_cache(maxsize=4096)
def _compiled(folded: bytes) -> Any:
    """The pattern on its own; the views of a brand share most of them, so each is compiled once."""
    return re2.compile(folded, _options())


@lru_cache(maxsize=4096)
def _folded_pattern(pattern: str) -> bytes:
    """The pattern with letters beyond ASCII folded like the text that it will read."""
    return "".join(c if c.isascii() else fold(c).text for c in pattern).encode()
