"""Cheap grammar faults; the failing rows were written by the embedded model."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.facts import FactSheet
from app.guardrails import grammar_ends
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Severity, Verdict
from tests.factories import make_brand, make_context

BRAND = make_brand()
PASSES = (
    "Here we are, where you want to be.",
    "Find what you are looking for",
    "See what comes next",
    "Come back to the kit you looked at.",
    "Take a look at what is new and find something for your next walk.",
    "Good kit for weekend walks, and a few ideas to get you started.",
    "Tell us where you like to walk, {person.first_name}, and we will help you find a pack that fits.",
    "Ready for the trail, {person.first_name}?",
    "Step by step, your way",
    "When the rain comes, you stay dry.",
    "An hour outside and a unique view",
    "You know that the hills are there.",
    "The to-do list for a day out",
    'The "quiet" trail (and the loud one)',
)
FAILS = (
    ("Get back to the!", "the"),
    ("Take the pack with.", "with"),
    ("Find your way to.", "to"),
    ("Plan your next", "next"),
    ("Pack a little extra extra", "extra extra"),
    ("See the your pack", "the your"),
    ("A family of on the autumn", "of on"),
    ("Your going to find it", "Your going to"),
    ("Take {person.first_name} packs for the trip", "{person.first_name}"),
    ("Look for a mountain with a big view and find a mountain with a big view.", "mountain"),
    ("How to run for your run", "run"),
    ("You can go with the wind, you will find it.", None),
    ("We are sorry for the rain", "sorry"),
    ("An jacket for you", "An jacket"),
    ("A open road", "A open"),
    ("A good walk , a good rest", None),
    ('The "quiet trail', '"'),
    ("You can the hills", "You can the"),
    ("You is welcome", "You is"),
    ("Here is a new boots for autumn", "a new boots"),
    ("Welcome to first night in the tent", "to first night"),
    ("Find the get for you", "the get"),
)


def found(text: str, field: str = "body", **context: Any) -> list[Finding]:
    given = {"variables": BRAND.variables, **context}
    result = run_one(grammar_ends.GUARDRAIL, Piece(text, field=field), make_context(BRAND, **given))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize("text", PASSES)
def test_sound_sentences_pass(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_faults_are_refused(text: str, words: str | None) -> None:
    findings = found(text, field="headline")
    assert findings
    assert words is None or words in [text[item.start : item.end] for item in findings]


def test_the_article_is_judged_with_the_value_that_follows() -> None:
    fact = {"kind": "product", "role": "product", "value": "Amber Jacket", "source": "t"}
    sheet = FactSheet.model_validate({"locale": "en-US", "facts": {"product.name": fact}})
    assert found("A {product.name} for you", facts=sheet)
    assert found("An {product.name} for you", facts=sheet) == []


def test_human_copy_only_warns() -> None:
    assert {item.severity for item in found("Back to the!", tokens_only=False)} == {Severity.WARN}


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_with_spans_inside_it(text: str) -> None:
    for item in found(text):
        assert 0 <= item.start <= item.end <= len(text)
