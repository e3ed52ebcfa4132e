"""Postgres: what a server says in plain words, and a server that goes away and comes back."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection

from app.db import inserts
from app.db import store as store_module
from app.db.engine import DatabaseOptions, open_database
from app.db.store import Store, open_store
from app.errors import StorageError, WriteConflict
from tests.db.factories import make_call, make_draft, make_record, make_run
from tests.postgres import PostgresServer

WAITING_SECONDS = 30


@pytest.fixture
def name(postgres: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """A migrated database."""
    name = postgres.create(migrated_postgres)
    yield name
    postgres.drop(name)


@pytest.fixture
def store(postgres: PostgresServer, name: str) -> Iterator[Store]:
    store = open_store(postgres.url(name))
    yield store
    store.close()


@pytest.fixture
def stopped(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which the test may stop: it runs again for the next test."""
    yield postgres
    if not postgres.running:
        postgres.start()


@pytest.fixture
def restarted(stopped: PostgresServer) -> PostgresServer:
    """The server, which the test may start with other settings."""
    return stopped


def test_after_the_server_was_away_the_next_request_works(store: Store, stopped: PostgresServer) -> None:
    run = store.start_run(make_run())
    stopped.stop()
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot be reached") as caught:
            store.save_slot(make_record(run), [make_draft()])
        assert (caught.value.status_code, caught.value.retryable) == (503, True)
    with pytest.raises(StorageError, match="cannot be reached"):
        store.runs()
    stopped.start()
    assert store.save_slot(make_record(run), [make_draft()])
    assert [item.id for item in store.runs()] == [run.id]


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_server_that_ends_in_the_middle_of_a_write_loses_only_that(
    store: Store, stopped: PostgresServer, how: str
) -> None:
    run = store.start_run(make_run())

    def write() -> None:
        with store._write() as session:
            session.add(make_record(run))
            session.flush()
            getattr(stopped, how)()
            session.add(make_call(run))

    with pytest.raises(StorageError, match="ended the connection") as caught:
        write()
    assert caught.value.retryable
    stopped.start()
    assert store.find_slot("f" * 64) is None
    assert store.save_slot(make_record(run), [make_draft()], calls=[make_call(run)])


def test_a_connection_that_an_administrator_ended_is_replaced_unseen(
    store: Store, postgres: PostgresServer, name: str
) -> None:
    store.start_run(make_run())
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    here = "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    assert postgres.execute(f"{end} {here}", name) == [(True,)]
    assert len(store.runs()) == 1


def refused(url: str, **options: Any) -> StorageError:
    """The error of opening a database."""
    with pytest.raises(StorageError) as caught:
        open_database(url, DatabaseOptions(**options))
    assert "Traceback" not in str(caught.value)
    return caught.value


def test_a_server_that_is_not_there() -> None:
    error = refused("postgresql://me:secret@127.0.0.1:1/copydesk")
    assert "postgresql://me@127.0.0.1:1/copydesk cannot be reached" in error.message
    assert "Connection refused" in error.message
    assert "secret" not in str(error)
    assert error.retryable


def test_a_database_that_is_not_there(postgres: PostgresServer) -> None:
    error = refused(postgres.url("nowhere"))
    assert "does not exist on that server" in error.message
    assert "createdb" in error.hint
    assert not error.retryable


def test_an_option_that_does_not_exist(postgres: PostgresServer, name: str) -> None:
    assert "libpq does not know" in refused(f"{postgres.url(name)}&colour=red").hint


@pytest.fixture
def locked_down(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """A server that asks `limited` for a password and lets `stranger` not in."""
    postgres.execute("CREATE ROLE limited LOGIN PASSWORD 'right'")
    rules = postgres.data / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all postgres trust\nlocal all limited scram-sha-256\n")
    _reload(postgres)
    yield postgres
    rules.write_text(before)
    _reload(postgres)
    postgres.execute("DROP ROLE limited")


def _reload(server: PostgresServer) -> None:
    """Read pg_hba.conf again; new connections get the new rules once the postmaster has done so."""
    (before,) = server.execute("SELECT pg_conf_load_time()")
    server.execute("SELECT pg_reload_conf()")
    while server.execute("SELECT pg_conf_load_time()") == [before]:
        time.sleep(0.01)


def test_a_wrong_password(locked_down: PostgresServer, name: str) -> None:
    error = refused(locked_down.url(name, "limited", "wrong"))
    assert "does not accept the user name or the password" in error.message
    assert "wrong" not in str(error)
    assert "does not accept" in refused(locked_down.url(name, "limited")).message
    assert not error.retryable


def test_a_user_without_a_rule(locked_down: PostgresServer, name: str) -> None:
    assert "pg_hba.conf" in refused(locked_down.url(name, "stranger")).hint


def test_a_user_who_may_not_write(locked_down: PostgresServer) -> None:
    empty = locked_down.create()
    error = refused(locked_down.url(empty, "limited", "right"))
    locked_down.drop(empty)
    assert "does not allow its user to do that" in error.message
    assert "CREATE" in error.hint
    assert not error.retryable


def test_a_read_only_database(postgres: PostgresServer, name: str) -> None:
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = open_store(postgres.url(name))
    assert store.runs() == []
    with pytest.raises(StorageError, match="it is read-only") as caught:
        store.start_run(make_run())
    assert not caught.value.retryable
    store.close()


def test_a_server_that_takes_no_more_connections(restarted: PostgresServer, name: str) -> None:
    restarted.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 1")
    restarted.execute("CREATE ROLE plain LOGIN")
    restarted.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO plain", name)
    first = open_store(restarted.url(name, "plain"))
    first.runs()
    error = refused(restarted.url(name, "plain"))
    first.close()
    restarted.execute("DROP OWNED BY plain", name)
    restarted.execute("DROP ROLE plain")
    assert "takes no more connections" in error.message
    assert "COPYDESK_DATABASE_POOL_SIZE" in error.hint
    assert error.retryable


def test_a_pool_with_no_connection_free(postgres: PostgresServer, name: str) -> None:
    store = open_store(postgres.url(name), DatabaseOptions(pool_size=1, pool_overflow=0, pool_seconds=0.1))
    with store._read() as session:
        session.connection()
        with pytest.raises(StorageError, match="no connection free") as caught:
            store.runs()
    assert caught.value.retryable
    assert store.runs() == []
    store.close()


def test_a_statement_that_takes_too_long(postgres: PostgresServer, name: str) -> None:
    store = open_store(postgres.url(name), DatabaseOptions(statement_seconds=0.05))
    with (
        pytest.raises(StorageError, match="took too long") as caught,
        store._read() as session,
    ):
        session.connection().exec_driver_sql("SELECT pg_sleep(10)")
    assert "COPYDESK_DATABASE_STATEMENT_SECONDS" in caught.value.hint
    assert caught.value.retryable
    assert store.runs() == []
    store.close()


def test_two_that_wait_for_each_other(store: Store) -> None:
    """One of them is ended by the server, and may try again."""
    store.engine.dispose()
    errors: list[StorageError] = []
    ready = threading.Barrier(2)

    def lock(first: int, second: int) -> None:
        try:
            with store._write(f"writer {first}") as session:
                session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({first})")
                ready.wait(WAITING_SECONDS)
                session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({second})")
        except StorageError as error:
            errors.append(error)

    threads = [threading.Thread(target=lock, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITING_SECONDS)
    (error,) = errors
    assert isinstance(error, WriteConflict)
    assert "changed by somebody else at the same moment" in error.message
    assert error.retryable


def test_a_slot_whose_write_met_another_is_stored_whole_after_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two slots that touch the same rows crosswise: the server ends one, which is tried again."""
    run = store.start_run(make_run())
    ready = threading.Barrier(2)
    tries: list[str] = []
    order = {"a" * 64: (1, 2), "b" * 64: (2, 1)}

    def crosswise(connection: Connection, rows: Sequence[Any]) -> None:
        insert(connection, rows)
        fingerprint = rows[0].slot_fingerprint
        tries.append(fingerprint)
        first, second = order[fingerprint]
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({first})")
        if len(tries) <= 2:
            ready.wait(WAITING_SECONDS)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({second})")

    insert = inserts.insert_rows
    monkeypatch.setattr(store_module, "insert_rows", crosswise)
    saved: list[bool] = []

    def save(fingerprint: str) -> None:
        draft, call = make_draft(), make_call(run, slot_fingerprint=fingerprint)
        saved.append(store.save_slot(make_record(run, fingerprint), [draft], calls=[call]))

    threads = [threading.Thread(target=save, args=(fingerprint,)) for fingerprint in order]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITING_SECONDS)
    assert saved == [True, True]
    assert len(tries) == 3
    for fingerprint in order:
        found = store.find_slot(fingerprint)
        assert found is not None
        assert len(found.drafts) == 1
    assert store.usage()[0].calls == 2


def test_days_are_those_of_utc_whatever_the_session_says(postgres: PostgresServer, name: str) -> None:
    import datetime as dt

    postgres.execute(f"ALTER DATABASE {name} SET timezone = 'Pacific/Auckland'")
    store = open_store(postgres.url(name))
    run = store.start_run(make_run())
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    store.save_calls([make_call(run, created_at=late)])
    with store.engine.connect() as connection:
        connection.exec_driver_sql("SET timezone = 'Pacific/Auckland'")
        connection.commit()
    assert [usage.day for usage in store.usage()] == [late.date()]
    assert store.runs()[0].started_at == run.started_at
    store.close()


@pytest.mark.parametrize("only", [None, "one thing"])
def test_a_write_sees_what_others_left_whatever_the_default_of_the_server(
    postgres: PostgresServer, name: str, only: str | None
) -> None:
    postgres.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    store = open_store(postgres.url(name))
    first, begun = threading.Event(), threading.Event()

    def slow() -> None:
        with store._write(only) as session:
            session.add(make_run(brief_id="slow"))
            session.flush()
            begun.set()
            first.wait(WAITING_SECONDS)

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(WAITING_SECONDS)
    threading.Timer(0.3, first.set).start()
    with store._write(only) as session:
        seen = session.connection().exec_driver_sql("SELECT count(*) FROM run").scalar()
        level = session.connection().exec_driver_sql("SHOW transaction_isolation").scalar()
    thread.join()
    store.close()
    assert (level, seen) == ("read committed", 1)
