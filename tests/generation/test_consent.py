"""A segment without a consent: no prompt has the variable, lines with it are refused, people read why."""

from pathlib import Path

import pytest

from app.console import _lines
from app.generation.engine import SlotDone
from app.llm.scripted import ScriptedModel
from app.main import write_outputs
from app.verdicts.decisions import Outcome, Reason
from tests import factories
from tests.generation.desk import LINES, Desk, answering, slot
from tests.generation.small_model import SmallModel
from tests.release.content import SEGMENT, item

WHY = "generic twin used: segment campers lacks consent personalisation for person.city"
CITY_HERO = {"headline": "A walk close to {person.city}", "body": LINES["hero"][0]["body"]}
BODY = {"body": "Find a path you like in {person.city}, pack what you need and take your time with us."}


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Two segments, of which weekend hikers agreed to personalisation and campers did not."""
    variables = [*factories.VARIABLES, factories.CITY]
    desk.content.files["variables.yaml"] = {"consents": list(factories.CONSENTS), "variables": variables}
    desk.content.files["segments.yaml"] = {
        "segments": [
            {**SEGMENT, "consents": ["personalisation"]},
            {**SEGMENT, "id": "campers", "aliases": []},
        ]
    }
    desk.content.blocks["hero/winback"] = [
        item("hero_city", "hero", copy={"headline": "Walk in {person.city} again", **BODY}),
        item(
            "hero_plain",
            "hero",
            copy={"headline": "Take the long way home", "body": LINES["hero"][1]["body"]},
        ),
    ]
    desk.content.blocks["cta/winback"] = [
        item("cta_home", "cta", copy={"label": "Walk to the lake"}, message="walks in {person.city}")
    ]
    desk.brief["segments"] = ["campers", "weekend_hikers"]
    desk.slots["hero"]["variants"] = 1
    return desk


def requests_for(model: ScriptedModel | SmallModel, segment: str) -> str:
    """Everything that a model was told for a segment."""
    return " ".join(r.model_dump_json() for r in model.requests if r.purpose.segment == segment)


def test_the_variable_is_in_the_prompts_of_those_who_agreed_alone(asked: Desk) -> None:
    model = ScriptedModel(answering())
    asked.only("hero").run(model)
    assert "Walk in {person.city} again" in requests_for(model, "weekend_hikers")
    assert "the town that the reader lives in" in requests_for(model, "weekend_hikers")
    told = requests_for(model, "campers")
    assert "person.first_name" in told, "what needs no consent stays"
    assert "Take the long way home" in told, "and so do the other examples"
    assert "person.city" not in told
    assert "the town that the reader lives in" not in told


def test_the_brief_itself_gives_way_to_the_generic_words(asked: Desk) -> None:
    asked.brief |= {
        "message": "walks close to {person.city}",
        "objective": "Show walks in {person.city}",
        "must_say": ["in {person.city}"],
        "avoid": ["leave {person.city}"],
        "notes": "They know {person.city} well.",
    }
    asked.brief["segments"] = ["weekend_hikers", {"id": "campers", "message": "paths in {person.city}"}]
    model = ScriptedModel(answering())
    generated = asked.only("hero", "cta").run(model)
    told = requests_for(model, "campers")
    assert "person.city" not in told
    for words in (
        "paths in your town",
        "Show walks in your town",
        "They know your town well.",
        "in your town",
    ):
        assert words in told
    assert "walks close to {person.city}" in requests_for(model, "weekend_hikers")
    assert slot(generated, "hero", "campers").job.message == "paths in your town"
    notes = [finding.message for finding in generated.summary.findings]
    assert "en-US campers: nothing says 'in your town', which the brief asks for" in notes


def test_a_small_model_sees_no_thought_with_the_variable(asked: Desk) -> None:
    asked.brief["message"] = "walks in {person.city}"
    model = SmallModel()
    asked.only("cta").run(model)
    assert "person.city" in requests_for(model, "weekend_hikers")
    assert "person.city" not in requests_for(model, "campers")
    assert "walks in your town" in requests_for(model, "campers")


def test_a_line_with_it_is_refused_and_not_shown_again(asked: Desk) -> None:
    asked.contract["reasks"] = 1
    model = ScriptedModel(answering({"hero": [CITY_HERO, LINES["hero"][2]]}))
    generated = asked.only("hero").run(model)
    settled = slot(generated, "hero", "campers")
    (refused,) = settled.answer.refused
    assert refused.why == (
        "{person.city} may not be used without consent: "
        "segment campers lacks consent personalisation for person.city"
    )
    assert settled.answer.decision.outcome is Outcome.REASKED
    assert "person.city" not in requests_for(model, "campers")
    kept = slot(generated, "hero", "weekend_hikers").answer.kept
    assert [item.variant.copy_fields for item in kept] == [CITY_HERO]


def test_generated_copy_says_that_it_is_the_generic_twin(asked: Desk) -> None:
    generated = asked.only("hero").run(ScriptedModel(answering()))
    decision = slot(generated, "hero", "campers").answer.decision
    assert decision.outcome is Outcome.GENERATED
    assert decision.generic == WHY
    assert decision.trace[0].reason is Reason.CONSENT_MISSING
    assert slot(generated, "hero", "weekend_hikers").answer.decision.generic == ""


def test_kinds_without_such_a_variable_say_nothing(asked: Desk) -> None:
    generated = asked.only("subject", "footer").run(ScriptedModel(answering()))
    assert {line.generic for line in generated.summary.slots} == {""}
    assert "twin" not in " ".join(generated.summary.warnings)


def test_summary_terminal_and_page_show_the_reason(asked: Desk, tmp_path: Path) -> None:
    lines = {**LINES, "hero": [CITY_HERO]}
    asked.contract["reasks"] = 0
    generated = asked.run(ScriptedModel(answering(lines)))
    hero = slot(generated, "hero", "campers")
    assert hero.answer.decision.block == "hero_plain"
    line = next(item for item in generated.summary.slots if (item.segment, item.kind) == ("campers", "hero"))
    assert line.generic == f"block 'hero_plain', {WHY}"
    assert f"en-US campers hero, cta: {WHY}" in generated.summary.warnings
    assert f"    [dim]{line.generic}[/]" in _lines(SlotDone(hero.job, hero.answer, 1, 1))
    out = tmp_path / "out"
    out.mkdir()
    page = write_outputs(generated, out).read_text("utf-8")
    assert "Block &#39;hero_plain&#39;, " + WHY in page
    assert WHY in (out / "summary.json").read_text("utf-8")


def test_a_stored_answer_keeps_its_reason(asked: Desk) -> None:
    asked.only("hero").run(ScriptedModel(answering()))
    again = asked.run(ScriptedModel(answering()))
    settled = slot(again, "hero", "campers")
    assert settled.answer.stored
    assert settled.answer.decision.generic == WHY
