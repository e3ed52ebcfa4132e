"""Statements that are compiled once refuse and convert what the others do."""

import datetime as dt
from collections.abc import Iterator

import pytest

from app.db.blobs import BlobStore, NewBlob, Resolution
from app.db.service_tables import BlobKind
from app.db.store import Store, open_store
from app.errors import StorageError, ValueNotStorable
from tests.db.factories import make_run


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    yield store
    store.close()


def test_what_is_too_long_for_its_column_is_refused(store: Store) -> None:
    with pytest.raises(ValueNotStorable, match="'brand' has 61 characters"):
        store.start_run(make_run(brand="b" * 61))
    assert store.runs() == []


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StorageError, match="a stored moment needs a time zone"):
        store.start_run(make_run(started_at=dt.datetime(2026, 11, 20)))  # noqa: DTZ001


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    run = make_run(model="mödel 🎒", requested_by="o'hara@larkfell.example")
    store.start_run(run)
    (found,) = store.runs()
    assert found.model_dump() == run.model_dump()


@pytest.mark.parametrize("count", [1, 3, 64, 65, 200])
def test_bytes_are_found_again_however_many_come_at_once(store: Store, count: int) -> None:
    blobs = [NewBlob.of(BlobKind.RECEIPT, f"{number}".encode()) for number in range(count)]
    kept = BlobStore(store.engine)
    assert kept.add(blobs) == count
    assert kept.add(blobs) == 0
    assert set(kept.states([blob.hash for blob in blobs]).values()) == {Resolution.KEPT}
