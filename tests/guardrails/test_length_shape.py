"""Length and shape, with the longest and the shortest values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blocks.kinds.cta import CtaCopy
from app.blocks.kinds.hero import HeroCopy
from app.blocks.kinds.recommendations import RecommendationsCopy
from app.blocks.kinds.subject import SubjectCopy
from app.guardrails import length_shape
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Severity, Verdict
from tests.factories import make_brand, make_context

SPECS = {**SubjectCopy.specs(), **CtaCopy.specs(), **HeroCopy.specs(), **RecommendationsCopy.specs()}
BRAND = make_brand()
BODY = "A good tent suits your family. Take a look at ours and start planning the trip."
PASSES = (
    ("subject", "Your next walk starts here"),
    ("subject", "Ready for the trail, {person.first_name}?"),
    ("headline", "Run light, feel good"),
    ("label", "See the jackets"),
    ("label", "Let's get you packed"),
    ("intro", "A few things that go well together on the trail."),
    ("body", BODY),
)
FAILS = (
    ("subject", "Your next walk starts here.", "full stop"),
    ("subject", "Walk on", "at least"),
    (
        "subject",
        "A very long line about {person.first_name} and the many hills around us here",
        "with the longest values",
    ),
    ("subject", "Your next walk\nstarts here", "line break"),
    ("subject", "your next walk starts here", "small letter"),
    ("headline", "A walk. A rest. A tent.", "sentences"),
    ("label", "Your jackets await", "begins with a verb"),
    ("label", "See the jackets!", "no mark"),
    ("label", "Look", "at least"),
    ("intro", "A few things that go well together", "final mark"),
    ("intro", "A few things. They go well together on the trail.", "2 sentences"),
    ("body", BODY + " Then go. And go on.", "4 sentences"),
)


def found(name: str, text: str, **context: Any) -> list[Finding]:
    piece = Piece(text, field=SPECS[name].field, name=name, spec=SPECS[name])
    given = {"variables": BRAND.variables, **context}
    result = run_one(length_shape.GUARDRAIL, piece, make_context(BRAND, **given))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_copy_of_the_right_form_passes(name: str, text: str) -> None:
    assert found(name, text) == []


@pytest.mark.parametrize(("name", "text", "words"), FAILS)
def test_copy_of_another_form_is_refused(name: str, text: str, words: str) -> None:
    assert words in " ".join(item.message for item in found(name, text))


def test_without_a_spec_only_what_no_inbox_shows_warns() -> None:
    long = list(length_shape.check(Piece("a" * 100, field="subject"), make_context()))
    assert [item.severity for item in long] == [Severity.WARN]
    assert list(length_shape.check(Piece("a", field="subject"), make_context())) == []


def test_empty_copy_is_refused() -> None:
    assert run_one(length_shape.GUARDRAIL, Piece("  "), make_context()).verdict is Verdict.FAIL


@given(st.sampled_from(sorted(SPECS)), st.text(max_size=200))
def test_any_text_gets_an_answer_with_spans_inside_it(name: str, text: str) -> None:
    for item in found(name, text):
        assert 0 <= item.start <= item.end <= len(text)
