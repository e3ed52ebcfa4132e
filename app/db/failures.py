"""What a database refuses, in plain words: every error of SQLAlchemy or of a driver becomes a StorageError.

SQLite names what happened by a result code. Postgres names it by a five-letter SQLSTATE, but for a connection
that was not made the driver has only the server's words.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import CopydeskError, StorageError, WriteConflict

Words = tuple[str, str, bool]
"""What happened to the database, what would help, and whether the same request may succeed later."""

_KEPT = "what was stored before is kept; run the same command again and finished slots are not asked again"
_LOCKED = ("is locked by another process", f"let it finish or end it; {_KEPT}", True)
_SQLITE: dict[int, Words] = {
    sqlite3.SQLITE_BUSY: _LOCKED,
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

_CONFLICTS = ("40001", "40P01")
"""Serialization failure and deadlock."""
_AT_ONCE = ("was changed by somebody else at the same moment", "nothing of it was stored: try again", True)
_STOPPED = ("ended the connection", f"it was stopped or started anew; {_KEPT}", True)
_NO_SLOT = (
    "takes no more connections",
    "raise max_connections of the server, or lower COPYDESK_DATABASE_POOL_SIZE and its overflow",
    True,
)
_STARTING = ("is starting or stopping", "try again in a moment", True)
_DAMAGED = ("is damaged", "restore a backup; the server's log says more", False)
_WRONG_USER = (
    "does not accept the user name or the password",
    "correct them in COPYDESK_DATABASE; write special characters of a password as %40 for @ and so on",
    False,
)
_NOT_ALLOWED = (
    "does not allow its user to do that",
    "the user has to own the database, or to have been granted CONNECT, USAGE and CREATE on its schema",
    False,
)
_POSTGRES: dict[str, Words] = {
    "25006": (
        "cannot be written: it is read-only",
        "a standby or default_transaction_read_only makes it so; name the primary in the settings",
        False,
    ),
    "25P03": ("ended a transaction that did nothing for too long", f"try again; {_KEPT}", True),
    "28000": _WRONG_USER,
    "28P01": _WRONG_USER,
    **dict.fromkeys(_CONFLICTS, _AT_ONCE),
    "42501": _NOT_ALLOWED,
    "53100": ("cannot grow: the disk is full", f"free some space on the server; {_KEPT}", True),
    "53200": ("has no memory left", f"the server's log says more; {_KEPT}", True),
    "53300": _NO_SLOT,
    "55P03": _LOCKED,
    "57014": (
        "took too long and was stopped",
        f"COPYDESK_DATABASE_STATEMENT_SECONDS is the longest that a statement may take; {_KEPT}",
        True,
    ),
    "57P01": _STOPPED,
    "57P02": _STOPPED,
    "57P03": _STARTING,
    "58030": ("cannot be read or written: the server's disk reports an error", f"check it; {_KEPT}", True),
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_NOT_CONNECTED: tuple[tuple[str, Words], ...] = (
    (r"password authentication failed|no password supplied|role \".*\" does not exist", _WRONG_USER),
    (
        r"database \".*\" does not exist",
        (
            "does not exist on that server",
            "make it (createdb), or correct its name in COPYDESK_DATABASE",
            False,
        ),
    ),
    (
        r"no pg_hba\.conf entry",
        (
            "does not let this user in from this machine",
            "the server's pg_hba.conf needs a line for it",
            False,
        ),
    ),
    (r"permission denied", _NOT_ALLOWED),
    (r"too many (?:clients|connections)|connection slots", _NO_SLOT),
    (r"database system is ", _STARTING),
    (
        r"invalid connection option",
        ("cannot be opened", "the URL has an option that libpq does not know", False),
    ),
)
_FULL_POOL = (
    "has no connection free",
    "raise COPYDESK_DATABASE_POOL_SIZE or its overflow, or ask for less at once",
    True,
)


def shown(url: URL) -> str:
    """The database as messages name it: without its password and options."""
    if url.drivername.startswith("sqlite"):
        return url.database or "in memory"
    plain = URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database)
    return plain.render_as_string()


def storage_error(
    url: URL,
    message: str,
    hint: str = "",
    *,
    retryable: bool = False,
    kind: type[StorageError] = StorageError,
) -> StorageError:
    """A StorageError about the database behind `url`."""
    error = kind(f"the database {shown(url)} {message}", hint)
    error.retryable = retryable
    return error


def locked(url: URL) -> StorageError:
    """The StorageError of a write that waited in vain for the others."""
    message, hint, retryable = _LOCKED
    return storage_error(url, message, hint, retryable=retryable)


@contextmanager
def storage_errors(engine: Engine) -> Iterator[None]:
    """Turn what the database raises inside the block into a StorageError, or into ValueNotStorable."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explain(engine.url, error) from error


def explain(url: URL, error: Exception) -> CopydeskError:
    """The error in our words for one of SQLAlchemy or of the driver."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, CopydeskError):
        return cause
    words = _sqlite_words(cause) or _postgres_words(error, cause)
    if words is not None:
        message, hint, retryable = words
        kind = WriteConflict if getattr(cause, "sqlstate", None) in _CONFLICTS else StorageError
        return storage_error(url, message, hint, retryable=retryable, kind=kind)
    if isinstance(error, IntegrityError):
        hint = "nothing of it was stored; this is a fault of Copydesk"
        return storage_error(url, f"refused a row: {_first_line(cause)}", hint)
    return storage_error(url, f"refused: {_first_line(cause)}", _KEPT, retryable=True)


def _sqlite_words(cause: BaseException) -> Words | None:
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else _SQLITE.get(code & 0xFF)


def _postgres_words(error: Exception, cause: BaseException) -> Words | None:
    if isinstance(error, PoolTimeout):
        return _FULL_POOL
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _STOPPED if state.startswith("08") else _POSTGRES.get(state)
    if not hasattr(cause, "sqlstate") or not isinstance(error, DBAPIError):
        return None
    return _not_connected(error, cause)


def _not_connected(error: DBAPIError, cause: BaseException) -> Words | None:
    """The driver's own errors: it could not connect, or the connection broke."""
    text = str(cause)
    for pattern, words in _NOT_CONNECTED:
        if re.search(pattern, text):
            return words
    if error.connection_invalidated:
        return _STOPPED
    if text.startswith("connection "):
        why = _first_line(cause).partition(": ")[2]
        return f"cannot be reached: {why}", "start it, or correct COPYDESK_DATABASE", True
    return None


def _first_line(cause: BaseException) -> str:
    return (str(cause).splitlines() or [type(cause).__name__])[0]
