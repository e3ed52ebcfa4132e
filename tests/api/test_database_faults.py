"""A database that is locked, full, damaged or gone: a clear 503, nothing half stored, work goes on after."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.api.house import House
from tests.api.probe import runs, with_probe

Build = Callable[..., House]


@pytest.fixture
def house(build: Build, tmp_path: Path) -> House:
    house = build(database_lock_seconds=0.2)
    with_probe(house.client.app, tmp_path / "runs")  # type: ignore[arg-type]
    house.ola.get("/v1/usage")
    return house


def file_of(house: House) -> Path:
    return Path(str(house.store.engine.url.database))


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another process has the database for itself."""
    other = sqlite3.connect(file_of(house), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def full(house: House) -> Iterator[None]:
    """The disk has no room for another page."""
    engine = house.store.engine

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


@contextmanager
def damaged(house: House) -> Iterator[None]:
    """Somebody has put something else in the place of the file."""
    file = file_of(house)
    house.store.engine.dispose()
    for path in (file, *file.parent.glob(f"{file.name}-*")):
        path.rename(path.with_name(f"away-{path.name}"))
    file.write_bytes(b"no database at all " * 100)
    try:
        yield
    finally:
        house.store.engine.dispose()
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        for path in file.parent.glob(f"away-{file.name}*"):
            path.rename(path.with_name(path.name.removeprefix("away-")))


def send(house: House, key: str, name: str) -> Any:
    return house.cal.post("/v1/probes", json={"name": name}, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("fault", [locked, full, damaged])
def test_a_write_that_cannot_be_stored_is_503_and_works_afterwards(
    house: House, tmp_path: Path, fault: Callable[[House], Any]
) -> None:
    """Nothing ran, and the same key may be used again."""
    assert house.cal.get("/v1/brands").status_code == 200  # the key is remembered for a few seconds
    name = fault.__name__
    with fault(house):
        # A full disk still has room in pages that are there already.
        tries = (send(house, f"{name}-{number}", name) for number in range(100))
        answer = next(answer for answer in tries if answer.status_code != 201)
        before = runs(tmp_path / "runs", name)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage")
        assert answer.json()["retryable"] is (fault is not damaged)
        assert str(file_of(house)) not in answer.text
        if fault is not damaged:
            assert house.ola.get("/v1/usage").status_code == 200, "reading goes on"
    assert send(house, f"{name}-{before}", name).status_code == 201
    assert runs(tmp_path / "runs", name) == before + 1


def test_readiness_says_that_the_database_is_gone_and_back(house: House) -> None:
    assert house.nobody.get("/readyz").json()["database"] == "ok"
    with damaged(house):
        answer = house.nobody.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert answer.json()["database"] == "cannot be reached"
        assert house.nobody.get("/healthz").status_code == 200
        assert house.cal.get("/readyz").status_code == 503
    assert house.nobody.get("/readyz").status_code == 200


def test_an_answer_that_cannot_be_kept_is_given_nevertheless(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is done and its caller gets the answer; a repeat would run again once the lease is over."""
    kept = house.service.kept
    finish = kept.finish

    def refused(*given: Any) -> bool:
        with full(house):
            return finish(*given)

    monkeypatch.setattr(kept, "finish", refused)
    assert send(house, "unkept", "x" * 5000).status_code == 201
