"""What the page for a lawyer and `receipt show` tell of review, waivers and whole emails."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session

from app.cli import main
from app.copywriting.dossier import Dossier, dossier
from app.copywriting.dossier_page import dossier_html
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.waiving import revoke
from app.db.email_tables import EmailApproval
from app.db.erasing import Erasing
from app.db.receipts import DraftApproval
from app.db.review_tables import RejectReason
from app.db.waiver_tables import StoredWaiver
from app.review.actions.reject import RejectOrder
from app.review.emails.actions.request_changes import ChangesOrder
from tests.copywriting.office import BY, NOW
from tests.copywriting.reviewed import LOUD, UNTIL, Reviewed
from tests.copywriting.test_dossier import words

LEA, RAE = "lea@fernhill.example", "rae@fernhill.example"
NO_RECORD = "The audit has no record of this"


@pytest.fixture
def reviewed(tmp_path: Path) -> Reviewed:
    return Reviewed.at(tmp_path)


def known(reviewed: Reviewed) -> Dossier:
    return dossier(reviewed.office.store, reviewed.draft, engine="0.1.0", at=NOW)


def text_of(reviewed: Reviewed) -> str:
    return words(dossier_html(known(reviewed)))


def shown(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch, *options: str, status: int = 0) -> str:
    monkeypatch.setenv("COPYDESK_CONTENT", str(reviewed.office.desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", reviewed.office.desk.database)
    done = CliRunner().invoke(main, ["receipt", "show", reviewed.draft_id, *options])
    assert done.exit_code == status, done.output
    return done.stdout


def in_order(text: str, *expected: str) -> None:
    """Each of the words, one after the other."""
    at = 0
    for item in expected:
        found = text.find(item, at)
        assert found >= 0, item
        at = found + len(item)


def test_rounds_and_what_was_said_stand_in_order(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.go()
    in_order(
        text_of(reviewed),
        "Said before it was submitted",
        f"Comment by {BY} Loud on purpose.",
        f"Round 1, submitted by {BY}, 18 November 2026, 12:03 UTC",
        "Risk tier low",
        "Ended changes requested, 18 November 2026, 12:06 UTC",
        f"Question by {RAE} to {BY} Is it registered?",
        f"Answer by {BY} to “Is it registered?” Since May.",
        f"Reason by {RAE} Say so in the brief.",
        f"Round 2, submitted by {BY}, 18 November 2026, 12:07 UTC",
        "Ended approved, 18 November 2026, 12:09 UTC",
    )
    in_order(
        shown(reviewed, monkeypatch),
        f"comment by {BY} on 2026-11-18 12:02 UTC: Loud on purpose.",
        f"round 1 of review: submitted by {BY} on 2026-11-18 12:03 UTC, tier low; changes requested on",
        f"question by {RAE} to {BY} on 2026-11-18 12:04 UTC: Is it registered?",
        f"answer by {BY}",
        f"reason by {RAE}",
        "round 2 of review: ",
        "approved on 2026-11-18 12:09 UTC",
    )


def test_why_it_was_rejected(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.act("cal", "submit")
    reviewed.act("lea", "reject", RejectOrder(reason=RejectReason.NOT_LAWFUL, text="It promises sun."))
    in_order(text_of(reviewed), "Ended rejected (not lawful), ", f"Reason by {LEA} It promises sun.")
    lines = shown(reviewed, monkeypatch)
    in_order(lines, "; rejected (not lawful) on ", f"reason by {LEA}", "It promises sun.")


def test_an_approval_says_what_was_read(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.draft_id = reviewed.office.naming("product.name").id
    reviewed.act("cal", "submit")
    reviewed.act("rae", "approve")
    hashes = reviewed.draft.receipt.approvers[0].values
    text, lines = text_of(reviewed), shown(reviewed, monkeypatch)
    in_order(text, "{product.name}: Ridgeline Coat", "market: US")
    assert "with {product.name} = Ridgeline Coat, " in lines
    assert "market = US" in lines
    assert not any(value in text or value in lines for value in hashes.values())


def test_values_of_old_approvals_are_said_to_be_hashes(reviewed: Reviewed) -> None:
    values = {"product.name": "ab12", "image": "cd34"}
    reviewed.forge(
        DraftApproval(by=RAE, role="legal", at=NOW, content_hash=reviewed.draft.content_hash, values=values),
    )
    in_order(
        text_of(reviewed),
        "{product.name}: kept as a hash alone, ab12",
        "picture: kept as a hash alone, cd34",
    )


def test_a_waiver_is_told_at_the_finding_and_in_its_table(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.edit(LOUD)
    reviewed.waive()
    in_order(
        text_of(reviewed),
        f"Let pass by {LEA} as legal until 18 December 2026, 12:00 UTC: “The name of the campaign.”",
        "What people let pass",
        "voice about “BACK”",
        f"{LEA} as legal",
        "18 November 2026, 12:01 UTC en-US, market US",
        "18 December 2026, 12:00 UTC The name of the campaign. yes",
        "waiver.give of draft ",
    )
    assert NO_RECORD not in text_of(reviewed)
    lines = shown(reviewed, monkeypatch)
    assert f"waived by {LEA} as legal until {UNTIL:%Y-%m-%d %H:%M} UTC" in lines
    assert "no record" not in lines


def test_a_waiver_that_was_revoked_stays_on_the_page(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it was given at another draft with the same text."""
    reviewed.edit(LOUD)
    row, first = reviewed.waive(), reviewed.draft_id
    slot = reviewed.office.slots()["en-US", "weekend_hikers", "cta"]
    other = next(item.draft.id for item in slot.candidates if item.draft.id != first)
    reviewed.draft_id = other
    reviewed.edit(LOUD)
    desk = ReviewDesk.over(reviewed.office.copydesk)
    assert reviewed.draft.receipt.waivers
    revoke(desk, row, reviewed.actors["lea"], reviewed.moment())
    for draft_id in (first, other):
        reviewed.draft_id = draft_id
        text = text_of(reviewed)
        assert f"no: revoked by {LEA}, 18 November 2026, 12:02 UTC" in text
        assert f"waiver.revoke of draft {first}" in text
        assert NO_RECORD not in text
        assert f"12:01 UTC: revoked by {LEA} on 2026-11-18" in shown(reviewed, monkeypatch)


def test_a_waiver_past_copydesk_is_marked(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.edit(LOUD)
    row = reviewed.waive()
    with Session(reviewed.office.store.engine) as session, session.begin():
        session.add(StoredWaiver(**{**row.model_dump(), "id": "e" * 32, "role": "brand owner"}))
    text = text_of(reviewed)
    assert text.count(f"{NO_RECORD} waiver") == 1
    in_order(text, f"{LEA} as brand owner", f"{NO_RECORD} waiver")
    assert "no record of this waiver of voice by" in shown(reviewed, monkeypatch)


def test_who_approved_the_whole_email_is_told(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed.go()
    reviewed.email()
    text = text_of(reviewed)
    in_order(
        text,
        "Whole emails that hold it",
        "Email for weekend_hikers, en-US, market US",
        f"Submitted by {BY}, 18 November 2026, 12:10 UTC",
        "This text in it as it stands above",
        f"{RAE} as brand reviewer, 18 November 2026, 12:11 UTC",
        f"{LEA} as legal, 18 November 2026, 12:12 UTC",
        "Review ended approved, 18 November 2026, 12:12 UTC",
        "email.submit of email ",
        "email.approve of email ",
    )
    assert NO_RECORD not in text
    lines = shown(reviewed, monkeypatch)
    in_order(
        lines,
        f"whole email for weekend_hikers in en-US: submitted by {BY} on 2026-11-18 12:10 UTC, tier low;",
        "approved on 2026-11-18 12:12 UTC",
        f"  approved by {RAE} as brand reviewer on 2026-11-18 12:11 UTC",
        f"  approved by {LEA} as legal on 2026-11-18 12:12 UTC",
    )
    assert "no record" not in lines
    told = json.loads(shown(reviewed, monkeypatch, "--json"))["lines"]
    assert any(line.startswith("whole email for weekend_hikers") for line in told)


def test_an_email_that_was_sent_back_and_other_copy_in_it(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.go()
    reviewed.email()
    reviewed.act_on_email("cal", "withdraw")
    reviewed.act_on_email("cal", "submit")
    reviewed.act_on_email("rae", "approve")
    reviewed.act_on_email("lea", "request_changes", ChangesOrder(text="Another order."))
    reviewed.edit("Take a walk")
    text = text_of(reviewed)
    in_order(
        text,
        "This text in it with other words or another picture than now",
        f"{RAE} as brand reviewer, 18 November 2026, 12:11 UTC ended 18 November 2026, 12:13 UTC: ",
        "Review ended ",
        "This text in it with other words",
        "ended 18 November 2026, 12:16 UTC: ",
        "Review ended changes requested, 18 November 2026, 12:16 UTC “Another order.”",
    )
    in_order(
        shown(reviewed, monkeypatch),
        "in en-US, with other words or another picture than now: ",
        "; ended on 2026-11-18 12:13 UTC: ",
        "  Another order.",
    )


def test_approvals_past_copydesk_are_marked(reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another person, another role, another copy, a second time: none of these has a record."""
    reviewed.go()
    reviewed.email()
    given = reviewed.draft.receipt.approvers[0]
    forged = ({"by": BY}, {"role": "brand owner"}, {"content_hash": "a" * 64}, {"at": NOW})
    for changes in forged:
        reviewed.forge(given.model_copy(update=changes))
    known_now = known(reviewed).review
    assert [item.recorded for item in known_now.approvals] == [True, True, False, False, False, False]
    (email,) = known_now.emails
    added = {**email.approvals[0].approval.model_dump(), "id": "e" * 32, "by": BY}
    with Session(reviewed.office.store.engine) as session, session.begin():
        session.add(EmailApproval(**added))
    assert text_of(reviewed).count(f"{NO_RECORD} approval") == 5
    lines = shown(reviewed, monkeypatch, status=1)  # the other copy was never stored
    marked = [line for line in lines.splitlines() if line.endswith("; no record of this approval")]
    assert len(marked) == 5
    assert marked[1].startswith(f"approved by {RAE} as brand owner on 2026-11-18 12:08 UTC")


def test_what_a_forged_approval_says_cannot_hide_its_mark(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on a receipt begins a line of its own, or is acted on by a terminal."""
    content = reviewed.draft.content_hash
    by = f"{RAE}\x1b[2K\napproved by {RAE}"
    reviewed.forge(DraftApproval(by=by, role="legal", at=NOW, content_hash=content))
    (line,) = [item for item in shown(reviewed, monkeypatch).splitlines() if "approved by" in item]
    assert line.endswith("; no record of this approval")
    assert line.isprintable()


def test_what_erased_people_did_still_has_its_record(
    reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.go()
    reviewed.email()
    Erasing(reviewed.office.store.engine).erase(LEA)
    html = dossier_html(known(reviewed))
    alias = f"erased-{reviewed.actors['lea'].person_id[:12]}"
    assert LEA not in html
    text = words(html)
    assert NO_RECORD not in text
    in_order(text, f"Let pass by {alias} as legal", f"{alias} legal", f"{alias} as legal")
    assert "no record" not in shown(reviewed, monkeypatch)


def test_the_page_from_the_command_has_it_all(
    reviewed: Reviewed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed.go()
    reviewed.email()
    monkeypatch.setenv("COPYDESK_CONTENT", str(reviewed.office.desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", reviewed.office.desk.database)
    out = tmp_path / "receipt.html"
    done = CliRunner().invoke(main, ["receipt", "export", reviewed.draft_id, "--out", str(out)])
    assert done.exit_code == 0, done.output
    text = words(out.read_text(encoding="utf-8"))
    in_order(text, "What people let pass", "Round 1", "Round 2", "Whole emails that hold it", RAE, LEA)
    (email,) = known(reviewed).review.emails
    in_order(text, f'audit list --subject "email {email.review.id}" --json')
