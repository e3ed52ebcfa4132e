"""Opening the database, SQLite as a file in WAL mode or Postgres through a pool, with a schema that fits."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from app.db.failures import shown, storage_error, storage_errors
from app.db.limits import refuse_parameters
from app.db.locking import begin_postgres, begin_sqlite, line_up, prepare_postgres, prepare_sqlite
from app.db.revisions import head, migrate, pending, require_current, steps_after
from app.errors import StorageError

POSTGRES_DRIVER = "postgresql+psycopg"
_IDLE_SECONDS = 60
"""A transaction on Postgres that does nothing for so long is ended: its process hangs or is gone."""


@dataclass(frozen=True)
class DatabaseOptions:
    """How the database is used. Sizes count connections; times are seconds; the settings explain each."""

    pool_size: int = 10
    pool_overflow: int = 10
    pool_seconds: float = 10
    recycle_seconds: float = 1800
    connect_seconds: int = 5
    statement_seconds: float = 30
    lock_seconds: float = 10
    migrate: bool = True


DEFAULT_OPTIONS = DatabaseOptions()


def open_database(url: str, options: DatabaseOptions = DEFAULT_OPTIONS) -> Engine:
    """The engine for `url`, with its folder made and its schema up to date. Raises StorageError."""
    parsed = parse(url)
    if is_sqlite(parsed):
        make_folder(parsed)
    engine = make_engine(parsed, options)
    try:
        with storage_errors(engine):
            use_wal(engine, options.lock_seconds)
            if options.migrate:
                migrate(engine)
            else:
                require_current(engine)
    except StorageError:
        engine.dispose()
        raise
    return engine


@dataclass(frozen=True)
class Upgrade:
    """What brings a database up to date: the revisions that it lacks, oldest first, with what each adds."""

    name: str
    """The database as messages name it."""
    found: str | None
    target: str
    steps: tuple[tuple[str, str], ...]


def upgrade_database(url: str, options: DatabaseOptions = DEFAULT_OPTIONS, *, dry_run: bool) -> Upgrade:
    """Make or migrate the database, or only say what that would do. Raises StorageError."""
    parsed = parse(url)
    if is_file(parsed) and dry_run and not Path(str(parsed.database)).exists():
        return Upgrade(shown(parsed), None, head(), tuple(steps_after(None)))
    make_folder(parsed)
    engine = make_engine(parsed, options)
    try:
        with storage_errors(engine):
            found, steps = pending(engine)
            if not dry_run:
                use_wal(engine, options.lock_seconds)
                migrate(engine)
    finally:
        engine.dispose()
    return Upgrade(shown(parsed), found, head(), tuple(steps))


@contextmanager
def existing_database(url: str, options: DatabaseOptions = DEFAULT_OPTIONS) -> Iterator[Engine]:
    """The database as it is, for looking after it: nothing is made or migrated. Raises StorageError."""
    parsed = parse(url)
    if is_file(parsed) and not Path(str(parsed.database)).is_file():
        raise storage_error(
            parsed,
            "does not exist",
            "`copydesk db upgrade` makes it; or correct COPYDESK_DATABASE",
        )
    engine = make_engine(parsed, options)
    try:
        yield engine
    finally:
        engine.dispose()


def is_there(url: str) -> bool:
    """Whether the file of a SQLite database exists; a server's database is taken to. Raises StorageError."""
    parsed = parse(url)
    return not is_file(parsed) or Path(str(parsed.database)).is_file()


def parse(url: str) -> URL:
    """The URL, with the driver that is used for Postgres. Raises StorageError, which does not repeat it."""
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername=POSTGRES_DRIVER)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        problem = StorageError("the database URL cannot be read", "such as sqlite:///var/copydesk.db")
        problem.retryable = False
        raise problem from error
    return parsed


def is_sqlite(url: URL) -> bool:
    """Whether the URL names a SQLite database."""
    return url.get_backend_name() == "sqlite"


def is_file(url: URL) -> bool:
    """Whether the URL names a SQLite file by its path."""
    database = url.database or ""
    return is_sqlite(url) and database not in ("", ":memory:") and not database.startswith("file:")


def make_folder(url: URL) -> None:
    """Make the folder of a SQLite file. Raises StorageError."""
    if not is_file(url):
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {folder}: {error.strerror}"
        raise storage_error(url, message, "choose a writable folder in the settings") from error


def make_engine(url: URL, options: DatabaseOptions) -> Engine:
    """An engine that has connected to nothing yet."""
    given: dict[str, Any] = {"hide_parameters": True}  # they hold copy, and errors are logged
    if is_sqlite(url) and not is_file(url) and not (url.database or "").startswith("file:"):
        given["poolclass"] = StaticPool
    else:
        given |= {
            "pool_size": options.pool_size,
            "max_overflow": options.pool_overflow,
            "pool_timeout": options.pool_seconds,
            "pool_recycle": int(options.recycle_seconds),
        }
    engine = _sqlite(url, given, options) if is_sqlite(url) else _postgres(url, given, options)
    event.listen(engine, "before_cursor_execute", refuse_parameters)
    return engine


def _sqlite(url: URL, given: dict[str, Any], options: DatabaseOptions) -> Engine:
    given["connect_args"] = {"timeout": options.lock_seconds, "check_same_thread": False}
    engine = create_engine(url, **given)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    line_up(engine, options.lock_seconds)
    return engine


def _postgres(url: URL, given: dict[str, Any], options: DatabaseOptions) -> Engine:
    engine = create_engine(
        url,
        **given,
        pool_pre_ping=True,
        connect_args={"connect_timeout": options.connect_seconds, "application_name": "copydesk"},
    )

    limits = {
        "statement_timeout": options.statement_seconds,
        "lock_timeout": options.lock_seconds,
        "idle_in_transaction_session_timeout": _IDLE_SECONDS,
    }
    event.listen(engine, "connect", lambda connection, _: prepare_postgres(connection, limits))
    event.listen(engine, "begin", begin_postgres)
    return engine


def use_wal(engine: Engine, busy_seconds: float) -> None:
    """Readers and the writer do not wait for one another. SQLite keeps the mode in the file.

    The switch itself does not wait for other processes, so it is tried until the time is over.
    """
    if not is_file(engine.url):
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
