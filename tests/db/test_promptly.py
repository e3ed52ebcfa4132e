"""Short work stays on the event loop while the database answers at once, and goes to a thread otherwise."""

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from app.db.promptly import SLOW_IN_A_ROW, SLOW_SECONDS, THREADS_SECONDS, Promptly
from app.db.store import Store, open_store
from tests.db.factories import make_run


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path}/x.db")


def test_work_is_done_where_it_is_asked_for(store: Store) -> None:
    async def where() -> tuple[int, int]:
        return threading.get_ident(), await Promptly(store.engine).run(threading.get_ident)

    mine, found = asyncio.run(where())
    assert found == mine


def test_a_write_that_would_wait_leaves_the_loop_free(store: Store, tmp_path: Path) -> None:
    """Another process holds the file for a while: the write waits in a thread, and others are answered."""
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    longest = 0.0

    async def meanwhile() -> None:
        nonlocal longest
        for _ in range(20):
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - before)
        other.execute("ROLLBACK")

    async def both() -> None:
        await asyncio.gather(store.promptly.run(store.start_run, make_run()), meanwhile())

    asyncio.run(both())
    other.close()
    assert len(store.runs()) == 1
    assert longest < 5  # a loop that waited for the lock itself would have waited 10 s, and for ever


def test_a_write_of_this_process_is_not_waited_for_either(store: Store) -> None:
    begun, free = threading.Event(), threading.Event()

    def long_write() -> None:
        with store._write():
            begun.set()
            free.wait(5)

    async def both() -> None:
        writer = asyncio.create_task(asyncio.to_thread(long_write))
        await asyncio.to_thread(begun.wait, 5)
        mine = asyncio.create_task(store.promptly.run(store.start_run, make_run()))
        await asyncio.sleep(0.05)
        assert not mine.done()
        free.set()
        await asyncio.gather(writer, mine)

    asyncio.run(both())
    assert len(store.runs()) == 1


def test_the_usual_patience_holds_again_after_a_write_at_once(store: Store) -> None:
    asyncio.run(store.promptly.run(store.start_run, make_run()))
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 10_000


def test_a_slow_database_has_threads_for_a_while(store: Store) -> None:
    at = 0.0
    promptly = Promptly(store.engine, lambda: at)

    def slow() -> None:
        nonlocal at
        at += SLOW_SECONDS * 2

    async def works() -> list[bool]:
        nonlocal at
        mine, found = threading.get_ident(), list[bool]()
        for _ in range(SLOW_IN_A_ROW):
            found.append(await promptly.run(threading.get_ident) == mine)
            await promptly.run(slow)
        for _ in range(SLOW_IN_A_ROW):
            await promptly.run(slow)
        found.append(await promptly.run(threading.get_ident) == mine)
        at += THREADS_SECONDS
        found.append(await promptly.run(threading.get_ident) == mine)
        return found

    assert asyncio.run(works()) == [*[True] * SLOW_IN_A_ROW, False, True]


def test_a_server_always_has_threads(database: str) -> None:
    store = open_store(database)

    async def elsewhere() -> bool:
        return await store.promptly.run(threading.get_ident) != threading.get_ident()

    assert asyncio.run(elsewhere()) == (store.engine.dialect.name == "postgresql")
    store.close()


def test_an_error_of_the_work_is_raised_and_nothing_is_tried_again(store: Store) -> None:
    tries = []

    def fails() -> None:
        tries.append(1)
        raise KeyError("x")

    with pytest.raises(KeyError):
        asyncio.run(store.promptly.run(fails))
    assert tries == [1]
