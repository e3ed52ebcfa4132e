"""What people did, kept so that a change of it shows.

Records are appended at the very end of the caller's transaction, after all that it writes, so that the lock
that puts writers in one line is the last one taken and is held for a moment: writers who hold other locks
never wait for one another crosswise, and no number is left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col

from app.db.audit_chain import Head, moment_text, record_hash
from app.db.audit_tables import LONGEST, AuditRecord
from app.db.inserts import insert_rows
from app.db.limits import refuse_characters
from app.db.prepared import connection_of
from app.db.service_tables import Person
from app.db.stored import pack
from app.db.tables import now

MACHINE, CLOCK = "machine", "clock"
"""Who acts where no person does."""
EVERY_BRAND = "*"
"""The brand of what is about no single one."""
_CHAIN_LOCK = 0x0C0D_DE5D
_NOTED = "audit notes"
_ADDRESS = re.compile(r"\S@\S")


@dataclass(frozen=True)
class AuditNote:
    """One thing that somebody did. `data` holds states, roles, tiers and hashes, and never an address, a
    name or a text that a person wrote: those can be erased, the record cannot.
    """

    brand: str
    actor: str
    """The id of a person; `machine` for a command on the machine itself, `clock` for what time did."""
    action: str
    """`draft.approve`."""
    subject: str
    """What it was done to: `draft 1f3...`."""
    data: Mapping[str, JsonValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ValueError for what no record may hold: a fault of the code that made the note."""
        for name, most in LONGEST.items():
            if not 0 < len(getattr(self, name)) <= most:
                raise ValueError(f"{name} of an audit note needs 1 to {most} characters")
        if any(_ADDRESS.search(text) for text in (self.actor, self.subject, *_texts(dict(self.data)))):
            raise ValueError(f"an audit note of {self.action} holds an address, which could not be erased")


def note(session: Session, entry: AuditNote) -> None:
    """Keep the record inside the caller's transaction: what was done and its record stand or fall together.

    Raises RuntimeError inside a savepoint, which could be undone without the rest.
    """
    if session.in_nested_transaction():
        raise RuntimeError("a note belongs to a whole transaction, not to a savepoint")
    refuse_characters(dict(entry.data))
    session.connection()  # begins the transaction that the note belongs to
    session.info.setdefault(_NOTED, []).append(entry)


def actor_of(session: Session | Connection, email: str) -> str:
    """How records name the person with this address; `machine` for an address that is nobody's, or none."""
    if not email:
        return MACHINE
    found = connection_of(session).execute(select(col(Person.id)).where(col(Person.email) == email)).first()
    return MACHINE if found is None else str(found[0])


def append(connection: Connection, entries: Sequence[AuditNote]) -> None:
    """Append records as the last thing that a transaction does, for those that have no session."""
    if not entries:
        return
    head = _locked_head(connection)
    rows = []
    for entry in entries:
        row = _row(entry, head)
        head = Head(row.seq, row.hash)
        rows.append(row)
    insert_rows(connection, rows)


def chain_head(connection: Connection) -> Head:
    """The end of the chain as the transaction sees it."""
    query = select(col(AuditRecord.seq), col(AuditRecord.hash)).order_by(col(AuditRecord.seq).desc()).limit(1)
    found = connection.execute(query).first()
    return Head() if found is None else Head(found[0], found[1])


def _texts(value: JsonValue) -> list[str]:
    """All texts in a value, names of entries too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for key, item in value.items() for text in (key, *_texts(item))]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _locked_head(connection: Connection) -> Head:
    """The end of the chain, which nobody else moves until the transaction ends.

    SQLite has one writer at a time anyway. On Postgres a query sees what was stored when it begins: the lock
    has to be had before.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHAIN_LOCK})")
    return chain_head(connection)


def _row(entry: AuditNote, head: Head) -> AuditRecord:
    made = AuditRecord(
        seq=head.count + 1,
        brand=entry.brand,
        at=now(),
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        data=dict(entry.data),
        previous=head.hash,
        hash="",
    )
    stored = {"at": moment_text(made.at), "data": pack("audit", made.data)}
    made.hash = record_hash({**made.model_dump(), **stored})
    return made


@event.listens_for(AnySession, "before_commit")
def _append_noted(session: AnySession) -> None:
    if session.info.get(_NOTED) and not session.in_nested_transaction():
        session.flush()  # what takes locks comes first
        append(session.connection(), session.info.pop(_NOTED))


@event.listens_for(AnySession, "after_soft_rollback")
def _forget_noted(session: AnySession, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(_NOTED, None)
