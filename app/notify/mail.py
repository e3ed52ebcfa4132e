"""Mail to one person: all lines that are due in one plain text message, over the operator's mail server."""

import hashlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.db.outbox_tables import Delivery
from app.notify.addresses import is_loopback
from app.settings import Settings

SECONDS = 10.0
"""For each step of talking to the mail server."""
LONGEST_SUBJECT = 150
TEMPLATES = Path(__file__).parent / "templates"
NO_SERVER = "no mail server is set (COPYDESK_SMTP_URL)"
"""Why mail waits where it cannot be tried."""
_PORTS = {"smtp": 587, "smtps": 465}
_PAGES = {"draft": "drafts"}


class MailNotSent(Exception):
    """The mail server did not take it. The words say why, without secrets; `final` says that asking again
    would not help.
    """

    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final


@dataclass(frozen=True)
class Line:
    """One thing that happened, and where to see it; the link is empty where there is no page."""

    words: str
    link: str


def page_of(brand: str, subject: str, public_url: str) -> str:
    """The page about a subject such as `draft 1f3...`; empty without an address of the pages."""
    kind, _, name = subject.partition(" ")
    if not public_url:
        return ""
    known = kind in _PAGES and name.replace("-", "").replace("_", "").isalnum()
    return f"{public_url}/brands/{brand}/{_PAGES[kind]}/{name}" if known else public_url


def message(rows: Sequence[Delivery], settings: Settings) -> EmailMessage:
    """The mail about these deliveries, which go to one address."""
    lines = [Line(_plain(row.words), page_of(row.brand, row.subject, settings.public_url)) for row in rows]
    given = {"lines": lines, "brands": sorted({row.brand for row in rows})}
    name, sender = parseaddr(settings.mail_from)
    ids = hashlib.sha256("".join(row.id for row in rows).encode()).hexdigest()[:32]
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(display_name=name, addr_spec=sender)
    made["To"] = Address(addr_spec=rows[0].address or "")
    made["Subject"] = _plain(_rendered("subject.txt.j2", given))[:LONGEST_SUBJECT]
    made["Date"] = format_datetime(max(row.at for row in rows))
    made["Message-ID"] = f"<{ids}@{sender.partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(_rendered("mail.txt.j2", given))
    return made


def send_mail(rows: Sequence[Delivery], settings: Settings) -> None:
    """Hand the mail about these deliveries to the mail server. Raises MailNotSent."""
    if settings.smtp_url is None:
        raise MailNotSent(NO_SERVER)
    made = message(rows, settings)
    parts = urlsplit(settings.smtp_url.get_secret_value())
    sender = parseaddr(settings.mail_from)[1]
    with _in_words(), _connected(parts, sender.partition("@")[2]) as server:
        server.send_message(made, sender, [rows[0].address or ""])


def _plain(text: str) -> str:
    """One line without control characters: nothing in it can begin another header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


@contextmanager
def _connected(parts: SplitResult, own_name: str) -> Iterator[smtplib.SMTP]:
    """A session in which mail may be sent: encrypted wherever it leaves this machine with a password."""
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, own_name, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, own_name, timeout=SECONDS)
    with server:
        if parts.scheme == "smtp" and not _is_here(server):
            _encrypt(server, context, needed=bool(parts.password))
        if parts.username and parts.password:
            server.login(unquote(parts.username), unquote(parts.password))
        yield server


def _is_here(server: smtplib.SMTP) -> bool:
    """Whether the connection stays on this machine."""
    return server.sock is not None and is_loopback(server.sock.getpeername()[0].partition("%")[0])


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext, *, needed: bool) -> None:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif needed:
        raise MailNotSent("the mail server offers no encryption, so the password was not sent")


@contextmanager
def _in_words() -> Iterator[None]:
    """Raises MailNotSent for whatever a mail server can do. Its own words may repeat what was sent."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise MailNotSent(
            f"the mail server refuses the address (status {code})", final=code >= 500
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailNotSent("the mail server refuses the user or the password") from error
    except smtplib.SMTPSenderRefused as error:
        raise MailNotSent(f"the mail server refuses the sender (status {error.smtp_code})") from error
    except smtplib.SMTPResponseException as error:
        final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        raise MailNotSent(f"the mail server answers with status {error.smtp_code}", final=final) from error
    except ssl.SSLError as error:
        raise MailNotSent("the mail server's certificate or encryption is not accepted") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent("the mail server cannot be reached, or ended the connection") from error


def _rendered(name: str, given: dict[str, object]) -> str:
    return _environment().get_template(name).render(given)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Plain text: nothing is escaped, since nothing is markup."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        keep_trailing_newline=True,
    )
