"""`copydesk choose`: what ships is chosen by a person, one variant or a test."""

from pathlib import Path

from app.db.exports import Exports
from app.db.release_tables import Arm, ChosenSlot
from tests.commands.exporting import BRIEF, all_chosen, approved, choose, export, run
from tests.copywriting.office import Office


def test_nothing_ships_that_nobody_chose(office: Office) -> None:
    approved(office)
    shown = run("choose", BRIEF)
    assert shown.exit_code == 1
    assert shown.output.count("nobody has chosen yet") == 4
    result = export()
    assert result.exit_code == 2
    assert result.output.count("nobody has chosen what ships here") == 4
    assert not Path("out").exists()


def test_what_is_not_approved_cannot_be_chosen(office: Office) -> None:
    office.generate()
    result = choose("hero", "--draft", office.chosen("hero").id)
    assert result.exit_code == 2
    assert "is not approved but draft" in result.output


def test_a_required_kind_cannot_be_left_out_and_a_strange_block_is_named(office: Office) -> None:
    office.generate()
    assert "a hero is required and cannot be left out" in choose("hero", "--leave-out").output
    result = choose("footer", "--block", "footer_evergren")
    assert "there is no approved block 'footer_evergren'" in result.output
    assert "did you mean 'footer_evergreen'?" in result.output


def test_ready_chooses_only_where_there_is_one_thing(office: Office) -> None:
    approved(office)
    result = run("choose", BRIEF, "--ready")
    assert "footer_evergreen, by pat@fernhill.example" in result.output
    made = Exports(office.store.engine).chosen("fernhill", BRIEF)
    assert {row.chosen_by for row in made.values()} == {"pat@fernhill.example"}
    assert run("choose", BRIEF, "--ready").output.startswith("0 choices made")


def test_the_newest_choice_counts(office: Office) -> None:
    drafts = all_chosen(office)
    other = next(
        item.draft
        for item in office.slots()["en-US", "weekend_hikers", "hero"].candidates
        if item.draft.id != drafts["hero"]
    )
    office.approve(other)
    choose("hero", "--draft", other.id)
    chosen = Exports(office.store.engine).chosen("fernhill", BRIEF)
    assert chosen["en-US", "weekend_hikers", "hero"].arms[0].draft == other.id


def test_a_test_set_needs_a_control_that_a_person_wrote(office: Office) -> None:
    drafts = all_chosen(office)
    other = office.approve(office.slots()["en-US", "weekend_hikers", "hero"].candidates[1].draft).id
    two = ("--arm", f"a={drafts['hero']}", "--arm", f"b={other}", "--test", "tone")
    assert "one arm is the control" in choose("hero", *two).output
    made_up = ("--arm", f"a*={drafts['hero']}", "--arm", f"b={other}", "--test", "tone")
    assert "the control was not written by a person" in choose("hero", *made_up).output
    assert "one arm, or the name of a test" in choose("hero", *two[:4]).output


def test_each_arm_of_a_test_is_an_email_of_its_own(office: Office) -> None:
    drafts = all_chosen(office)
    block = next(
        placed.block.id
        for placed in office.copydesk.library("fernhill").blocks
        if placed.block.kind == "hero" and placed.block.evergreen
    )
    result = choose("hero", "--arm", f"control*={block}", "--arm", f"new={drafts['hero']}", "--test", "tone")
    assert "test tone" in result.output, result.output
    assert export().exit_code == 0
    pages = {
        arm: Path(f"out/en-US/weekend_hikers/{arm}/email.html").read_text(encoding="utf-8")
        for arm in ("control", "new")
    }
    assert pages["control"] != pages["new"]
    records = Exports(office.store.engine).of_brief("fernhill", BRIEF)
    assert {record.arm for record in records} == {"control", "new"}


def test_the_matrix_renders_every_email_that_the_brief_can_become(office: Office) -> None:
    office.generate()
    for kind in ("subject", "hero", "cta"):
        for candidate in office.slots()["en-US", "weekend_hikers", kind].candidates:
            office.approve(candidate.draft)
    result = run("brief", "matrix", BRIEF)
    assert result.exit_code == 0, result.output
    assert "(every combination)" in result.output
    assert result.output.endswith(" renders, 0 with a fault\n")
    few = run("brief", "matrix", BRIEF, "--most", "1")
    assert "(every pair of choices)" in few.output


def test_a_chosen_block_that_is_gone_is_not_left_out_silently(office: Office) -> None:
    all_chosen(office)
    place = ("en-US", "weekend_hikers", "footer")
    gone = Arm(name="only", block="footer_that_was_there")
    (locale, segment, kind) = place
    row = ChosenSlot(
        brand="fernhill",
        brief_id=BRIEF,
        locale=locale,
        segment=segment,
        kind=kind,
        arms=(gone,),
        chosen_by="pat@fernhill.example",
    )
    Exports(office.store.engine).choose([row])
    result = export()
    assert result.exit_code == 2
    assert "there is no approved block 'footer_that_was_there'" in result.output
