"""`copydesk export`, `exports` and `where-used`: what is handed over, and what became of it."""

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path

import jinja2
import pytest

from app.copywriting.human_copy import write_draft
from app.copywriting.places import place_for
from app.copywriting.stated import facts_in, last_moment
from app.db import exports as exports_module
from app.db.audit import AuditNote
from app.db.drafts import DraftChange
from app.db.exports import Exports
from app.db.tables import DraftState
from app.dialects.filling import PAGES
from app.dialects.nodes import Page
from app.release.content import SlotContent
from app.yaml12 import read
from tests.commands.exporting import BRIEF, OWN, account, all_chosen, choose, export, run
from tests.copywriting.office import BY, Office
from tests.generation.desk import answering
from tests.release.content import COPY, dump
from tests.suppressing import EMAIL_WORDS, OFFERED, suppressing


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
    source = (folder / "email.mjml").read_text(encoding="utf-8")
    assert source.startswith("<mjml")
    assert "{{ unsubscribe_url" in source
    marked = [path for path in folder.rglob("*") if path.is_file() and b"cdmark" in path.read_bytes()]
    assert marked == []
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


def test_a_zip_and_a_folder_hold_the_same_email(office: Office) -> None:
    all_chosen(office)
    export()
    result = run("export", BRIEF, "--account", "own", "--out", "all.zip")
    assert result.exit_code == 0
    with zipfile.ZipFile("all.zip") as archive:
        packed = archive.read("en-US/weekend_hikers/email.html")
    assert packed == Path("out/en-US/weekend_hikers/email.html").read_bytes()


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


def test_an_export_becomes_stale_with_its_link(office: Office) -> None:
    all_chosen(office)
    export()
    office.desk.target["links"]["home"] = "https://fernhill.example/coats"
    office.keep(BY)
    result = run("exports", BRIEF)
    assert "weekend_hikers cta: leads to https://fernhill.example/coats now" in result.output


def test_an_export_becomes_stale_when_something_else_is_chosen(office: Office) -> None:
    all_chosen(office)
    export()
    assert "0 stale" in run("exports", BRIEF).output or "holds" in run("exports", BRIEF).output
    choose("hero", "--block", "hero_evergreen")
    assert "weekend_hikers hero: " in run("exports", BRIEF).output
    assert "has chosen something else since" in " ".join(run("exports", BRIEF).output.split())


def test_values_that_a_person_wrote_out_are_recorded(office: Office) -> None:
    office.generate()
    desk = office.copydesk
    place = place_for(desk, office.stored(), locale="en-US", segment="weekend_hikers", kind="cta")
    written = write_draft(desk, place, {"label": "See the Ridgeline Coat"}, by=BY, engine="0.1.0")
    content = SlotContent.of_draft(written.draft)
    assert facts_in(place.job, content) == {"product.name": "Ridgeline Coat"}
    found = run("where-used", "--fact", "product.name").output
    assert f"draft   {written.draft.id}" in found
    for kind in ("subject", "hero"):
        choose(kind, "--draft", office.approve(office.chosen(kind)).id)
    choose("cta", "--draft", office.approve(written.draft).id)
    choose("footer", "--block", "footer_evergreen")
    result = export()
    assert result.exit_code == 0, result.output
    manifest = json.loads(Path("out/en-US/weekend_hikers/manifest.json").read_text(encoding="utf-8"))
    (slot,) = [item for item in manifest["slots"] if item["kind"] == "cta"]
    assert slot["facts"] == {"product.name": "Ridgeline Coat"}
    found = run("where-used", "--fact", "product.name").output
    assert [line.split()[0] for line in found.splitlines() if "weekend_hikers cta" in line] == [
        "draft",
        "export",
    ]


def test_products_are_recorded_with_their_prices_and_end(office: Office) -> None:
    price = {"kind": "money", "role": "price", "value": "18.00", "currency": "USD", "source": "shop"}
    item = {"name": "Fell Sock", "price": price, "link": "https://fernhill.example/sock"}
    feed = {
        "source": "shop",
        "observed_at": "2026-11-19T09:00:00+00:00",
        "lifetime_hours": 48,
        "items": [item],
    }
    office.desk.target["feed"] = {**feed, "items": [item]}
    office.desk.brief["slots"].append({"kind": "recommendations", "variants": 1})
    office.keep(BY)
    job = office.slots()["en-US", "weekend_hikers", "recommendations"].job
    content = SlotContent("recommendations", COPY["recommendations"], None)
    assert facts_in(job, content)["price of Fell Sock"] == "$18"
    last = last_moment([(job, content)])
    assert last is not None
    assert last.isoformat() == "2026-11-21T09:00:00+00:00"


def test_an_offer_under_the_margin_floor_of_now_is_not_exported(
    office: Office,
) -> None:
    """The rule may be another one than when the brief was stored."""
    desk = suppressing(office.desk)
    account(office, "\n".join(line for line in OWN.splitlines() if "trail_runners" not in line))
    desk.brief["segments"] = ["weekend_hikers"]
    desk.brief["slots"] = [slot for slot in desk.brief["slots"] if slot["kind"] != "offer"]
    desk.target["unit_costs"] = {"Ridgeline Coat": {"value": "60", "currency": "USD"}}
    office.generate(answering(OFFERED))
    kinds = ("subject", "hero", "cta", "footer")
    answers = [choose(kind, "--block", f"{kind}_evergreen") for kind in kinds]
    assert answers[-1].exit_code == 0, answers[-1].output
    assert export().exit_code == 0
    assert "holds" in run("exports", BRIEF).output
    offers = office.desk.root / "brand" / "fernhill" / "offers.yaml"
    dump(offers, {**read(offers).data, "margin_floor_percent": 60})
    result = export()
    assert result.exit_code == 2
    assert "under the margin floor of 60 %" in " ".join(result.output.split())
    assert "under the margin floor of 60 %" in " ".join(run("exports", BRIEF).output.split())


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


def test_the_checks_of_an_exported_folder_read_its_filled_previews(office: Office) -> None:
    all_chosen(office)
    export()
    result = run("email", "check", "out")
    assert result.exit_code == 0, result.output
    for reader in ("known", "unknown"):
        said = f"en-US weekend_hikers, filled for '{reader}' (the export itself holds tags of jinja)"
        assert said in result.output
    assert "leftovers" not in result.output
    page = "out/en-US/weekend_hikers/email.html"
    one = json.loads(run("email", "check", page, "--format", "json").output)
    assert [report["passes"] for report in one] == [True, True]
    assert "images" not in {need for item in one[0]["unchecked"] for need in item["needs"]}


def test_what_the_checks_find_in_an_exported_folder_ends_with_1(office: Office) -> None:
    all_chosen(office)
    account(office, OWN + "preferences: https://www.elsewhere.net/choose\n")
    export("--despite-checks")
    result = run("email", "check", "out")
    assert result.exit_code == 1
    assert "www.elsewhere.net" in result.output


def test_an_exported_folder_without_previews_cannot_be_checked(office: Office) -> None:
    all_chosen(office)
    export()
    shutil.rmtree("out/en-US/weekend_hikers/previews")
    result = run("email", "check", "out")
    assert result.exit_code == 2
    assert "holds an email in the tags of jinja, and no previews" in result.output
