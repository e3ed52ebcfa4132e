"""Decisions: every reason has words and somebody who can act, and what passes by itself is not final."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verdicts.decisions import (
    SENTENCES,
    TRANSIENT,
    Confidence,
    Decision,
    Outcome,
    Reason,
    Step,
    TraceStep,
    WhoActs,
)


def decision(reason: Reason, outcome: Outcome = Outcome.FELL_BACK) -> Decision:
    return Decision(
        outcome=outcome, reason=reason, trace=(TraceStep(step=Step.GENERATED, answered=False, reason=reason),)
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_somebody_who_can_act(reason: Reason) -> None:
    sentence, who = SENTENCES[reason]
    made = decision(reason)
    assert (made.sentence, made.who_acts) == (sentence, who)
    assert sentence[0].isupper()
    assert sentence.endswith((".", "`."))
    assert len(sentence.split()) >= 4
    assert isinstance(who, WhoActs)


def test_no_two_reasons_read_the_same() -> None:
    sentences = [sentence for sentence, _ in SENTENCES.values()]
    assert len(set(sentences)) == len(sentences) == len(Reason)


def test_what_passes_by_itself() -> None:
    assert {
        Reason.MODEL_TIMEOUT,
        Reason.MODEL_UNAVAILABLE,
        Reason.MODEL_NOT_INSTALLED,
        Reason.BREAKER_OPEN,
        Reason.BUDGET_SPENT,
        Reason.DEADLINE_REACHED,
        Reason.SHUTTING_DOWN,
        Reason.DATABASE_AWAY,
    } == TRANSIENT


@pytest.mark.parametrize("reason", sorted(TRANSIENT))
def test_somebody_can_act_on_what_passes_by_itself(reason: Reason) -> None:
    assert SENTENCES[reason][1] in (WhoActs.OPERATOR, WhoActs.BRAND_OWNER)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("reason", Reason)
def test_only_a_fallback_for_a_passing_reason_is_asked_again(outcome: Outcome, reason: Reason) -> None:
    fallback = outcome in (Outcome.FELL_BACK, Outcome.LEFT_OUT)
    assert decision(reason, outcome).transient == (fallback and reason in TRANSIENT)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_score_that_reaches_the_threshold_suffices(score: float, threshold: float) -> None:
    made = Confidence(score=score, parts={}, threshold=threshold)
    assert made.sufficient == (score >= threshold)


def test_the_steps_stand_in_the_order_of_the_chain() -> None:
    assert list(Step) == [
        Step.SERVING,
        Step.REUSE,
        Step.CONSENT,
        Step.GENERATED,
        Step.REASKED,
        Step.SECOND_MODEL,
        Step.LAST_APPROVED,
        Step.JOURNEY_BLOCK,
        Step.EVERGREEN_BLOCK,
        Step.LEFT_OUT,
    ]
