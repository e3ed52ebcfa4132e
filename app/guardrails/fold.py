"""Folding: shadow copies of a text on which rules match, with the way back to the original characters.

The plain fold undoes what hides a word from a rule and leaves what people read: compatibility forms, accents
and other combining marks, invisible characters, look-alike letters of other scripts, case, runs of white
space, typographic quotes and dashes. The tables are Unicode's own (categories and NFKD, UAX 15 and 44);
look-alikes come from decancer. A further disguise is a further function in `_DISGUISES`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

import decancer_py


@dataclass(frozen=True)
class Folded:
    """A folded text; `origins` holds, for each of its characters, the index of the one it came from."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that became characters `start` to `end` of the folded text."""
        if not self.origins:
            return 0, 0
        last = len(self.origins) - 1
        first = self.origins[max(0, min(start, last))]
        return first, max(self.origins[max(0, min(end - 1, last))], first) + 1


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
_PASSING = frozenset("аеорсухіјѕһԁԛԝкмтвнӏүԍ" + "αβεζηικμνορτυχγ" + "0123456789")
"""Cyrillic and Greek letters that pass for Latin ones in a word that has nothing else."""
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
        return Folded(text.lower(), tuple(range(len(text))))
    letters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for folded in _character(character):
            if folded == " " and letters and letters[-1] == " ":
                continue
            letters.append(folded)
            origins.append(index)
    return _undo_look_alikes("".join(letters), tuple(origins))


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
    if category == "So" and unicodedata.name(character, "").startswith(_LETTER_SIGNS):
        return _look_alike(character) or character
    decimal = unicodedata.decimal(character, None)
    folded = unicodedata.normalize("NFKD", character).casefold() if decimal is None else str(decimal)
    if category == "No" and "\u2044" in folded:
        return " " + folded.replace("\u2044", "/")
    return _latin(folded) if folded == character and not character.isascii() else folded


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
def _foreign_look_alike(character: str) -> str:
    if character.isascii() or not unicodedata.name(character, "").startswith(_LIKE_LATIN):
        return ""
    return _look_alike(character)


def _undo_look_alikes(text: str, origins: tuple[int, ...]) -> Folded:
    """Replace letters of other scripts in words that mix scripts, or that pass for Latin altogether."""
    if text.isascii():
        return Folded(text, origins)
    pieces: list[str] = []
    mapped: list[int] = []
    position = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        likes = [_foreign_look_alike(character) for character in word]
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
    return Folded("".join(pieces), tuple(mapped))


_SPACED_OUT = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .\-_*/|,~+]|[.\-] )[^\W\d_])(?:\1[^\W\d_]){2,}(?![^\W_])")


def _without_separators(folded: Folded) -> Folded | None:
    """A copy in which spaced-out words ("c u r e s", "c.u.r.e") are written together, if there are any.

    A gap that is wider in the original than the narrowest of its run stays as the space between two words.
    """
    text, origins = folded.text, folded.origins
    keep = bytearray(b"\x01") * len(text)
    found = False
    for match in _SPACED_OUT.finditer(text):
        found = True
        gaps = [index for index in range(*match.span()) if not text[index].isalpha()]
        narrowest = min(origins[index + 1] - origins[index] for index in gaps)
        for index in gaps:
            keep[index] = text[index] == " " and origins[index + 1] - origins[index] > narrowest
    if not found:
        return None
    return Folded("".join(compress(text, keep)), tuple(compress(origins, keep)))


_DISGUISES: tuple[Callable[[Folded], Folded | None], ...] = (_without_separators,)


def shadows(text: str) -> tuple[Folded, ...]:
    """Every copy of `text` that rules read: the plain fold first, then one for each disguise it wears."""
    return shadows_of(fold(text))


def shadows_of(plain: Folded) -> tuple[Folded, ...]:
    """The same for a text that was folded already."""
    return (plain, *(copy for undo in _DISGUISES if (copy := undo(plain)) is not None))
