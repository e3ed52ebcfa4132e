"""Frames: words of several groups near one another, which is how wordings are caught that nobody listed.

"Say goodbye to aching knees" has the words of no phrase list; it has an effect ("goodbye to") and a
condition ("aching", "knees") within a few words of one another in one sentence. All entries of all frames lie
in one Aho-Corasick automaton, so that a text is read once whatever the number of rules.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any, Protocol

import yaml
from ahocorasick_rs import AhoCorasick

from app.guardrails.fold import fold

BEFORE = 3
"""Words before a frame in which a negation turns it round."""
NEIGHBOURS = 3
"""Hits of a group on either side that are tried for one place; farther ones only make a longer stretch."""
MOST_PLACES = 20
_KEPT = 16
"""Texts of which something is kept, since several lists and sets of rules look through one."""
_END = re.compile(r"[.!?;:](?=\s|$)|\n")
_WORD_END = re.compile(r"[^\W_]*(?:'[^\W_]+)*")
Span = tuple[int, int]


class FrameLike(Protocol):
    """What is needed of a frame of a rule."""

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Each group lists words or phrases; one that ends in * stands for all words that begin so."""

    @property
    def within(self) -> int:
        """The most words from the first to the last of them."""

    @property
    def ordered(self) -> bool:
        """Whether the groups come in their order."""

    @property
    def across(self) -> bool:
        """Whether they may stand in different sentences."""

    @property
    def negated(self) -> bool:
        """Whether the frame counts even where a negation stands before it."""


class _Excused(Protocol):
    def cover(self, start: int, end: int) -> bool:
        """Whether an exception lies over the span."""


def on_edges(text: str, start: int, end: int) -> bool:
    """Whether characters `start` to `end` begin and end where words do."""
    if start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        return False
    return end >= len(text) or not (text[end - 1].isalnum() and text[end].isalnum())


@lru_cache(maxsize=32_768)  # the views of a brand share nearly all entries
def _folded(entry: str) -> str:
    return fold(entry).text.strip()


class WordList:
    """Words and phrases, some as the beginnings of words, found in one pass; each belongs to its owners."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, bool], list[Any]] = {}
        self._automaton: AhoCorasick | None = None
        self.entries: list[tuple[tuple[str, bool], list[Any]]] = []
        """Each text with whether it is the beginning of a word, and its owners."""
        self._stems: list[bool] = []

    def add(self, entry: str, owner: Any) -> None:
        """Add an entry. One that holds nothing to look for is left out."""
        text, stem = _folded(entry.removesuffix("*")), entry.endswith("*")
        if text:
            self._owners.setdefault((text, stem), []).append(owner)

    def close(self) -> None:
        """Make ready for searching."""
        self.entries = list(self._owners.items())
        self._stems = [stem for (_, stem), _ in self.entries]
        if self.entries:
            self._automaton = AhoCorasick([text for (text, _), _ in self.entries])

    def places(self, text: str) -> dict[int, list[Span]]:
        """Where each entry stands as whole words, by the number of the entry."""
        found: dict[int, list[Span]] = {}
        if self._automaton is None:
            return found
        inside = _inside_words(text)
        for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and inside[start] and inside[start - 1]:
                continue
            last = _word_end(text, end) if self._stems[number] else end
            if last == len(text) or not (inside[last] and inside[last - 1]):
                found.setdefault(number, []).append((start, last))
        return found

    def search(self, text: str) -> Iterator[tuple[Any, int, int]]:
        """Every owner of an entry with the place of the entry, whole words."""
        for number, spans in self.places(text).items():
            for owner in self.entries[number][1]:
                for start, end in spans:
                    yield owner, start, end


@lru_cache(maxsize=_KEPT)
def _inside_words(text: str) -> list[bool]:
    """For each character whether it is a letter or digit."""
    return [character.isalnum() for character in text]


def _word_end(text: str, place: int) -> int:
    match = _WORD_END.match(text, place)
    return match.end() if match is not None else place


@cache
def negations() -> WordList:
    """The words that turn a claim round, each with its sort: near, sentence or kept."""
    raw = files("app.guardrails").joinpath("data/negations.yaml").read_text(encoding="utf-8")
    found = WordList()
    for sort, entries in yaml.safe_load(raw).items():
        for entry in entries:
            found.add(entry, sort)
    found.close()
    return found


@dataclass
class _Reading:
    """One text with what frames ask of it, worked out when it is asked for."""

    text: str

    @cached_property
    def spaces(self) -> list[int]:
        return [match.start() for match in re.finditer(r"\s", self.text)]

    @cached_property
    def ends(self) -> list[int]:
        return [match.start() for match in _END.finditer(self.text)]

    @cached_property
    def negated(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {"near": [], "sentence": [], "kept": []}
        for sort, start, end in negations().search(self.text):
            found[sort].append((start, end))
        kept = found["kept"]
        for sort in ("near", "sentence"):
            found[sort] = sorted(span for span in found[sort] if not _inside(span, kept))
        return found

    def negations(self, sort: str, start: int, end: int) -> list[Span]:
        """The negations of a sort that begin from `start` to `end`."""
        spans = self.negated[sort]
        return spans[bisect_left(spans, (start, 0)) : bisect_left(spans, (end, 0))]

    def words(self, start: int, end: int) -> int:
        """How many words there are from `start` to `end`."""
        return bisect_left(self.spaces, end) - bisect_left(self.spaces, start) + 1

    def sentence(self, place: int) -> int:
        """The number of the sentence that a place is in."""
        return bisect_left(self.ends, place)

    def begins(self, place: int) -> int:
        """Where the sentence of a place begins."""
        index = bisect_left(self.ends, place)
        return self.ends[index - 1] + 1 if index else 0


@lru_cache(maxsize=_KEPT)
def _reading(text: str) -> _Reading:
    return _Reading(text)


def _inside(span: Span, others: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


class Frames:
    """All frames of a set of rules, ready to look through texts.

    Which frames have a word of every group is worked out for all of them at once, with a bit for each: the
    bits of the first groups lie together, then those of the second, and so on.
    """

    def __init__(self, rules: Sequence[Sequence[FrameLike]]) -> None:
        self._frames = [(rule, frame) for rule, frames in enumerate(rules) for frame in frames]
        self._most = max((len(frame.groups) for _, frame in self._frames), default=0)

    @cached_property
    def _words(self) -> WordList:
        """Made when a text is first looked through: a start need not wait for the lists of every view.
        An owner is a bit: of the frame and the group.
        """
        found = WordList()
        for number, (_, frame) in enumerate(self._frames):
            for group, entries in enumerate(frame.groups):
                for entry in entries:
                    found.add(entry, self._bit(number, group))
        found.close()
        return found

    def _bit(self, number: int, group: int) -> int:
        return group * len(self._frames) + number

    @cached_property
    def _masks(self) -> list[int]:
        """For each entry the bits of its owners."""
        return [sum(1 << bit for bit in set(owners)) for _, owners in self._words.entries]

    @cached_property
    def _absent(self) -> list[int]:
        """For each group the frames that have no such group."""
        frames = [frame for _, frame in self._frames]
        return [
            sum(1 << number for number, frame in enumerate(frames) if len(frame.groups) <= group)
            for group in range(self._most)
        ]

    def _complete(self, places: Mapping[int, Any]) -> Iterator[int]:
        """The frames of which every group has a word among the places."""
        mask = 0
        for entry in places:
            mask |= self._masks[entry]
        frames = (1 << len(self._frames)) - 1
        for group, absent in enumerate(self._absent):
            frames &= (mask >> (group * len(self._frames))) | absent
        return _bits(frames)

    def search(self, text: str, excused: Mapping[int, _Excused]) -> dict[int, list[Span]]:
        """The stretches of `text` that frames match, by rule; words inside an exception do not count."""
        found: dict[int, list[Span]] = {}
        if not self._frames:
            return found
        places = self._words.places(text)
        complete = list(self._complete(places))
        owned = self._owned(places, complete) if complete else {}
        for number in complete:
            rule, frame = self._frames[number]
            groups = [owned[self._bit(number, group)] for group in range(len(frame.groups))]
            if rule in excused:
                groups = [[span for span in spans if not excused[rule].cover(*span)] for spans in groups]
            if all(groups):
                spans = list(_stretches(frame, [sorted(spans) for spans in groups], _reading(text)))
                if spans:
                    found.setdefault(rule, []).extend(spans)
        return found

    def _owned(self, places: Mapping[int, list[Span]], frames: Sequence[int]) -> dict[int, list[Span]]:
        """Where the words of each group of some frames stand, by the bit of frame and group."""
        owned: dict[int, list[Span]] = {
            self._bit(number, group): []
            for number in frames
            for group in range(len(self._frames[number][1].groups))
        }
        wanted = sum(1 << bit for bit in owned)
        for entry, spans in places.items():
            for bit in _bits(self._masks[entry] & wanted):
                owned[bit].extend(spans)
        return owned


def _bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, from the lowest up."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _stretches(frame: FrameLike, groups: list[list[Span]], reading: _Reading) -> Iterator[Span]:
    """Each stretch that has a word of every group, those that overlap an earlier one aside."""
    anchor = min(range(len(groups)), key=lambda number: len(groups[number]))
    done, taken = -1, 0
    for span in groups[anchor]:
        if span[0] < done:
            continue
        chosen = _around(frame, groups, anchor, span, reading)
        if chosen is None:
            continue
        start, end = min(chosen)[0], max(item[1] for item in chosen)
        if not frame.negated and _negated(start, end, chosen, reading):
            continue
        yield start, end
        done, taken = end, taken + 1
        if taken >= MOST_PLACES:
            return


def _around(
    frame: FrameLike, groups: list[list[Span]], anchor: int, span: Span, reading: _Reading
) -> list[Span] | None:
    """For each group the word that lies nearest to the anchor's; None when one is missing."""
    chosen: dict[int, Span] = {anchor: span}
    for number, spans in enumerate(groups):
        if number == anchor:
            continue
        fits = [
            other
            for other in _near(spans, span)
            if _apart(other, chosen.values())
            and (frame.across or reading.sentence(other[0]) == reading.sentence(span[0]))
            and reading.words(min(other[0], span[0]), max(other[1], span[1])) <= frame.within
            and not (frame.ordered and (number < anchor) != (other[0] < span[0]))
        ]
        if not fits:
            return None
        chosen[number] = min(fits, key=lambda other: abs(other[0] - span[0]))
    stretch = list(chosen.values())
    whole = reading.words(min(stretch)[0], max(item[1] for item in stretch))
    return stretch if whole <= frame.within else None


def _near(spans: list[Span], span: Span) -> list[Span]:
    index = bisect_right(spans, span)
    return spans[max(0, index - NEIGHBOURS) : index + NEIGHBOURS]


def _apart(span: Span, others: Any) -> bool:
    return all(span[1] <= other[0] or other[1] <= span[0] for other in others)


def _negated(start: int, end: int, chosen: list[Span], reading: _Reading) -> bool:
    """Whether a negation stands shortly before the stretch or right before one of its words ("cures no
    illness"), or something in its sentence takes it back.
    """
    begins = reading.begins(start)
    if any(not _inside(item, chosen) for item in reading.negations("sentence", begins, end)):
        return True
    near = [span for span in reading.negations("near", begins, end) if not _inside(span, chosen)]
    firsts = {item[0] for item in chosen}
    return any(
        span[1] + 1 in firsts or (span[1] <= start and reading.words(span[1], start) <= BEFORE + 1)
        for span in near
    )
