"""Passwords: argon2id hashes, what a new one has to be, and growing waits for who guesses.

Parameters follow OWASP's Password Storage Cheat Sheet (argon2id, 19 MiB, 2 passes, 1 lane).
"""

import datetime as dt
import hashlib
import math
import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import argon2
from pydantic import BaseModel
from sqlalchemy import Engine

from app.db.service_tables import Person
from app.db.sign_in import FailureRows, Limit, PasswordRows
from app.db.tables import now
from app.errors import CopydeskError, UsageError
from app.settings import Settings
from app.sign_in.sessions import Clock, hash_of, is_token, new_token
from app.yaml12 import read_as

LEAST = 12
MOST = 200
LEFT = 8
"""Characters that have to be left of a password without the words that are tried first."""
DISTINCT = 5
ACCOUNT = Limit(free=5, first=5, most=900)
"""Tries for one account, whoever makes them."""
ADDRESS = Limit(free=30, first=5, most=900)
"""Tries from one address: an office may share one."""

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each hash takes 19 MiB: more at once would let strangers use the memory up."""


class WrongPassword(CopydeskError):
    """The address and the password do not belong together; the words are the same whatever is wrong."""

    status_code = 401


class TooManyTries(CopydeskError):
    """The next try has to wait."""

    status_code = 429
    retryable = True

    def __init__(self, wait: dt.timedelta) -> None:
        self.wait_seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__("there were too many tries", f"try again in {in_words(self.wait_seconds)}")


class _Common(BaseModel):
    """common_passwords.yaml."""

    words: list[str]


@dataclass(frozen=True)
class Passwords:
    """Checks and sets them."""

    rows: PasswordRows
    failures: FailureRows
    link_lasts: dt.timedelta
    clock: Clock = now

    @classmethod
    def by(cls, settings: Settings, engine: Engine, clock: Clock = now) -> "Passwords":
        """In the database that the engine leads to."""
        lasts = dt.timedelta(minutes=settings.password_link_minutes)
        return cls(PasswordRows(engine), FailureRows(engine), lasts, clock)

    def check(self, email: str, password: str, address: str) -> Person:
        """Who signs in. `address` is where the request comes from. Raises WrongPassword, TooManyTries.

        Takes the same time for an unknown address, a person without a password and a wrong password.
        """
        email = email.strip().lower()
        account, place = _counted("account", email), _counted("address", address)
        wait = self.failures.begin({account: ACCOUNT, place: ADDRESS}, self.clock())
        if wait > dt.timedelta(0):
            raise TooManyTries(wait)
        nobodys = _nobodys()  # made at the first use, whoever asks then
        known = self.rows.find(email)
        hashed = known.hash if known is not None else None
        fits = _verified(hashed or nobodys, password)
        if known is None or hashed is None or not fits or known.person.disabled_at is not None:
            raise WrongPassword("the address or the password is wrong", "look at both and try again")
        self.failures.succeed(account, place)
        if _HASHER.check_needs_rehash(hashed):
            self.rows.renew_hash(known.person.id, hashed, _hashed(password))
        return known.person

    def has_one(self, person: Person) -> bool:
        """Whether a person has a password."""
        known = self.rows.find(person.email)
        return known is not None and known.hash is not None

    def put(self, person: Person, password: str, *, by: str) -> None:
        """Set a person's password; all their sessions end. Raises UsageError for a weak one."""
        check_new(password, person.email, person.name)
        self.rows.put(person.id, _hashed(password), self.clock(), by=by)

    def make_link(self, email: str) -> str:
        """What a link carries with which a person sets a password once. Raises NotFound, UsageError."""
        token, moment = new_token(), self.clock()
        self.rows.add_link(email, hash_of(token), moment, moment + self.link_lasts)
        return token

    def link_person(self, token: str) -> Person | None:
        """Whose link it is, if it still holds."""
        return self.rows.find_link(hash_of(token), self.clock()) if is_token(token) else None

    def use_link(self, token: str, person: Person, password: str) -> None:
        """Set the password of a link's person. Raises UsageError, NotFound when it was used meanwhile."""
        check_new(password, person.email, person.name)
        self.rows.use_link(hash_of(token), _hashed(password), self.clock())


def check_new(password: str, email: str, name: str) -> None:
    """Refuse a password that is easily guessed. Raises UsageError that says why, and never repeats it."""
    plain = _normal(password)
    if len(plain) < LEAST:
        raise UsageError(f"the password has {len(plain)} characters", f"at least {LEAST}")
    if len(password) > MOST or len(plain) > MOST:
        raise UsageError(f"the password has more than {MOST} characters", f"at most {MOST}")
    if len(set(plain)) < DISTINCT:
        raise UsageError("the password repeats few characters", "use more different ones")
    rest = plain.casefold()
    own = [part for part in re.split(r"[^\w]+", f"{email} {name}".casefold()) if len(part) > 2]
    for word in sorted({email.casefold(), *own, *_common()}, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _without_runs(rest)
    if len(rest) < LEFT or len(set(rest)) < DISTINCT:
        raise UsageError(
            "the password is little more than your address, your name or words that are tried first",
            "take several words that have nothing to do with you or with Copydesk",
        )


def in_words(seconds: int) -> str:
    """A wait for people."""
    if seconds < 90:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{math.ceil(seconds / 60)} minutes"


@cache
def _common() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.yaml")
    return frozenset(read_as(path, _Common, path.name)[0].words)


def _without_runs(text: str) -> str:
    """The text without characters that only count on from the one before, up or down: `4567`, `dcba`."""
    steps = [ord(right) - ord(left) for left, right in pairwise(text)]
    counts_on = [abs(step) == 1 and step == before for before, step in pairwise([0, *steps])]
    return text[:1] + "".join(char for char, on in zip(text[1:], counts_on, strict=True) if not on)


def _counted(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind} {what}".encode("utf-8", "replace")).hexdigest()


def _normal(password: str) -> str:
    """One spelling of the same characters, whatever keyboard they come from."""
    return unicodedata.normalize("NFKC", password)


def _hashed(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_normal(password).encode("utf-8", "replace"))


def _verified(hashed: str, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(hashed, _normal(password[: MOST + 1]).encode("utf-8", "replace"))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """A hash that no password has, for people who have none: it costs the same time."""
    return _hashed(new_token())
