"""`copydesk brief`: what a copywriter sees and does on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import app.main
from app.cli import main
from app.llm.scripted import ScriptedModel
from tests.copywriting.office import Office
from tests.generation.desk import answering


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose files and database the command uses, with a scripted model."""
    office = Office.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    monkeypatch.setattr(app.main, "build_models", lambda settings: (ScriptedModel(answering()),))
    monkeypatch.chdir(tmp_path)
    return office


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def generated(office: Office, *options: str) -> Result:
    return run("generate", str(office.desk.write()), "--out", str(office.desk.root / "out"), *options)


def test_generate_stores_the_brief_and_a_new_revision_only_when_it_differs(office: Office) -> None:
    generated(office, "--by", "nora@fernhill.example")
    assert (office.stored().revision, office.stored().owner) == (1, "nora@fernhill.example")
    generated(office)
    assert office.stored().revision == 1
    office.brief["notes"] = "Be brief."
    generated(office)
    assert office.stored().revision == 2
    newest = office.copydesk.briefs.revisions("fernhill", "fernhill_hello")[0]
    assert (newest.author, newest.change) == ("Cal Copywriter", "changed notes")


def test_a_run_and_its_drafts_name_who_asked_and_who_wrote(office: Office) -> None:
    generated(office, "--by", "nora@fernhill.example")
    store = office.store
    assert store.runs()[0].requested_by == "nora@fernhill.example"
    drafts = {draft.kind: draft for draft in store.drafts()}
    assert {draft.requested_by for draft in drafts.values()} == {"nora@fernhill.example"}
    assert drafts["cta"].author == "scripted"
    assert drafts["footer"].author == "Cal Copywriter"  # who wrote the approved block


def test_status_as_a_table_and_for_programs(office: Office) -> None:
    generated(office)
    shown = run("brief", "status", "fernhill_hello")
    assert shown.exit_code == 1
    assert "Hello again (fernhill_hello, revision 1, owner Cal Copywriter)" in shown.output
    assert "1 of 4 slots and 0 of 1 emails are ready." in shown.output
    assert "brand reviewer: 3 slots" in shown.output
    data = json.loads(run("brief", "status", "fernhill_hello", "--json").stdout)
    assert [item["kind"] for item in data["emails"][0]["slots"]] == ["subject", "hero", "cta", "footer"]
    for kind in ("subject", "hero", "cta"):
        office.approve(office.chosen(kind))
    assert run("brief", "status", "fernhill_hello").exit_code == 0


def test_an_unknown_brief_is_a_clear_error(office: Office) -> None:
    office.desk.write()
    result = run("brief", "status", "nothing_here")
    assert result.exit_code == 2
    assert "there is no brief 'nothing_here'" in result.output


def test_facts_are_looked_at_and_then_applied(office: Office) -> None:
    generated(office)
    hero = office.approve(office.naming("product.name"))
    arguments = ("brief", "facts", "fernhill_hello", "--set", "product.name=Fernhill Coat")
    seen = run(*arguments)
    assert seen.exit_code == 0
    assert "product.name: Ridgeline Coat (product) -> Fernhill Coat (product)" in seen.output
    assert "its approval ends: other values of: product.name" in seen.output
    assert "Nothing is stored yet; 1 approval would end." in seen.output
    assert office.stored().revision == 1
    assert "needs --by EMAIL" in run(*arguments, "--apply").output
    late = run(*arguments, "--apply", "--by", "cal@fernhill.example", "--revision", "7")
    assert "is at revision 1" in late.output
    done = run(*arguments, "--apply", "--by", "cal@fernhill.example", "--revision", "1")
    assert "Applied: revision 2; 1 approval ended." in done.output
    assert office.draft(hero.id).state.value == "in_review"


def test_facts_that_would_make_a_wrong_brief_are_not_applied(office: Office, tmp_path: Path) -> None:
    generated(office)
    path = tmp_path / "facts.yaml"
    path.write_text(
        "targets:\n  - locale: en-US\n    facts:\n      product.old: {kind: money, role: was_price, "
        'value: "99", currency: USD, source: catalog}\n'
    )
    result = run("brief", "facts", "fernhill_hello", "--file", str(path), "--apply", "--by", "cal@x.example")
    assert result.exit_code == 1
    assert "problem /targets/0/facts/product.price: price 129.00 is not below was_price 99" in result.output
    assert office.stored().revision == 1


def test_a_deck_goes_out_and_comes_back(office: Office, tmp_path: Path) -> None:
    generated(office)
    out = tmp_path / "deck"
    written = run("brief", "deck", "fernhill_hello", "--out", str(out))
    assert written.output.split() == [str(out / "fernhill_hello.html"), str(out / "fernhill_hello.csv")]
    path = out / "fernhill_hello.csv"
    path.write_bytes(path.read_bytes().replace(b"Plan a walk", b"Plan a long walk"))
    taken = run("brief", "deck", "fernhill_hello", "--edits", str(path), "--by", "nora@fernhill.example")
    assert taken.exit_code == 0, taken.output
    assert "label: edited, verdict pass" in taken.output
    assert "1 edited, 0 refused, 10 unchanged" in taken.output
    path.write_bytes(path.read_bytes().replace(b"Plan a long walk", b"Plan a short walk"))
    late = run("brief", "deck", "fernhill_hello", "--edits", str(path), "--by", "nora@fernhill.example")
    assert late.exit_code == 1
    assert "refused: the draft was changed after this deck was made" in late.output
    assert "--edits needs --by" in run("brief", "deck", "fernhill_hello", "--edits", str(path)).output
    assert run("brief", "deck", "fernhill_hello").exit_code == 2
