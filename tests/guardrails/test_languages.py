"""Every guardrail answers for German and French copy, and none passes a language that it has no rules for."""

from dataclasses import replace

import pytest

from app.blocks.kinds.cta import CtaCopy
from app.brand.models import ClaimRule, Formality
from app.guardrails.frame import Piece
from app.guardrails.registry import GUARDRAILS
from app.guardrails.suite import judge
from app.verdicts.reports import RuleResult, Verdict
from tests import factories
from tests.guardrails.languages import FAILS, LOCALES, PASSES, brand, context

LABEL = CtaCopy.specs()["label"]
ANYWHERE = {
    *("compliance", "variables", "avoid", "duplicate", "deceptive_subject", "free_offer", "claims_library"),
}
"""Guardrails whose words come from the brand or the brief, that know no words, or judge no stored copy."""


def answer(rule: str, language: str, text: str) -> RuleResult:
    voice = factories.make_voice(formality=Formality.INFORMAL)
    given = context(language)
    assert given.rulebook.brand is not None
    rulebook = type(given.rulebook).of(replace(brand(), voice=voice))
    piece = Piece(text, "cta", spec=LABEL) if rule == "length_shape" else Piece(text)
    report = judge(piece, replace(given, rulebook=rulebook))
    return next(result for result in report.results if result.rule == rule)


@pytest.mark.parametrize(
    ("rule", "language", "text"),
    [(rule, code, text) for rule, table in PASSES.items() for code, rows in table.items() for text in rows],
)
def test_clean_copy_passes(rule: str, language: str, text: str) -> None:
    result = answer(rule, language, text)
    assert result.verdict is Verdict.PASS, (result.detail, result.findings)


@pytest.mark.parametrize(
    ("rule", "language", "text", "words"),
    [(rule, code, *row) for rule, table in FAILS.items() for code, rows in table.items() for row in rows],
)
def test_copy_that_breaks_a_rule_is_refused(rule: str, language: str, text: str, words: str) -> None:
    result = answer(rule, language, text)
    assert result.verdict is Verdict.FAIL, result.detail
    if words:
        assert words in [text[item.start : item.end] for item in result.findings]


def test_every_guardrail_with_words_of_its_own_has_rows_in_both_languages() -> None:
    ids = {guardrail.id for guardrail in GUARDRAILS} - ANYWHERE
    for table in (PASSES, FAILS):
        assert table.keys() == ids
        assert all(rows.keys() == LOCALES.keys() for rows in table.values())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Such dir einen Weg aus, pack deine Brotzeit ein und nimm dir Zeit."),
        ("fr", "Choisis un sentier, prépare ton sac et prends ton temps."),
    ],
)
def test_ordinary_copy_passes_every_guardrail(language: str, text: str) -> None:
    report = judge(Piece(text), context(language))
    assert report.verdict is Verdict.PASS, report.reasons


@pytest.mark.parametrize("locale", ["pl-PL", "es-ES"])
def test_a_language_that_nobody_wrote_rules_for_never_passes(locale: str) -> None:
    report = judge(Piece("Una mañana tranquila en el monte."), replace(context("de"), locale=locale))
    assert report.verdict is Verdict.NOT_RUN
    silent = {result.rule for result in report.results if result.verdict is Verdict.NOT_RUN}
    assert {"values", "banned_claims", "never_infer", "word_check", "grammar_ends", "agreement"} <= silent


def test_a_category_without_rules_in_the_language_is_not_passed() -> None:
    extra = ClaimRule.model_validate({**factories.CLAIMS[0], "id": "dry", "category": "performance_claim"})
    made = replace(brand(), claims=(*brand().claims, extra))
    given = replace(context("de"), rulebook=type(context("de").rulebook).of(made))
    result = next(r for r in judge(Piece("Ein Weg."), given).results if r.rule == "banned_claims")
    assert result.verdict is Verdict.NOT_RUN
    assert "performance_claim" in result.detail


def test_a_trait_without_a_wording_in_the_language_is_not_passed() -> None:
    made = replace(brand(), never_infer=factories.make_brand().never_infer)
    given = replace(context("fr"), rulebook=type(context("fr").rulebook).of(made))
    result = next(r for r in judge(Piece("Un chemin."), given).results if r.rule == "never_infer")
    assert result.verdict is Verdict.NOT_RUN
    assert "health" in result.detail
