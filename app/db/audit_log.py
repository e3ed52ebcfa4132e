"""Reading what people did: lists for people, and every record as it is stored, for the check of the chain."""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Text, cast, inspect, select
from sqlmodel import col
from sqlmodel import select as select_rows

from app.db.archive import archived_rows
from app.db.audit import chain_head
from app.db.audit_chain import GENESIS, ChainCheck, Head, moment_text
from app.db.audit_tables import AuditRecord
from app.db.engine import DatabaseOptions, existing_database
from app.db.failures import storage_errors
from app.db.locking import reading, unlimited
from app.db.service_tables import Person
from app.db.transactions import Transactions
from app.errors import UsageError

_TABLE = AuditRecord.__tablename__
_AS_STORED = ("at", "data")
"""Columns that are read as text, so that a damaged value stops nothing but its own record."""


@dataclass(frozen=True)
class AuditFilter:
    """Which records to list, newest first; None means any. `before` is the number that the page before
    ended with.
    """

    brands: Collection[str] | None = None
    subject: str | None = None
    since: dt.datetime | None = None
    before: int | None = None
    limit: int = 50


class AuditLog(Transactions):
    """Reads the chain of a database; each method is one short transaction."""

    def head(self) -> Head:
        """The end of the chain."""
        with self._reading_rows() as connection:
            return chain_head(connection)

    def hash_of(self, seq: int) -> str | None:
        """The hash of the record with this number, of 0 what stands before the first; None without one."""
        query = select(col(AuditRecord.hash)).where(col(AuditRecord.seq) == seq)
        if not seq:
            return GENESIS
        with self._reading_rows() as connection:
            return connection.execute(query).scalar_one_or_none()

    def records(self, wanted: AuditFilter = AuditFilter()) -> list[AuditRecord]:
        """Records, newest first, a page at a time."""
        query = select_rows(AuditRecord).order_by(col(AuditRecord.seq).desc()).limit(wanted.limit)
        if wanted.brands is not None:
            query = query.where(col(AuditRecord.brand).in_(wanted.brands))
        if wanted.subject is not None:
            query = query.where(AuditRecord.subject == wanted.subject)
        if wanted.since is not None:
            query = query.where(col(AuditRecord.at) >= wanted.since)
        if wanted.before is not None:
            query = query.where(col(AuditRecord.seq) < wanted.before)
        with self._read() as session:
            return list(session.exec(query))

    def names(self, actors: Collection[str]) -> Mapping[str, str]:
        """The address of each actor that is a person: what stands there after they were erased, too."""
        query = select_rows(Person).where(col(Person.id).in_(set(actors)))
        with self._read() as session:
            return {person.id: person.email for person in session.exec(query)}


def check_database(url: str, options: DatabaseOptions, check: ChainCheck) -> ChainCheck:
    """Follow the chain of a database, whatever its schema; nothing is changed. Raises StorageError."""
    with (
        existing_database(url, options) as engine,
        storage_errors(engine),
        reading(engine).connect() as connection,
    ):
        unlimited(connection)
        return check.follow(stored_records(connection))


def check_archive(path: Path, check: ChainCheck) -> ChainCheck:
    """Follow the chain in a portable backup. Raises StorageError for a damaged one, UsageError."""
    return check.follow(archived_rows(path, str(_TABLE)))


def check_file(path: Path, options: DatabaseOptions, check: ChainCheck) -> ChainCheck:
    """Follow the chain in a file, a SQLite database or a portable backup. Raises StorageError, UsageError."""
    try:
        with path.open("rb") as file:
            copied = file.read(16) == b"SQLite format 3\x00"
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "a database file, or what `copydesk db backup` wrote"
        ) from error
    return check_database(f"sqlite:///{path}", options, check) if copied else check_archive(path, check)


def stored_records(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every record as the portable backup writes it, in order; only a few are in memory at once.

    Raises ValueError at a record whose values cannot be read. A schema without records has none.
    """
    if not inspect(connection).has_table(str(_TABLE)):
        return
    table = AuditRecord.__table__  # type: ignore[attr-defined]
    columns = [
        cast(item, Text).label(item.name) if item.name in _AS_STORED else item for item in table.columns
    ]
    query = select(*columns).order_by(table.c.seq)
    with connection.execute(query.execution_options(stream_results=True, yield_per=200)) as found:
        for row in found.mappings():
            at = dt.datetime.fromisoformat(row["at"])
            at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
            yield {**row, "at": moment_text(at), "data": json.loads(row["data"])}
