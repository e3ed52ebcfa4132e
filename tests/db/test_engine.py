"""Opening: migrations on start, and what a bad database or disk says."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, Table, event, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from app.db.engine import migrate, open_database
from app.db.schema import METADATA
from app.db.store import Store, open_store
from app.errors import StorageError
from tests.db.factories import make_call, make_draft, make_record, make_run


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/deep/er/copydesk.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url, busy_seconds=0.2)
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


def test_models_and_migrated_schema_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_the_tables_can_be_made_on_postgres(table: Table) -> None:
    statement = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "DATETIME" not in statement
    assert "TIMESTAMP WITH TIME ZONE" in statement


def test_migrating_twice_changes_nothing(engine: Engine, url: str) -> None:
    store = Store(engine)
    store.start_run(make_run())
    migrate(engine)
    again = open_store(url)
    assert len(again.runs()) == 1


_START = """
import sys
from app.db.store import open_store
from tests.db.factories import make_run
print(open_store(sys.argv[1]).start_run(make_run()).id)
"""


def test_processes_that_migrate_at_once_wait_for_one_another(url: str) -> None:
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", _START, url], cwd=root, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ids = {process.communicate(timeout=60)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert {run.id for run in open_store(url).runs()} == ids


def test_a_failed_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise sqlite3.OperationalError("stopped half way")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.ddl.impl.DefaultImpl.create_index", stop)
        with pytest.raises(StorageError, match="stopped half way"):
            open_database(url)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        assert connection.execute("select name from sqlite_master").fetchall() == []
    assert open_store(url).runs() == []


def test_a_newer_schema_is_a_clear_error(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StorageError, match=r"newer Copydesk \(schema 9999, this one knows \d{4}\)") as caught:
        open_database(url)
    assert not caught.value.retryable
    assert "update Copydesk" in caught.value.hint


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
        open_database(f"sqlite:///{path}", busy_seconds=0.2)
    other.close()


def test_a_full_disk_keeps_what_was_stored(engine: Engine) -> None:
    store = Store(engine)
    run = store.start_run(make_run())
    store.save_slot(make_record(run), [make_draft()])

    @event.listens_for(engine, "checkout")
    def _full(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("pragma page_count").fetchone()[0]
        connection.execute(f"pragma max_page_count = {pages}")

    big = [make_draft(kind="hero", copy_fields={"body": "long " * 20_000}) for _ in range(4)]
    with pytest.raises(StorageError, match="disk is full") as caught:
        store.save_slot(make_record(run, "e" * 64), big, calls=[make_call(run)])
    assert "not asked again" in caught.value.hint
    assert store.find_slot("e" * 64) is None
    assert store.find_slot("f" * 64) is not None


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


@pytest.mark.parametrize("url", ["", "nonsense", "nosuchdb://x/y"])
def test_a_url_that_cannot_be_read(url: str) -> None:
    with pytest.raises(StorageError, match="URL cannot be read"):
        open_database(url)


def test_a_password_is_not_shown() -> None:
    from sqlalchemy import make_url

    from app.db.failures import shown

    assert "secret" not in shown(make_url("postgresql://me:secret@host/db"))


def test_in_memory() -> None:
    store = open_store("sqlite://")
    store.start_run(make_run())
    assert len(store.runs()) == 1
