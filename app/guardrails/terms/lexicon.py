"""What a word check needs of a language, and the word lists of pyspellchecker that stand behind it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from app.guardrails.nearest import NearestWord

LONGEST = 40
"""Letters of the longest run that is looked up: looking longer ones up costs time and finds nothing."""
COMMON = 300
"""How often a word must occur in the list's corpus to be offered as a suggestion."""


@dataclass(frozen=True)
class Lexicon:
    """Which words of a language are spelt right, and what a misspelt one probably meant, all in lower case.

    `folded` says that words come with their accents undone, as in folded text.
    """

    is_word: Callable[[str], bool]
    suggestion: Callable[[str], str]
    folded: bool = False


@functools.cache
def counted(language: str) -> dict[str, int]:
    """The words of a list with how often they occur. Loading takes about a second, once."""
    from spellchecker import SpellChecker

    return dict(SpellChecker(language=language).word_frequency.dictionary)


@functools.cache
def common(language: str) -> tuple[str, ...]:
    """The words that are offered as suggestions, from the most frequent down."""
    counts = counted(language)
    return tuple(sorted((w for w, n in counts.items() if n >= COMMON), key=lambda word: -counts[word]))


def nearest_word(word: str, language: str) -> str:
    """The common word that is one change away from `word`, or two in a longer one; empty when none is."""
    if len(word) > LONGEST:
        return ""
    near = _nearest(language).to(word, most=1 if len(word) < 6 else 2)
    return near[0] if near else ""


@functools.cache
def _nearest(language: str) -> NearestWord:
    return NearestWord(common(language))
