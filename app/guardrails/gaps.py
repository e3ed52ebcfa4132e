"""Words that are taken apart or tied together: "c u r e s", "c.u.r.e.s", "cu-res", "cu**res", "cures_it"."""

import itertools
import re
from collections.abc import Iterator

from app.guardrails.lexicon import is_word
from app.guardrails.plain_fold import Edit, Folded
from app.guardrails.respelling import LONGEST, SIGNS, respelt, segmented

_SIGN = r"[.\-_*/|,~+·•:;=^]"
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
SPACED_OUT = re.compile(
    rf"{_START}(?:\S(?: \S){{3,}}|\S(?P<same>{_SIGN}).(?:(?P=same).){{2,}}"
    rf"|[^\W_](?:[.\-,] [^\W_]){{3,}}|[^\W_](?:{_SIGN}[^\W_]){{3,}}){_END}"
)
"""Four characters or more with a gap or a sign after each; `_spaced_out` asks for letters."""
_GAPS = re.compile(rf" \S \S |{_SIGN}.{_SIGN}.{_SIGN}|[.\-,] .[.\-,] ", re.DOTALL)
"""What every match of `SPACED_OUT` holds, and little copy does."""
_SHORT = re.compile(rf"{_START}[^\W_](?:([ ]|{_SIGN})[^\W_])(?:\1[^\W_])?{_END}")
"""Two or three letters with gaps: a word only where longer words stand so ("t.w.o r.o.o.m.s")."""
_TRAILING = re.compile(rf"{_SIGN}(?= \w)")
_LETTERS = re.compile(r"[^\W\d_]+")
_SPELT = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_PART = r"[^\W\d_]{1,40}(?:'[^\W\d_]{1,20})?"
_COMPOUND = re.compile(rf"(?<![^\W\d_']){_PART}(?:[-_*~.|/+=^:]{{1,4}}{_PART}){{1,60}}")
_MOST_PARTS = 6
"""Parts of one word that are written together; a word of one letter a part is found as spaced out."""
_SPELLING = SIGNS - frozenset("+|")
"""Signs that stand for letters; the two others are gaps more often."""
_MARKS = frozenset("*~|+=^")
_EMPHASIS = re.compile(r"(?<=[^\W_])[*~_]++(?![^\W_])|(?<![^\W_]|[*~_])[*~_]++(?=[^\W_])")
_SHORTEST = 4
"""Letters of a word that is written together; shorter ones are abbreviations more often ("U.S.", "K-9")."""


def is_spaced_out(text: str) -> bool:
    """Whether characters stand with gaps between them."""
    return _GAPS.search(text) is not None and SPACED_OUT.search(text) is not None


def without_gaps(copy: Folded) -> list[Edit]:
    """Spaced-out words written together.

    A gap that is wider in the original than the narrowest of its run, or a new line, stays as the space
    between two words; where all gaps are alike, the dictionary says where words end.
    """
    runs = [match for match in SPACED_OUT.finditer(copy.text) if _spells(match[0])]
    if not runs:
        return []
    signs = {match[0][1] for match in runs}
    spans = [(match.start(), match.end()) for match in runs]
    rests = zip(
        [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(copy.text)], strict=True
    )
    for start, end in tuple(rests):
        spans += [match.span() for match in _SHORT.finditer(copy.text, start, end) if match[1] in signs]
    return [edit for start, end in sorted(spans) for edit in _closed_up(copy, start, end)]


def _spells(run: str) -> bool:
    letters = sum(character.isalpha() for character in run)
    signs = sum(character in _SPELLING for character in run)
    enough = letters >= 3 or (letters > 0 and letters + signs >= _SHORTEST)
    return enough and 3 * (letters + signs) >= len(run)


def _closed_up(copy: Folded, start: int, end: int) -> Iterator[Edit]:
    text = copy.text
    step = 3 if text[start + 2] == " " and text[start + 1] != " " and (end - start) % 3 == 1 else 2
    gaps = list(range(start + 1, end, step))
    widths = [abs(copy.origins[gap + step - 1] - copy.origins[gap]) for gap in gaps]
    narrowest = min(widths)
    wide = {
        gap
        for gap, width in zip(gaps, widths, strict=True)
        if text[gap] == " " and (width > narrowest or copy.source[copy.origins[gap]] in "\r\n")
    }
    if not _all_words(text, [start, *(gap + step - 1 for gap in gaps if gap in wide), end], step):
        wide = _word_ends(text, start, end, step) or wide
    for gap in gaps:
        yield gap, gap + step - 1, " " if gap in wide else ""
    if step == 2 and text[start + 1] != " " and (after := _TRAILING.match(text, end)):
        yield end, after.end(), ""


def _all_words(text: str, starts: list[int], step: int) -> bool:
    """Whether the wide gaps leave words between them."""
    pieces = (text[start:end:step] for start, end in itertools.pairwise(starts))
    return all(respelt(match[0]) for piece in pieces for match in _SPELT.finditer(piece))


def _word_ends(text: str, start: int, end: int, step: int) -> set[int]:
    """The gaps at which words end, where nothing but the dictionary tells."""
    joined = text[start:end:step]
    if not SIGNS.isdisjoint(joined):
        return set()
    return {
        start + 1 + step * (match.start() + cut - 1)
        for match in _LETTERS.finditer(joined)
        for cut in segmented(match[0])
    }


def joined(copy: Folded) -> list[Edit]:
    """Words with signs inside written together, and words with signs between them taken apart."""
    return [*_emphasis(copy), *_compounds(copy, bold=True)]


def joined_in_part(copy: Folded) -> list[Edit]:
    """The same, with words left apart that are words on their own ("hand-made", but also "hi-red")."""
    return [*_emphasis(copy), *_compounds(copy, bold=False)]


def _emphasis(copy: Folded) -> Iterator[Edit]:
    """Signs of emphasis at the edges of words left out; an underscore after a sign is a space ("so,_now")."""
    text = copy.text
    for match in _EMPHASIS.finditer(text):
        around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        tied = len(around) == 2 and " " not in around and set(match[0]) == {"_"}
        yield match.start(), match.end(), " " if tied else ""


def _compounds(copy: Folded, *, bold: bool) -> Iterator[Edit]:
    for match in _COMPOUND.finditer(copy.text):
        yield from _parts(match, bold=bold)


def _parts(match: re.Match[str], *, bold: bool) -> Iterator[Edit]:
    parts = [(found.start(), found.end()) for found in re.finditer(_PART, match[0])]
    first = 0
    while first < len(parts):
        last = _together(match[0], parts, first, bold=bold)
        for index in range(first, min(last + 1, len(parts) - 1)):
            start, end = parts[index][1], parts[index + 1][0]
            sign = match[0][start:end]
            new = "" if index < last else _apart(match[0], parts, index, sign)
            if new != sign:
                yield match.start() + start, match.start() + end, new
        first = last + 1


def _together(text: str, parts: list[tuple[int, int]], first: int, *, bold: bool) -> int:
    """The last of the parts that make one word with `first`; `first` itself when none do."""
    for last in range(min(first + _MOST_PARTS, len(parts)) - 1, first, -1):
        pieces = [text[start:end] for start, end in parts[first : last + 1]]
        word = "".join(pieces)
        if not _SHORTEST <= len(word) <= LONGEST:
            continue
        if bold and is_word(word) if all(map(is_word, pieces)) else respelt(word):
            return last
    return first


def _apart(text: str, parts: list[tuple[int, int]], index: int, sign: str) -> str:
    """What stands between two parts that make no word: a hyphen, a space, or nothing in an unknown word."""
    if set(sign) == {"-"}:
        return "-"
    if not set(sign) <= _MARKS | {"_"}:
        return sign
    if set(sign) == {"_"}:
        return " "
    left, right = (text[slice(*parts[at])] for at in (index, index + 1))
    return " " if respelt(left) and respelt(right) else ""
