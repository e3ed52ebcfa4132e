"""Backups: a copy of a SQLite file, or an archive that either database reads; and the way back.

A backup is written beside its place under another name, read back and checked, and only then given its name:
a file of that name is whole. An existing file is never written over.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine

from app.db.archive import described, load_archive, read_manifest, write_archive
from app.db.engine import DatabaseOptions, is_file, make_engine, make_folder, parse, use_wal
from app.db.failures import storage_error, storage_errors
from app.db.revisions import current, head, migrate
from app.errors import StorageError, UsageError

_SQLITE_HEADER = b"SQLite format 3\x00"
_READABLE_BY_OWNER = 0o600
_ABOUT_THE_COPY = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)


@dataclass(frozen=True)
class BackedUp:
    """A backup that was written and found whole: its bytes, and what it holds in words."""

    size: int
    words: str


def back_up(engine: Engine, path: Path, *, portable: bool, made_by: str) -> BackedUp:
    """Write a backup of one moment to `path`, a new file: a copy of SQLite's file, or an archive.

    Others may read and write meanwhile. Raises UsageError when the file exists, StorageError when the
    database or the disk refuses.
    """
    with _new_file(path) as partial:
        if is_file(engine.url) and not portable:
            words = _copy(engine, partial)
        else:
            write_archive(engine, partial, made_by)
            manifest = read_manifest(partial)
            words = f"schema {manifest.revision}: {described(manifest.tables)}"
        size = partial.stat().st_size
    return BackedUp(size, words)


def restore(url: str, path: Path, options: DatabaseOptions) -> str:
    """Bring a backup into an empty database; returns what it held, in words.

    Raises StorageError, UsageError; then the database is as it was.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}", "name a file that `copydesk db backup` wrote")
    target = parse(url)
    with path.open("rb") as file:
        copied = file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
    if copied:
        return _restore_copy(target, path, options)
    make_folder(target)
    with _opened(target, options) as engine:
        restored = load_archive(engine, path)
    held = described(restored.manifest.tables)
    return f"{held}; schema {restored.manifest.revision}, now {restored.revision}"


def _copy(engine: Engine, partial: Path) -> str:
    """VACUUM INTO copies one moment of the file, with what is still in its log, while others go on."""
    with storage_errors(engine), closing(engine.raw_connection()) as connection:
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(partial),))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _ABOUT_THE_COPY:
                raise OSError(errno.EIO, str(error)) from error
            raise
    problem = _damage(partial)
    if problem:
        message = f"was copied, and the copy is damaged: {problem}"
        raise storage_error(engine.url, message, "look at the database: `copydesk db check`")
    with engine.connect() as connected:
        return f"schema {current(connected)}, a SQLite file"


def _damage(path: Path) -> str:
    """What SQLite finds wrong with a file; empty when nothing."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error)
    if found != "ok":
        return str(found)
    return f"{len(orphans)} rows refer to rows that do not exist" if orphans else ""


def _restore_copy(target: URL, path: Path, options: DatabaseOptions) -> str:
    if not is_file(target):
        raise UsageError(
            f"{path} is a SQLite file, which only SQLite takes",
            f"COPYDESK_DATABASE=sqlite:///{path} copydesk db backup --portable FILE makes one for Postgres",
        )
    problem = _damage(path)
    if problem:
        hint = "nothing was restored; use another backup"
        error = StorageError(f"the backup {path} is damaged: {problem}", hint)
        error.retryable = False
        raise error
    make_folder(target)
    with (
        _new_file(Path(str(target.database))) as partial,
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(partial)) as copy,
    ):
        source.backup(copy)
    with _opened(target, options) as engine, engine.connect() as connection:
        before = current(connection)
    with _opened(target, options) as engine:
        migrate(engine)
    return f"a SQLite file; schema {before}, now {head()}"


@contextmanager
def _opened(target: URL, options: DatabaseOptions) -> Iterator[Engine]:
    engine = make_engine(target, options)
    try:
        with storage_errors(engine):
            use_wal(engine, options.lock_seconds)
            yield engine
    finally:
        engine.dispose()


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to; when the block ends well the file gets its name."""
    if path.exists():
        raise UsageError(f"{path} exists already", "nothing is written over: choose another name")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _READABLE_BY_OWNER))
        try:
            yield partial
            _name(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except FileExistsError as error:
        raise UsageError(f"{path} exists already", "nothing is written over: choose another name") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", "choose another place") from error


def _name(partial: Path, path: Path) -> None:
    """A link refuses a name that somebody took meanwhile; a disk without links gets a rename."""
    try:
        os.link(partial, path)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        partial.rename(path)
