"""Sessions of the pages, as rows. Moments are given by the caller, who has the clock and the limits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.db.service_tables import Person, RoleGrant
from app.db.sign_in_tables import SignInSession
from app.db.transactions import Transactions


@dataclass(frozen=True)
class KnownSession:
    """A stored session with its person and that person's roles."""

    row: SignInSession
    person: Person
    grants: tuple[RoleGrant, ...]


class SessionRows(Transactions):
    """Sessions by id, which is the hash of what the cookie holds."""

    def add(self, row: SignInSession) -> None:
        """Store a new session, and take away those whose time was over when it began."""
        with self._write() as session:
            session.execute(delete(SignInSession).where(col(SignInSession.expires_at) <= row.created_at))
            session.add(row)

    def find(self, session_id: str) -> KnownSession | None:
        """The session, its person and their roles, ended or not."""
        query = (
            select(SignInSession, Person)
            .join(Person, col(Person.id) == SignInSession.person_id)
            .where(SignInSession.id == session_id)
        )
        with self._read() as session:
            found = session.exec(query).first()
            if found is None:
                return None
            row, person = found
            grants = session.exec(select(RoleGrant).where(RoleGrant.person_id == person.id))
            return KnownSession(row, person, tuple(grants))

    def of_person(self, person_id: str) -> Sequence[SignInSession]:
        """A person's sessions, the one that was used last first."""
        query = select(SignInSession).where(SignInSession.person_id == person_id)
        with self._read() as session:
            return session.exec(
                query.order_by(col(SignInSession.seen_at).desc(), col(SignInSession.id))
            ).all()

    def note_use(self, session_id: str, at: dt.datetime) -> None:
        """Note that the session was used."""
        with self._write(f"session {session_id}") as session:
            session.execute(
                update(SignInSession).where(col(SignInSession.id) == session_id).values(seen_at=at)
            )

    def end(self, person_id: str, session_id: str) -> bool:
        """End one session of a person; whether there was one."""
        query = delete(SignInSession).where(
            col(SignInSession.id) == session_id, col(SignInSession.person_id) == person_id
        )
        with self._write() as session:
            return bool(session.execute(query).rowcount)  # type: ignore[attr-defined]

    def end_all(self, person_id: str) -> None:
        """End every session of a person."""
        with self._write() as session:
            end_sessions(session, person_id)


def end_sessions(session: Session, person_id: str) -> None:
    """The same inside a transaction that changes something else as well."""
    session.execute(delete(SignInSession).where(col(SignInSession.person_id) == person_id))
