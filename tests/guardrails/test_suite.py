"""Invariant 2: only `pass` releases. And both ways into the suite give the same report."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.loader import brand_ids, load_brand
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.guardrails.registry import GUARDRAILS
from app.guardrails.suite import judge, merge, report_of
from app.guardrails.validators import GuardedSuite
from app.verdicts.reports import Finding, Verdict
from tests.factories import make_context, make_piece
from tests.guardrails.tables import ALL

SAMPLE = Path(__file__).parents[1] / "corpus" / "sample.jsonl"
BRANDS = Path(__file__).parents[2] / "brand"
CLEAN = "A dry coat for a wet walk."
ANY_TEXT = st.text(st.characters(categories=None), max_size=200)


def replaced(check: Any) -> tuple[Guardrail, ...]:
    """The registry with the first guardrail's function exchanged."""
    return (replace(GUARDRAILS[0], check=check), *GUARDRAILS[1:])


def raises(piece: Piece, context: Context) -> Iterator[Finding]:
    raise RuntimeError("a fault in the rule")


def declines(piece: Piece, context: Context) -> Iterator[Finding]:
    raise NotJudged("there are no rules for this")


@pytest.fixture(scope="module")
def suite() -> GuardedSuite:
    return GuardedSuite()


def test_invariant_2_a_guardrail_that_raises_makes_error_not_pass() -> None:
    for report in (
        judge(make_piece(CLEAN), make_context(), replaced(raises)),
        GuardedSuite(replaced(raises)).judge(make_piece(CLEAN), make_context()),
    ):
        result = report.results[0]
        assert result.verdict is Verdict.ERROR
        assert "a fault in the rule" in result.detail
        assert report.verdict is not Verdict.PASS
        assert any("could not judge" in reason for reason in report.reasons)


def test_invariant_2_leaving_a_guardrail_out_makes_not_run() -> None:
    some = tuple(g for g in GUARDRAILS if g.id == "avoid")
    for report in (
        judge(make_piece(CLEAN), make_context(), some),
        GuardedSuite(some).judge(make_piece(CLEAN), make_context()),
    ):
        assert report.verdict is Verdict.NOT_RUN
        assert set(report.missing) == {g.id for g in GUARDRAILS} - {"avoid"}


def test_no_guardrail_at_all_makes_not_run() -> None:
    assert judge(make_piece(CLEAN), make_context(), ()).verdict is Verdict.NOT_RUN
    assert merge([]).verdict is Verdict.NOT_RUN
    assert report_of([], make_context()).verdict is Verdict.NOT_RUN


def test_a_rule_that_cannot_judge_is_not_run() -> None:
    result = judge(make_piece(CLEAN), make_context(), replaced(declines)).results[0]
    assert result.verdict is Verdict.NOT_RUN
    assert result.detail == "there are no rules for this"


def test_a_language_without_claim_rules_is_not_run() -> None:
    report = judge(make_piece("Um casaco seco."), make_context(locale="pt-PT"))
    verdicts = {result.rule: result.verdict for result in report.results}
    assert verdicts["banned_claims"] is Verdict.NOT_RUN
    assert verdicts["never_infer"] is Verdict.NOT_RUN
    assert report.verdict is not Verdict.PASS


def test_a_rule_missing_from_one_field_is_missing_from_the_whole() -> None:
    whole = judge(make_piece(CLEAN), make_context())
    part = judge(make_piece(CLEAN), make_context(), GUARDRAILS[1:])
    assert GUARDRAILS[0].id in merge([whole, part]).missing


def sample() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ALL)
def test_both_ways_in_agree_on_the_tables(name: str, suite: GuardedSuite) -> None:
    for case in (*ALL[name].passes, *ALL[name].fails):
        piece, context = case.build()
        assert suite.judge(piece, context) == judge(piece, context)


def test_both_ways_in_agree_on_the_corpus(suite: GuardedSuite) -> None:
    context = make_context(tokens_only=False)
    for line in sample():
        piece = Piece(line["text"], field=line["field"])
        assert suite.judge(piece, context) == judge(piece, context), line["id"]


@given(text=ANY_TEXT, tokens_only=st.booleans())
def test_any_text_gets_a_verdict_without_an_error(text: str, tokens_only: bool) -> None:
    report = judge(Piece(text), make_context(tokens_only=tokens_only))
    assert Verdict.ERROR not in {result.verdict for result in report.results}, report.reasons
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.start < finding.end or not text


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "\ufffe\U000e0041", "}" * 500, "a" * 1_000, "walk on " * 2_000]
)
def test_strange_text_gets_the_same_answer_both_ways(text: str, suite: GuardedSuite) -> None:
    assert suite.judge(Piece(text), make_context()) == judge(Piece(text), make_context())


@pytest.mark.parametrize("brand_id", brand_ids(BRANDS))
def test_the_sample_brands_refuse_what_their_rules_say(brand_id: str) -> None:
    brand = load_brand(BRANDS, brand_id)
    context = make_context(brand)
    for rule in brand.claims:
        if "en" in rule.languages:
            field, market = [*rule.scope.fields, "body"][0], [*rule.scope.markets, "US"][0]
            there = replace(context, market=market)
            for text in rule.fails:
                assert rule.id in {f.rule for f in judge(Piece(text, field), there).findings}, text
            for text in rule.passes:
                assert rule.id not in {f.rule for f in judge(Piece(text, field), there).findings}, text


def test_several_pieces_get_a_report_each_in_their_order(suite: GuardedSuite) -> None:
    pieces = [make_piece(CLEAN), make_piece("Cures everything, guaranteed."), make_piece("")]
    together = suite.judge_all(pieces, make_context())
    assert together == [judge(piece, make_context()) for piece in pieces]
    assert [report.verdict for report in together][:2] == [Verdict.PASS, Verdict.FAIL]


def test_what_the_guard_leaves_out_is_missing_from_the_reports(
    suite: GuardedSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        validation_passed = True

    monkeypatch.setattr(suite, "_guard", SimpleNamespace(validate=lambda *_, **__: Silent()))
    (report,) = suite.judge_all([make_piece(CLEAN)], make_context())
    assert report.verdict is Verdict.NOT_RUN
