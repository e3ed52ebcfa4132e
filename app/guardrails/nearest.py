"""The word of a long list that is nearest to a misspelt one.

Comparing a word with tens of thousands of others takes milliseconds. A word that is at most two changes away
lacks at most two of its letters, which a bit for each listed word tells: only the few that are left are
compared.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property


class NearestWord:
    """Words, the most wanted first, to be asked which of them is nearest to another. Build it once."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._holding: dict[tuple[str, int], int] = {}

    def to(self, word: str, most: int) -> tuple[str, int] | None:
        """The first of the words that are the fewest changes away, and how many; None where all are more
        than `most` away. A change adds, drops or replaces a letter, or swaps two neighbours (OSA distance).
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = list(self._candidates(word, most))
        found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=most)
        return (str(found[0]), int(found[1])) if found else None

    def _candidates(self, word: str, most: int) -> Iterator[str]:
        """The words of about the same length that lack at most `most` letters of `word`, in order."""
        sized = 0
        for length in range(len(word) - most, len(word) + most + 1):
            sized |= self._sized.get(length, 0)
        lacking = [sized] * (most + 1)  # those that lack none, at most one ... of the letters looked at
        for index, letter in enumerate(word):
            held = self._held(letter, word.count(letter, 0, index + 1))
            lacking = [lacking[0] & held] + [
                (more & held) | fewer for fewer, more in itertools.pairwise(lacking)
            ]
        left = f"{lacking[-1]:b}"[::-1]
        place = left.find("1")
        while place >= 0:
            yield self._words[place]
            place = left.find("1", place + 1)

    @cached_property
    def _letters(self) -> frozenset[str]:
        return frozenset().union(*self._words)

    @cached_property
    def _sized(self) -> dict[int, int]:
        """For each length the words that have it, with a bit for each."""
        return {
            length: _bits([len(word) == length for word in self._words])
            for length in set(map(len, self._words))
        }

    def _held(self, letter: str, times: int) -> int:
        """The words that hold a letter at least so often, kept for the letters that any word holds."""
        if letter not in self._letters:
            return 0
        if (letter, times) not in self._holding:
            self._holding[letter, times] = _bits([word.count(letter) >= times for word in self._words])
        return self._holding[letter, times]


def _bits(flags: Sequence[bool]) -> int:
    return int("".join("1" if flag else "0" for flag in reversed(flags)) or "0", 2)
