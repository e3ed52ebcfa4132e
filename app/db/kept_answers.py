"""Answers kept for requests that are sent again: one row for each person's Idempotency-Key.

Whoever claims a key first runs the request and renews a lease on the row; everybody else waits for the
answer. A lease that ran out belongs to a process that is gone: the next one takes the row over, with the same
id, so that what is derived from that id comes out the same.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.db.service_tables import KeptAnswer, KeptState
from app.db.tables import new_id, now
from app.db.transactions import Transactions
from app.errors import Conflict

KEPT = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Asked:
    """A request with an Idempotency-Key: whose, which key, which operation, and a hash of all it asks."""

    person_id: str
    key: str
    operation: str
    body_hash: str

    def same_as(self, row: KeptAnswer) -> bool:
        """Whether the row is about the very same request."""
        return (row.operation, row.body_hash) == (self.operation, self.body_hash)


@dataclass(frozen=True)
class Claim:
    """The row as it is, and whether it is ours to run: then `owner` is who we are to it."""

    row: KeptAnswer
    ours: bool


class KeptAnswers(Transactions):
    """Claims, leases and answers."""

    def settled(self, asked: Asked) -> bool:
        """Whether a claim on the key would end otherwise than with "somebody else runs it"."""
        with self._read() as session:
            row = _row(session, asked)
        return row is None or _old(row) or row.state is KeptState.DONE or row.lease_until <= now()

    def claim(self, asked: Asked, lease: dt.timedelta) -> Claim:
        """Claim the key: a new row, or one whose lease ran out. Otherwise the row as it is, not ours."""
        moment = now()
        with self._write() as session:
            row = _row(session, asked)
            if row is not None and _old(row):
                session.delete(row)
                session.flush()
                row = None
            if row is None:
                made = _insert(session, asked, moment + lease)
                if made is not None:
                    return Claim(made, ours=True)
                row = _row(session, asked)
            if row is None:
                raise Conflict("the first request with this Idempotency-Key ended meanwhile", "send it again")
            if not asked.same_as(row) or row.state is KeptState.DONE or row.lease_until > moment:
                return Claim(row, ours=False)
            return Claim(row, ours=_take_over(session, row, moment + lease))

    def renew(self, owners: Collection[str], lease: dt.timedelta) -> None:
        """Hold on to the rows of these owners for another `lease`."""
        mine = (col(KeptAnswer.owner).in_(owners), col(KeptAnswer.state) == KeptState.RUNNING)
        with self._write() as session:
            session.execute(update(KeptAnswer).where(*mine).values(lease_until=now() + lease))

    def finish(self, claim: Claim, status: int, headers: Mapping[str, str], body: bytes) -> bool:
        """Keep the answer. False when the lease was lost to somebody else meanwhile."""
        values = {"state": KeptState.DONE, "status": status, "headers": dict(headers), "body": body}
        with self._write() as session:
            result = session.execute(update(KeptAnswer).where(*_held(claim)).values(**values))
            return bool(result.rowcount)  # type: ignore[attr-defined]

    def release(self, claim: Claim) -> None:
        """Let the key go without an answer: the request may be sent again and runs anew."""
        with self._write() as session:
            session.execute(delete(KeptAnswer).where(*_held(claim)))

    def purge(self) -> int:
        """Delete what is older than a day and not running; returns how many rows that were."""
        ended = or_(col(KeptAnswer.state) == KeptState.DONE, col(KeptAnswer.lease_until) < now())
        with self._write() as session:
            result = session.execute(
                delete(KeptAnswer).where(col(KeptAnswer.created_at) < now() - KEPT, ended)
            )
            return int(result.rowcount)  # type: ignore[attr-defined]


def _row(session: Session, asked: Asked) -> KeptAnswer | None:
    return session.exec(
        select(KeptAnswer).where(
            KeptAnswer.person_id == asked.person_id, KeptAnswer.idempotency_key == asked.key
        )
    ).first()


def _insert(session: Session, asked: Asked, lease_until: dt.datetime) -> KeptAnswer | None:
    """A new row; None when another process was quicker."""
    row = KeptAnswer(
        person_id=asked.person_id,
        idempotency_key=asked.key,
        operation=asked.operation,
        body_hash=asked.body_hash,
        owner=new_id(),
        lease_until=lease_until,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def _take_over(session: Session, row: KeptAnswer, lease_until: dt.datetime) -> bool:
    """Whether the row is ours now: its lease ran out, and nobody else took it in the same moment."""
    owner = new_id()
    held = (col(KeptAnswer.id) == row.id, col(KeptAnswer.owner) == row.owner)
    values = {"owner": owner, "lease_until": lease_until}
    result = session.execute(
        update(KeptAnswer).where(*held).values(**values).execution_options(synchronize_session=False)
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        return False
    session.refresh(row)
    return True


def _held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        col(KeptAnswer.id) == claim.row.id,
        col(KeptAnswer.owner) == claim.row.owner,
        col(KeptAnswer.state) == KeptState.RUNNING,
    )


def _old(row: KeptAnswer) -> bool:
    return row.created_at < now() - KEPT
