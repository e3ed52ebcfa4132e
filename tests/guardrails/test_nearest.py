"""The nearest word is the one that comparing with every word finds."""

import random

import pytest
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.guardrails.nearest import NearestWord
from app.guardrails.terms.lexicon import common

LETTERS = "abcdefghijklmnopqrstuvwxyzéß'"


def _misspelt(word: str, rng: random.Random) -> str:
    for _ in range(rng.randrange(4)):
        place, letter = rng.randrange(len(word) + 1), rng.choice(LETTERS)
        head, tail = word[:place], word[place:]
        word = rng.choice(
            [head + letter + tail, head + tail[1:], head + letter + tail[1:], head + tail[1:2] + tail[:1]]
        )
    return word


@pytest.mark.parametrize("most", [1, 2])
def test_it_finds_what_comparing_with_every_word_finds(most: int) -> None:
    words, rng = common("de"), random.Random(1)
    nearest = NearestWord(words)
    misspelt = ["", "x", "Щука", *(_misspelt(rng.choice(words), rng) for _ in range(300))]
    for word in misspelt:
        best = process.extractOne(word, words, scorer=OSA.distance, score_cutoff=most)
        assert nearest.to(word, most) == (best and (best[0], best[1])), word


def test_of_equally_near_words_the_first_is_taken() -> None:
    assert NearestWord(["camp", "lamp"]).to("damp", 1) == ("camp", 1)
    assert NearestWord(["lamp", "camp"]).to("damp", 1) == ("lamp", 1)


def test_nothing_is_near_where_every_word_is_farther_away() -> None:
    assert NearestWord(["camp"]).to("campsite", 2) is None
    assert NearestWord([]).to("camp", 2) is None
