"""`copydesk review email`: where whole emails stand, and every action on one for a person at this machine."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.copywriting.office import NOW, Office
from tests.copywriting.test_whole_emails import exported, made

BRIEF = "fernhill_hello"
PLACE = ("--locale", "en-US", "--segment", "weekend_hikers")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A brief of one email whose tier asks for two people on the whole, some time before it goes out."""
    office = made(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    monkeypatch.setattr("app.db.tables.now", lambda: NOW)
    return office


def review_email(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["review", "email", BRIEF, *arguments])


def act(action: str, name: str, *more: str) -> Result:
    return review_email(*PLACE, "--do", action, "--as", f"{name}@fernhill.example", *more)


def test_an_email_is_submitted_and_approved_by_two(office: Office) -> None:
    listed = review_email()
    assert (listed.exit_code, listed.output.splitlines()[0]) == (1, "en-US weekend_hikers: not submitted")
    submitted = act("submit", "cal")
    assert submitted.output.splitlines()[0] == "en-US weekend_hikers: in review"
    assert submitted.output.splitlines()[-1] == "  waits for: brand reviewer, legal"
    half = act("approve", "rae")
    assert (half.exit_code, "approved by rae@fernhill.example as brand reviewer" in half.output) == (1, True)
    whole = act("approve", "lea")
    assert (whole.exit_code, whole.output.splitlines()[0]) == (0, "en-US weekend_hikers: approved")
    exported(office)


def test_it_is_sent_back_with_words(office: Office) -> None:
    act("submit", "cal")
    assert "text: Field required" in act("request-changes", "rae").output
    assert "text: Extra inputs are not permitted" in act("approve", "rae", "--text", "fine").output
    sent_back = act("request-changes", "rae", "--text", "The two lines contradict each other.")
    assert sent_back.output.splitlines()[0] == "en-US weekend_hikers: changes requested"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--do", "submit", "--as", "cal@fernhill.example"), "needs --as, --locale and --segment"),
        ((*PLACE, "--do", "submit"), "needs --as, --locale and --segment"),
        ((*PLACE, "--do", "approve", "--as", "nobody@fernhill.example"), "there is no person"),
        ((*PLACE, "--arm", "b", "--do", "submit", "--as", "cal@fernhill.example"), "has no email en-US"),
    ],
)
def test_what_is_missing_is_said(office: Office, arguments: tuple[str, ...], words: str) -> None:
    result = review_email(*arguments)
    assert result.exit_code == 2
    assert words in result.output
