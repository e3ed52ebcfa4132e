"""Suppression flags: a block is left out or no email is made, nobody is asked for it, and people read why."""

from pathlib import Path
from typing import Any

import pytest

from app.console import _lines
from app.errors import ContentError
from app.generation.engine import SlotDone
from app.llm.scripted import ScriptedModel
from app.main import Generated, write_outputs
from app.verdicts.decisions import Outcome, Reason, WhoActs
from tests.generation.desk import Desk, answering, slot, traced
from tests.suppressing import BLOCK_WORDS, EMAIL_WORDS, OFFER_HERO, OFFERED, suppressing


@pytest.fixture
def flagged(desk: Desk) -> Desk:
    return suppressing(desk)


def run(desk: Desk) -> tuple[Generated, ScriptedModel]:
    model = ScriptedModel(answering(OFFERED))
    return desk.run(model), model


def kinds(generated: Generated, segment: str) -> dict[str, Outcome]:
    return {line.kind: line.outcome for line in generated.summary.slots if line.segment == segment}


def test_a_block_is_left_out_for_those_who_carry_the_flag(flagged: Desk) -> None:
    generated, model = run(flagged)
    settled = slot(generated, "offer", "campers")
    decision = settled.answer.decision
    assert (decision.outcome, decision.reason) == (Outcome.LEFT_OUT, Reason.BLOCK_SUPPRESSED)
    assert (decision.suppressed, decision.who_acts) == (BLOCK_WORDS, WhoActs.BRAND_OWNER)
    assert not decision.held
    assert traced(settled) == [("left_out", True, "block_suppressed")]
    assert ("campers", "offer") not in {(r.purpose.segment, r.purpose.kind) for r in model.requests}
    assert slot(generated, "offer").answer.decision.outcome is Outcome.GENERATED
    assert kinds(generated, "campers")["hero"] is Outcome.REASKED, "the first hero states the offer"


def test_no_other_block_can_state_the_offer_then(flagged: Desk) -> None:
    flagged.contract["reasks"] = 0
    generated, model = run(flagged)
    assert slot(generated, "hero").answer.kept[0].variant.copy_fields == OFFER_HERO
    campers = slot(generated, "hero", "campers")
    assert OFFER_HERO in [refused.fields for refused in campers.answer.refused]
    assert not [name for name in campers.job.facts.facts if name.startswith("offer.")]
    told = " ".join(r.model_dump_json() for r in model.requests if r.purpose.segment == "campers")
    assert "offer.discount" not in told


def test_no_email_is_made_where_the_flag_stops_it_all(flagged: Desk, tmp_path: Path) -> None:
    generated, model = run(flagged)
    assert set(kinds(generated, "recent_complaint").values()) == {Outcome.LEFT_OUT}
    decision = slot(generated, "subject", "recent_complaint").answer.decision
    assert (decision.reason, decision.suppressed) == (Reason.EMAIL_SUPPRESSED, EMAIL_WORDS)
    assert "recent_complaint" not in {request.purpose.segment for request in model.requests}
    out = tmp_path / "out"
    out.mkdir()
    page = write_outputs(generated, out).read_text("utf-8")
    assert sorted(path.name for path in (out / "emails" / "en-US").iterdir()) == ["campers", "weekend_hikers"]
    assert "no email is made" in page
    campers = (out / "emails" / "en-US" / "campers" / "email.txt").read_text("utf-8")
    assert "AUTUMN" not in campers
    assert "AUTUMN" in (out / "emails" / "en-US" / "weekend_hikers" / "email.txt").read_text("utf-8")


def test_summary_and_terminal_name_flag_reason_and_owner(flagged: Desk) -> None:
    generated, _ = run(flagged)
    notes = generated.summary.warnings
    assert f"en-US campers: offer left out. F{BLOCK_WORDS[1:]}" in notes
    assert f"en-US recent_complaint: no email is made. F{EMAIL_WORDS[1:]}" in notes
    line = next(one for one in generated.summary.slots if (one.segment, one.kind) == ("campers", "offer"))
    assert (line.suppressed, line.sentence) == (
        BLOCK_WORDS,
        "A suppression flag of these readers keeps this block from them.",
    )
    item = slot(generated, "offer", "campers")
    assert f"    [dim]{BLOCK_WORDS}[/]" in _lines(SlotDone(item.job, item.answer, 1, 1))


def test_what_is_stopped_counts_as_no_fallback_and_misses_nothing(flagged: Desk) -> None:
    flagged.brief["segments"] = ["waiting"]
    flagged.brief["must_say"] = ["{offer.discount}"]
    generated, model = run(flagged)
    assert model.requests == []
    assert len(generated.summary.warnings) == 1, "one line says all: no email is made"
    assert generated.summary.findings == ()


def test_what_the_offer_says_need_not_be_said_to_those_who_do_not_get_it(flagged: Desk) -> None:
    flagged.brief["must_say"] = ["{offer.discount}", "walk"]
    generated, _ = run(flagged)
    assert slot(generated, "hero", "campers").job.must_say == ("walk",)
    assert slot(generated, "hero").job.must_say == ("{offer.discount}", "walk")


def test_a_stored_answer_keeps_its_reason_and_another_reason_is_another_answer(flagged: Desk) -> None:
    run(flagged)
    again, _ = run(flagged)
    assert slot(again, "offer", "campers").answer.stored
    assert slot(again, "offer", "campers").answer.decision.suppressed == BLOCK_WORDS
    flagged.content.files["segments.yaml"]["suppressions"][0]["stops"] = ["educational"]
    after, _ = run(flagged)
    assert slot(after, "offer", "campers").answer.decision.outcome is Outcome.GENERATED


def test_in_another_journey_the_flag_stops_nothing(flagged: Desk) -> None:
    flagged.content.files["segments.yaml"]["suppressions"][1]["journeys"] = ["newsletter"]
    generated, _ = run(flagged)
    assert kinds(generated, "recent_complaint")["hero"] is Outcome.GENERATED


def test_a_flag_of_the_target_holds_for_all_its_readers(flagged: Desk) -> None:
    flagged.target["flags"] = ["do_not_discount"]
    generated, _ = run(flagged)
    settled = slot(generated, "offer")
    assert settled.answer.decision.suppressed == BLOCK_WORDS
    assert "offer.discount" not in settled.job.facts.facts


def refused(desk: Desk) -> list[Any]:
    with pytest.raises(ContentError) as error:
        run(desk)
    return list(error.value.problems)


def test_a_flag_that_nobody_declared_names_the_nearest(flagged: Desk) -> None:
    flagged.target["flags"] = ["do_not_discont"]
    (problem,) = refused(flagged)
    assert problem.field == "targets.0.flags.0"
    assert problem.message == "segments.yaml declares no suppression flag 'do_not_discont'"
    assert problem.expected == "did you mean 'do_not_discount'?"


def test_a_thought_about_the_offer_for_those_who_do_not_get_it(flagged: Desk) -> None:
    flagged.brief["message"] = "come back with {offer.discount} off"
    problems = refused(flagged)
    assert [problem.field for problem in problems] == ["segments.1", "segments.2"]
    assert problems[0].message == (
        "the thought names '{offer.discount}' for 'campers', whom a flag keeps offers from"
    )
    flagged.brief["segments"] = ["weekend_hikers", {"id": "campers", "message": "come back outside"}]
    generated, _ = run(flagged)
    assert slot(generated, "hero", "campers").job.message == "come back outside"


def test_a_suppression_segment_of_which_nothing_is_declared_is_refused(flagged: Desk) -> None:
    del flagged.content.files["segments.yaml"]["suppressions"][1]
    (problem,) = refused(flagged)
    assert problem.message == "'recent_complaint' is a suppression segment: nothing is sent to it"


@pytest.mark.parametrize(
    ("change", "field", "message", "expected"),
    [
        (
            {"stops": ["hero"]},
            "suppressions.0.stops.0",
            "no email can do without its 'hero'",
            "`email` stops all of it",
        ),
        (
            {"stops": ["ofer"]},
            "suppressions.0.stops.0",
            "there is no block 'ofer' to stop",
            "did you mean 'offer'?",
        ),
        (
            {"journeys": ["winbak"]},
            "suppressions.0.journeys.0",
            "unknown journey 'winbak'",
            "did you mean 'winback'?",
        ),
    ],
)
def test_names_that_a_flag_cannot_stop(
    flagged: Desk, change: dict[str, Any], field: str, message: str, expected: str
) -> None:
    flagged.content.files["segments.yaml"]["suppressions"][0] |= change
    (problem,) = refused(flagged)
    assert (problem.field, problem.message, problem.expected) == (field, message, expected)
    assert problem.line > 0
