"""Sessions of the pages: begun by signing in, ended by time, by leaving or by what happens to the person."""

import base64
import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.db.sessions import KnownSession, SessionRows
from app.db.sign_in_tables import SignedInBy, SignInSession
from app.db.tables import now
from app.settings import Settings

USE_NOTED = dt.timedelta(minutes=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

Clock = Callable[[], dt.datetime]


def new_token() -> str:
    """256 random bits as text for a cookie or a link."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether the text could be such a token."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """What is stored in a token's place. It is random, so a slow hash or a salt would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(secret: str) -> str:
    """What every form of a browser carries whose cookie holds `secret`; nobody else can know it."""
    made = hmac.new(secret.encode(), b"copydesk form", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def fits(secret: str, given: str) -> bool:
    """Whether a form's token belongs to the cookie's secret, in a time that tells nothing else."""
    return hmac.compare_digest(form_token(secret).encode(), given.encode())


def device_of(user_agent: str) -> str:
    """The browser and the system in a few words; empty for what is not known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    if not browser and "Safari/" in user_agent:
        browser = "Safari"
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " on ".join(filter(None, (browser, system)))


@dataclass(frozen=True)
class Sessions:
    """Begins, finds and ends sessions by the settings' limits."""

    rows: SessionRows
    idle: dt.timedelta
    most: dt.timedelta
    clock: Clock = now

    @classmethod
    def by(cls, settings: Settings, rows: SessionRows, clock: Clock = now) -> "Sessions":
        """With the limits of the settings."""
        idle = dt.timedelta(minutes=settings.session_idle_minutes)
        return cls(rows, idle, dt.timedelta(days=settings.session_days), clock)

    def begin(self, person_id: str, by: SignedInBy, user_agent: str) -> str:
        """A new session; returns the token for the cookie, which is known at this moment only."""
        token, moment = new_token(), self.clock()
        self.rows.add(
            SignInSession(
                id=hash_of(token),
                person_id=person_id,
                signed_in_by=by,
                device=device_of(user_agent),
                created_at=moment,
                seen_at=moment,
                expires_at=moment + self.most,
            )
        )
        return token

    def find(self, token: str) -> KnownSession | None:
        """The session of a cookie, if it has not ended and its person may come in."""
        found = self.rows.find(hash_of(token)) if is_token(token) else None
        if found is None or found.person.disabled_at is not None or not self.lasts(found.row):
            return None
        moment = self.clock()
        if moment - found.row.seen_at >= USE_NOTED:
            self.rows.note_use(found.row.id, moment)
        return found

    def of_person(self, person_id: str) -> list[SignInSession]:
        """A person's sessions that have not ended."""
        return [row for row in self.rows.of_person(person_id) if self.lasts(row)]

    def lasts(self, row: SignInSession) -> bool:
        """Whether the session goes on now."""
        moment = self.clock()
        return moment < row.expires_at and moment - row.seen_at < self.idle
