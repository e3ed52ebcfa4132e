"""A backup that either database writes and reads: a zip of JSON Lines, one file a table, and a manifest.

The manifest names the schema's revision, and for each table its columns, the number of its rows and the
SHA-256 of its lines. Nothing is loaded before all of that was found to be true. An archive goes into an empty
database: the schema is built as it was when the archive was written, the rows are loaded, and then migrated.
"""

import datetime as dt
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, Engine, inspect

from app.db.failures import storage_error, storage_errors
from app.db.locking import reading, unlimited
from app.db.portable import PortableTable, Row, ValueKind, renew_counters, tables_of
from app.db.revisions import building, current, known_revisions, migrate, require_known, upgrade_to
from app.errors import StorageError, UsageError

FORMAT: Literal["copydesk-backup"] = "copydesk-backup"
_MANIFEST = "manifest.json"
_MANIFEST_BYTES = 10_000_000


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableLines(_Strict):
    """What the archive holds of one table."""

    columns: dict[str, ValueKind]
    rows: int = Field(ge=0)
    sha256: str
    """Of the lines as they are before compression."""


class Manifest(_Strict):
    """What an archive is, and what has to be true of it."""

    format: Literal["copydesk-backup"] = FORMAT
    version: Literal[1] = 1
    revision: str
    """Of the schema that the rows belong to."""
    made_at: AwareDatetime
    made_by: str
    """Version of Copydesk."""
    database: str
    """The kind of database that it was written from."""
    tables: dict[str, TableLines]
    """Those first that others refer to."""

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(table.rows for table in self.tables.values())


@dataclass(frozen=True)
class Restored:
    """What came into the database: the archive's manifest, and the revision that it was brought to."""

    manifest: Manifest
    revision: str


def write_archive(engine: Engine, path: Path, made_by: str) -> Manifest:
    """Write all that one moment of the database holds to `path`. Raises StorageError, OSError."""
    with storage_errors(engine), reading(engine).connect() as connection:
        unlimited(connection)
        require_known(connection)
        revision = current(connection)
        if revision is None:
            raise storage_error(engine.url, "has no tables yet", "there is nothing to back up")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = {table.name: _write(archive, connection, table) for table in tables_of(connection)}
            manifest = Manifest(
                revision=revision,
                made_at=dt.datetime.now(dt.UTC),
                made_by=made_by,
                database=engine.dialect.name,
                tables=tables,
            )
            archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _write(archive: zipfile.ZipFile, connection: Connection, table: PortableTable) -> TableLines:
    digest, count = hashlib.sha256(), 0
    with archive.open(_entry(table.name), "w", force_zip64=True) as lines:
        for row in table.rows(connection):
            line = json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            count += 1
    return TableLines(columns=dict(table.columns), rows=count, sha256=digest.hexdigest())


def read_manifest(path: Path) -> Manifest:
    """The manifest of an archive whose every line is there and unchanged. Raises StorageError, UsageError."""
    with _opened(path) as archive:
        manifest = _manifest(archive, path)
        expected = {_MANIFEST, *map(_entry, manifest.tables)}
        if set(archive.namelist()) != expected:
            raise _damaged(path, "it does not hold the files that its manifest names")
        for name, table in manifest.tables.items():
            digest, count = hashlib.sha256(), 0
            with archive.open(_entry(name)) as lines:
                for line in lines:
                    digest.update(line)
                    count += 1
            if (count, digest.hexdigest()) != (table.rows, table.sha256):
                raise _damaged(path, f"the rows of '{name}' are not those that were written")
    return manifest


def archived_rows(path: Path, table: str) -> Iterator[Row]:
    """The rows of one table in an archive that is whole; none where it has no such table.

    Raises StorageError, UsageError.
    """
    if table in read_manifest(path).tables:
        with _opened(path) as archive, archive.open(_entry(table)) as lines:
            yield from _rows(lines)


def load_archive(engine: Engine, path: Path) -> Restored:
    """Load an archive into an empty database, all of it or nothing. Raises StorageError, UsageError."""
    manifest = read_manifest(path)
    if manifest.revision not in [script.revision for script in known_revisions()]:
        raise UsageError(
            f"{path} was written by Copydesk {manifest.made_by} with schema {manifest.revision},"
            f" which this one does not know",
            "update Copydesk first",
        )
    with storage_errors(engine), _opened(path) as archive:
        with building(engine) as connection:
            require_empty(connection)
            upgrade_to(connection, manifest.revision)
            _load(archive, connection, manifest)
        migrate(engine)
        with engine.connect() as connection:
            return Restored(manifest, str(current(connection)))


def _load(archive: zipfile.ZipFile, connection: Connection, manifest: Manifest) -> None:
    tables = {table.name: table for table in tables_of(connection)}
    for name, wanted in manifest.tables.items():
        table = tables.get(name)
        if table is None or dict(table.columns) != wanted.columns:
            raise storage_error(
                connection.engine.url,
                f"has other columns for '{name}' at schema {manifest.revision} than the backup",
                "load it with the Copydesk that wrote it, then update",
            )
    for name, table in tables.items():
        if name in manifest.tables:
            with archive.open(_entry(name)) as lines:
                table.load(connection, _rows(lines))
    renew_counters(connection, list(tables.values()))


def _rows(lines: IO[bytes]) -> Iterator[Row]:
    for line in lines:
        row: Row = json.loads(line)
        yield row


def require_empty(connection: Connection) -> None:
    """Refuse a database that holds tables. Raises StorageError."""
    names = inspect(connection).get_table_names()
    if names:
        raise storage_error(
            connection.engine.url,
            f"is not empty: it has a table '{names[0]}'",
            "a backup is restored into a new database: name another file, or make one with createdb",
        )


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "name a file that `copydesk db backup` wrote"
        ) from error


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        with archive.open(_MANIFEST) as file:
            return Manifest.model_validate_json(file.read(_MANIFEST_BYTES))
    except (KeyError, ValidationError) as error:
        raise UsageError(
            f"{path} is no backup of Copydesk", "name a file that `copydesk db backup` wrote"
        ) from error


def _damaged(path: Path, why: str) -> StorageError:
    error = StorageError(f"the backup {path} is damaged: {why}", "nothing was loaded; use another backup")
    error.retryable = False
    return error


def _entry(table: str) -> str:
    return f"tables/{table}.jsonl"


def described(tables: Mapping[str, TableLines]) -> str:
    """The tables that hold rows, with their counts."""
    return ", ".join(f"{table.rows} {name}" for name, table in tables.items() if table.rows) or "no rows"
