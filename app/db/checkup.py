"""What is wrong with a database: its schema, its structure and its rows, each with what to do."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Table,
    Text,
    and_,
    cast,
    exists,
    func,
    select,
    type_coerce,
)
from sqlalchemy.pool import QueuePool
from sqlmodel import col

from app.blocks.approved import digest
from app.db.audit_chain import ChainCheck
from app.db.audit_log import stored_records
from app.db.blobs import resolve
from app.db.engine import DatabaseOptions, existing_database
from app.db.failures import storage_errors
from app.db.locking import reading, unlimited
from app.db.revisions import current, head
from app.db.schema import METADATA
from app.db.service_tables import Blob, BlobKind, ContentVersion
from app.db.stored import StoredJson, Word, unpack
from app.db.tables import Draft
from app.errors import StorageError
from app.manifest import canonical, sha256

NAMED = 5
"""Faults of one sort that are named; the others are counted."""
_RESTORE = (
    "restore a backup; `copydesk db backup` and a look at the rows named help to find out what happened"
)


@dataclass
class Checked:
    """One thing that was looked at: what is wrong with it, what to do, and what was found in words."""

    name: str
    found: str = ""
    hint: str = ""
    problems: list[str] = field(default_factory=list)
    more: int = 0
    """Problems that are not named."""

    def add(self, problem: str) -> None:
        """Note a problem; only the first ones are kept in words."""
        if len(self.problems) < NAMED:
            self.problems.append(problem)
        else:
            self.more += 1


def check_up(url: str, options: DatabaseOptions) -> Iterator[Checked]:
    """Look at the connection, the schema, the structure and then at every row. Raises no StorageError.

    What is stored is looked at only in a schema that this code knows.
    """
    try:
        with existing_database(url, options) as engine:
            yield from _all(engine)
    except StorageError as error:
        broken = Checked("database", hint=error.hint)
        broken.add(error.message)
        yield broken


def _all(engine: Engine) -> Iterator[Checked]:
    with storage_errors(engine), reading(engine).connect() as connection:
        unlimited(connection)
        yield Checked("connection", _server(connection))
        schema = _schema(connection)
        yield schema
        yield _structure(connection)
        if not schema.problems:
            for check in (
                _tables,
                _references,
                _stored_values,
                _draft_hashes,
                _content_hashes,
                _audit,
                _counts,
            ):
                yield check(connection)


def _server(connection: Connection) -> str:
    pool = connection.engine.pool
    size = f"; pool of {pool.size()} connections" if isinstance(pool, QueuePool) else ""
    if connection.dialect.name == "sqlite":
        version, mode = _one(connection, "SELECT sqlite_version()"), _one(connection, "PRAGMA journal_mode")
        return f"SQLite {version}, journal mode {mode}{size}"
    timeout = _one(connection, "SHOW max_connections")
    return f"Postgres {_one(connection, 'SHOW server_version')}, {timeout} connections at most{size}"


def _one(connection: Connection, query: str) -> str:
    return str(connection.exec_driver_sql(query).scalar())


def _schema(connection: Connection) -> Checked:
    found = current(connection)
    checked = Checked("schema", f"revision {found}", "run `copydesk db upgrade`")
    if found is None:
        checked.add("the database has no tables yet")
    elif found != head():
        checked.add(f"the database has revision {found}, this Copydesk needs {head()}")
    return checked


def _structure(connection: Connection) -> Checked:
    checked = Checked("structure", "sound", _RESTORE)
    if connection.dialect.name == "sqlite":
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
            if line != "ok":
                checked.add(str(line))
        return checked
    for kind, query in _POSTGRES_STRUCTURE:
        for (name,) in connection.exec_driver_sql(query):
            checked.add(f"{kind} {name}")
    return checked


_POSTGRES_STRUCTURE = (
    ("not valid: the constraint", "SELECT conname FROM pg_constraint WHERE NOT convalidated"),
    (
        "not usable: the index",
        "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready)",
    ),
)


def _tables(connection: Connection) -> Checked:
    checked = Checked(
        "tables",
        "as this version has them",
        "somebody changed the tables by hand: undo it, or restore a backup",
    )
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    for difference in compare_metadata(context, METADATA):
        checked.add(_words(difference))
    return checked


def _words(difference: Any) -> str:
    """One difference as alembic gives it, `("add_column", None, "draft", Column(...))` or a list of such."""
    if isinstance(difference, list):
        return "; ".join(map(_words, difference))
    what, *about = difference
    names = [item if isinstance(item, str) else getattr(item, "name", None) for item in about]
    verb = {"add": "is missing", "remove": "is not ours"}.get(what.partition("_")[0], "differs")
    return f"{what.partition('_')[2].replace('_', ' ')} {'.'.join(filter(None, names))} {verb}"


def _references(connection: Connection) -> Checked:
    checked = Checked("references", "every one is there", _RESTORE)
    for table in METADATA.sorted_tables:
        for constraint in table.foreign_key_constraints:
            count = connection.execute(_orphans(table, constraint)).scalar_one()
            if count:
                other = constraint.referred_table.name
                checked.add(f"{count} rows of {table.name} name a {other} that does not exist")
    return checked


def _orphans(table: Table, constraint: ForeignKeyConstraint) -> Any:
    other = constraint.referred_table.alias()
    pairs = [(element.parent, other.c[element.column.name]) for element in constraint.elements]
    named = and_(*(here.is_not(None) for here, _ in pairs))
    there = exists().where(and_(*(here == far for here, far in pairs)))
    return select(func.count()).select_from(table).where(named, ~there)


def _stored_values(connection: Connection) -> Checked:
    """Every JSON value and every word of an enumeration, read as a program would."""
    checked, values = Checked("stored values", hint=_RESTORE), 0
    for table in METADATA.sorted_tables:
        columns = [item for item in table.columns if isinstance(item.type, StoredJson | Word)]
        if not columns:
            continue
        raw = [
            _json(item) if isinstance(item.type, StoredJson) else type_coerce(item, Text) for item in columns
        ]
        key = [type_coerce(item, Text) for item in table.primary_key.columns]
        for row in _stream(connection, *key, *raw):
            place = f"{table.name} {' '.join(map(str, row[: len(key)]))}"
            for column, value in zip(columns, row[len(key) :], strict=True):
                values += 1
                problem = _unreadable(column, value, connection)
                if problem:
                    checked.add(f"{place}, {column.name}: {problem}")
    checked.found = f"{values} can be read"
    return checked


def _unreadable(column: Column[Any], value: str | None, connection: Connection) -> str:
    if value is None:
        return ""
    kind: Any = column.type
    try:
        given = json.loads(value) if isinstance(kind, StoredJson) else value
        kind.process_result_value(given, connection.dialect)
    except StorageError as error:
        return error.message
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _draft_hashes(connection: Connection) -> Checked:
    hint = "somebody changed copy past Copydesk: what was approved of it is void; write or approve it anew"
    checked, count = Checked("drafts", hint=hint), 0
    columns = (col(Draft.id), col(Draft.kind), col(Draft.locale), col(Draft.content_hash))
    for id_, kind, locale, content_hash, copy in _stream(connection, *columns, _json(Draft.copy_fields)):
        fields = _known("copy", copy)
        if fields is not None:
            count += 1
            if digest([kind, locale, fields]) != content_hash:  # as Draft.actual_hash
                checked.add(f"draft {id_} is not the copy that its hash was made of")
    checked.found = f"{count} have the copy that their hash was made of"
    return checked


def _content_hashes(connection: Connection) -> Checked:
    checked, count = Checked("kept bytes", hint=_RESTORE), 0
    for hash_, size, data in _stream(
        connection, col(Blob.hash), col(Blob.size), col(Blob.data), where=col(Blob.pruned_at).is_(None)
    ):
        count += 1
        row = Blob(hash=hash_, kind=BlobKind.CONTENT, size=size, data=data)
        if resolve(row, hash_).data is None:
            checked.add(f"the bytes of {hash_} do not have this hash")
    for hash_, listing in _stream(connection, col(ContentVersion.hash), _json(ContentVersion.manifest)):
        entries = _known("manifest", listing)
        if entries is not None:
            count += 1
            if sha256(canonical(entries)) != hash_:
                checked.add(f"the listing of the published version {hash_} does not have this hash")
    checked.found = f"{count} have their hash"
    return checked


def _audit(connection: Connection) -> Checked:
    checked = Checked(
        "audit",
        hint="somebody changed the record past Copydesk: keep the database as it is, and compare it with"
        " checkpoints and backups (docs/audit.md)",
    )
    check = ChainCheck().follow(stored_records(connection))
    if check.fault:
        checked.add(check.fault)
    checked.found = f"{check.head.count} records in one chain"
    return checked


def _json(column: Any) -> Any:
    """A JSON column as the text that is stored, so that one that cannot be read stops nothing."""
    return cast(column, Text)


def _known(kind: str, text: str) -> Any:
    """The data of a stored value; None when it cannot be read, which the check of stored values names."""
    try:
        return unpack(kind, json.loads(text))
    except (StorageError, ValueError):
        return None


def _stream(connection: Connection, *columns: Any, where: Any = None) -> Iterator[Any]:
    query = select(*columns) if where is None else select(*columns).where(where)
    yield from connection.execution_options(stream_results=True, yield_per=200).execute(query)


def _counts(connection: Connection) -> Checked:
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in METADATA.sorted_tables
    }
    words = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return Checked("rows", words or "none yet")
