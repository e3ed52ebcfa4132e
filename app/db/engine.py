"""Opening the database: folder, WAL, migrations on start, and one process at a time migrating."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from app.db.failures import storage_error, storage_errors
from app.db.schema import METADATA
from app.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"
WRITE = "copydesk_write"
"""Execution option of connections that will write: on SQLite they take the write lock at once."""
_LOCK_ID = 0x0C0D_DE5C


def open_database(url: str, *, busy_seconds: float = 10.0) -> Engine:
    """The engine for `url`, with its folder made and its schema up to date. Raises StorageError."""
    parsed = _parse(url)
    if _is_sqlite(parsed):
        _make_folder(parsed)
    engine = _engine(parsed, busy_seconds)
    try:
        with storage_errors(engine):
            _use_wal(engine, busy_seconds)
            migrate(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision; a second process waits, then finds nothing to do."""
    with storage_errors(engine):
        with engine.connect() as connection:
            if _current(connection) == head():
                return
        writing = engine.execution_options(**{WRITE: True})
        with writing.begin() as connection:
            _lock(connection)
            _check_version(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def head() -> str:
    """The newest revision that this code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_version(connection: Connection) -> None:
    """Refuse a schema that a newer Copydesk made, and tables that are not ours."""
    revision = _current(connection)
    url = connection.engine.url
    if revision is None:
        taken = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
        if taken:
            message = f"has a table '{taken[0]}' that Copydesk did not make"
            raise storage_error(url, message, "give Copydesk a database of its own")
        return
    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError as error:
        message = f"was written by a newer Copydesk (schema {revision}, this one knows {head()})"
        raise storage_error(url, message, "update Copydesk, or restore the backup from before") from error


def _lock(connection: Connection) -> None:
    """SQLite's write lock is held since BEGIN IMMEDIATE; Postgres has advisory locks."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_ID})")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        problem = StorageError("the database URL cannot be read", "such as sqlite:///var/copydesk.db")
        problem.retryable = False
        raise problem from error
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _is_file(url: URL) -> bool:
    database = url.database or ""
    return _is_sqlite(url) and database not in ("", ":memory:") and not database.startswith("file:")


def _make_folder(url: URL) -> None:
    if not _is_file(url):
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {folder}: {error.strerror}"
        raise storage_error(url, message, "choose a writable folder in the settings") from error


def _engine(url: URL, busy_seconds: float) -> Engine:
    if not _is_sqlite(url):
        return create_engine(url, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"timeout": busy_seconds, "check_same_thread": False}}
    if not _is_file(url) and not (url.database or "").startswith("file:"):
        options["poolclass"] = StaticPool
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Transactions are begun by us, and foreign keys are checked."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """A reader sees one state; a writer waits for the lock at its start and never loses it half way."""
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_wal(engine: Engine, busy_seconds: float) -> None:
    """Readers and the writer do not wait for one another. SQLite keeps the mode in the file.

    The switch itself does not wait for other processes, so it is tried until the time is over.
    """
    if not _is_file(engine.url):
        return
    until = time.monotonic() + busy_seconds
    while True:
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if time.monotonic() >= until or (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY:
                raise
        finally:
            connection.close()
        time.sleep(0.05)
