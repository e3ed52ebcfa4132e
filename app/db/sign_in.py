"""What signing in reads and writes besides sessions: passwords, links that set one, failures, identities."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.db.audit import AuditNote, note
from app.db.people import normal_email
from app.db.service_tables import Person
from app.db.sessions import end_sessions
from app.db.sign_in_tables import OutsideIdentity, OutsideSignIn, Password, PasswordLink, SignInFailure
from app.db.transactions import Transactions
from app.errors import NotFound, UsageError

FORGOTTEN = dt.timedelta(days=1)
"""A row of failures ends after this long without one."""
OUTSIDE_LASTS = dt.timedelta(minutes=15)
"""How long a sign-in may take at the provider."""


@dataclass(frozen=True)
class KnownPassword:
    """A person, with the hash of their password if they have one."""

    person: Person
    hash: str | None


class PasswordRows(Transactions):
    """Passwords as hashes, and links with which a person sets one."""

    def find(self, email: str) -> KnownPassword | None:
        """The person with an address, and their password. Any text may be asked for."""
        query = (
            select(Person, Password.hash)
            .outerjoin(Password, col(Password.person_id) == Person.id)
            .where(Person.email == email)
        )
        with self._read() as session:
            found = session.exec(query).first()
            return KnownPassword(*found) if found is not None else None

    def put(self, person_id: str, hashed: str, at: dt.datetime, *, by: str) -> None:
        """Set a person's password: all sessions and links of the person end. `by` is a person's id, or
        `machine`.
        """
        with self._write() as session:
            _put(session, person_id, hashed, at, by)

    def renew_hash(self, person_id: str, old: str, new: str) -> None:
        """Keep the same password under another hash, unless it was changed meanwhile."""
        query = update(Password).where(col(Password.person_id) == person_id, col(Password.hash) == old)
        with self._write() as session:
            session.execute(query.values(hash=new))

    def add_link(self, email: str, link_id: str, at: dt.datetime, expires_at: dt.datetime) -> Person:
        """Keep a link for a person; earlier ones end. Raises NotFound, UsageError for a disabled person."""
        address = normal_email(email)
        with self._write() as session:
            person = session.exec(select(Person).where(Person.email == address)).first()
            if person is None:
                raise NotFound(f"there is no person {address}", "copydesk people add")
            if person.disabled_at is not None:
                raise UsageError(f"{person.email} is disabled", "copydesk people disable --undo")
            session.execute(delete(PasswordLink).where(col(PasswordLink.person_id) == person.id))
            session.add(PasswordLink(id=link_id, person_id=person.id, created_at=at, expires_at=expires_at))
        return person

    def find_link(self, link_id: str, at: dt.datetime) -> Person | None:
        """Whose link it is, if it still holds."""
        with self._read() as session:
            return _link_person(session, link_id, at)

    def use_link(self, link_id: str, hashed: str, at: dt.datetime) -> Person:
        """Set the password of whom a link belongs to. Raises NotFound for one that does not hold."""
        with self._write() as session:
            person = _link_person(session, link_id, at)
            if person is None:
                raise NotFound("this link does not hold any more", "ask your operator for another one")
            _put(session, person.id, hashed, at, person.id)
        return person


@dataclass(frozen=True)
class Limit:
    """How often one may fail at once, before waits grow from `first` seconds, doubling, to `most` seconds."""

    free: int
    first: int
    most: int

    def wait(self, failures: int) -> dt.timedelta:
        """How long after the last failure the next try has to wait."""
        if failures < self.free:
            return dt.timedelta(0)
        doubled = self.first * 2 ** min(failures - self.free, 30)
        return dt.timedelta(seconds=min(doubled, self.most))


class FailureRows(Transactions):
    """Failures in a row, shared by all processes. A try counts as a failure when it begins, so that many at
    once are no way around the limit, and is taken back when it succeeds.
    """

    def begin(self, limits: Mapping[str, Limit], at: dt.datetime) -> dt.timedelta:
        """Count a try under each id; or, where one has to wait, count nothing and say how long."""
        with self._write("sign in failures") as session:
            over = col(SignInFailure.last_at) <= at - FORGOTTEN
            session.execute(delete(SignInFailure).where(over))
            rows = {
                id_: session.get(SignInFailure, id_) or SignInFailure(id=id_, failures=0, last_at=at)
                for id_ in limits
            }
            waits = [
                row.last_at + limits[id_].wait(row.failures) - at for id_, row in rows.items() if row.failures
            ]
            if waits and max(waits) > dt.timedelta(0):
                return max(waits)
            for row in rows.values():
                row.failures, row.last_at = row.failures + 1, at
                session.add(row)
        return dt.timedelta(0)

    def succeed(self, account: str, address: str) -> None:
        """The try succeeded: the account begins anew, the address has one failure less."""
        with self._write("sign in failures") as session:
            session.execute(delete(SignInFailure).where(col(SignInFailure.id) == account))
            session.execute(
                update(SignInFailure)
                .where(col(SignInFailure.id) == address, col(SignInFailure.failures) > 0)
                .values(failures=SignInFailure.failures - 1)
            )


class OutsideRows(Transactions):
    """Sign-ins that went to the provider, and who people are there."""

    def begin(self, row: OutsideSignIn) -> None:
        """Keep a sign-in that goes to the provider; those that nobody came back from go."""
        with self._write() as session:
            over = col(OutsideSignIn.created_at) <= row.created_at - OUTSIDE_LASTS
            session.execute(delete(OutsideSignIn).where(over))
            session.add(row)

    def take(self, state_id: str, browser: str, at: dt.datetime) -> OutsideSignIn | None:
        """The sign-in that comes back, once, to the browser that began it, and in time."""
        with self._write() as session:
            row = session.get(OutsideSignIn, state_id)
            if row is None or row.browser != browser or row.created_at <= at - OUTSIDE_LASTS:
                return None
            session.delete(row)
            return OutsideSignIn.model_validate(row.model_dump())

    def person(self, issuer: str, subject: str) -> Person | None:
        """Who is bound to an identity."""
        with self._read() as session:
            return _bound(session, issuer, subject)

    def bind(self, issuer: str, subject: str, email: str, at: dt.datetime) -> Person:
        """Bind an identity to the person with a verified address. Raises NotFound when there is none,
        UsageError when that person is bound to another identity of the issuer.
        """
        with self._write() as session:
            bound = _bound(session, issuer, subject)
            if bound is not None:
                return bound
            person = session.exec(select(Person).where(Person.email == email)).first()
            if person is None:
                raise NotFound("nobody with your address is known here", "ask your operator to add you")
            mine = (OutsideIdentity.person_id == person.id, OutsideIdentity.issuer == issuer)
            if session.exec(select(OutsideIdentity).where(*mine)).first() is not None:
                raise UsageError(
                    "your address belongs to another account of your organisation's sign-in",
                    "ask your operator: copydesk people unbind takes the old one away",
                )
            session.add(OutsideIdentity(issuer=issuer, subject=subject, person_id=person.id, bound_at=at))
            note(session, AuditNote("*", person.id, "person.bind", f"person {person.id}"))
        return person

    def unbind(self, email: str) -> int:
        """Take all identities of a person away; returns how many there were. Raises NotFound."""
        address = normal_email(email)
        with self._write() as session:
            person = session.exec(select(Person).where(Person.email == address)).first()
            if person is None:
                raise NotFound(f"there is no person {address}")
            end_sessions(session, person.id)
            query = delete(OutsideIdentity).where(col(OutsideIdentity.person_id) == person.id)
            found = int(session.execute(query).rowcount)  # type: ignore[attr-defined]
            note(session, AuditNote("*", "machine", "person.unbind", f"person {person.id}"))
        return found


def _put(session: Session, person_id: str, hashed: str, at: dt.datetime, by: str) -> None:
    row = session.get(Password, person_id) or Password(person_id=person_id, hash="", changed_at=at)
    row.hash, row.changed_at = hashed, at
    session.add(row)
    session.execute(delete(PasswordLink).where(col(PasswordLink.person_id) == person_id))
    end_sessions(session, person_id)
    note(session, AuditNote("*", by, "person.password", f"person {person_id}"))


def _link_person(session: Session, link_id: str, at: dt.datetime) -> Person | None:
    link = session.get(PasswordLink, link_id)
    if link is None or link.expires_at <= at:
        return None
    person = session.get(Person, link.person_id)
    return person if person is not None and person.disabled_at is None else None


def _bound(session: Session, issuer: str, subject: str) -> Person | None:
    identity = session.get(OutsideIdentity, (issuer, subject))
    return session.get(Person, identity.person_id) if identity is not None else None
