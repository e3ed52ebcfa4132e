"""Statements about the reader that no fact supports, and the journeys that begin with the event."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.facts import FactSheet
from app.guardrails import ungrounded_statement
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Severity, Verdict
from tests.factories import make_context

PASSES = (
    "In order to stay dry, wear a good jacket.",
    "A pack that is ready out of the box.",
    "Every pair is made to order.",
    "We keep things simple for your next trip.",
    "Add a layer to your list of essentials.",
    "Your next walk is waiting.",
    "Feel free to wander.",
    "A bag with room for lunch.",
    "Take stock of your kit before winter.",
    "Pack your bag the night before.",
    "Enter code {offer.code} in your basket.",
)
FAILS = (
    ("Your order is complete", "Your order is"),
    ("The jacket is still out of stock", "still out of stock"),
    ("The {product.name} is back in stock", "back in stock"),
    ("It was removed from your list", "removed from your list"),
    ("We have shipped it", "We have shipped"),
    ("See your account", "your account"),
    ("It is waiting in your cart", "is waiting in your cart"),
    ("Thanks for your order", "Thanks for your order"),
    ("We noticed you were away", "We noticed you"),
    ("You were looking at the {product.name}", "You were looking"),
    ("Free shipping on all boots", "Free shipping"),
    ("With 24/7 support", "24/7 support"),
    ("You have been unsubscribed", "You have been unsubscribed"),
    ("It's been a while", "It's been a while"),
)
JOURNEYS = (
    ("It is waiting in your cart", "cart_reminder", True),
    ("The {product.name} is back in stock", "back_in_stock", True),
    ("The {product.name} is out of stock", "back_in_stock", False),
    ("You were looking at the {product.name}", "browse_abandonment", True),
    ("Thanks for your order", "post_purchase", True),
    ("Your order is complete", "post_purchase", False),
    ("Thanks for joining us", "welcome", True),
    ("It's been a while", "winback", True),
    ("It's been a while", "welcome", False),
)


def found(text: str, **context: Any) -> list[Finding]:
    result = run_one(ungrounded_statement.GUARDRAIL, Piece(text), make_context(**context))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize("text", PASSES)
def test_near_misses_pass(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_statements_that_no_fact_supports_are_refused(text: str, words: str) -> None:
    findings = found(text, journey="newsletter")
    assert words in [text[item.start : item.end] for item in findings]
    assert all(item.severity is Severity.BLOCK for item in findings)


@pytest.mark.parametrize(("text", "journey", "passes"), JOURNEYS)
def test_a_journey_may_speak_of_the_event_it_begins_with(text: str, journey: str, passes: bool) -> None:
    assert (found(text, journey=journey) == []) == passes


def test_a_supplied_statement_supports_the_promise() -> None:
    sheet = FactSheet(locale="en-US", statements=("Free delivery over $60",))
    assert found("Free delivery on big orders", facts=sheet) == []


def test_without_facts_human_copy_only_warns() -> None:
    findings = found("Your order is complete", facts=None, tokens_only=False)
    assert [item.severity for item in findings] == [Severity.WARN]


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_with_spans_inside_it(text: str) -> None:
    for item in found(text):
        assert 0 <= item.start <= item.end <= len(text)
