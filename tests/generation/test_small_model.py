"""A small model: samples of single lines with a grammar, few-shot turns of approved copy, no values."""

import pytest

from app.errors import ModelTimeout
from app.verdicts.decisions import Outcome, Reason
from tests.generation.desk import Desk, slot, traced
from tests.generation.small_model import FIELDS, SmallModel
from tests.release.content import item


@pytest.fixture
def taught(desk: Desk) -> Desk:
    """A desk with approved buttons of the journey to learn from."""
    labels = {"start small": "Begin with a small step", "walk in the rain": "Take a rain coat"}
    desk.content.blocks["cta/winback"] = [
        item(f"cta_{n}", "cta", message=message, copy={"label": label})
        for n, (message, label) in enumerate(labels.items())
    ]
    return desk


def test_lines_that_pass_become_variants(taught: Desk) -> None:
    settled = slot(taught.only("cta").run(SmallModel()), "cta")
    assert settled.answer.decision.outcome is Outcome.GENERATED
    labels = [kept.variant.copy_fields["label"] for kept in settled.answer.kept]
    assert len(set(labels)) == 2
    assert set(labels) <= set(FIELDS["label"])
    assert settled.answer.kept[0].variant.mean_logprob == pytest.approx(-0.3)
    assert "model_probability" in (settled.answer.decision.confidence or pytest.fail("none")).parts


def test_every_request_has_a_grammar_a_seed_and_approved_turns(taught: Desk) -> None:
    model = SmallModel()
    taught.only("cta").run(model)
    for request in model.requests:
        assert request.grammar is not None
        assert request.json_schema is None
        assert request.seed is not None
        roles = [message.role for message in request.messages]
        assert roles == ["system", *["user", "assistant"] * 2, "user"]
        shown = {message.content for message in request.messages if message.role == "assistant"}
        assert shown == {"Begin with a small step", "Take a rain coat"}
        assert "come back outside" in request.messages[-1].content
    seeds = [request.seed for request in model.requests]
    assert len(set(seeds)) == len(seeds), "no batch repeats another"


def test_as_many_lines_as_the_settings_say(taught: Desk) -> None:
    taught.settings_["samples"] = 24
    model = SmallModel()
    settled = slot(taught.only("cta").run(model), "cta")
    assert sum(request.choices for request in model.requests) == settled.answer.asked == 24


def test_the_same_brief_gives_the_same_requests(taught: Desk, desk: Desk) -> None:
    first = SmallModel()
    taught.only("cta").run(first)
    again = SmallModel()
    from app.generation.engine import Retry

    taught.run(again, retry=Retry.ALL)
    assert [request.model_dump() for request in first.requests] == [r.model_dump() for r in again.requests]


def test_invariant_1_a_small_model_is_never_shown_a_value(taught: Desk) -> None:
    model = SmallModel()
    taught.only("cta", "subject").run(model)
    text = " ".join(message.content for request in model.requests for message in request.messages)
    assert "Ridgeline" not in text
    assert "129" not in text


@pytest.mark.parametrize(
    "line", ["Save 20 today", "It heals colds", "Plan a xqzt walk", "Plan a walk with Amazon"]
)
def test_a_refused_line_is_kept_with_its_reason_and_not_used(taught: Desk, line: str) -> None:
    taught.contract["reasks"] = 0
    settled = slot(taught.only("cta").run(SmallModel({"label": [line]})), "cta")
    assert traced(settled)[0] == ("generated", False, "guardrail_refused")
    assert settled.answer.refused[0].fields == {"label": line}
    assert settled.answer.refused[0].findings


def test_a_line_without_an_end_is_dropped(taught: Desk) -> None:
    taught.contract["reasks"] = 0
    settled = slot(taught.only("cta").run(SmallModel(finished=False)), "cta")
    assert traced(settled)[0] == ("generated", False, "malformed_answer")
    assert {refused.reason for refused in settled.answer.refused} == {Reason.MALFORMED_ANSWER}


def test_empty_lines_fall_back(taught: Desk) -> None:
    taught.contract["reasks"] = 0
    settled = slot(taught.only("cta").run(SmallModel({"label": [""]})), "cta")
    assert settled.answer.decision.outcome is Outcome.FELL_BACK


def test_a_reask_takes_other_seeds(taught: Desk) -> None:
    model = SmallModel({"label": ["It heals colds"]})
    settled = slot(taught.only("cta").run(model), "cta")
    assert traced(settled)[:2] == [
        ("generated", False, "guardrail_refused"),
        ("reasked", False, "guardrail_refused"),
    ]
    seeds = [request.seed for request in model.requests]
    assert len(set(seeds)) == len(seeds)


def test_a_timeout_of_a_small_model_is_transient(taught: Desk) -> None:
    generated = taught.only("cta").run(SmallModel(error=ModelTimeout("slow")))
    decision = slot(generated, "cta").answer.decision
    assert (decision.reason, decision.transient) == (Reason.MODEL_TIMEOUT, True)


def test_copies_of_an_example_are_dropped_with_the_block_to_reuse(taught: Desk) -> None:
    taught.contract["reasks"] = 0
    settled = slot(taught.only("cta").run(SmallModel({"label": ["Begin with a small step"]})), "cta")
    assert settled.answer.decision.outcome is Outcome.FELL_BACK
    assert "block 'cta_0'" in settled.answer.refused[0].why
