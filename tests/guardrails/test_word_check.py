"""The word check: misspelt words and letter salad, not names, tokens and British spellings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails import lexicon, word_check
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Severity, Verdict
from tests.factories import make_context

PASSES = (
    "Your favourite jacket, your favorite colour",
    "Don't wait, you'll love the hikers' lodge",
    "Ridgeline from Fernhill is here, {person.first_name}",
    "Softshell, midlayer and a cosy hoodie",
    "See https://fernhill.example/xqzt for more",
    "A naïve café visit",
)
FAILS = (
    ("Find your camptsite", "camptsite", "campsite"),
    ("The Amber Trail xtx", "xtx", ""),
    ("Take yourjacket along", "yourjacket", "your jacket"),
    ("We recieve walkers", "recieve", "receive"),
    ("A good trai for you", "trai", "tra"),
    ("Boots,packs and more", "Boots,packs", "space"),
    ("The {product.name}s are here", "}s", "space"),
)


def found(text: str, **context: Any) -> list[Finding]:
    result = run_one(word_check.GUARDRAIL, Piece(text), make_context(**context))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize("text", PASSES)
def test_words_and_names_pass(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "words", "hint"), FAILS)
def test_unknown_words_are_refused_with_a_near_one(text: str, words: str, hint: str) -> None:
    findings = found(text)
    assert words in [text[item.start : item.end] for item in findings]
    assert hint in " ".join(item.suggestion for item in findings)


def test_supplied_names_pass_and_human_copy_only_warns() -> None:
    assert found("The Xqztol jacket", names=frozenset({"Xqztol jacket"})) == []
    (finding,) = found("The Xqztol jacket", tokens_only=False)
    assert finding.severity is Severity.WARN


def test_another_language_is_not_judged() -> None:
    result = run_one(word_check.GUARDRAIL, Piece("Comprar ahora"), make_context(locale="es-ES"))
    assert result.verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    "word", ["organise", "analysed", "travelled", "catalogue", "defence", "grey", "tyres"]
)
def test_british_words_follow_from_american_ones(word: str) -> None:
    assert lexicon.is_word(word)


@pytest.mark.parametrize("word", ["wae", "nad", "fo", "teh", "colourd", "jackt", "alot"])
def test_letter_salad_is_no_word(word: str) -> None:
    assert not lexicon.is_word(word)


@given(st.text(max_size=100))
def test_any_text_gets_an_answer_with_spans_inside_it(text: str) -> None:
    for item in found(text):
        assert 0 <= item.start <= item.end <= len(text)
