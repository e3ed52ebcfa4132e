"""French words. Elided ones are taken apart ("l'aventure"), and plurals and feminine forms to their stem."""

import functools
import re

from app.guardrails.lexicon import word_list
from app.guardrails.terms.lexicon import LONGEST, Lexicon, counted, nearest_word

_ELIDED = re.compile(r"^(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu|entr)'")
_ENDINGS = re.compile(r"(?:es|s|x|e)$")
_RAREST = {2: 3000, 3: 1000}
"""How often a listed word of two or three letters must occur: lists hold many that nobody writes."""
_LETTERS = frozenset("aàyôtlmnsdjcqu")


@functools.cache
def _listed() -> frozenset[str]:
    counts = counted("fr")
    usual = {word for word, count in counts.items() if count >= _RAREST.get(len(word), 0) and len(word) > 1}
    return frozenset(usual | word_list("words_fr.txt"))


def _plain(word: str) -> bool:
    words = _listed()
    spelt = word.replace("œ", "oe").replace("æ", "ae")
    if word in words or spelt in words or (len(word) == 1 and word in _LETTERS):
        return True
    stem = _ENDINGS.sub("", spelt)
    return len(stem) > len(_RAREST) and stem in words


@functools.lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether `word` (lower case, straight apostrophes) is spelt right."""
    if len(word) > LONGEST:
        return False
    if _plain(word):
        return True
    rest = _ELIDED.sub("", word)
    return rest != word and (not rest or _plain(rest))


@functools.lru_cache(maxsize=2_000)
def suggestion(word: str) -> str:
    """The common word nearest to `word`; empty when none is near."""
    return nearest_word(_ELIDED.sub("", word), "fr")


LEXICON = Lexicon(is_word, suggestion)
