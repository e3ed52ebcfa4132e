"""Each guardrail passes and refuses what its table says, and every guardrail has a table."""

import importlib
import pkgutil

import pytest

import app.guardrails
from app.guardrails.frame import Guardrail
from app.guardrails.registry import GUARDRAILS, ON_REQUEST
from app.guardrails.suite import judge
from app.verdicts.reports import RuleResult, Verdict
from tests.guardrails.tables import ALL, Case

BY_ID = {guardrail.id: guardrail for guardrail in (*GUARDRAILS, *ON_REQUEST)}


def rows(kind: str) -> list[tuple[str, Case]]:
    return [(name, case) for name, table in ALL.items() for case in getattr(table, kind)]


def answer(name: str, case: Case) -> RuleResult:
    """What one guardrail says in a report of all."""
    piece, context = case.build()
    report = judge(piece, context)
    assert not report.missing
    return next(result for result in report.results if result.rule == name)


def show(value: object) -> str:
    return ascii(value.text)[:50] if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("name", "case"), rows("passes"), ids=show)
def test_lets_clean_copy_pass(name: str, case: Case) -> None:
    result = answer(name, case)
    assert result.verdict is Verdict.PASS, (result.detail, result.findings)


@pytest.mark.parametrize(("name", "case"), rows("fails"), ids=show)
def test_refuses_and_points_at_the_words(name: str, case: Case) -> None:
    result = answer(name, case)
    assert result.verdict is Verdict.FAIL, result.detail
    for finding in result.findings:
        assert 0 <= finding.start < finding.end <= len(case.text)
        assert finding.message
    if case.words is not None:
        assert case.words in [case.text[finding.start : finding.end] for finding in result.findings]


def guardrail_modules() -> dict[str, Guardrail]:
    """Every module of the folder that defines a guardrail."""
    found = {}
    for module in pkgutil.iter_modules(app.guardrails.__path__):
        if module.name not in ("validators", "registry"):
            guardrail = getattr(importlib.import_module(f"app.guardrails.{module.name}"), "GUARDRAIL", None)
            if guardrail is not None:
                found[module.name] = guardrail
    return found


def test_every_guardrail_is_registered_once_under_its_modules_name() -> None:
    registered = [guardrail.id for guardrail in (*GUARDRAILS, *ON_REQUEST)]
    assert sorted(guardrail_modules()) == sorted(registered)
    assert len(registered) == len(set(registered))
    for name, guardrail in guardrail_modules().items():
        assert guardrail.id == name
        assert guardrail is BY_ID[name]


def test_every_guardrail_has_copy_that_passes_and_copy_that_fails() -> None:
    for name in BY_ID:
        if name in ALL:
            assert ALL[name].passes, name
            assert ALL[name].fails, name
        else:
            tests = importlib.import_module(f"tests.guardrails.test_{name}")
            assert tests.PASSES, name
            assert tests.FAILS, name


@pytest.mark.parametrize("guardrail", GUARDRAILS, ids=lambda item: item.id)
def test_every_guardrail_explains_itself(guardrail: Guardrail) -> None:
    assert guardrail.summary
    assert guardrail.source
    assert guardrail.categories
