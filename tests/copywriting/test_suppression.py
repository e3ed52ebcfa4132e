"""What suppression flags do to stored copy: status, previews, decks, redoing, and the gate."""

import pytest
from click.testing import CliRunner

from app.cli import main
from app.copywriting.deck import build_deck
from app.copywriting.previews import Choice, preview_email
from app.copywriting.redoing import redo_place
from app.errors import Conflict, ReleaseRefused
from app.generation.kept_answers import judge_of
from app.release.content import SlotContent
from app.release.gate import Gate
from app.verdicts.decisions import Outcome, Reason
from tests.copywriting.office import Office, email, slot
from tests.generation.desk import answering
from tests.suppressing import BLOCK_WORDS, EMAIL_WORDS, OFFERED, SUPPRESSIONS, suppressing


@pytest.fixture
def flagged(office: Office) -> Office:
    """The brief answered with the flags in force."""
    suppressing(office.desk)
    office.generate(answering(OFFERED))
    return office


@pytest.fixture
def later(office: Office) -> Office:
    """The brief answered while no flag stopped anything; since then the flags are in force."""
    desk = suppressing(office.desk)
    segments = desk.content.files["segments.yaml"]
    for entry in segments["suppressions"]:
        entry["journeys"] = ["newsletter"]
    office.generate(answering(OFFERED))
    segments["suppressions"] = SUPPRESSIONS
    office.write()
    return office


def test_status_says_what_is_left_out_and_what_is_stopped(flagged: Office) -> None:
    status = flagged.status()
    offer = slot(status, "offer", "campers")
    assert (offer.outcome, offer.reason) == (Outcome.LEFT_OUT, Reason.BLOCK_SUPPRESSED)
    assert (offer.suppressed, offer.ready, offer.blocking) == (BLOCK_WORDS, True, ())
    stopped = email(status, "recent_complaint")
    assert (stopped.stopped, stopped.ready, stopped.blocking) == (EMAIL_WORDS, False, ())
    assert all(line.ready for line in stopped.slots)
    assert (status.emails_stopped, status.emails_ready) == (1, 0)
    assert email(status, "campers").stopped == ""


def test_the_command_says_so_and_what_is_stopped_keeps_nobody_waiting(flagged: Office) -> None:
    for segment, kinds in (
        ("weekend_hikers", ("subject", "hero", "offer", "cta")),
        ("campers", ("subject", "hero", "cta")),
    ):
        for kind in kinds:
            flagged.approve(flagged.chosen(kind, segment))
    env = {"COPYDESK_CONTENT": str(flagged.desk.root), "COPYDESK_DATABASE": flagged.desk.database}
    result = CliRunner().invoke(main, ["brief", "status", "fernhill_hello"], env=env)
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert f"en-US campers: a block is left out, {BLOCK_WORDS}" in words
    assert f"en-US recent_complaint: no email is made, {EMAIL_WORDS}" in words
    assert "2 of 3 emails are ready; 1 stopped by a suppression flag." in words


def test_copy_that_was_written_before_the_flag_is_not_used(later: Office) -> None:
    status = later.status()
    offer = slot(status, "offer", "campers")
    assert (offer.outcome, offer.suppressed) == (Outcome.LEFT_OUT, BLOCK_WORDS)
    assert offer.drafts[0].blocking[0].reason == f"suppressed by {BLOCK_WORDS}"
    hero = slot(status, "hero", "campers")
    assert any("no valid value for offer.discount" in item.reason for item in hero.blocking)
    assert email(status, "recent_complaint").stopped == EMAIL_WORDS


def test_the_gate_refuses_what_is_suppressed_although_it_was_approved(later: Office) -> None:
    slots = [item for key, item in later.slots().items() if key[1] == "campers"]
    for item in slots:
        if item.chosen is not None and item.chosen.block is None:
            later.approve(item.chosen.draft)
    job = slots[0].job
    library = later.copydesk.library("fernhill")
    contents = [later_content(later, item.job.kind.id) for item in slots]
    with pytest.raises(ReleaseRefused) as refused:
        Gate(later.store).release(
            contents,
            library,
            job.facts,
            job.as_of,
            judge_of(job, library),
            journey="winback",
            segment="campers",
        )
    assert f"offer: suppressed by {BLOCK_WORDS}" in refused.value.reasons


def later_content(office: Office, kind: str) -> SlotContent:
    found = office.slots()["en-US", "campers", kind].chosen
    assert found is not None
    return found.content


def test_flags_of_the_readers_reach_the_gate_too(flagged: Office) -> None:
    found = flagged.slots()["en-US", "weekend_hikers", "offer"]
    assert found.chosen is not None
    library = flagged.copydesk.library("fernhill")
    with pytest.raises(ReleaseRefused) as refused:
        Gate(flagged.store).release(
            [found.chosen.content],
            library,
            found.job.facts,
            found.job.as_of,
            judge_of(found.job, library),
            journey="winback",
            segment="hikers",
            flags=["do_not_discount"],
        )
    assert f"offer: suppressed by {BLOCK_WORDS}" in refused.value.reasons


def test_a_preview_does_without_the_block_and_there_is_none_of_a_stopped_email(later: Office) -> None:
    stored = later.stored()
    offer = later.chosen("offer", "campers").id
    choices = {"hero": _evergreen("hero"), "subject": _evergreen("subject"), "offer": _draft(offer)}
    seen = preview_email(later.copydesk, stored, locale="en-US", segment="campers", choices=choices)
    assert "AUTUMN" not in seen.rendered.text
    assert [used.draft for used in seen.used if used.kind == "offer"] == [None]
    with pytest.raises(Conflict, match="no email is made for 'recent_complaint': flag recent_complaint"):
        preview_email(later.copydesk, stored, locale="en-US", segment="waiting", choices={})


def _evergreen(kind: str) -> Choice:
    return Choice(block=f"{kind}_evergreen")


def _draft(draft_id: str) -> Choice:
    return Choice(draft=draft_id)


def test_a_deck_says_why_a_slot_is_empty(flagged: Office) -> None:
    deck = build_deck(flagged.copydesk, flagged.stored())
    campers = next(item for item in deck.emails if item.segment == "campers")
    (offer,) = [item for item in campers.slots if item.kind == "offer"]
    assert offer.empty == "A suppression flag of these readers keeps this block from them."


def test_nothing_is_written_anew_for_them(later: Office) -> None:
    with pytest.raises(Conflict, match="these readers get no 'offer': flag do_not_discount"):
        redo_place(later.copydesk, later.chosen("offer", "campers"), "shorter")
