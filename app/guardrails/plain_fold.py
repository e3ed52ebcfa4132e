"""The plain fold: a text as rules read it, with the way back to the original characters.

It undoes what hides a word from a rule and leaves what people read: compatibility forms, accents and other
combining marks, invisible characters, look-alike letters of other scripts, case, runs of white space,
typographic quotes and dashes. The tables are Unicode's own (categories and NFKD, UAX 15 and 44); look-alikes
come from decancer. What takes more than that to see through is undone in further copies (`fold.shadows`).
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import decancer_py

Edit = tuple[int, int, str]
"""Characters from, to, and what stands there instead."""


@dataclass(frozen=True)
class Folded:
    """A copy of `source` for matching.

    For each character of `text`, `origins` holds the index in the source at which what it came from begins,
    and `ends` the index after it; `ends` is None where each came from one character. `turned` marks a copy
    in which a run was reversed, so that the origins do not rise throughout.
    """

    text: str
    origins: Sequence[int]
    source: str = ""
    ends: tuple[int, ...] | None = None
    turned: bool = False

    def end_of(self, index: int) -> int:
        """The index in the source after what became character `index`."""
        return self.origins[index] + 1 if self.ends is None else self.ends[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that became characters `start` to `end` of the folded text."""
        if not self.origins:
            return 0, 0
        last = len(self.origins) - 1
        start, end = max(0, min(start, last)), max(0, min(end - 1, last))
        if self.turned and start < end:
            between = range(start, end + 1)
            return min(self.origins[start : end + 1]), max(self.end_of(index) for index in between)
        first = self.origins[start]
        return first, max(self.end_of(end), first + 1)

    def part(self, start: int, end: int) -> str:
        """What characters `start` to `end` of the source became, in a copy in which no run was reversed."""
        return self.text[bisect_left(self.origins, start) : bisect_left(self.origins, end)]

    def _each_one_further(self) -> Sequence[int]:
        if isinstance(self.origins, range):
            return range(self.origins.start + 1, self.origins.stop + 1)
        return [index + 1 for index in self.origins]

    def edited(self, edits: Iterable[Edit]) -> "Folded":
        """The copy with other text in some places; the edits come in order and do not overlap.

        Text of the same length is mapped character by character, other text to the whole that it replaces.
        """
        pieces: list[str] = []
        origins: list[int] = []
        ends: list[int] = []
        here = self.ends or self._each_one_further()
        position = 0
        for start, end, new in (*edits, (len(self.text), len(self.text), "")):
            kept = end if len(new) == end - start else start
            pieces += (self.text[position:start], new)
            origins += self.origins[position:kept]
            ends += here[position:kept]
            if kept < end and new:
                origins += [min(self.origins[start:end])] * len(new)
                ends += [max(here[start:end])] * len(new)
            position = end
        return Folded("".join(pieces), tuple(origins), self.source, tuple(ends), self.turned)


_PLAIN = re.compile(r"[ -~]*")
_DOUBLE_SPACE = "  "
_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bc\u02b9\u0060\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212", "-"),
    **dict.fromkeys("\u2122\u00ae\u00a9\u2120", ""),  # trade mark signs belong to no word
    **dict.fromkeys("\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079", ""),  # footnote marks
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", ""),  # Hangul fillers, which show nothing
    "\u2800": " ",  # the empty Braille cell
    "\u2044": "/",
}
_BY_CATEGORY = {
    **dict.fromkeys(("Cf", "Mn", "Me"), ""),  # format characters and combining marks
    **dict.fromkeys(("Zs", "Zl", "Zp"), " "),
    "Cs": "\ufffd",  # a lone surrogate is no character
}
_LATIN = "LATIN "
_LIKE_LATIN = ("CYRILLIC ", "GREEK ", "ARMENIAN ", "CHEROKEE ", "LISU ", "COPTIC ")
_LETTER_SIGNS = ("NEGATIVE CIRCLED LATIN", "NEGATIVE SQUARED LATIN", "REGIONAL INDICATOR")
_BRACKETED = ("PARENTHESIZED LATIN", "TORTOISE SHELL BRACKETED LATIN")
_PASSING = frozenset("аеорсухіјѕһԁԛԝкмтвнӏүԍ" + "αβεζηικμνορτυχγ" + "0123456789")
"""Cyrillic and Greek letters that pass for Latin ones in a word that has nothing else."""
_CAPITALS = {"Η": "h", "Μ": "m", "Ν": "n", "Υ": "y"}
"""Greek capitals that look like other Latin letters than their small ones do."""
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ASCII_LETTER = re.compile(r"[a-z]")


@lru_cache(maxsize=1)
def _empty() -> Folded:
    return Folded("", ())


def fold(text: str) -> Folded:
    """The plain fold of `text`: linear in its length, never an exception, and stable when folded again."""
    if not text:
        return _empty()
    if _PLAIN.fullmatch(text) and _DOUBLE_SPACE not in text and "`" not in text:
        return Folded(text.lower(), range(len(text)), text)
    letters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for folded in _character(character):
            if folded == " " and letters and letters[-1] == " ":
                continue
            letters.append(folded)
            origins.append(index)
    return _undo_look_alikes("".join(letters), tuple(origins), text)


@lru_cache(maxsize=8192)
def _character(character: str) -> str:
    """What one character folds to: nothing, itself in lower case, or several characters."""
    current = character
    for _ in range(4):  # each step may uncover another; no character of Unicode needs more than three
        step = "".join(_step(item) for item in current)
        if step == current:
            break
        current = step
    return current


def _step(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character)
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    if category == "Cc":
        return " " if character.isspace() else ""
    if category == "So" and (letter := _letter_sign(character)):
        return letter
    decimal = unicodedata.decimal(character, None)
    folded = unicodedata.normalize("NFKD", character).casefold() if decimal is None else str(decimal)
    if category == "No" and "\u2044" in folded:
        return " " + folded.replace("\u2044", "/")
    return _latin(folded) if folded == character and not character.isascii() else folded


def _letter_sign(character: str) -> str:
    """The letter of a symbol that is a letter in a shape, where NFKD has none or leaves the shape in."""
    name = unicodedata.name(character, "")
    if name.startswith(_BRACKETED):
        return unicodedata.normalize("NFKD", character)[1].casefold()
    return _look_alike(character) if name.startswith(_LETTER_SIGNS) else ""


def _latin(character: str) -> str:
    """A Latin letter beyond ASCII (stroke, small capital, ligature) as the ASCII letters it reads as."""
    if character.isalpha() and unicodedata.name(character, "").startswith(_LATIN):
        return _look_alike(character) or character
    return character


@lru_cache(maxsize=4096)
def _look_alike(character: str) -> str:
    """The ASCII letters or digits that `character` is mistaken for; empty when there are none."""
    try:
        cured = str(decancer_py.parse(character))
    except ValueError:
        return ""
    return cured if _ASCII_WORD.fullmatch(cured) else ""


@lru_cache(maxsize=4096)
def foreign_look_alike(character: str) -> str:
    """The ASCII letters that a letter of a script with such look-alikes is mistaken for, or nothing."""
    if character.isascii() or not unicodedata.name(character, "").startswith(_LIKE_LATIN):
        return ""
    return _look_alike(character)


def _undo_look_alikes(text: str, origins: Sequence[int], source: str) -> Folded:
    """Replace letters of other scripts in words that mix scripts, or that pass for Latin altogether."""
    if text.isascii():
        return Folded(text, origins, source)
    pieces: list[str] = []
    mapped: list[int] = []
    position = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        likes = [
            _CAPITALS.get(source[origins[index]]) or foreign_look_alike(text[index])
            for index in range(*match.span())
        ]
        mixed = _ASCII_LETTER.search(word) is not None
        if not any(likes) or not (mixed or _PASSING.issuperset(word)):
            continue
        pieces.append(text[position : match.start()])
        mapped.extend(origins[position : match.start()])
        for offset, (character, like) in enumerate(zip(word, likes, strict=True)):
            replaced = like or character
            pieces.append(replaced)
            mapped.extend([origins[match.start() + offset]] * len(replaced))
        position = match.end()
    pieces.append(text[position:])
    mapped.extend(origins[position:])
    return Folded("".join(pieces), tuple(mapped), source)
