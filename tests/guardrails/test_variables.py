"""Variables: own tokens from the slot's list, allowed names at the check door."""

from typing import Any

import pytest

from app.guardrails import variables
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding, Verdict
from tests.factories import make_brand, make_context

BRAND = make_brand()
ALLOWED = frozenset({"person.first_name", "product.name"})
PASSES = (
    ("Hello {person.first_name}", "subject"),
    ("The {product.name} is here", "cta"),
    ("No token at all", None),
)
FAILS = (
    ("Hello {person.frst_name}", "subject", "{person.frst_name}", "person.first_name"),
    ("Save {offer.discount}", "subject", "{offer.discount}", ""),
    ("Go, {person.first_name}", "cta", "{person.first_name}", "subject, hero"),
)


def found(text: str, kind: str | None = None, **context: Any) -> list[Finding]:
    given = {"allowed_tokens": ALLOWED, "variables": BRAND.variables, **context}
    result = run_one(variables.GUARDRAIL, Piece(text, kind=kind), make_context(BRAND, **given))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize(("text", "kind"), PASSES)
def test_allowed_tokens_pass(text: str, kind: str | None) -> None:
    assert found(text, kind) == []


def test_a_variable_without_consent_is_refused_and_the_finding_says_so() -> None:
    why = "segment campers lacks consent personalisation for person.city"
    (finding,) = found("Walks near {person.city}", "hero", withheld={"person.city": why})
    assert finding.message == f"{{person.city}} may not be used without consent: {why}"
    assert finding.suggestion == "say the same without it"
    assert "Walks near {person.city}"[finding.start : finding.end] == "{person.city}"


@pytest.mark.parametrize("token", ["{person.city}", "{{ person.city }}", "{{city}}"])
def test_consent_counts_at_the_check_door_too(token: str) -> None:
    allowed = frozenset({"person.city", "city"})
    context: dict[str, Any] = {"tokens_only": False, "variables": {}, "allowed_tokens": allowed}
    assert found(f"Walks near {token}", **context) == []
    (finding,) = found(f"Walks near {token}", **context, withheld={"person.city": "segment campers lacks it"})
    assert finding.message == f"{token} may not be used without consent: segment campers lacks it"


@pytest.mark.parametrize(("text", "kind", "words", "hint"), FAILS)
def test_other_tokens_are_refused_with_the_nearest(text: str, kind: str, words: str, hint: str) -> None:
    (finding,) = found(text, kind)
    assert text[finding.start : finding.end] == words
    assert hint in finding.suggestion


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Hi {{ first_name }}", False),
        ("Hi {{first_name}}", False),
        ("Hi {person.first_name}", False),
        ("Hi {{ last_name }}", True),
        ("Hi {{ first_name | upper }}", True),
        ("Hi {person.last_name}", True),
    ],
)
def test_the_check_door_takes_the_names_that_came_with_the_copy(text: str, refused: bool) -> None:
    door: dict[str, Any] = {
        "allowed_tokens": frozenset({"first_name", "person.first_name"}),
        "variables": {},
        "tokens_only": False,
    }
    assert bool(found(text, **door)) == refused
