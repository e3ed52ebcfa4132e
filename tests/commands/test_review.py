"""`copydesk review`: every action for a person at this machine, and nobody acts without a role."""

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.db.drafts import DraftChange
from app.db.people import People
from app.db.reviews import Reviews
from app.db.tables import DraftState
from app.review.registry import ACTIONS
from tests.copywriting.office import Office


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def done(*arguments: str) -> str:
    result = run("review", *arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A brief that goes out in ten days, answered, and people with roles."""
    office = Office.at(tmp_path)
    send_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    office.brief["targets"][0]["window"]["send_at"] = send_at.isoformat(timespec="seconds")
    office.generate()
    for name, role in {
        "cal": "copywriter",
        "rae": "brand-reviewer",
        "lea": "legal",
        "ola": "operator",
    }.items():
        add = ("people", "add", f"{name}@fernhill.example", "--name", name, "--role", role)
        monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
        monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
        assert run(*add, "--brand", "fernhill").exit_code == 0
    return office


CAL, RAE, LEA = (("--as", f"{name}@fernhill.example") for name in ("cal", "rae", "lea"))


def test_every_action_is_a_command() -> None:
    listed = run("review", "--help").output
    assert all(f"  {name.replace('_', '-')} " in listed for name in ACTIONS if name != "expire")


def test_a_draft_goes_through_review(office: Office) -> None:
    draft = office.chosen("cta")
    shown = done("submit", draft.id, *CAL)
    assert shown.startswith(f"{draft.id}: in review\ntier low, waits until ")
    assert shown.endswith("for: brand reviewer\n")
    listed = done("list", "--tier", "low", "--brand", "fernhill")
    assert f"{draft.id}  low" in listed
    assert listed.endswith("1 review open: 1 low\n")
    assert done("list", "--assignee", "rae@fernhill.example") == "nothing waits for review\n"
    done("take", draft.id, *RAE)
    assert draft.id in done("list", "--assignee", "rae@fernhill.example")
    done("comment", draft.id, "Nice.\x1b[31m", *LEA)
    done("ask", draft.id, "cal@fernhill.example", "Is it so?", *RAE)
    blocked = run("review", "approve", draft.id, *RAE)
    assert (blocked.exit_code, "a question to cal@fernhill.example is open" in blocked.output) == (2, True)
    story = done("show", draft.id, *CAL)
    assert "comment by lea@fernhill.example: Nice. [31m" in story
    assert "tier low\n  low: it is a block of the kind cta" in story
    assert "  may not approve: " in story
    (question,) = [note for note in Reviews(office.store.engine).notes(draft.id) if note.open]
    done("answer", draft.id, question.id, "It is.", *CAL)
    assert done("approve", draft.id, *RAE) == f"{draft.id}: approved\n"
    assert office.draft(draft.id).state is DraftState.APPROVED
    assert done("withdraw", draft.id, "--text", "Off.", *CAL) == f"{draft.id}: withdrawn\n"


def test_the_deadline_is_said_as_a_question_holds_it_up(office: Office) -> None:
    draft = office.chosen("cta")
    done("submit", draft.id, *CAL)
    done("ask", draft.id, "cal@fernhill.example", "Is it so?", *RAE)
    reviews, hour = Reviews(office.store.engine), dt.timedelta(hours=1)
    with reviews.writing() as session:
        row = session.merge(reviews.rounds(draft.id)[0])
        row.held_since = dt.datetime.now(dt.UTC) - 5 * hour
        stored = row.due_at
        session.add(row)
    said = done("take", draft.id, *RAE)
    words = said.partition("waits until ")[2].partition(" UTC")[0]
    until = dt.datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=dt.UTC)
    assert 4.9 * hour < until - stored < 5.1 * hour
    assert words in done("list")


def test_drafts_are_sent_back_raised_and_rejected(office: Office) -> None:
    hero, cta = office.chosen("hero"), office.chosen("cta")
    for draft in (hero, cta):
        done("submit", draft.id, *CAL)
    assert "tier elevated, waits" in done("escalate", hero.id, "elevated", "More eyes.", *RAE)
    assert done("request-changes", hero.id, "Shorter.", *RAE) == f"{hero.id}: changes requested\n"
    wrong = run("review", "reject", cta.id, "--reason", "dull", *RAE)
    assert (wrong.exit_code, "reason: Input should be 'off_brand'" in wrong.output) == (2, True)
    assert done("reject", cta.id, "--reason", "unclear", *RAE) == f"{cta.id}: rejected\n"


def test_nobody_acts_without_a_role(office: Office) -> None:
    draft = office.chosen("cta")
    assert run("review", "submit", draft.id).exit_code == 2
    for who, words in (("zoe", "there is no person"), ("ola", "no role for brand 'fernhill'")):
        result = run("review", "submit", draft.id, "--as", f"{who}@fernhill.example")
        assert (result.exit_code, words in result.output) == (2, True)
    People(office.store.engine).disable("cal@fernhill.example")
    assert "is disabled" in run("review", "submit", draft.id, *CAL).output
    assert office.draft(draft.id).state is DraftState.DRAFT
    assert run("review", "submit", "0" * 32, *RAE).exit_code == 2
    assert run("review", "submit", *RAE).exit_code == 2
    assert "did you mean 'low'?" in run("review", "list", "--tier", "lo").output
    stale = run("review", "submit", draft.id, "--revision", "9", *RAE)
    assert "is at revision 1, not at 9" in stale.output


def test_the_best_draft_of_each_slot_is_submitted(office: Office) -> None:
    office.approve(office.chosen("subject"))
    best = {kind: office.chosen(kind).id for kind in ("hero", "cta")}
    out = done("submit", "--brief", "fernhill_hello", *CAL)
    lines = {line.split()[2]: line for line in out.splitlines()[:-1]}
    assert lines["subject"].endswith("it is approved")
    assert "it is the approved block" in lines["footer"]
    assert all(lines[kind].endswith(f"{draft}  submitted") for kind, draft in best.items())
    assert out.endswith("2 drafts submitted\n")
    assert done("submit", "--brief", "fernhill_hello", *CAL).endswith("0 drafts submitted\n")


def test_chosen_drafts_go_before_the_best(office: Office) -> None:
    best, other = [item.draft for item in office.slots()["en-US", "weekend_hikers", "cta"].candidates]
    place = ("--locale", "en-US", "--segment", "weekend_hikers", "--slot", "cta", "--by", CAL[1])
    office.approve(other)
    assert run("choose", "fernhill_hello", *place, "--draft", other.id).exit_code == 1
    edit = {"state": DraftState.DRAFT}
    office.copydesk.drafts.change([DraftChange(other.id, office.draft(other.id).revision, edit)])
    out = done("submit", "--brief", "fernhill_hello", *CAL)
    assert f"{other.id}  submitted" in out
    assert best.id not in out


def test_sweeping_ends_what_is_past_its_deadline(office: Office) -> None:
    draft = office.chosen("cta")
    done("submit", draft.id, *CAL)
    assert done("sweep") == "0 reminders, 0 reviews expired\n"
    reviews = Reviews(office.store.engine)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    with reviews.writing() as session:
        row = session.merge(reviews.rounds(draft.id)[0])
        row.due_at = past
        session.add(row)
    assert done("sweep") == "0 reminders, 1 review expired\n"
    assert office.draft(draft.id).state is DraftState.EXPIRED
