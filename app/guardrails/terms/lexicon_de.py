"""German words. Compounds are taken apart, since no list holds them all; endings are taken off.

A part of a compound has four letters at least, so that letter salad finds none that fit.
"""

import functools
import re

from app.guardrails.lexicon import word_list
from app.guardrails.terms.lexicon import LONGEST, Lexicon, counted, nearest_word

_SHORTEST_PART = 4
_MOST_PARTS = 3
_LINKS = ("", "s", "n", "en", "es", "er", "e", "ns")
_SHORT_PARTS = word_list("short_parts_de.txt")
"""Words of three letters that begin or end compounds."""
_PREFIXES = re.compile(
    r"^(?:ab|an|auf|aus|bei|durch|ein|fest|frei|her|heraus|herum|hin|hinaus|los|mit|nach|über|um|unter|vor"
    r"|vorbei"
    r"|weg|weiter|wieder|zu|zurück|zusammen|un|ge|be|ver|zer|ent|er)(zu|ge)?"
)
_ENDINGS = re.compile(r"(?:e[mnrs]?|n|s|st|t|te|ten|end|ende[mnrs]?)$")
_RAREST = 300
"""How often a listed word of three letters or less must occur: word lists hold many that nobody writes."""
_SHORT = 3


@functools.cache
def _listed() -> frozenset[str]:
    counts = counted("de")
    usual = {word for word, count in counts.items() if len(word) > _SHORT or count >= _RAREST}
    return frozenset(usual | word_list("words_de.txt") | _SHORT_PARTS)


def _plain(word: str) -> bool:
    """Whether the word, or what is left without its ending, is listed; Swiss copy writes ss for ß."""
    words = _listed()
    if word in words or ("ss" in word and word.replace("ss", "ß") in words):
        return True
    stem = _ENDINGS.sub("", word)
    return len(stem) >= _SHORTEST_PART and (stem in words or stem + "e" in words or stem + "en" in words)


def _verb(word: str) -> bool:
    """Whether the word is another one behind a separable prefix, with `zu` or `ge` between them."""
    match = _PREFIXES.match(word)
    if match is None:
        return False
    rest = word[match.end() :]
    return len(rest) >= _SHORTEST_PART and (_plain(rest) or (match[1] == "ge" and _plain("ge" + rest)))


def _compound(word: str, parts: int) -> bool:
    """Whether the word is made of up to so many known ones."""
    if parts < 2:
        return False
    for cut in range(len(word) - _SHORT, _SHORT - 1, -1):
        head, tail = word[:cut], word[cut:]
        if not (
            _part(head) or any(link and head.endswith(link) and _part(head[: -len(link)]) for link in _LINKS)
        ):
            continue
        if (len(tail) >= _SHORTEST_PART or tail in _SHORT_PARTS) and (_plain(tail) or _verb(tail)):
            return True
        if _compound(tail, parts - 1):
            return True
    return False


def _part(head: str) -> bool:
    return head in _SHORT_PARTS or (len(head) >= _SHORTEST_PART and head in _listed())


@functools.lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether `word` (lower case) is spelt right."""
    if len(word) > LONGEST:
        return False
    return _plain(word) or _verb(word) or _compound(word, _MOST_PARTS)


@functools.lru_cache(maxsize=2_000)
def suggestion(word: str) -> str:
    """The common word nearest to `word`; empty when none is near."""
    return nearest_word(word, "de")


LEXICON = Lexicon(is_word, suggestion)
