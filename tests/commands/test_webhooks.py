"""Webhooks and the outbox from the command line."""

import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session

from app.cli import main
from app.db.engine import open_database
from app.db.outbox import Announcement, announce
from tests.notify.receiver import Answer, Receiver, receiving, verify

Run = Callable[..., Result]
TOLD = Announcement("larkfell", "draft.approved", "draft 1f3", {"state": "approved"}, words="Approved")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def run(database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COPYDESK_DATABASE", database)
    monkeypatch.setenv("COPYDESK_WEBHOOK_HOSTS", f"127.0.0.1:{receiver.port}")
    monkeypatch.setenv("COPYDESK_WEBHOOK_PRIVATE_ALLOWED", "true")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return call


def tell(database: str, *people: str) -> None:
    engine = open_database(database)
    with Session(engine) as session, session.begin():
        announce(session, Announcement(**{**TOLD.__dict__, "people": people}))
    engine.dispose()


def add(run: Run, receiver: Receiver) -> tuple[str, str]:
    """The id and the secret of a new webhook."""
    made = json.loads(
        run("webhooks", "add", "larkfell", receiver.url(), "--event", "draft.*", "--json").stdout
    )
    return made["id"], made["secret"]


def test_a_webhook_from_its_first_day_to_its_last(run: Run, database: str, receiver: Receiver) -> None:
    shown = run("webhooks", "add", "larkfell", receiver.url())
    assert shown.stdout.startswith("whsec_")
    assert "shown this once" in shown.stderr
    secret = shown.stdout.strip()
    listed = run("webhooks", "list", "--brand", "larkfell", "--json").stdout
    assert secret not in listed
    (hook,) = json.loads(listed)
    assert run("webhooks", "test", hook["id"]).stdout == "accepted\n"
    tell(database)
    assert run("outbox", "send").stdout == "1 message sent, 0 to be tried again, 0 given up\n"
    assert [got.document["event"] for got in receiver.got] == ["webhook.test", "draft.approved"]
    assert all(verify(secret, got) for got in receiver.got)
    rotated = run("webhooks", "rotate", hook["id"], "--grace-hours", "2")
    assert rotated.stdout.startswith("whsec_")
    assert "2 hours still" in rotated.stderr
    assert run("webhooks", "remove", hook["id"]).stdout == f"webhook {hook['id']} is removed\n"
    assert run("webhooks", "list").stdout == "there is no webhook\n"
    assert run("outbox", "list").stdout == "there is no message\n"


def test_the_outbox_says_why_something_was_not_sent(run: Run, database: str, receiver: Receiver) -> None:
    hook, secret = add(run, receiver)
    receiver.answers = [Answer(500)]
    tell(database)
    told = run("outbox", "send")
    assert told.stdout == "0 messages sent, 1 to be tried again, 0 given up\n"
    assert "message not sent" in told.stderr
    listed = run("outbox", "list", "--state", "waiting")
    assert "it answered with status 500" in listed.stdout
    assert secret not in listed.stdout
    (entry,) = json.loads(run("outbox", "list", "--json").stdout)
    assert (entry["event"], entry["tries"], entry["webhook_id"]) == ("draft.approved", 1, hook)
    assert json.loads(run("outbox", "list", "--state", "delivered", "--json").stdout) == []
    receiver.answers = [Answer(404)]
    refused = run("webhooks", "test", hook)
    assert (refused.exit_code, refused.stdout) == (1, "not accepted: it answered with status 404\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("webhooks", "add", "larkfel", "https://127.0.0.1/"), "no host that webhooks may name"),
        (("webhooks", "add", "larkfell", "https://evil.example/"), "COPYDESK_WEBHOOK_HOSTS"),
        (("webhooks", "remove", "none"), "there is no webhook 'none'"),
        (("webhooks", "test", "none"), "copydesk webhooks list"),
        (("people", "notify", "nobody@example.com", "--off"), "there is no person"),
    ],
)
def test_what_is_refused(run: Run, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_unknown_brand_names_the_nearest(run: Run, receiver: Receiver) -> None:
    assert "did you mean 'larkfell'" in run("webhooks", "add", "larkfel", receiver.url()).stderr


def test_a_person_turns_mail_off_and_on(run: Run, database: str) -> None:
    run("people", "add", "cal@example.com", "--name", "Cal", "--role", "legal", "--brand", "larkfell")
    assert run("people", "notify", "cal@example.com", "--off").stdout == "cal@example.com gets no mail\n"
    assert run("people", "notify", "cal@example.com", "--off").exit_code == 0
    assert "mail: off" in run("people", "show", "cal@example.com").stdout
    tell(database, "cal@example.com")
    assert run("outbox", "list").stdout == "there is no message\n"
    assert run("people", "notify", "cal@example.com", "--on").stdout == "cal@example.com gets mail\n"
    assert json.loads(run("people", "show", "cal@example.com", "--json").stdout)["mail"] is True
    tell(database, "cal@example.com")
    assert run("outbox", "send").stdout == "0 messages sent, 0 to be tried again, 0 given up\n"
    listed = run("outbox", "list").stdout
    assert "cal@example.com" in listed
    assert "no mail server is set (COPYDESK_SMTP_URL)" in listed
    assert json.loads(run("outbox", "list", "--json").stdout)[0]["state"] == "waiting"
    assert run("people", "notify", "cal@example.com").exit_code == 2


def test_settings_that_cannot_be_used_are_refused_without_repeating_them(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("SMTP_URL", "smtp://desk:pass/word@mail.example.com"),
        ("SMTP_URL", "http://mail.example.com"),
        ("WEBHOOK_HOSTS", "https://hooks.example.com"),
        ("WEBHOOK_HOSTS", "*"),
        ("WEBHOOK_HOSTS", "*.com"),
        ("MAIL_FROM", "copydesk"),
        ("PUBLIC_URL", "copydesk.example.com"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(f"COPYDESK_{name}", value)
            result = run("outbox", "list")
        assert result.exit_code == 2, value
        assert name in result.stderr
        assert "pass/word" not in result.stderr


def test_a_mail_server_needs_an_address_to_send_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_SMTP_URL", "smtp://mail.example.com")
    result = run("outbox", "list")
    assert result.exit_code == 2
    assert "COPYDESK_MAIL_FROM" in result.stderr
