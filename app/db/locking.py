"""How transactions begin: a read sees one state of everything, and writes exclude one another.

On SQLite a writer takes the file's write lock at its start. On Postgres it takes a lock of ours, so that what
a write reads and then changes cannot be changed by others in between, and the same code is right on both. A
write that names the one thing it is about (`writing(engine, name)`) may overlap with those that name others.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from app.db.failures import locked

WRITE = "copydesk_write"
"""Execution option of connections that will write: True, or the name of the one thing that is written."""
_WRITER_LOCK = 0x0C0D_DE5C


def reading(engine: Engine) -> Engine:
    """The engine for reads: all statements of one transaction see the same state."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def writing(engine: Engine, name: str | None = None) -> Engine:
    """The engine for writes: alone, or beside those that name other things.

    Each statement on Postgres sees what was stored by then, whatever the server's default is: what a writer
    reads after it had to wait for a lock is what the others left.
    """
    options: dict[str, Any] = {WRITE: name or True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"
    return engine.execution_options(**options)


class WouldWait(Exception):
    """A transaction was to begin at once, and would have had to wait. Nothing of it was done."""


_AT_ONCE: ContextVar[bool] = ContextVar("at_once", default=False)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Writes to SQLite that begin inside the block raise WouldWait where another one is in their way."""
    before = _AT_ONCE.set(True)
    try:
        yield
    finally:
        _AT_ONCE.reset(before)


class Line:
    """Where the writes of one process to one SQLite file wait for their turn, for so many seconds at most.

    SQLite itself lets those who wait look again after ever longer pauses, so that the last may come first.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds

    @contextmanager
    def turn(self, engine: Engine) -> Iterator[None]:
        """Wait, and hold the turn for the block. Raises StorageError, or WouldWait."""
        if _AT_ONCE.get():
            if not self._lock.acquire(blocking=False):
                raise WouldWait
        elif not self._lock.acquire(timeout=self._seconds):
            raise locked(engine.url)
        try:
            yield
        finally:
            self._lock.release()


_LINES: WeakKeyDictionary[Engine, Line] = WeakKeyDictionary()


def line_up(engine: Engine, seconds: float) -> None:
    """Let the writes on this engine wait in a line."""
    _LINES[engine] = Line(seconds)


def turn_to_write(engine: Engine) -> AbstractContextManager[None]:
    """The turn of one write on this engine; at once where none have to line up."""
    line = _LINES.get(engine)
    return nullcontext() if line is None else line.turn(engine)


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Transactions are begun by us, and foreign keys are checked."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def begin_sqlite(connection: Connection) -> None:
    """A reader sees one state; a writer waits for the lock at its start and never loses it half way."""
    writes = connection.get_execution_options().get(WRITE, False)
    driver: Any = connection.connection.driver_connection
    if not writes:
        driver.execute("BEGIN")  # begins nothing yet, and waits for nobody
    elif not _AT_ONCE.get():
        driver.execute("BEGIN IMMEDIATE")
    else:
        _begin_at_once(driver)


def _begin_at_once(driver: sqlite3.Connection) -> None:
    """Take the write lock if it is free. Raises WouldWait."""
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY:
            raise
        raise WouldWait from error
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}")


def prepare_postgres(connection: Any, limits: dict[str, float]) -> None:
    """Set time limits of the session, given in seconds; 0 is none. SET holds once it is committed."""
    for name, seconds in limits.items():
        connection.execute(f"SET {name} = {round(seconds * 1000)}")
    connection.execute("SET timezone = 'UTC'")
    connection.commit()


def begin_postgres(connection: Connection) -> None:
    """A writer holds the lock alone, or shares it and holds one for the thing that it names."""
    name = connection.get_execution_options().get(WRITE, False)
    if name is True:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
    elif name:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({_WRITER_LOCK})")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (name,))


def unlimited(connection: Connection) -> None:
    """Lift the time limits on Postgres for the rest of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
