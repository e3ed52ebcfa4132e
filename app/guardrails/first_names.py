"""Given names: which words with a capital are likely to be a person's.

The list is data/first_names.txt. It says nothing about a person; it only tells "Rosie keeps it" from "Wool
keeps it", so that words which would mean nothing next to a thing can count next to somebody.
"""

import functools

from app.guardrails.fold import fold
from app.guardrails.lexicon import word_list


@functools.cache
def _names() -> frozenset[str]:
    return word_list("first_names.txt")


def is_first_name(word: str) -> bool:
    """Whether a word is written with a capital and listed as a given name, a genitive aside."""
    return word[:1].isupper() and fold(word).text.removesuffix("'s") in _names()
