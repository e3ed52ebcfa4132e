"""Invariant 4: every slot gets an answer. Each step of the chain, with its reason code and trace."""

import asyncio
import dataclasses
import socket
import time
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

import app.generation.service
from app.errors import ModelAnswerEmpty, ModelError, ModelNotInstalled, ModelTimeout, ModelUnavailable
from app.guardrails import suite
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.registry import GUARDRAILS
from app.llm.breaker import Breaker
from app.llm.litellm_model import LitellmModel
from app.llm.protocol import Completion, ModelProfile, Request
from app.llm.scripted import Answer, ScriptedModel
from app.verdicts.decisions import SENTENCES, Outcome, Reason, Step
from app.verdicts.reports import Finding, GuardReport
from tests.generation.desk import LINES, Desk, answering, slot, traced, variants
from tests.release.content import COPY, item

EVERGREEN = [
    ("last_approved", False, "nothing_approved"),
    ("journey_block", False, "nothing_approved"),
    ("evergreen_block", True, "approved_block_used"),
]
CLAIM = {"label": "It heals colds"}


class Direct:
    """A suite of other rules than the registered ones."""

    rules: tuple[Guardrail, ...] = GUARDRAILS

    def judge_all(self, pieces: Sequence[Piece], context: Context) -> list[GuardReport]:
        return [suite.judge(piece, context, self.rules) for piece in pieces]


def says(answer: Answer) -> ScriptedModel:
    """A model that always gives this answer."""
    return ScriptedModel(lambda request: answer)


def fell_back(desk: Desk, *models: Any) -> list[tuple[str, bool, str]]:
    """Run the brief's button alone, see that the evergreen block answers, and return the trace before it."""
    settled = slot(desk.only("cta").run(*models), "cta")
    decision = settled.answer.decision
    assert (decision.outcome, decision.block) == (Outcome.FELL_BACK, "cta_evergreen")
    assert [dict(kept.variant.copy_fields) for kept in settled.answer.kept] == [COPY["cta"]]
    trace = traced(settled)
    assert trace[-3:] == EVERGREEN
    assert decision.reason.value == trace[0][2]
    assert decision.sentence == SENTENCES[decision.reason][0]
    return trace[:-3]


def test_generated_copy_answers_first(desk: Desk) -> None:
    settled = slot(desk.run(ScriptedModel(answering())), "hero")
    assert traced(settled) == [("generated", True, "passed")]
    assert settled.answer.decision.outcome is Outcome.GENERATED
    written = [kept.variant.copy_fields for kept in settled.answer.kept]
    assert sorted(written, key=str) == sorted(LINES["hero"][:2], key=str)
    scores = [kept.confidence.score for kept in settled.answer.kept if kept.confidence]
    assert scores == sorted(scores, reverse=True), "best first"


def test_refused_copy_falls_back(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    assert fell_back(desk, says(variants(CLAIM, CLAIM))) == [("generated", False, "guardrail_refused")]


def test_low_confidence_falls_back(desk: Desk) -> None:
    desk.contract |= {"reasks": 0, "confidence_by_kind": {"cta": 1.0}}
    assert fell_back(desk, ScriptedModel(answering())) == [("generated", False, "low_confidence")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ModelTimeout("no answer within 3 s"), "model_timeout"),
        (ModelUnavailable("nobody there"), "model_unavailable"),
        (ModelNotInstalled("not installed"), "model_not_installed"),
        (ModelAnswerEmpty("no text"), "empty_answer"),
    ],
)
def test_what_the_model_raises_is_the_reason(desk: Desk, error: ModelError, reason: str) -> None:
    assert fell_back(desk, says(error)) == [("generated", False, reason)]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "empty_answer"),
        ("  \n", "empty_answer"),
        ("Sure! Here are two labels.", "malformed_answer"),
        ('{"variants": [{"text": "Plan a walk"}]}', "malformed_answer"),
        ('{"variants": [{"label": "Plan a walk", "link": "https://x.example"}]}', "malformed_answer"),
        ('{"variants": {"label": "Plan a walk"}}', "malformed_answer"),
        ('{"variants": [{"label": "Plan', "malformed_answer"),
    ],
)
def test_an_answer_of_another_shape_falls_back(desk: Desk, answer: str, reason: str) -> None:
    assert fell_back(desk, says(answer)) == [("generated", False, reason)]


def test_an_answer_without_any_variant_is_empty(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    assert fell_back(desk, says(variants())) == [("generated", False, "empty_answer")]


def test_json_in_a_code_fence_is_read(desk: Desk) -> None:
    fenced = f"```json\n{variants(*LINES['cta'][:2])}\n```"
    assert slot(desk.only("cta").run(says(fenced)), "cta").answer.decision.outcome is Outcome.GENERATED


def test_the_deadline_of_the_slot(desk: Desk) -> None:
    desk.contract["budgets"]["slot_seconds"] = 0.2
    started = time.monotonic()
    assert fell_back(desk, ScriptedModel(answering(), seconds=30)) == [("generated", False, "model_timeout")]
    assert time.monotonic() - started < 10


def test_the_deadline_in_a_reask_names_that_step(desk: Desk) -> None:
    desk.contract["budgets"]["slot_seconds"] = 0.25
    model = ScriptedModel(lambda request: variants(CLAIM, CLAIM), seconds=0.15)
    expected = [("generated", False, "guardrail_refused"), ("reasked", False, "model_timeout")]
    settled = slot(desk.only("cta").run(model), "cta")
    assert traced(settled) == [*expected, *EVERGREEN]
    assert settled.answer.decision.reason is Reason.MODEL_TIMEOUT


def closed_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_dead_endpoint_falls_back(desk: Desk) -> None:
    model = LitellmModel(
        "openai/any",
        ModelProfile(style="capable"),
        api_base=f"http://127.0.0.1:{closed_port()}/v1",
        api_key="none",
        call_seconds=10,
    )
    assert fell_back(desk, model) == [("generated", False, "model_unavailable")]


def test_the_second_model_answers_after_the_first_failed(desk: Desk) -> None:
    second = ScriptedModel(answering(), name="second")
    settled = slot(desk.only("cta").run(says(ModelUnavailable("gone")), second), "cta")
    assert traced(settled) == [("generated", False, "model_unavailable"), ("second_model", True, "passed")]
    assert settled.answer.decision.outcome is Outcome.GENERATED
    assert {kept.variant.model for kept in settled.answer.kept} == {"second"}
    assert [(call.model, call.outcome) for call in settled.answer.calls] == [
        ("scripted", "model_unavailable"),
        ("second", "answered"),
    ]


def test_the_second_model_is_not_asked_when_the_first_one_answered(desk: Desk) -> None:
    second = ScriptedModel(answering(), name="second")
    desk.run(ScriptedModel(answering()), second)
    assert second.requests == []


def test_when_both_models_fail_the_first_reason_counts(desk: Desk) -> None:
    trace = fell_back(desk, says(ModelTimeout("slow")), says("nonsense"))
    assert trace == [("generated", False, "model_timeout"), ("second_model", False, "malformed_answer")]


def test_a_language_the_model_does_not_write_goes_straight_to_approved_blocks(desk: Desk) -> None:
    model = ScriptedModel(answering(), ModelProfile(style="capable", languages=frozenset({"de"})))
    assert fell_back(desk, model) == [("generated", False, "locale_not_written")]
    assert model.requests == []


def test_a_spent_budget_of_tokens_ends_asking(desk: Desk) -> None:
    desk.contract["budgets"]["brief_tokens"] = 1
    model = ScriptedModel(answering(), ModelProfile(style="capable", parallel=1))
    generated = desk.run(model)
    outcomes = {item.job.kind.id: item.answer.decision.reason for item in generated.settled}
    spent = [kind for kind, reason in outcomes.items() if reason is Reason.BUDGET_SPENT]
    assert len(model.requests) == 1, "the first call spends it, and no other is made"
    assert len(spent) == 2
    assert traced(slot(generated, spent[0])) == [("generated", False, "budget_spent"), *EVERGREEN]


def test_a_spent_budget_of_money_ends_asking(desk: Desk) -> None:
    class Dear(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            return (await super().complete(request)).model_copy(update={"cost_usd": 2.0})

    model = Dear(answering(), ModelProfile(style="capable", parallel=1))
    generated = desk.run(model)
    assert len(model.requests) == 1
    assert [item.answer.decision.reason for item in generated.settled].count(Reason.BUDGET_SPENT) == 2


def test_a_dead_model_costs_one_timeout_and_not_one_a_slot(desk: Desk) -> None:
    desk.brief["segments"] = ["weekend_hikers", "trail_runners", "campers"]
    inner = ScriptedModel(lambda _: ModelTimeout("dead"), ModelProfile(style="capable", parallel=1))
    generated = desk.run(Breaker(inner, 60))
    reasons = [item.answer.decision.reason for item in generated.settled if item.job.kind.generated]
    assert len(inner.requests) == 1
    assert reasons.count(Reason.MODEL_TIMEOUT) == 1
    assert reasons.count(Reason.BREAKER_OPEN) == 8


def test_a_model_that_outlasts_the_slot_costs_one_deadline_and_not_one_a_slot(desk: Desk) -> None:
    desk.brief["segments"] = ["weekend_hikers", "trail_runners", "campers"]
    desk.contract["budgets"]["slot_seconds"] = 0.2
    inner = ScriptedModel(answering(), ModelProfile(style="capable", parallel=1), seconds=30)
    desk.run(Breaker(inner, 60, patience=0.1))
    assert len(inner.requests) <= 2, "one call, and at most one that its deadline cut off while it was young"


def test_a_guardrail_that_raises_refuses_the_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 2 through the chain: `error` is no pass."""

    def broken(piece: Piece, context: Context) -> Iterable[Finding]:
        raise RuntimeError("a fault of the rule")

    rules = (dataclasses.replace(GUARDRAILS[0], check=broken), *GUARDRAILS[1:])
    monkeypatch.setattr(app.generation.service, "guarded_suite", Direct)
    monkeypatch.setattr(Direct, "rules", rules)
    desk.contract["reasks"] = 0
    assert fell_back(desk, ScriptedModel(answering())) == [("generated", False, "guardrail_error")]


def test_a_guardrail_that_was_left_out_refuses_the_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant 2 through the chain: `not_run` is no pass."""
    monkeypatch.setattr(app.generation.service, "guarded_suite", Direct)
    monkeypatch.setattr(Direct, "rules", GUARDRAILS[1:])
    desk.contract["reasks"] = 0
    assert fell_back(desk, ScriptedModel(answering())) == [("generated", False, "guardrail_error")]


def test_a_block_of_the_journey_comes_before_the_evergreen_one(desk: Desk) -> None:
    block = item("cta_winback", "cta", message="something else", copy={"label": "Walk with us"})
    desk.content.blocks["cta/winback"] = [block]
    settled = slot(desk.only("cta").run(says(ModelUnavailable("gone"))), "cta")
    assert traced(settled) == [
        ("generated", False, "model_unavailable"),
        ("last_approved", False, "nothing_approved"),
        ("journey_block", True, "approved_block_used"),
    ]
    assert settled.answer.decision.block == "cta_winback"


def test_every_step_and_every_reason_of_a_trace_has_words(desk: Desk) -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(sentence.endswith(".") for sentence, _ in SENTENCES.values())
    settled = slot(desk.only("cta").run(says(ModelUnavailable("gone"))), "cta")
    order = list(Step)
    steps = [order.index(step.step) for step in settled.answer.decision.trace]
    assert steps == sorted(steps)


def test_slots_run_side_by_side(desk: Desk) -> None:
    running, most = 0, 0

    class Counting(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.02)
            running -= 1
            return await super().complete(request)

    desk.brief["segments"] = ["weekend_hikers", "trail_runners", "campers"]
    desk.run(Counting(answering(), ModelProfile(style="capable", parallel=3)))
    assert most == 3, "as many calls at once as the profile says, and no more"
