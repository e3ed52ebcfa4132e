"""What the summary of a run warns about."""

import pytest

from app.errors import ModelTimeout
from app.llm.scripted import ScriptedModel
from tests.generation.desk import LINES, Desk, answering, variants


def warnings(desk: Desk, model: ScriptedModel) -> str:
    """The warnings of a run."""
    return "\n".join(desk.run(model).summary.warnings)


def test_nothing_to_warn_about(desk: Desk) -> None:
    assert warnings(desk, ScriptedModel(answering())) == ""


def test_segments_that_became_identical(desk: Desk) -> None:
    desk.brief["segments"] = ["weekend_hikers", "campers"]
    text = warnings(desk, ScriptedModel(lambda r: variants(*LINES[r.purpose.kind][: r.purpose.variants])))
    for kind in ("subject", "hero", "cta"):
        assert f"en-US {kind}: the segments weekend_hikers, campers get the same copy" in text
    assert "footer" not in text, "approved-only copy is meant to be the same"


def test_segments_that_differ_are_not_named(desk: Desk) -> None:
    desk.brief["segments"] = ["weekend_hikers", "campers"]
    desk.only("cta").slots["cta"]["variants"] = 1
    lines = iter(LINES["cta"])
    assert "same copy" not in warnings(desk, ScriptedModel(lambda _: variants(next(lines))))


def test_most_slots_fell_back(desk: Desk) -> None:
    script = answering()
    failing = {"subject", "hero"}
    slow = ModelTimeout("slow")
    text = warnings(desk, ScriptedModel(lambda r: slow if r.purpose.kind in failing else script(r)))
    assert "2 of 3 slots fell back to approved content; most often (2): The model did not answer" in text


def test_half_of_the_slots_is_not_most(desk: Desk) -> None:
    script = answering()
    slow = ModelTimeout("slow")
    text = warnings(
        desk.only("subject", "cta"), ScriptedModel(lambda r: slow if r.purpose.kind == "cta" else script(r))
    )
    assert "fell back" not in text


@pytest.mark.parametrize("missing", ["wild garlic", "{product.price}"])
def test_a_missed_must_say_is_a_finding(desk: Desk, missing: str) -> None:
    desk.brief["must_say"] = [missing, "outside"]
    summary = desk.run(ScriptedModel(answering())).summary
    (finding,) = summary.findings
    assert (finding.rule, finding.field) == ("must_say", "en-US/weekend_hikers")
    assert f"nothing says '{missing}'" in finding.message
    assert finding.message in summary.warnings


def test_a_must_say_token_counts_wherever_in_the_email_it_stands(desk: Desk) -> None:
    desk.brief["must_say"] = ["{product.name}"]
    hero = [line for line in LINES["hero"] if "{product.name}" in line["body"]]
    assert "nothing says" not in warnings(desk, ScriptedModel(answering({**LINES, "hero": hero})))


def test_held_slots_are_named_with_the_reason(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    desk.slots["cta"]["on_fallback"] = "hold"
    text = warnings(desk, ScriptedModel(answering({**LINES, "cta": [{"label": "It heals colds"}]})))
    assert "en-US weekend_hikers cta: held for a person. A guardrail refused every line" in text


def test_the_table_of_slots(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    lines = {**LINES, "cta": [LINES["cta"][0], {"label": "It heals colds"}]}
    summary = desk.run(ScriptedModel(answering(lines))).summary
    cta = summary.slots[2]
    assert (cta.kind, cta.wanted, cta.asked, len(cta.variants), cta.refused) == ("cta", 2, 2, 1, 1)
    assert cta.refused_by["cures"] == 1
    assert summary.refused_by["cures"] == 1
    assert summary.outcomes == {"generated": 3, "reused": 1}
    assert summary.calls == 3
    assert summary.tokens == sum(line.tokens for line in summary.slots) > 0
