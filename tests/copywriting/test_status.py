"""Where a brief stands: what is there, what blocks export, who must act."""

import pytest

from app.db.drafts import DraftChange
from app.db.tables import DraftState
from app.errors import ReleaseRefused
from app.generation.kept_answers import judge_of
from app.llm.scripted import ScriptedModel
from app.release.gate import Gate
from app.verdicts.decisions import Outcome
from tests.copywriting.office import Office, email, reasons, slot
from tests.generation.desk import LINES, answering, variants


def test_a_brief_that_nobody_answered_yet(office: Office) -> None:
    office.keep()
    status = office.status()
    assert (status.slots, status.ready, status.emails_ready) == (4, 0, 0)
    assert slot(status, "hero").outcome is None
    assert reasons(slot(status, "hero")) == "nothing has been generated or written for this slot yet"
    assert status.who_acts == {"copywriter": 4}


def test_generated_copy_waits_for_the_roles_that_the_contract_names(office: Office) -> None:
    office.desk.contract["tiers"]["kinds"]["hero"] = "elevated"
    office.generate()
    status = office.status()
    assert "tier elevated asks for: brand reviewer, legal" in reasons(slot(status, "hero"))
    assert status.who_acts == {"brand reviewer": 3, "legal": 1}
    footer = slot(status, "footer")
    assert (footer.ready, footer.outcome) == (True, Outcome.REUSED)
    assert footer.drafts[0].block == "footer_evergreen"


def test_what_is_ready_passes_the_gate_and_what_blocks_is_what_the_gate_says(office: Office) -> None:
    office.generate()
    for kind in ("subject", "hero"):
        office.approve(office.chosen(kind))
    status = office.status()
    assert [line.kind for line in email(status).slots if not line.ready] == ["cta"]
    with pytest.raises(ReleaseRefused) as refused:
        release(office)
    assert refused.value.reasons == tuple(f"cta: {item.reason}" for item in slot(status, "cta").blocking)
    office.approve(office.chosen("cta"))
    assert office.status().emails_ready == 1
    release(office)


def release(office: Office) -> None:
    library = office.copydesk.library("fernhill")
    slots = list(office.slots().values())
    job = slots[0].job
    Gate(office.store).release(
        [item.chosen.content for item in slots if item.chosen],
        library,
        job.facts,
        job.as_of,
        judge_of(job, library),
        journey="winback",
        segment=job.segment.id,
    )


def test_an_approval_by_who_wrote_it_does_not_count(office: Office) -> None:
    office.generate()
    draft = office.chosen("cta")
    office.approve(draft, by=draft.author)
    assert "lacks an approval of this copy" in reasons(slot(office.status(), "cta"))


def test_copy_of_an_earlier_brief_is_still_there_and_says_what_changed(office: Office) -> None:
    office.generate()
    office.brief["message"] = "walk with us again"
    office.brief["notes"] = "Be brief."
    office.keep()
    line = slot(office.status(), "hero")
    assert len(line.drafts) == 2
    assert "the brief asks otherwise since this was written: message, notes" in reasons(line)
    assert "asks otherwise" not in reasons(slot(office.status(), "footer"))


def test_a_change_that_does_not_concern_a_slot_leaves_its_copy_alone(office: Office) -> None:
    office.generate()
    office.desk.slots["cta"]["variants"] = 3
    office.brief["name"] = "Another name"
    office.keep()
    assert "asks otherwise" in reasons(slot(office.status(), "cta"))
    assert "asks otherwise" not in reasons(slot(office.status(), "hero"))


def test_a_fact_that_is_gone_blocks_what_names_it(office: Office) -> None:
    office.generate()
    office.approve(office.naming("product.name"))
    name = office.desk.target["facts"].pop("product.name")
    office.keep()
    line = slot(office.status(), "hero")
    assert "has no valid value for product.name" in reasons(line)
    office.desk.target["facts"]["product.name"] = {**name, "value": "Ridgeline Coat"}
    office.keep()
    assert "has no valid value" not in reasons(slot(office.status(), "hero"))


def test_a_held_slot_names_the_reason_and_who_can_change_it(office: Office) -> None:
    office.desk.slots["cta"]["on_fallback"] = "hold"
    claim = variants({"label": "It heals colds"})

    def script(request: object) -> str:
        return claim

    office.desk.only("cta")
    office.keep()
    office.desk.run(ScriptedModel(script))
    line = slot(office.status(), "cta")
    assert (line.outcome, line.held, line.ready) == (Outcome.LEFT_OUT, True, False)
    assert "held for a person. A guardrail refused every line the model wrote." in reasons(line)
    assert line.blocking[0].who == ("copywriter",)


def test_a_required_kind_without_a_slot_blocks_the_email(office: Office) -> None:
    office.desk.only("subject", "hero", "footer")
    office.generate()
    blocking = email(office.status()).blocking
    assert [item.reason for item in blocking] == ["cta: is required and the brief has no slot for it"]


def test_the_newest_work_of_a_person_comes_before_the_variants_of_the_model(office: Office) -> None:
    office.generate()
    first, second = (item.draft for item in office.slots()["en-US", "weekend_hikers", "cta"].candidates)
    assert (first.ordinal, second.ordinal) == (0, 1)
    office.approve(second)
    assert office.chosen("cta").id == second.id
    change = DraftChange(second.id, office.draft(second.id).revision, {"state": DraftState.REJECTED})
    office.copydesk.drafts.change([change])
    (left,) = office.slots()["en-US", "weekend_hikers", "cta"].candidates
    assert left.draft.id == first.id


def test_a_brief_that_names_what_is_gone_says_so_and_shows_no_slots(office: Office) -> None:
    office.generate()
    office.desk.content.files["segments.yaml"] = {
        "segments": [{**_segment(office), "id": "day_walkers", "aliases": []}]
    }
    office.write()
    status = office.status()
    assert status.emails == ()
    assert "segment 'weekend_hikers' is not documented" in status.problems[0]
    assert status.emails_ready == 0


def _segment(office: Office) -> dict[str, object]:
    from tests.release.content import SEGMENT

    return dict(SEGMENT)


def test_lines_of_the_script_pass(office: Office) -> None:
    """The copy that these tests count on is not refused by chance."""
    office.generate(answering(LINES))
    assert all(draft.verdict.value == "pass" for s in email(office.status()).slots for draft in s.drafts)
