"""Near-duplicates: of other variants, of examples shown to the model, of approved copy, of the field before.

Texts are compared as sets of words with a fuzzy ratio; tokens count as words. The threshold was measured on
pairs of approved lines: rewordings of one thought stay under it, copies with a word changed lie over it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.verdicts.reports import Family, Finding

NEAR = 88.0
"""Score from which two texts count as the same."""
ADDS_ENOUGH = 10
"""Words from which on a field that takes up another one adds something to it."""
SHORT_WORDS = 3
"""Texts of at most so many words are the same only when all words are."""
_WORD = re.compile(r"\{[^{}]*\}|[^\W_]+(?:'[^\W_]+)*")


@lru_cache(maxsize=16_384)  # every new line is compared with all approved copy of its kind
def words(text: str) -> str:
    """The folded words of a text, tokens kept, marks dropped."""
    return " ".join(_WORD.findall(fold(text).text))


def likeness(first: str, second: str, *, at_least: float = 0.0) -> float:
    """How alike two texts are, from 0 to 100, order of words aside only where the lengths agree.

    With `at_least` a lower value may come out as 0, which is found out sooner.
    """
    one, two = words(first), words(second)
    if not one or not two:
        return 0.0
    if one == two:
        return 100.0
    if 200 * min(len(one), len(two)) < at_least * (len(one) + len(two)):
        return 0.0  # so unlike in length that no ratio can reach it
    if min(one.count(" "), two.count(" ")) < SHORT_WORDS:
        return 99.0 if sorted(one.split()) == sorted(two.split()) else 0.0
    as_written = fuzz.ratio(one, two, score_cutoff=at_least)
    return max(as_written, fuzz.token_sort_ratio(one, two, score_cutoff=at_least) - 1.0, 0.0)


@lru_cache(maxsize=1024)  # approved copy of a kind is the same for every new line
def _sorted_words(texts: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The folded words of each text as they stand, and sorted."""
    found = [words(text) for text in texts]
    return found, [" ".join(sorted(one.split())) for one in found]


def nearest(text: str, rivals: tuple[str, ...]) -> tuple[float, int] | None:
    """How alike the nearest of `rivals` is, with its number, if it is alike from NEAR on.

    Two passes in C leave the few that `likeness` is then asked about; the first of equals is named.
    """
    as_written, in_order = _sorted_words(rivals)
    own = words(text)
    candidates = {number for _, _, number in _over(own, as_written, NEAR)}
    candidates |= {number for _, _, number in _over(" ".join(sorted(own.split())), in_order, NEAR)}
    found = [(likeness(text, rivals[number], at_least=NEAR), -number) for number in candidates]
    score, place = max(found, default=(0.0, 0))
    return (score, -place) if score >= NEAR else None


def _over(own: str, others: list[str], least: float) -> list[tuple[str, float, int]]:
    return process.extract(own, others, scorer=fuzz.ratio, score_cutoff=least, limit=None) if own else []


def _same_words(first: str, second: str) -> bool:
    """Whether the shorter text stands whole in the longer one, and the longer adds little."""
    one, two = sorted((words(first), words(second)), key=len)
    if two.count(" ") - one.count(" ") >= ADDS_ENOUGH:
        return False
    return one.count(" ") >= SHORT_WORDS - 1 and f" {one} " in f" {two} "


def check(piece: Piece, _context: Context) -> Iterator[Finding]:
    """The nearest rival that is too near, and each other field of the variant that says the same."""
    whole = (0, len(piece.text))
    near = nearest(piece.text, tuple(text for _, text in piece.rivals))
    if near is not None:
        hint = "use that one as it is, or say something else"
        yield GUARDRAIL.finding(piece, whole, f"this repeats {piece.rivals[near[1]][0]}", hint)
    for name, text in piece.siblings.items():
        if name != piece.name and (likeness(piece.text, text) >= NEAR or _same_words(piece.text, text)):
            yield GUARDRAIL.finding(
                piece, whole, f"this repeats the field '{name}'", "let this field add something"
            )


GUARDRAIL = Guardrail(
    id="duplicate",
    family=Family.BRAND,
    categories=("duplicate",),
    summary="Variants differ from one another, from the examples, from approved copy, and field from field.",
    source="house rule",
    check=check,
)
