"""The page for a lawyer: everything about one text, readable, with nothing that runs or is loaded."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.cli import main
from app.copywriting.dossier import dossier
from app.copywriting.dossier_page import dossier_html
from app.copywriting.editing import edit_draft
from app.db.exports import Exports
from app.db.people import People
from app.db.release_tables import Arm, ChosenSlot, Export, ExportContent, ExportedSlot
from app.db.service_tables import Blob, BriefRevision
from app.db.tables import Draft, now
from tests.copywriting.office import BY, NOW, REVIEWER, Office

HOSTILE = 'Come outside <script>alert(1)</script><img src="https://tracker.example/p.gif">'


@pytest.fixture
def draft(office: Office) -> Draft:
    """A hero that was approved, edited, edited back, approved again and exported."""
    office.generate()
    People(office.store.engine).add(BY, "Cal")
    first = office.approve(office.chosen("hero"))
    for headline in (HOSTILE, "Come back outside again"):
        seen = office.draft(first.id).revision
        edit_draft(office.copydesk, office.draft(first.id), {"headline": headline}, seen=seen, by=BY)
    done = office.approve(office.draft(first.id), role="legal")
    slot = ExportedSlot(
        segment="weekend_hikers",
        kind="hero",
        source="draft",
        draft=done.id,
        copy_fields=done.copy_fields,
        public_id="x1",
    )
    exported = Export(
        brand="fernhill",
        brief_id=office.brief["id"],
        brief_revision=1,
        locale="en-US",
        segments=("weekend_hikers",),
        account="main",
        platform="klaviyo",
        template_hash="f" * 64,
        content=ExportContent(subject="A quiet path is waiting", slots=(slot,), facts={}),
        exported_by=BY,
    )
    choice = ChosenSlot(
        brand="fernhill",
        brief_id=office.brief["id"],
        locale="en-US",
        segment="weekend_hikers",
        kind="hero",
        arms=(Arm(name="only", draft=done.id),),
        chosen_by=BY,
    )
    Exports(office.store.engine).choose([choice])
    Exports(office.store.engine).keep([exported], ())
    return office.draft(done.id)


def page(office: Office, draft: Draft) -> str:
    return dossier_html(dossier(office.store, draft, engine="0.1.0", at=NOW))


def words(html: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<[^>]+>", " ", html.partition("</head>")[2])
    return re.sub(r"\s+", " ", body).replace(" ,", ",").replace("&#39;", "'")


def test_it_says_all_that_is_known(office: Office, draft: Draft) -> None:
    text = words(page(office, draft))
    for expected in (
        "Hero for weekend_hikers, en-US",
        "Come back outside again",
        "State: approved",
        "Guardrails: pass",
        "Replayed: every rule judges as it did",
        "Exported 1 time",
        "the model scripted, edited by people since",
        f"revision 1 by {BY}",
        "Bring people outside again",
        "Ridgeline Coat catalog",
        "Copydesk 0.1.0 judged the copy as of 20 November 2026, 09:00 UTC",
        "guardrails passed it and found nothing: banned claims, ",
        f"Edited by {BY}",
        f"{REVIEWER} legal 18 November 2026, 12:00 UTC",
        f"ended by {BY}",
        "the copy was edited",
        "klaviyo, main",
        "A quiet path is waiting",
        "rules judge the same; pass then, pass now",
        "draft.edit of draft " + draft.id,
        "slot.choose of choice ",
        "email.export of export ",
        "rules held for copy in this language on 2026-11-20",
        "the brand's files",
        f"copydesk receipt replay {draft.id}",
    ):
        assert expected in text, expected


def test_every_hash_and_source_is_whole(office: Office, draft: Draft) -> None:
    found = dossier(office.store, draft, engine="0.1.0", at=NOW)
    html = page(office, draft)
    assert found.rules
    assert all(item.hash in html for item in found.story.hashes)
    assert all(record.hash in html for record in found.records)
    assert {record.action for record in found.records} == {"draft.edit", "slot.choose", "email.export"}
    assert all(rule.source for rule in found.rules)


def test_only_what_an_edit_changed_is_shown(office: Office, draft: Draft) -> None:
    found = dossier(office.store, draft, engine="0.1.0", at=NOW)
    assert [edit.after for edit in found.edits] == [
        {"headline": HOSTILE},
        {"headline": "Come back outside again"},
    ]
    assert all(edit.before and edit.before.keys() == {"headline"} for edit in found.edits)


def test_what_is_gone_is_said(office: Office, draft: Draft) -> None:
    with Session(office.store.engine) as session, session.begin():
        session.execute(update(Blob).values(pruned_at=now(), data=b""))
        session.execute(delete(BriefRevision))
        session.execute(update(Draft).where(col(Draft.id) == draft.id).values(requested_by=""))
    text = words(page(office, draft))
    for expected in (
        "Cannot be replayed",
        "The brief “fernhill_hello” is not stored.",
        "The bytes of the facts are not kept any more.",
        "The bytes of the rules are not kept any more.",
        "Its bytes are not kept any more.",
        "by retention",
    ):
        assert expected in text, expected


def test_the_command_writes_a_new_file(
    office: Office, draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CONTENT", str(office.desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    out = tmp_path / "receipt.html"
    done = CliRunner().invoke(main, ["receipt", "export", draft.id, "--out", str(out)])
    assert (done.exit_code, "replay: same" in done.stdout) == (0, True), done.output
    assert draft.id in out.read_text(encoding="utf-8")
    again = CliRunner().invoke(main, ["receipt", "export", draft.id, "--out", str(out)])
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    nowhere = CliRunner().invoke(main, ["receipt", "export", draft.id, "--out", str(tmp_path / "no" / "a")])
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)
    shown = CliRunner().invoke(main, ["receipt", "replay", draft.id, "--json"])
    assert (shown.exit_code, '"outcome": "same"' in shown.stdout) == (0, True)
    assert CliRunner().invoke(main, ["receipt", "replay", "0" * 32]).exit_code == 2
