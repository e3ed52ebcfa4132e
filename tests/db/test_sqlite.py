"""SQLite: the file, its folder and its locks, and what a bad one says."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.db.engine import DatabaseOptions, open_database
from app.db.store import Store, open_store
from app.errors import StorageError
from tests.db.factories import make_draft, make_record, make_run

IMPATIENT = DatabaseOptions(lock_seconds=0.2)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deep/er/copydesk.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url, IMPATIENT)
    yield engine
    engine.dispose()


def file_of(engine: Engine) -> str:
    return str(engine.url.database)


def test_it_makes_the_folder_and_sets_the_pragmas(engine: Engine) -> None:
    with engine.connect() as connection:
        pragma = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 200}


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table run (pace text)")
    with pytest.raises(StorageError, match="table 'run' that Copydesk did not make"):
        open_database(f"sqlite:///{path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    path.write_bytes(b"these are notes, no database" * 100)
    with pytest.raises(StorageError, match="is not a SQLite database") as caught:
        open_database(f"sqlite:///{path}")
    assert not caught.value.retryable
    assert path.read_bytes().startswith(b"these are notes")


def test_a_locked_database_loses_nothing(engine: Engine) -> None:
    store = Store(engine)
    run = store.start_run(make_run())
    other = sqlite3.connect(file_of(engine), isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StorageError, match="locked by another process") as caught:
        store.save_slot(make_record(run), [make_draft()])
    assert caught.value.retryable
    assert store.runs()[0].id == run.id, "reading goes on"
    other.execute("rollback")
    other.close()
    assert store.save_slot(make_record(run), [make_draft()])


def test_opening_a_new_database_that_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "copydesk.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin exclusive")
    with pytest.raises(StorageError, match="locked by another process"):
        open_database(f"sqlite:///{path}", IMPATIENT)
    other.close()


def test_a_read_only_database(engine: Engine) -> None:
    path = file_of(engine)
    engine.dispose()
    read_only = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert read_only.runs() == []
    with pytest.raises(StorageError, match="read-only") as caught:
        read_only.start_run(make_run())
    assert not caught.value.retryable


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be made") as caught:
        open_database(f"sqlite:///{tmp_path}/file/copydesk.db")
    assert not caught.value.retryable


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that may be read and not written; root, who may write anywhere, is somebody else meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-read-only-"))
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_read_only_folder(read_only_folder: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened") as caught:
        open_database(f"sqlite:///{read_only_folder}/copydesk.db")
    assert "writable" in caught.value.hint
    with pytest.raises(StorageError, match="Permission denied"):
        open_database(f"sqlite:///{read_only_folder}/deeper/copydesk.db")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path}")


def test_in_memory() -> None:
    store = open_store("sqlite://")
    store.start_run(make_run())
    assert len(store.runs()) == 1
