"""`copydesk choose`, `export`, `exports` and `where-used`: what ships, and what was handed over."""

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import jinja2
import pytest
from click.testing import CliRunner, Result

import app.main
from app.cli import main
from app.db import exports as exports_module
from app.db.audit import AuditNote
from app.db.drafts import DraftChange
from app.db.exports import Exports
from app.db.release_tables import Arm, ChosenSlot
from app.db.tables import DraftState
from app.dialects.dialect import Feature
from app.dialects.filling import PAGES
from app.dialects.matrix import matrix, unproven
from app.dialects.nodes import Page
from app.dialects.registry import DIALECTS
from app.llm.scripted import ScriptedModel
from tests.copywriting.office import BY, Office
from tests.generation.desk import answering
from tests.suppressing import EMAIL_WORDS, OFFERED, suppressing

BRIEF = "fernhill_hello"
PLACE = ("--locale", "en-US", "--segment", "weekend_hikers")
OWN = """\
id: own
platform: jinja
name: Our own sender
footer: copydesk
images: https://images.fernhill.example/mail/
variables: {person.first_name: first_name}
segments:
  weekend_hikers: {audience: Hikers, property: group, value: weekend_hikers}
  trail_runners: {audience: Runners, property: group, value: trail_runners}
tracking: {source: fernhill, variant: true}
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose brief is answered, with an account at a sender."""
    office = Office.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    monkeypatch.setenv("COPYDESK_PERSON", "pat@fernhill.example")
    monkeypatch.setattr(app.main, "build_models", lambda settings: (ScriptedModel(answering()),))
    monkeypatch.chdir(tmp_path)
    account(office, OWN)
    return office


def account(office: Office, text: str, name: str = "own") -> None:
    folder = office.desk.root / "brand" / "fernhill" / "platforms"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def choose(kind: str, *what: str) -> Result:
    return run("choose", BRIEF, *PLACE, "--slot", kind, *what)


def approved(office: Office) -> dict[str, str]:
    """The brief answered and one draft of each kind approved: their ids by kind."""
    office.generate()
    found = {}
    for kind in ("subject", "hero", "cta"):
        found[kind] = office.approve(office.chosen(kind)).id
    return found


def all_chosen(office: Office) -> dict[str, str]:
    drafts = approved(office)
    for kind, draft in drafts.items():
        assert "nobody has chosen" not in choose(kind, "--draft", draft).output.split(kind)[1].split("\n")[0]
    assert choose("footer", "--block", "footer_evergreen").exit_code == 0
    return drafts


def export(*more: str) -> Result:
    return run("export", BRIEF, "--account", "own", "--out", "out", *more)


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


def test_a_package_holds_the_email_in_the_dialect_and_what_goes_with_it(office: Office) -> None:
    drafts = all_chosen(office)
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert {slot["draft"] for slot in manifest["slots"]} == {*drafts.values(), None}
    receipts = json.loads((folder / "receipts.json").read_text(encoding="utf-8"))
    assert set(receipts) == {*drafts.values(), "footer_evergreen"}
    assert receipts["footer_evergreen"]["approval"]["by"]
    note = (folder / "HANDOFF.md").read_text(encoding="utf-8")
    for words in ("List-Unsubscribe=One-Click", "cannot recall", "Hikers", "2027-06-02"):
        assert words in note
    html = (folder / "email.html").read_text(encoding="utf-8")
    assert "{{ unsubscribe_url|e }}" in html
    assert "PREVIEW" not in html
    content = re.findall(r"utm_content=([a-z2-7]{8})", html)
    assert set(content) <= {slot["public_id"] for slot in manifest["slots"]}
    assert content


def test_the_preview_is_the_template_filled_byte_for_byte(office: Office) -> None:
    all_chosen(office)
    export()
    folder = Path("out/en-US/weekend_hikers")
    engine = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - tags escape
    pages = {"unsubscribe_url": PAGES[Page.UNSUBSCRIBE], "preferences_url": PAGES[Page.PREFERENCES]}
    template = (folder / "email.html").read_text(encoding="utf-8")
    filled = engine.from_string(template).render(**pages)
    assert filled == (folder / "previews/unknown.html").read_text(encoding="utf-8")


def test_the_record_says_what_was_exported(office: Office) -> None:
    drafts = all_chosen(office)
    export()
    (record,) = Exports(office.store.engine).of_brief("fernhill", BRIEF)
    assert (record.account, record.platform, record.brief_revision) == ("own", "jinja", 1)
    assert (record.exported_by, record.segments) == ("pat@fernhill.example", ("weekend_hikers",))
    assert {slot.draft for slot in record.content.slots} == {*drafts.values(), None}
    assert record.do_not_send_after is not None
    assert record.do_not_send_after.isoformat() == "2027-06-02T00:00:00+00:00"


def test_what_a_command_does_is_noted_as_done_on_the_machine(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[AuditNote] = []
    monkeypatch.setattr(exports_module, "note", lambda _, entry: kept.append(entry))
    all_chosen(office)
    export()
    assert [entry.action for entry in kept] == ["slot.choose"] * 4 + ["email.export"]
    assert {entry.actor for entry in kept} == {"machine"}


def test_the_gate_has_the_last_word(office: Office) -> None:
    drafts = all_chosen(office)
    draft = office.draft(drafts["cta"])
    withdrawn = DraftChange(draft.id, draft.revision, {"state": DraftState.WITHDRAWN})
    office.copydesk.drafts.change([withdrawn])
    result = export()
    assert result.exit_code == 2
    assert "en-US weekend_hikers: cta: draft" in result.output
    assert "withdrawn" in result.output
    assert not Path("out").exists()
    assert not Exports(office.store.engine).of_brief("fernhill", BRIEF)


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


def test_a_zip_and_a_folder_hold_the_same_email(office: Office) -> None:
    all_chosen(office)
    export()
    result = run("export", BRIEF, "--account", "own", "--out", "all.zip")
    assert result.exit_code == 0
    with zipfile.ZipFile("all.zip") as archive:
        packed = archive.read("en-US/weekend_hikers/email.html")
    assert packed == Path("out/en-US/weekend_hikers/email.html").read_bytes()


def two_segments(office: Office) -> None:
    """A brief of two segments, each with copy of its own chosen."""
    office.brief["segments"] = ["weekend_hikers", "trail_runners"]
    office.generate()
    for number, segment in enumerate(("weekend_hikers", "trail_runners")):
        for kind in ("subject", "hero", "cta"):
            draft = office.approve(office.slots()["en-US", segment, kind].candidates[number].draft)
            place = ("--locale", "en-US", "--segment", segment, "--slot", kind)
            run("choose", BRIEF, *place, "--draft", draft.id)
        place = ("--locale", "en-US", "--segment", segment, "--slot", "footer")
        run("choose", BRIEF, *place, "--block", "footer_evergreen")


def test_one_email_for_several_segments(office: Office) -> None:
    two_segments(office)
    result = export("--together")
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/all")
    html = (folder / "email.html").read_text(encoding="utf-8")
    engine = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - tags escape
    pages = {"unsubscribe_url": PAGES[Page.UNSUBSCRIBE], "preferences_url": PAGES[Page.PREFERENCES]}
    seen = set()
    for segment in ("weekend_hikers", "trail_runners"):
        shown = engine.from_string(html).render(group=segment, **pages)
        assert shown == (folder / f"previews/unknown_{segment}.html").read_text(encoding="utf-8")
        seen.add(shown)
    assert len(seen) == 2


def test_together_needs_a_property_that_tells_the_segments_apart(office: Office) -> None:
    account(office, OWN.replace(", property: group, value: weekend_hikers", ""))
    two_segments(office)
    result = export("--together")
    assert result.exit_code == 2
    assert "no property that tells the segment 'weekend_hikers'" in result.output
    assert export().exit_code == 0


def test_an_unknown_account_is_named_with_the_nearest(office: Office) -> None:
    office.generate()
    result = run("export", BRIEF, "--account", "owm", "--out", "out")
    assert result.exit_code == 2
    assert "did you mean 'own'?" in result.output


def exported(office: Office) -> dict[str, bytes]:
    """All files of an export that do not name its id and moment."""
    shutil.rmtree("out", ignore_errors=True)
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    return {
        path.name: re.sub(rb"Exported \|.*", b"", path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (("footer: copydesk", "footer: platform"), "email.html"),
        (("name: Our own sender", "name: The sender"), "HANDOFF.md"),
        (("images.fernhill", "pictures.fernhill"), "HANDOFF.md"),
        (("audience: Hikers", "audience: Walkers"), "HANDOFF.md"),
        (("source: fernhill", "source: shop"), "email.html"),
        (("variant: true", "variant: false"), "email.html"),
        (("variant: true", "variant: true, medium: letter"), "email.html"),
    ],
)
def test_what_an_account_says_has_its_effect(office: Office, change: tuple[str, str], file: str) -> None:
    all_chosen(office)
    before = exported(office)
    account(office, OWN.replace(*change))
    after = exported(office)
    assert before[file] != after[file]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("id: own", "id: other"), "is 'other', the file is 'own'"),
        (("person.first_name: first_name", "person.frist_name: x"), "'person.frist_name' is no variable"),
        (("weekend_hikers:", "weekend_hiker:"), "'weekend_hiker' is no segment"),
        (("footer: copydesk", "footer: nobody"), "'nobody' is not known here"),
        (("property: group, value: weekend_hikers", "property: group"), "property and value stand together"),
    ],
)
def test_a_fault_of_an_account_is_named_with_its_place(
    office: Office, change: tuple[str, str], expected: str
) -> None:
    office.write()
    account(office, OWN.replace(*change))
    result = run("brand", "check", "fernhill")
    assert result.exit_code != 0
    assert expected in result.output
    assert re.search(r"platforms/own\.yaml:\d+:\d+", result.output)


def test_an_export_becomes_stale_with_its_copy_and_its_facts(office: Office) -> None:
    drafts = all_chosen(office)
    assert run("exports", BRIEF).output.startswith("0 exports")
    export()
    assert run("exports", BRIEF).output.startswith("holds")
    named = office.naming("product.name")
    if named.id != drafts["hero"]:
        office.approve(named)
        choose("hero", "--draft", named.id)
        export()
    effect = run("brief", "facts", BRIEF, "--set", "product.name=Fellside Coat")
    assert "would be stale" in effect.output
    assert "product.name was Ridgeline Coat and is Fellside Coat now" in effect.output
    office.desk.target["facts"]["product.name"]["value"] = "Fellside Coat"
    office.keep(BY)
    result = run("exports", BRIEF)
    assert result.exit_code == 1
    assert "product.name was Ridgeline Coat and is Fellside Coat now" in result.output


def test_where_a_text_a_fact_and_a_block_are_used(office: Office) -> None:
    all_chosen(office)
    export()
    by_text = run("where-used", "--text", "come BACK  outside").output
    assert "draft " in by_text
    assert "product.name" not in by_text
    by_block = run("where-used", "--block", "footer_evergreen").output
    assert [line.split()[0] for line in by_block.splitlines()] == ["block", "draft", "export", "3"]
    assert run("where-used", "--fact", "product.name").exit_code == 0
    assert run("where-used", "--text", "nobody wrote this").exit_code == 1
    assert run("where-used", "--claim", "no_such_claim").exit_code == 2
    assert run("where-used").exit_code == 2


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


def conditional(office: Office, kind: str, **more: object) -> None:
    office.desk.slots[kind].update(more)


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


def test_an_export_becomes_stale_with_its_link(office: Office) -> None:
    all_chosen(office)
    export()
    office.desk.target["links"]["home"] = "https://fernhill.example/coats"
    office.keep(BY)
    result = run("exports", BRIEF)
    assert "weekend_hikers cta: leads to https://fernhill.example/coats now" in result.output


def on(platform: str, *more: str) -> str:
    """The account at another platform."""
    lines = [line for line in OWN.splitlines() if not line.startswith("platform:")]
    return "\n".join([*lines, f"platform: {platform}", *more]) + "\n"


def confirming(*features: str) -> str:
    entries = ", ".join(f"{{feature: {name}, by: pat@fernhill.example, on: 2026-11-20}}" for name in features)
    return f"confirmed: [{entries}]"


PREFERENCES = "preferences: https://fernhill.example/choose"


@pytest.mark.parametrize("platform", DIALECTS)
def test_the_same_approved_content_goes_to_every_platform(office: Office, platform: str) -> None:
    all_chosen(office)
    asked = [feature.value for feature, cell in matrix()[platform].features.items() if cell.confirm]
    account(office, on(platform, PREFERENCES, *([confirming(*asked)] if asked else [])))
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    html = (folder / "email.html").read_text(encoding="utf-8")
    unknown = (folder / "previews/unknown.html").read_text(encoding="utf-8")
    tag = html[html.index("text-decoration:underline") - 200 :].split('href="')[1].split('"')[0]
    assert "https://preview.example/unsubscribe" not in html
    # Go's templates drop comments that no tag holds, those for Outlook among them.
    held = re.sub(r"\{\{ Safe `(.*?)` \}\}", r"\1", html, flags=re.DOTALL)
    assert unknown.replace("https://preview.example/unsubscribe", tag, 1) == held
    note = (folder / "HANDOFF.md").read_text(encoding="utf-8")
    for doubt in unproven(platform, [Feature.UNSUBSCRIBE]):
        assert doubt.cell.why in note


def test_an_unproven_unsubscribe_is_refused_until_somebody_confirms_it(office: Office) -> None:
    all_chosen(office)
    account(office, on("customerio", PREFERENCES))
    result = export()
    assert result.exit_code == 2
    assert "has to confirm what nobody has proven" in result.output
    assert "unsubscribe" in result.output
    assert not Path("out").exists()
    account(office, on("customerio", PREFERENCES, confirming("unsubscribe")))
    assert export().exit_code == 0


def test_what_a_platform_cannot_do_is_refused_with_the_reason(office: Office) -> None:
    all_chosen(office)
    account(office, on("braze"))
    result = export()
    assert result.exit_code == 2
    assert "Braze cannot do this (preferences)" in result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (on("klavio"), "there is no dialect 'klavio' (did you mean 'klaviyo'?)"),
        (on("jinja", confirming("unsubscrib")), "'unsubscrib' is no feature"),
    ],
)
def test_brand_check_knows_platforms_and_their_features(office: Office, text: str, expected: str) -> None:
    office.write()
    account(office, text)
    result = run("brand", "check", "fernhill")
    assert result.exit_code != 0
    assert expected in " ".join(result.output.split())


def test_what_a_suppression_flag_keeps_back_is_not_exported_and_says_why(office: Office) -> None:
    suppressing(office.desk)
    account(office, "\n".join(line for line in OWN.splitlines() if "trail_runners" not in line))
    office.generate(answering(OFFERED))
    shown = run("choose", BRIEF)
    assert "recent_complaint" not in shown.output
    campers = shown.output.split("Weekend hikers")[-1]
    assert campers.count("offer  ") == 0
    only = run("export", BRIEF, "--account", "own", "--out", "out", "--segment", "waiting")
    assert only.exit_code == 2
    assert f"no email: {EMAIL_WORDS}" in " ".join(only.output.split())


def test_an_error_of_the_email_checks_refuses_the_export_unless_somebody_insists(office: Office) -> None:
    all_chosen(office)
    account(office, OWN + "preferences: https://www.elsewhere.net/choose\n")
    result = export()
    assert result.exit_code == 2
    assert "www.elsewhere.net" in result.output
    assert not Path("out").exists()
    insisted = export("--despite-checks")
    assert insisted.exit_code == 0
    assert "www.elsewhere.net" in Path("out/en-US/weekend_hikers/HANDOFF.md").read_text(encoding="utf-8")


def test_a_segment_that_the_account_does_not_name_refuses_the_export(office: Office) -> None:
    all_chosen(office)
    account(office, "\n".join(line for line in OWN.splitlines() if "weekend_hikers" not in line))
    result = export()
    assert result.exit_code == 2
    assert "does not say what it calls the segment 'weekend_hikers'" in result.output
    assert not Path("out").exists()


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
