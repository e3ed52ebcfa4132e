"""Mail to people, tried against a real mail server on this machine."""

import datetime as dt
import email
import email.policy
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from pydantic import SecretStr
from sqlmodel import Session

from app.brand.roles import PersonRole
from app.db.people import People
from tests.notify.conftest import Certify
from tests.notify.office import ADA, Office
from tests.notify.receiver import closed_port

Post = Callable[..., "PostOffice"]
SECRET = "correct-horse"


@dataclass
class PostOffice:
    """A mail server that answers each recipient with `answers` in turn, then accepts."""

    answers: list[str] = field(default_factory=list)
    got: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        content = envelope.content
        assert isinstance(content, bytes)
        made = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        self.got.append(made)
        return "250 OK"


@pytest.fixture
def start() -> Iterator[Post]:
    """`start()`: a mail server on a free port."""
    with ExitStack() as stack:

        def make(**given: Any) -> PostOffice:
            post = PostOffice()
            controller = Controller(
                post, hostname="127.0.0.1", port=closed_port(), server_hostname="localhost", **given
            )
            controller.start()
            stack.callback(controller.stop)
            post.port = controller.port
            return post

        yield make


@pytest.fixture
def post(start: Post, office: Office) -> PostOffice:
    made = start()
    use(office, f"smtp://127.0.0.1:{made.port}")
    return made


def use(office: Office, url: str) -> None:
    office.set(
        smtp_url=SecretStr(url),
        mail_from="Copydesk <copydesk@example.com>",
        public_url="https://copydesk.example.com/",
    )


def text_of(message: EmailMessage) -> str:
    return str(message.get_content())


def test_a_mail_says_what_happened_and_links_to_it(office: Office, post: PostOffice) -> None:
    office.mail("Cal asks about “Grüße” for weekend hikers")
    office.sender.send_due()
    (got,) = post.got
    assert got["Subject"] == "Cal asks about “Grüße” for weekend hikers"
    assert (got["From"], got["To"]) == ("Copydesk <copydesk@example.com>", ADA)
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"].endswith("@example.com>")
    assert got["Date"] is not None
    assert got.get_content_type() == "text/plain"
    words, link, *_ = text_of(got).splitlines()
    assert words == "Cal asks about “Grüße” for weekend hikers"
    assert link == "https://copydesk.example.com/brands/larkfell/drafts/1f3"
    assert "a role in Copydesk (larkfell)" in text_of(got)
    (envelope,) = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("copydesk@example.com", [ADA])


def test_many_events_come_in_one_mail_a_minute(office: Office, post: PostOffice) -> None:
    for number in range(3):
        office.mail(f"Event {number}", subject=f"draft {number}")
    office.sender.send_due()
    (first,) = post.got
    assert first["Subject"] == "3 messages from Copydesk"
    lines = text_of(first).splitlines()
    assert [line for line in lines if line.startswith("Event")] == ["Event 0", "Event 1", "Event 2"]
    office.mail("Event 3")
    office.mail("Event 4")
    office.wait(seconds=30)
    office.sender.send_due()
    assert len(post.got) == 1
    office.wait(seconds=40)
    office.sender.send_due()
    assert post.got[1]["Subject"] == "2 messages from Copydesk"
    assert post.got[1]["Message-ID"] != first["Message-ID"]


def test_each_person_gets_a_mail_of_their_own(office: Office, post: PostOffice) -> None:
    office.add_person("lea@example.com", PersonRole.LEGAL)
    office.mail("Asked", ADA, "LEA@example.com", ADA)
    office.sender.send_due()
    assert [got["To"] for got in post.got] == [ADA, "lea@example.com"]


def test_nobody_else_gets_mail(office: Office, post: PostOffice) -> None:
    """Strangers, people without a role for the brand, disabled ones, and those who want none."""
    for name in ("other", "none", "gone", "quiet", "all"):
        office.add_person(f"{name}@example.com")
    people = People(office.engine)
    people.grant("other@example.com", "oatmere", [PersonRole.LEGAL])
    people.grant("all@example.com", "*", [PersonRole.OPERATOR])
    for name in ("gone", "quiet"):
        people.grant(f"{name}@example.com", "larkfell", [PersonRole.LEGAL])
    people.disable("gone@example.com")
    people.want_mail("quiet@example.com", wanted=False)
    names = ("other", "none", "gone", "quiet", "all", "stranger")
    office.mail("Asked", *(f"{name}@example.com" for name in names))
    office.sender.send_due()
    assert [got["To"] for got in post.got] == ["all@example.com"]


def test_who_turns_mail_off_gets_not_even_what_waits(office: Office, post: PostOffice) -> None:
    office.mail("Asked")
    People(office.engine).want_mail(ADA, wanted=False)
    office.sender.send_due()
    assert (post.got, office.states) == ([], ["given_up"])
    assert "wants no mail" in office.errors[0]
    People(office.engine).want_mail(ADA, wanted=True)
    office.mail("Asked again")
    office.sender.send_due()
    assert post.got[0]["Subject"] == "Asked again"


@pytest.mark.parametrize(
    "words",
    [
        "Hello\r\nBcc: eve@evil.example",
        "Hello\nBcc: eve@evil.example\n\nbody",
        "Hello\x0bBcc: eve@evil.example",
        "Hello\u2028Bcc: eve@evil.example",
        "Hello\x01Bcc: eve@evil.example",
    ],
)
def test_no_text_begins_another_header(office: Office, post: PostOffice, words: str) -> None:
    office.mail(words)
    office.sender.send_due()
    (got,) = post.got
    assert got["Bcc"] is None
    assert str(got["Subject"]).startswith("Hello Bcc: eve@evil.example")
    assert post.envelopes[0].rcpt_tos == [ADA]


def test_markup_stays_text_and_a_long_subject_is_cut(office: Office, post: PostOffice) -> None:
    office.mail("<b>x</b> {{ 7 * 7 }} " + "long " * 100)
    office.sender.send_due()
    assert text_of(post.got[0]).startswith("<b>x</b> {{ 7 * 7 }} long")
    assert len(post.got[0]["Subject"]) <= 150


def test_a_refused_address_is_given_up(office: Office, post: PostOffice) -> None:
    post.answers = [f"550 no such user {ADA}"]
    office.mail("Asked")
    office.sender.send_due()
    assert office.states == ["given_up"]
    assert office.errors == ["the mail server refuses the address (status 550)"]


def test_a_mail_server_that_asks_for_time_is_asked_again(office: Office, post: PostOffice) -> None:
    post.answers = ["451 try later"]
    office.mail("Asked")
    office.sender.send_due()
    assert office.states == ["waiting"]
    assert office.errors == ["the mail server refuses the address (status 451)"]
    office.wait(minutes=1)
    office.sender.send_due()
    assert (office.states, len(post.got)) == (["delivered"], 1)


def test_a_mail_server_that_is_gone_is_waited_for(office: Office, start: Post) -> None:
    use(office, f"smtp://127.0.0.1:{closed_port()}")
    office.mail("Asked")
    office.sender.send_due()
    assert office.states == ["waiting"]
    assert office.errors == ["the mail server cannot be reached, or ended the connection"]
    made = start()
    use(office, f"smtp://127.0.0.1:{made.port}")
    office.wait(minutes=1)
    office.sender.send_due()
    assert (office.states, len(made.got)) == (["delivered"], 1)


def test_what_is_too_old_takes_nothing_newer_along(office: Office, post: PostOffice) -> None:
    office.mail("Old")
    office.mail("New")
    with Session(office.engine) as session, session.begin():
        old = office.deliveries[0]
        old.at -= dt.timedelta(hours=25)
        session.merge(old)
    post.answers = ["451 later"]
    office.sender.send_due()
    assert office.states == ["given_up", "waiting"]


def test_without_a_mail_server_mail_waits_for_one(office: Office, post: PostOffice) -> None:
    server = office.settings.smtp_url
    assert server is not None
    office.set(smtp_url=None)
    office.mail("Asked")
    office.sender.send_due()
    office.wait(minutes=59)
    assert office.sender.send_due().given_up == 0
    assert [(row.state.value, row.tries) for row in office.deliveries] == [("waiting", 0)]
    office.set(smtp_url=server)
    office.sender.send_due()
    assert office.states == ["delivered"]
    assert len(post.got) == 1


def test_mail_that_waits_too_long_for_a_server_is_given_up(office: Office) -> None:
    office.mail("Old")
    office.mail("New")
    with Session(office.engine) as session, session.begin():
        old = office.deliveries[0]
        old.at -= dt.timedelta(hours=25)
        session.merge(old)
    assert office.sender.send_due().given_up == 1
    assert office.errors == ["no mail server is set (COPYDESK_SMTP_URL)", ""]
    assert office.states == ["given_up", "waiting"]


def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == SECRET.encode(), handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while")
def test_a_user_and_a_password(office: Office, start: Post) -> None:
    made = start(authenticator=authenticator, auth_required=True, auth_require_tls=False)
    use(office, f"smtp://desk:{SECRET}@127.0.0.1:{made.port}")
    office.mail("Asked")
    office.sender.send_due()
    assert len(made.got) == 1
    use(office, f"smtp://desk:wrong-{SECRET}@127.0.0.1:{made.port}")
    office.wait(minutes=2)
    office.mail("Asked again")
    office.sender.send_due()
    assert office.errors[1] == "the mail server refuses the user or the password"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server counts as another machine."""
    monkeypatch.setattr("app.notify.mail._is_here", lambda _: False)


@pytest.mark.usefixtures("elsewhere")
def test_a_password_is_never_sent_in_the_clear(office: Office, start: Post) -> None:
    made = start(authenticator=authenticator, auth_require_tls=False)
    use(office, f"smtp://desk:{SECRET}@127.0.0.1:{made.port}")
    office.mail("Asked")
    office.sender.send_due()
    assert made.got == []
    assert office.errors == ["the mail server offers no encryption, so the password was not sent"]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("name", "arrives"), [("localhost", True), ("other.example.com", False)])
def test_starttls_with_a_certificate_for_the_name(
    office: Office, start: Post, certify: Certify, name: str, arrives: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certify(name))
    made = start(tls_context=context, authenticator=authenticator, auth_required=True)
    use(office, f"smtp://desk:{SECRET}@localhost:{made.port}")
    office.mail("Asked")
    office.sender.send_due()
    assert bool(made.got) is arrives
    if not arrives:
        assert office.errors == ["the mail server's certificate or encryption is not accepted"]
