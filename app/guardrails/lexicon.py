"""English words: which are spelt right, and what a misspelt one probably meant.

The word list is that of pyspellchecker (American, without the misspellings of the web). British spellings
follow from American ones by rule, and data/words_en.txt adds words of the trade that the list is too old
for. Loaded on first use and kept.
"""

import functools
import re
from collections.abc import Mapping
from importlib.resources import files

from app.guardrails.nearest import NearestWord

RAREST = {3: 4000, 4: 300}
"""How often a listed word of three or four letters must occur in the list's corpus of two billion words:
word lists hold many short words that nobody writes ("wae", "yobs"), and letter salad hits them. Of one and
two letters only data/words_en.txt counts."""
LONGEST = 40
"""Letters of the longest run that is looked up: no English word is longer, and looking costs time."""
COMMON = 300
"""How often a word must occur to be offered as a suggestion."""

CORPUS_WORDS = 2_000_000_000
"""Words of the corpus in which the list's words were counted, roughly."""

_BRITISH = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        (r"our(s|ed|ing|ite|ites|able|ful|less|hood|ly|y)?$", r"or\1"),
        (r"is(e|es|ed|ing|er|ers|ation|ations|able)$", r"iz\1"),
        (r"ys(e|es|ed|ing|er|ers)$", r"yz\1"),
        (r"(t|b)re(s|d)?$", r"\1er\2"),
        (r"(t|b)red$", r"\1ered"),
        (r"ll(ed|ing|er|ers|ery|ist|ous)$", r"l\1"),
        (r"ogue(s|d)?$", r"og\1"),
        (r"ence(s)?$", r"ense\1"),
        (r"^(m|sm)ould", r"\1old"),
        (r"ae|oe", "e"),
        (r"l(ful|ment)", r"ll\1"),
        (r"grey", "gray"),
        (r"^tyre", "tire"),
        (r"jewellery", "jewelry"),
        (r"storey", "story"),
        (r"cosy|cosi", lambda match: match[0].replace("s", "z")),
    )
)
_POSSESSIVE = re.compile(r"('s|s'|')$")


def word_list(name: str) -> frozenset[str]:
    """The words of a file in data/: any number a line, `#` begins a comment line."""
    lines = files("app.guardrails").joinpath("data", name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@functools.cache
def _lists() -> tuple[frozenset[str], tuple[str, ...], Mapping[str, int]]:
    """Every accepted word, the common ones among them from the most frequent down, and the list's counts."""
    from spellchecker import SpellChecker

    counts = SpellChecker(language="en").word_frequency.dictionary
    usual = {word for word, count in counts.items() if len(word) > 2 and count >= RAREST.get(len(word), 0)}
    words = frozenset((usual | word_list("words_en.txt")) - word_list("misspellings_en.txt"))
    common = sorted((word for word in words if counts[word] >= COMMON), key=lambda word: -counts[word])
    return words, tuple(common), counts


def words() -> frozenset[str]:
    """Every accepted word as it is listed, without the British spellings that follow by rule."""
    return _lists()[0]


def commonness(word: str) -> int:
    """How often `word` (lower case) occurs in the list's corpus; 1 if it is a word that was not counted, and
    0 if it is none.
    """
    known, _, counts = _lists()
    if word in known:
        return max(counts.get(word, 0), 1)
    return int(len(word) <= LONGEST and _listed(word))


def _listed(word: str) -> bool:
    words = _lists()[0]
    if word in words:
        return True
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3 and word[:-1] in _data_words():
        return True
    return any(_american(word, words))


@functools.cache
def _data_words() -> frozenset[str]:
    return word_list("words_en.txt")


def _american(word: str, words: frozenset[str]) -> list[bool]:
    return [
        True
        for pattern, american in _BRITISH
        if len(word) > 3 and pattern.search(word) and pattern.sub(american, word) in words
    ]


@functools.lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether `word` (lower case, straight apostrophes) is spelt right in American or British English."""
    if len(word) > LONGEST:
        return False
    if _listed(word):
        return True
    stem = _POSSESSIVE.sub("", word)
    if stem != word:
        return is_word(stem) or is_word(stem + "s")
    return False


@functools.cache
def _common() -> NearestWord:
    return NearestWord(_lists()[1])


@functools.lru_cache(maxsize=2_000)
def suggestion(word: str) -> str:
    """The common word nearest to `word`, or two words that were glued together; empty when none is near."""
    if len(word) > LONGEST:
        return ""
    near = _common().to(word, most=1 if len(word) < 5 else 2)
    if near and near[1] < 2:
        return near[0]
    for cut in range(3, len(word) - 2):
        if is_word(word[:cut]) and is_word(word[cut:]):
            return f"{word[:cut]} {word[cut:]}"
    return near[0] if near else ""
