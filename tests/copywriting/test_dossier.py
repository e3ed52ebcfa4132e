"""The page for a lawyer: everything about one text, readable, with nothing that runs or is loaded."""

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.brand.tiers import Tier
from app.cli import main
from app.copywriting.dossier import dossier
from app.copywriting.dossier_page import dossier_html
from app.copywriting.editing import edit_draft
from app.copywriting.reviewing import ReviewDesk
from app.db.drafts import DraftChange
from app.db.email_tables import EmailApproval, EmailPart, EmailReview, EmailVersion
from app.db.emails import Emails
from app.db.exports import Exports
from app.db.people import People
from app.db.release_tables import Arm, ChosenSlot, Export, ExportContent, ExportedSlot
from app.db.service_tables import Blob, BriefRevision
from app.db.tables import Draft, now
from app.review.actions.comment import CommentOrder
from app.review.situation import Actor
from app.verdicts.reports import Family, Finding, Severity, Waived
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
        f"{REVIEWER} The audit has no record of this approval legal 18 November 2026, 12:00 UTC",
        "It was never submitted for review",
        "No email with this text was submitted for approval as a whole",
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


def test_it_says_how_it_was_reviewed_and_which_emails_hold_it(office: Office) -> None:
    """An approval that was given in review has its record; one that was written beside it has none."""
    office.generate()
    draft = office.chosen("cta")
    desk = ReviewDesk.over(office.copydesk)
    for at, (name, role, order) in enumerate(
        [
            ("submit", "copywriter", None),
            ("comment", "legal", CommentOrder(text="Plain and true.")),
            ("approve", "brand reviewer", None),
        ]
    ):
        stored = office.draft(draft.id)
        email = f"{role.split()[0]}@fernhill.example"
        member = desk.people.add(email, role.title())
        actor = Actor(email, member.id, frozenset({role}))
        moment = NOW + dt.timedelta(minutes=at)
        desk.act(name, stored, actor, order, seen=stored.revision, at=moment)
    hold_in_email(office, office.draft(draft.id))
    text = words(page(office, office.draft(draft.id)))
    for expected in (
        "Round 1, submitted by copywriter@fernhill.example, 18 November 2026, 12:00 UTC",
        "Ended approved, 18 November 2026, 12:02 UTC",
        "Comment by legal@fernhill.example Plain and true.",
        "brand@fernhill.example brand reviewer 18 November 2026, 12:02 UTC",
        "link: https://fernhill.example/",
        "weekend_hikers, en-US, market US",
        "lea@fernhill.example as legal, 18 November 2026, 13:00 UTC",
        "draft.approve of draft " + draft.id,
    ):
        assert expected in text, expected
    assert text.count("The audit has no record of this approval") == 1, "that of the email alone"


def hold_in_email(office: Office, draft: Draft) -> None:
    """A whole email with the draft was submitted and approved."""
    part = EmailPart(kind=draft.kind, source=f"draft {draft.id}", content="c" * 64)
    review = EmailReview(
        brand=draft.brand,
        brief_id=draft.brief_id,
        locale=draft.locale,
        market="US",
        segment=draft.segment,
        arm="only",
        tier=Tier.LOW,
        why=("cta: low: it is a button",),
        digest="d" * 64,
        versions=(EmailVersion(digest="d" * 64, parts=(part,)),),
        shown={},
        submitted_by=BY,
        submitted_at=NOW,
        due_at=NOW + dt.timedelta(days=1),
    )
    approval = EmailApproval(
        review_id=review.id,
        brand=draft.brand,
        version=review.digest,
        by="lea@fernhill.example",
        role="legal",
        at=NOW + dt.timedelta(hours=1),
    )
    with Emails(office.store.engine).writing() as session:
        session.add(review)
        session.flush()
        session.add(approval)


def test_what_was_let_pass_says_by_whom_until_when_and_why(office: Office) -> None:
    office.generate()
    draft = office.chosen("cta")
    report = draft.receipt.verdicts
    waived = Waived(waiver="1" * 32, by="lea@fernhill.example", reason="It names a walk.", until=NOW)
    finding = Finding(
        rule="voice",
        category="voice",
        family=Family.BRAND,
        severity=Severity.BLOCK,
        field="label",
        start=0,
        end=4,
        message="“Come” shouts",
        waived=waived,
    )
    first = report.results[0].model_copy(update={"findings": (finding,)})
    changed = report.model_copy(update={"results": (first, *report.results[1:])})
    receipt = draft.receipt.model_copy(update={"verdicts": changed})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    text = words(page(office, office.draft(draft.id)))
    assert "Let pass by lea@fernhill.example until 18 November 2026, 12:00 UTC: “It names a walk.”" in text


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
