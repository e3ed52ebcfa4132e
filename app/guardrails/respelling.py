"""Which dictionary word a disguised one stands for: letters doubled, swapped, or written as digits and signs.

A word that the dictionary knows is never touched, and of several words that one may stand for the most common
is taken. The words are those of `lexicon`.
"""

import functools
import itertools
import math
import re
from importlib.resources import files

from app.guardrails import lexicon
from app.guardrails.plain_fold import fold

LONGEST = lexicon.LONGEST
_RUN = re.compile(r"(.)\1*")
_DOUBLED = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1\1")
_SHORTEST_DOUBLED = 5
"""Letters of a word in which a letter written twice may be one too many; a letter written three times is
one too many in any."""
_SHORTEST_SWAPPED = 4
_COMMON = {4: 5000, 5: 50}
"""How often a word of four, or of five and more letters must occur in the lexicon's corpus of two billion
words to be what two swapped letters hid: rarer ones are near too many names."""
_SIGNS = dict(zip("0234578@$+€¢¥§†#", "ozeastbastecysth", strict=True)) | dict(
    zip("169!|£", ("il", "gb", "gq", "il", "li", "le"), strict=True)
)
"""The letters that a digit or sign is written for, the likeliest first."""
SIGNS = frozenset(_SIGNS)
_MOST_UNSURE = 6
"""Signs of one word for which each letter is tried; further ones are read as the likeliest."""
_MOST_RESPELT = 4
_INSIDE = re.compile(r"[a-z][0134578$€]+[a-z]")
_FEWEST_LETTERS = 3
_LONGEST_SEGMENT = 20
_LONGEST_SEGMENTED = 1_000
"""Letters without a gap that are told apart by the dictionary; no reader would."""


def respelt(word: str) -> str:
    """The likeliest word that `word` (lower case) is or hides; empty when none is."""
    found = spellings(word)
    return found[0] if found else ""


@functools.lru_cache(maxsize=20_000)
def spellings(word: str) -> tuple[str, ...]:
    """The word itself if it is one, or else what it hides by letters repeated or swapped, likeliest first."""
    if len(word) > LONGEST:
        return ()
    if lexicon.is_word(word) or word in _of_other_languages():
        return (word,)
    if "'" in word:
        return _without_apostrophe(word)
    stretched = _LONG_RUN.search(word) is not None
    unrepeated = _unrepeated(word, stretched=stretched)
    swapped = set() if stretched and unrepeated else _unswapped(_single(word) if stretched else word)
    if unrepeated and swapped:  # the likeliest of each, for either may be what was done
        return tuple(sorted((min(unrepeated, key=_rank), min(swapped, key=_rank)), key=_rank))
    return tuple(sorted(unrepeated | swapped, key=_rank)[:2])


@functools.cache
def _of_other_languages() -> frozenset[str]:
    """Common words of other languages, folded: "geen" is Dutch and hides no "gene"."""
    text = files("app.guardrails").joinpath("data/language_words.txt").read_text(encoding="utf-8")
    lines = [line.partition(":")[2] for line in text.splitlines() if not line.startswith("#")]
    return frozenset(fold(" ".join(lines)).text.split())


def _rank(word: str) -> tuple[int, str]:
    """The commonest word first."""
    return -lexicon.commonness(word), word


def _without_apostrophe(word: str) -> tuple[str, ...]:
    bare = word.replace("'", "")
    if len(bare) >= _SHORTEST_SWAPPED and lexicon.is_word(bare):
        return (bare,)
    stem, _, tail = word.rpartition("'")
    return tuple(f"{known}'{_single(tail)}" for known in (spellings(stem) if stem else ()))


def _single(word: str) -> str:
    """The word with each run of a letter as one letter."""
    return _DOUBLED.sub(r"\1", word)


def _runs(word: str) -> list[int]:
    return [len(match[0]) for match in _RUN.finditer(word)]


@functools.cache
def _by_single_letters() -> dict[str, tuple[str, ...]]:
    """The words that have a double letter, by how they are written without."""
    found: dict[str, tuple[str, ...]] = {}
    for word in lexicon.words():
        if (single := _single(word)) != word:
            found[single] = (*found.get(single, ()), word)
    return found


def _unrepeated(word: str, *, stretched: bool) -> set[str]:
    """The words of which `word` repeats letters."""
    single = _single(word)
    if single == word or (not stretched and len(word) < _SHORTEST_DOUBLED):
        return set()
    most = _runs(word)
    return {
        known
        for known in (single, *_by_single_letters().get(single, ()))
        if all(few <= many for few, many in zip(_runs(known), most, strict=True)) and lexicon.is_word(known)
    }


def _unswapped(word: str) -> set[str]:
    """The common words of which `word` has two neighbouring letters swapped; a short one keeps its first."""
    size = len(word)
    if size < _SHORTEST_SWAPPED:
        return set()
    least = _COMMON[min(size, max(_COMMON))]
    swapped = {
        word[:index] + word[index + 1] + word[index] + word[index + 2 :]
        for index in range(int(size == _SHORTEST_SWAPPED), size - 1)
        if word[index] != word[index + 1]
    }
    return {known for known in swapped if lexicon.commonness(known) >= least}


@functools.lru_cache(maxsize=20_000)
def unsigned(token: str) -> str:
    """The word that `token` writes with digits and signs for letters ("c4ncer", "cur3$"); empty when none."""
    if len(token) > LONGEST:
        return ""
    readings = _readings(token)
    known = [word for word in readings if lexicon.commonness(word)]
    if known:
        return max(known, key=lexicon.commonness)
    return next((found for word in readings[:_MOST_RESPELT] if (found := respelt(word))), "")


def _readings(token: str) -> list[str]:
    unsure = 0
    choices = []
    for character in token:
        letters = _SIGNS.get(character, character)
        unsure += len(letters) > 1
        choices.append(letters if unsure <= _MOST_UNSURE else letters[0])
    return ["".join(letters) for letters in itertools.product(*choices)]


def letters_for_signs(token: str) -> str:
    """The token with the likeliest letter for each sign, where signs stand among letters as in no word, code
    or quantity; for words that the dictionary does not have. Empty otherwise.
    """
    letters = sum(character.isalpha() for character in token)
    if letters < _FEWEST_LETTERS or not _INSIDE.search(token):
        return ""
    return "".join(_SIGNS.get(character, character)[0] for character in token)


def segmented(letters: str) -> tuple[int, ...]:
    """Where words begin in letters that stand without gaps, by the likeliest words; empty when unclear."""
    if len(letters) > _LONGEST_SEGMENTED or (len(letters) <= LONGEST and lexicon.is_word(letters)):
        return ()
    known = lexicon.words()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(letters) + 1):
        options = [
            (best[start][0] + math.log(lexicon.commonness(word) / lexicon.CORPUS_WORDS), start)
            for start in range(max(0, end - _LONGEST_SEGMENT), end)
            if (word := letters[start:end]) in known
        ]
        best.append(max(options, default=(-math.inf, end - 1)))
    if best[-1][0] == -math.inf:
        return ()
    cuts, position = [], len(letters)
    while (position := best[position][1]) > 0:
        cuts.append(position)
    return tuple(reversed(cuts))
