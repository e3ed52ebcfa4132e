"""A model's stored answer: it can only refuse, it is about one text alone, and off it changes nothing."""

from typing import Any

import pytest

from app.guardrails.model_judge import CATEGORIES, GUARDRAIL
from app.guardrails.registry import GUARDRAILS
from app.guardrails.suite import add_judgement, judge
from app.guardrails.validators import GuardedSuite
from app.verdicts.judgements import Judged, Judgement, Judgements, text_hash
from app.verdicts.reports import GuardReport, Verdict
from tests.factories import make_context, make_piece

CLEAN = "A dry coat for a wet walk."
PROBLEM = Judgement(verdict=Judged.PROBLEM, category="green_claim", quote="wet walk")


PASSES = (Judgement(verdict=Judged.CLEAN),)
FAILS = (PROBLEM,)


def judgements(*answers: tuple[str, Judgement]) -> Judgements:
    return Judgements(judge="m", prompt="p", answers={text_hash(text): answer for text, answer in answers})


def result(report: GuardReport) -> Any:
    (found,) = [item for item in report.results if item.rule == GUARDRAIL.id]
    return found


def test_off_the_report_is_the_same_byte_for_byte() -> None:
    report = judge(make_piece(CLEAN), make_context())
    assert report.required == tuple(guardrail.id for guardrail in GUARDRAILS)
    assert GUARDRAIL.id not in report.model_dump_json()
    assert report == GuardedSuite().judge(make_piece(CLEAN), make_context())


def test_a_finding_refuses_what_every_rule_passes_and_points_at_its_words() -> None:
    context = make_context(judgements=judgements((CLEAN, PROBLEM)))
    report = judge(make_piece(CLEAN), context)
    assert report.verdict is Verdict.FAIL
    (finding,) = report.blocking
    assert CLEAN[finding.start : finding.end] == "wet walk"
    assert (finding.rule, finding.category) == (GUARDRAIL.id, "green_claim")
    assert finding.family is CATEGORIES["green_claim"]
    assert GuardedSuite().judge(make_piece(CLEAN), context) == report
    alone = judge(make_piece(CLEAN), make_context())
    assert add_judgement(alone, [make_piece(CLEAN)], context) == report


def test_a_clean_answer_lifts_no_refusal() -> None:
    text = "This coat cures your cold."
    clean = judgements((text, Judgement(verdict=Judged.CLEAN)))
    without = judge(make_piece(text), make_context())
    report = judge(make_piece(text), make_context(judgements=clean))
    assert without.verdict is Verdict.FAIL
    assert (report.verdict, report.findings) == (Verdict.FAIL, without.findings)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Judgement(verdict=Judged.CLEAN), Verdict.PASS),
        (Judgement(verdict=Judged.FAILED, detail="no answer in time"), Verdict.ERROR),
        (Judgement(verdict=Judged.PROBLEM, category="green_claim", quote="not there"), Verdict.ERROR),
        (Judgement(verdict=Judged.PROBLEM, category="green_claim", quote=""), Verdict.ERROR),
        (Judgement(verdict=Judged.PROBLEM, category="rudeness", quote="wet"), Verdict.ERROR),
    ],
)
def test_what_an_answer_becomes(answer: Judgement, verdict: Verdict) -> None:
    report = judge(make_piece(CLEAN), make_context(judgements=judgements((CLEAN, answer))))
    assert (result(report).verdict, report.verdict) == (verdict, verdict)
    said = result(report).detail
    assert said.startswith((answer.detail or "the answer names words") if verdict is Verdict.ERROR else "")


def test_an_answer_about_another_text_is_not_used() -> None:
    other = judgements((CLEAN + " ", Judgement(verdict=Judged.CLEAN)))
    report = judge(make_piece(CLEAN), make_context(judgements=other))
    assert report.verdict is Verdict.NOT_RUN
    assert "was not asked" in result(report).detail


def test_a_report_in_which_the_judge_is_missing_is_no_pass() -> None:
    context = make_context(judgements=judgements((CLEAN, Judgement(verdict=Judged.CLEAN))))
    report = judge(make_piece(CLEAN), context)
    cut = tuple(item for item in report.results if item.rule != GUARDRAIL.id)
    assert report.verdict is Verdict.PASS
    assert report.model_copy(update={"results": cut}).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize("answer", PASSES)
def test_what_the_judge_finds_clean_passes(answer: Judgement) -> None:
    report = judge(make_piece(CLEAN), make_context(judgements=judgements((CLEAN, answer))))
    assert report.verdict is Verdict.PASS


@pytest.mark.parametrize("answer", FAILS)
def test_what_the_judge_finds_wrong_is_refused(answer: Judgement) -> None:
    report = judge(make_piece(CLEAN), make_context(judgements=judgements((CLEAN, answer))))
    assert report.verdict is Verdict.FAIL
