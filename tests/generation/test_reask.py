"""Re-asking: only what failed, with the findings in words, and at most as often as the contract says."""

import json
from collections.abc import Callable

import pytest

from app.errors import ModelTimeout
from app.llm.protocol import Request
from app.llm.scripted import Answer, ScriptedModel
from app.verdicts.decisions import Outcome, Reason
from tests.generation.desk import LINES, Desk, Fields, slot, traced, variants
from tests.release.content import COPY

GOOD, OTHER, THIRD = LINES["cta"]
CLAIM = {"label": "It heals colds"}


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    """A script of answers, the last of which is repeated."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def last_turn(request: Request) -> str:
    """What the model was told last."""
    return request.messages[-1].content


def test_only_the_refused_variant_is_asked_for_again_with_the_finding(desk: Desk) -> None:
    model = ScriptedModel(in_turn(variants(GOOD, CLAIM), variants(OTHER)))
    settled = slot(desk.only("cta").run(model), "cta")
    first, again = model.requests
    assert (first.purpose.variants, again.purpose.variants) == (2, 1)
    whole, same = ("\n".join(m.content for m in r.messages) for r in (first, again))
    before, task = whole.rsplit("\nWrite ", 1)
    assert task.startswith("2 variants")
    assert same.startswith(before), "all before the task stays, so that a provider's cache holds"
    finding = settled.answer.refused[0].findings[0]
    assert json.dumps(finding.message, ensure_ascii=False)[1:-1] in last_turn(again).replace("\\u0027", "'")
    assert CLAIM["label"] in last_turn(again)
    assert GOOD["label"] in last_turn(again), "what is kept is named, so that it is not repeated"
    assert traced(settled) == [("generated", True, "passed"), ("reasked", True, "passed")]
    assert settled.answer.decision.outcome is Outcome.REASKED
    assert {kept.variant.copy_fields["label"] for kept in settled.answer.kept} == {
        GOOD["label"],
        OTHER["label"],
    }


@pytest.mark.parametrize("reasks", [0, 1, 2, 3])
def test_at_most_as_often_as_the_contract_says(desk: Desk, reasks: int) -> None:
    desk.contract["reasks"] = reasks
    model = ScriptedModel(lambda _: variants(CLAIM, CLAIM))
    settled = slot(desk.only("cta").run(model), "cta")
    assert len(model.requests) == 1 + reasks
    again = [("reasked", False, "guardrail_refused")] * reasks
    assert traced(settled)[: 1 + reasks] == [("generated", False, "guardrail_refused"), *again]
    assert settled.answer.decision.outcome is Outcome.FELL_BACK
    assert settled.answer.asked == 2 * (1 + reasks)


def test_nothing_is_asked_again_when_all_variants_passed(desk: Desk) -> None:
    desk.contract["reasks"] = 3
    model = ScriptedModel(lambda _: variants(GOOD, OTHER))
    desk.only("cta").run(model)
    assert len(model.requests) == 1


def test_what_passed_is_kept_when_the_reask_fails(desk: Desk) -> None:
    settled = slot(
        desk.only("cta").run(ScriptedModel(in_turn(variants(GOOD, CLAIM), ModelTimeout("slow")))), "cta"
    )
    assert traced(settled) == [("generated", True, "passed"), ("reasked", False, "model_timeout")]
    assert settled.answer.decision.outcome is Outcome.GENERATED
    assert [kept.variant.copy_fields for kept in settled.answer.kept] == [GOOD]


def test_an_answer_with_too_few_variants_is_asked_for_the_rest(desk: Desk) -> None:
    model = ScriptedModel(in_turn(variants(GOOD), variants(OTHER)))
    settled = slot(desk.only("cta").run(model), "cta")
    again = model.requests[1]
    assert again.purpose.variants == 1
    assert GOOD["label"] in last_turn(again)
    assert "refused" not in last_turn(again), "nothing was refused, so nothing may be said to have been"
    assert len(settled.answer.kept) == 2


def test_more_variants_than_asked_for_are_not_used(desk: Desk) -> None:
    settled = slot(desk.only("cta").run(ScriptedModel(lambda _: variants(GOOD, OTHER, THIRD))), "cta")
    assert len(settled.answer.kept) == 2


@pytest.mark.parametrize(
    "body",
    [
        "Take 20% off the {product.name} this week, and come back outside with us.",
        "The {product.name} costs $129 and is made for the long way home.",
        "We have one hundred and twenty nine reasons to come back outside with us.",
        "See it at https://fernhill.example/ and come back outside with your friends.",
        "The Ridgeline Coat for 129.00 is made for the long way home on a wet day.",
    ],
)
def test_invariant_1_a_raw_value_is_refused_even_when_it_is_right(desk: Desk, body: str) -> None:
    raw: Fields = {"headline": "A walk for the whole day", "body": body}
    desk.contract["reasks"] = 0
    settled = slot(desk.only("hero").run(ScriptedModel(lambda _: variants(raw))), "hero")
    assert settled.answer.decision.outcome is Outcome.FELL_BACK
    (refused,) = settled.answer.refused
    assert refused.fields == raw
    assert {finding.field for finding in refused.findings} == {"body"}


def test_variants_that_repeat_one_another_are_dropped(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    settled = slot(desk.only("cta").run(ScriptedModel(lambda _: variants(GOOD, GOOD))), "cta")
    assert len(settled.answer.kept) == 1
    (refused,) = settled.answer.refused
    assert (refused.reason, refused.findings[0].rule) == (Reason.DUPLICATE, "duplicate")
    assert "variant 1" in refused.why


def test_copy_that_repeats_approved_copy_is_dropped_with_the_block_to_reuse(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    model = ScriptedModel(lambda _: variants(COPY["cta"]))
    settled = slot(desk.only("cta").run(model), "cta")
    assert traced(settled)[0] == ("generated", False, "duplicate")
    assert "block 'cta_evergreen'" in settled.answer.refused[0].why
    assert settled.answer.decision.reason is Reason.DUPLICATE


def test_a_token_that_this_kind_may_not_use_is_refused(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    settled = slot(
        desk.only("cta").run(ScriptedModel(lambda _: variants({"label": "Walk, {person.first_name}"}))), "cta"
    )
    assert settled.answer.decision.outcome is Outcome.FELL_BACK
    assert "variables" in {finding.rule for finding in settled.answer.refused[0].findings}


@pytest.mark.parametrize(
    "label", ["Sure, here are two", "{{ person.first_name }} walks", "Plan <b>a walk</b>"]
)
def test_chatter_template_syntax_and_markup_are_refused(desk: Desk, label: str) -> None:
    desk.contract["reasks"] = 0
    settled = slot(desk.only("cta").run(ScriptedModel(lambda _: variants({"label": label}))), "cta")
    assert traced(settled)[0] == ("generated", False, "guardrail_refused")
