"""One email for several segments, and slots with conditions."""

import json
import re
from pathlib import Path

import jinja2
import pytest

from app.copywriting.matrix import matrix_plans
from app.db.exports import Exports
from app.dialects.filling import PAGES, Person, fill
from app.dialects.nodes import Page
from tests.commands.exporting import (
    BRIEF,
    OWN,
    account,
    all_chosen,
    conditional,
    export,
    run,
    two_segments,
)
from tests.copywriting.office import Office
from tests.generation.desk import answering
from tests.suppressing import OFFERED, suppressing


def test_one_email_for_several_segments(office: Office) -> None:
    two_segments(office)
    result = export("--together")
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/all")
    html = (folder / "email.html").read_text(encoding="utf-8")
    seen = set()
    for segment in ("weekend_hikers", "trail_runners"):
        shown = ENGINE.from_string(html).render(group=segment, **PLATFORM_PAGES)
        assert shown == (folder / f"previews/unknown_{segment}.html").read_text(encoding="utf-8")
        seen.add(shown)
    assert len(seen) == 2


ENGINE = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - tags escape
PLATFORM_PAGES = {"unsubscribe_url": PAGES[Page.UNSUBSCRIBE], "preferences_url": PAGES[Page.PREFERENCES]}


@pytest.mark.parametrize("group", ["", "campers", None])
def test_readers_of_no_segment_of_the_email_get_evergreen_content(office: Office, group: str | None) -> None:
    """Whatever the account holds about them, the engine shows them nothing of a segment's."""
    two_segments(office)
    assert export("--together").exit_code == 0
    folder = Path("out/en-US/all")
    library = office.copydesk.library("fernhill")
    for part in ("email.html", "subject.txt", "email.txt"):
        text = (folder / part).read_text(encoding="utf-8")
        shown = ENGINE.from_string(text).render(group=group, **PLATFORM_PAGES)
        if part == "email.html":
            assert shown == (folder / "previews/unknown_anybody_else.html").read_text(encoding="utf-8")
        for segment in ("weekend_hikers", "trail_runners"):
            for kind in ("subject", "hero", "cta"):
                assert not any(words in shown for words in chosen_words(office, segment, kind))
        kind = "subject" if part == "subject.txt" else "hero"
        placed = library.find(f"{kind}_evergreen")
        assert placed is not None
        assert next(iter(placed.block.copy_.values())) in shown


def chosen_words(office: Office, segment: str, kind: str) -> list[str]:
    """What was chosen for a segment, as the export says."""
    slots = json.loads(Path("out/en-US/all/manifest.json").read_text(encoding="utf-8"))["slots"]
    (slot,) = [item for item in slots if (item["segment"], item["kind"]) == (segment, kind)]
    return [text for text in slot["copy_fields"].values() if "{" not in text]


def test_the_note_and_the_manifest_name_what_anybody_else_gets(office: Office) -> None:
    two_segments(office)
    export("--together")
    folder = Path("out/en-US/all")
    note = (folder / "HANDOFF.md").read_text(encoding="utf-8")
    assert "and to nobody else" in note
    assert "reads evergreen content" in note
    assert "| anybody else | hero |" in note
    slots = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["slots"]
    blocks = {slot["kind"]: slot["block"] for slot in slots if slot["segment"] == ""}
    assert blocks == {kind: f"{kind}_evergreen" for kind in ("subject", "hero", "cta", "footer")}
    assert run("exports", BRIEF).output.startswith("holds")
    used = run("where-used", "--block", "hero_evergreen").output
    assert "en-US anybody else hero" in used


def test_an_email_of_one_segment_has_no_content_for_anybody_else(office: Office) -> None:
    all_chosen(office)
    assert export("--together").exit_code == 0
    manifest = Path("out/en-US/weekend_hikers/manifest.json")
    slots = json.loads(manifest.read_text(encoding="utf-8"))["slots"]
    assert {slot["segment"] for slot in slots} == {"weekend_hikers"}


def test_together_needs_a_property_that_tells_the_segments_apart(office: Office) -> None:
    account(office, OWN.replace(", property: group, value: weekend_hikers", ""))
    two_segments(office)
    result = export("--together")
    assert result.exit_code == 2
    assert "no property that tells the segment 'weekend_hikers'" in result.output
    assert export().exit_code == 0


def test_a_block_that_one_segment_may_not_get_stands_for_the_others(office: Office) -> None:
    suppressing(office.desk)
    lines = [line for line in OWN.splitlines() if "trail_runners" not in line]
    at = lines.index("segments:") + 1
    lines.insert(at, "  campers: {audience: Campers, property: group, value: campers}")
    account(office, "\n".join(lines))
    office.brief["segments"] = ["campers", "weekend_hikers"]
    office.generate(answering(OFFERED))
    for (locale, segment, kind), slot in office.slots().items():
        if slot.chosen is None:
            continue
        draft = slot.chosen.draft
        what = ("--block", draft.block) if draft.block else ("--draft", office.approve(draft).id)
        run("choose", BRIEF, "--locale", locale, "--segment", segment, "--slot", kind, *what)
    result = export("--together")
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/all/previews")
    words = {
        name: re.sub(
            "<style.*?</style>|<[^>]*>",
            "",
            (folder / f"unknown_{name}.html").read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        for name in ("campers", "weekend_hikers")
    }
    assert "10%" in words["weekend_hikers"]
    assert "10%" not in words["campers"]


def test_a_slot_with_a_condition_shows_an_approved_block_otherwise(office: Office) -> None:
    conditional(office, "hero", shown_when={"variable": "person.first_name"}, otherwise="hero_evergreen")
    all_chosen(office)
    placed = office.copydesk.library("fernhill").find("hero_evergreen")
    assert placed is not None
    hero = placed.block
    assert export().exit_code == 0
    folder = Path("out/en-US/weekend_hikers")
    known = (folder / "previews/known.html").read_text(encoding="utf-8")
    unknown = (folder / "previews/unknown.html").read_text(encoding="utf-8")
    headline = office.chosen("hero").copy_fields["headline"]
    assert headline in known
    assert headline not in unknown
    assert hero.copy_["headline"] in unknown
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {slot["block"] for slot in manifest["slots"] if slot["kind"] == "hero"} == {None, hero.id}
    assert run("brief", "matrix", BRIEF).exit_code == 0


def test_copy_for_one_value_alone_is_rendered_and_checked_before_it_ships(office: Office) -> None:
    """No example of the variable has the value that the condition asks for."""
    named = {"variable": "person.first_name", "equals": "Christopher"}
    conditional(office, "hero", shown_when=named, otherwise="hero_evergreen")
    all_chosen(office)
    assert export().exit_code == 0
    headline = office.chosen("hero").copy_fields["headline"]
    previews = Path("out/en-US/weekend_hikers/previews")
    shown = {path.stem for path in previews.glob("*.html") if headline in path.read_text(encoding="utf-8")}
    assert shown == {"condition_1"}
    desk = office.copydesk
    (email,) = matrix_plans(desk, Exports(office.store.engine), office.stored())
    (axis,) = [axis for axis in email.axes if axis.name == "person.first_name"]
    assert "Christopher" in axis.values


def test_the_matrix_renders_the_email_for_several_segments_and_what_anybody_else_gets(office: Office) -> None:
    two_segments(office)
    result = run("brief", "matrix", BRIEF, "--together")
    assert result.exit_code == 0, result.output
    readers = [line.split(":")[0] for line in result.output.splitlines() if "(every" in line]
    assert readers == ["en-US weekend_hikers", "en-US trail_runners", "en-US anybody else"]
    plans = matrix_plans(office.copydesk, Exports(office.store.engine), office.stored(), together=True)
    assert len({plan.template.hash for plan in plans}) == 1
    shown = {}
    for plan in plans:
        values = {axis.name: axis.values[0] for axis in plan.axes}
        person = Person(values, frozenset({plan.segment} - {""}))
        shown[plan.segment] = fill(plan.template.text, person)
    assert len(set(shown.values())) == 3
    evergreen = office.copydesk.library("fernhill").find("hero_evergreen")
    assert evergreen is not None
    assert evergreen.block.copy_["headline"] in shown[""]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"shown_when": {"variable": "person.frist_name"}}, "'person.frist_name' is no variable"),
        ({"shown_when": {"segment": "weekend_hikerz"}}, "segment 'weekend_hikerz' is not documented"),
        ({"shown_when": {"variable": "person.first_name"}}, "readers without the condition would get none"),
        ({"shown_when": {}}, "names a variable or a segment"),
        ({"otherwise": "hero_evergreen"}, "otherwise stands beside shown_when"),
        (
            {"shown_when": {"segment": "weekend_hikers"}, "otherwise": "cta_evergreen"},
            "there is no approved 'hero' block 'cta_evergreen'",
        ),
    ],
)
def test_a_condition_that_cannot_hold_is_refused_with_the_brief(
    office: Office, more: dict[str, object], expected: str
) -> None:
    conditional(office, "hero", **more)
    result = run("generate", str(office.write()), "--out", "out")
    assert result.exit_code == 2
    assert expected in " ".join(result.output.split())
