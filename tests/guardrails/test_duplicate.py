"""Near-duplicates of rivals and of the other fields."""

import pytest

from app.guardrails import duplicate
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Verdict
from tests.factories import make_context

PASSES = (
    ("Find a pack for your day walks", "Find the boots that fit you"),
    ("See the jackets", "See the packs"),
    ("Back to the hills for your next walk", "New packs and boots for your next walk"),
    ("Take another look at the {product.name}", "Is the {product.name} right for your runs?"),
)
FAILS = (
    ("Find a pack for your day walks", "Find a pack for your day walks!"),
    ("Take another look at the {product.name}", "Take another look at our {product.name}"),
    ("See the jackets", "The jackets, see"),
    ("Walk the hills with us this autumn", "This autumn, walk the hills with us"),
)


def found(text: str, **piece: object) -> list[Finding]:
    result = run_one(duplicate.GUARDRAIL, Piece(text, **piece), make_context())  # type: ignore[arg-type]
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize(("text", "rival"), PASSES)
def test_different_lines_pass(text: str, rival: str) -> None:
    assert found(text, rivals=(("the block 'x'", rival),)) == []


@pytest.mark.parametrize(("text", "rival"), FAILS)
def test_near_copies_are_refused_with_the_name_of_the_other(text: str, rival: str) -> None:
    (finding,) = found(text, rivals=(("another", "Something else altogether"), ("the block 'x'", rival)))
    assert "the block 'x'" in finding.message


def test_a_preheader_does_not_repeat_its_subject() -> None:
    siblings = {"subject": "Your next walk starts here", "preheader": "ignored"}
    assert found("Your next walk starts here, with us.", name="preheader", siblings=siblings)
    assert found("Packs and boots for a long day.", name="preheader", siblings=siblings) == []


def test_empty_texts_are_no_duplicates() -> None:
    assert found("", rivals=(("x", ""),)) == []
