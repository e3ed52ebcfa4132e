"""What a database refuses, in plain words: every SQLAlchemy or sqlite3 error becomes a StorageError."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.errors import StorageError

_KEPT = "what was stored before is kept; run the same command again and finished slots are not asked again"
_WORDS: dict[int, tuple[str, str, bool]] = {
    sqlite3.SQLITE_BUSY: ("is locked by another process", f"let it finish or end it; {_KEPT}", True),
    sqlite3.SQLITE_LOCKED: ("is locked by another connection", f"try again; {_KEPT}", True),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", f"free some space; {_KEPT}", True),
    sqlite3.SQLITE_READONLY: (
        "cannot be written: the file or its folder is read-only",
        "make both writable for this user, or choose another place in the settings",
        False,
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened",
        "the folder must exist and be writable for this user; or choose another place in the settings",
        False,
    ),
    sqlite3.SQLITE_PERM: ("may not be opened by this user", "check the file's owner and mode", False),
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk reports an error",
        f"check the disk; {_KEPT}",
        True,
    ),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "restore a backup, or move the file away and start anew", False),
    sqlite3.SQLITE_NOTADB: (
        "is not a SQLite database",
        "choose another file in the settings, or move this one away",
        False,
    ),
}


def shown(url: URL) -> str:
    """The database as messages name it, without a password."""
    return url.database or "in memory" if url.drivername.startswith("sqlite") else url.render_as_string()


def storage_error(url: URL, message: str, hint: str = "", *, retryable: bool = False) -> StorageError:
    """A StorageError about the database behind `url`."""
    error = StorageError(f"the database {shown(url)} {message}", hint)
    error.retryable = retryable
    return error


@contextmanager
def storage_errors(engine: Engine) -> Iterator[None]:
    """Turn what the database raises inside the block into a StorageError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explain(engine.url, error) from error


def explain(url: URL, error: Exception) -> StorageError:
    """The StorageError for an error of SQLAlchemy or of the driver."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, StorageError):
        return cause
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _WORDS:
        return storage_error(url, *_WORDS[code & 0xFF][:2], retryable=_WORDS[code & 0xFF][2])
    first = (str(cause).splitlines() or [type(cause).__name__])[0]
    if isinstance(error, IntegrityError):
        return storage_error(
            url, f"refused a row: {first}", "nothing of it was stored; this is a fault of Copydesk"
        )
    return storage_error(url, f"refused: {first}", _KEPT, retryable=True)
