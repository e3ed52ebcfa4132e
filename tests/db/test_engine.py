"""Opening either database: one writer at a time, reads of one moment, nothing half stored."""

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import DatabaseOptions, existing_database, open_database
from app.db.failures import shown
from app.db.revisions import head, migrate
from app.db.store import Store, open_store
from app.db.tables import DraftState
from app.errors import StorageError
from tests.db.disk import fill_disk
from tests.db.factories import make_call, make_draft, make_record, make_run

ROOT = Path(__file__).parents[2]
WAITING_SECONDS = 30


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


def test_opening_migrates_and_opening_again_changes_nothing(empty_database: str) -> None:
    store = open_store(empty_database)
    store.start_run(make_run())
    migrate(store.engine)
    store.close()
    again = open_store(empty_database)
    assert len(again.runs()) == 1
    again.close()


_START = """
import sys
from app.db.store import open_store
from tests.db.factories import make_run
print(open_store(sys.argv[1]).start_run(make_run()).id)
"""


def test_processes_that_migrate_at_once_wait_for_one_another(empty_database: str) -> None:
    command = [sys.executable, "-c", _START, empty_database]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    ids = {process.communicate(timeout=120)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0]
    store = open_store(empty_database)
    assert {run.id for run in store.runs()} == ids
    store.close()


def test_a_failed_migration_leaves_nothing(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise SQLAlchemyError("stopped half way")

    with monkeypatch.context() as patch:
        for kind in ("impl.DefaultImpl", "postgresql.PostgresqlImpl"):
            patch.setattr(f"alembic.ddl.{kind}.create_index", stop)
        with pytest.raises(StorageError, match="stopped half way"):
            open_database(empty_database)
    with existing_database(empty_database) as engine, engine.connect() as connection:
        assert engine.dialect.get_table_names(connection) == []
    store = open_store(empty_database)
    assert store.runs() == []
    store.close()


def test_a_newer_schema_is_a_clear_error(engine: Engine, database: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    words = rf"newer Copydesk \(schema 9999, this one knows {head()}\)"
    for options in (DatabaseOptions(), DatabaseOptions(migrate=False)):
        with pytest.raises(StorageError, match=words) as caught:
            open_database(database, options)
        assert not caught.value.retryable
        assert "update Copydesk" in caught.value.hint


def test_without_migrating_on_start_an_old_schema_is_refused(empty_database: str) -> None:
    options = DatabaseOptions(migrate=False)
    with pytest.raises(
        StorageError, match=f"no schema yet, and this Copydesk needs schema {head()}"
    ) as caught:
        open_database(empty_database, options)
    assert "copydesk db upgrade" in caught.value.hint
    assert not caught.value.retryable
    open_database(empty_database).dispose()
    open_database(empty_database, options).dispose()


def test_a_full_disk_keeps_what_was_stored(engine: Engine) -> None:
    store = Store(engine)
    run = store.start_run(make_run())
    store.save_slot(make_record(run), [make_draft()])
    fill_disk(engine, lambda: True)
    big = [make_draft(kind="hero", copy_fields={"body": "long " * 20_000}) for _ in range(4)]
    with pytest.raises(StorageError, match="disk is full") as caught:
        store.save_slot(make_record(run, "e" * 64), big, calls=[make_call(run)])
    assert "not asked again" in caught.value.hint
    assert caught.value.retryable
    assert store.find_slot("e" * 64) is None
    assert store.find_slot("f" * 64) is not None


def test_of_writers_at_once_one_saves_a_slot_and_every_call_is_kept(database: str) -> None:
    stores = [open_store(database) for _ in range(4)]
    run = stores[0].start_run(make_run())
    ready = threading.Barrier(len(stores))
    saved: list[bool] = []

    def save(store: Store) -> None:
        ready.wait(WAITING_SECONDS)
        saved.append(store.save_slot(make_record(run), [make_draft()], calls=[make_call(run)]))

    threads = [threading.Thread(target=save, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITING_SECONDS)
    assert sorted(saved) == [False, False, False, True]
    assert stores[0].usage()[0].calls == len(stores)
    for store in stores:
        store.close()


def test_a_write_that_names_nothing_excludes_every_other(database: str) -> None:
    """Otherwise two that look and then write would both find nothing."""
    one, other = open_store(database), open_store(database, DatabaseOptions(lock_seconds=0.2))
    run = one.start_run(make_run())
    with one._write() as session:
        session.connection()
        with pytest.raises(StorageError, match="locked by another process") as caught:
            other.save_slot(make_record(run), [make_draft()])
        with pytest.raises(StorageError, match="locked by another process"), other._write() as second:
            second.connection()
        assert other.runs()[0].id == run.id, "reading goes on"
    assert caught.value.retryable
    assert other.save_slot(make_record(run), [make_draft()])
    one.close()
    other.close()


def test_a_write_waits_for_its_turn_and_not_for_ever(database: str) -> None:
    """Within one process, too; who waited in vain is told, and the next write goes through."""
    store = open_store(database, DatabaseOptions(lock_seconds=0.2))
    run = store.start_run(make_run())
    with store._write() as session:
        session.connection()
        with pytest.raises(StorageError, match="locked by another process") as caught:
            store.save_slot(make_record(run), [make_draft()])
    assert caught.value.retryable
    with pytest.raises(StorageError, match="time zone"):
        store.start_run(make_run(started_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001
    assert store.save_slot(make_record(run), [make_draft()])
    store.close()


def test_a_read_sees_one_moment(database: str) -> None:
    one, other = open_store(database), open_store(database)
    run = one.start_run(make_run())
    one.save_slot(make_record(run), [make_draft()])
    with one._read() as session:
        query = text("select count(*) from draft where state = 'withdrawn'")
        before = session.execute(query).scalar()
        other.save_slot(make_record(run), [make_draft()], replace=True)
        assert session.execute(query).scalar() == before == 0
    found = one.find_slot("f" * 64)
    assert found is not None
    assert [draft.state for draft in found.drafts] == [DraftState.DRAFT]
    one.close()
    other.close()


def test_nothing_is_made_where_a_database_is_only_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with (
        pytest.raises(StorageError, match="does not exist") as caught,
        existing_database(f"sqlite:///{path}"),
    ):
        pass
    assert "copydesk db upgrade" in caught.value.hint
    assert not path.exists()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "nosuchdb://x/y", "postgresql://host:many/db", "postgresql+nodriver://host/db"]
)
def test_a_url_that_cannot_be_read(url: str) -> None:
    with pytest.raises(StorageError, match="URL cannot be read"):
        open_database(url)


def test_a_password_is_not_shown() -> None:
    url = make_url("postgresql+psycopg://me:secret@host:5432/db?sslpassword=secret")
    assert shown(url) == "postgresql://me@host:5432/db"
