"""Statements that are compiled once refuse and convert what the others do."""

import datetime as dt
from collections.abc import Iterator

import pytest

from app.brief.models import Brief
from app.db.blobs import BlobStore, NewBlob, Resolution
from app.db.briefs import Briefs
from app.db.runs import NewRun
from app.db.service_tables import BlobKind
from app.db.store import Store, open_store
from app.errors import Conflict, StorageError, ValueNotStorable
from scripts.bench_api import brief
from tests.db.factories import make_record, make_run


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


def test_a_new_run_knows_which_of_its_slots_have_an_answer(store: Store) -> None:
    first = store.start_run(make_run())
    store.save_slot(make_record(first, "a" * 64))
    again = NewRun(make_run(), (), ("a" * 64, "b" * 64))
    assert again.answered is None
    store.open_run(again)
    assert again.answered == {"a" * 64}


def test_a_run_is_stored_with_its_new_brief_or_not_at_all(store: Store) -> None:
    briefs = Briefs(store.engine)
    written = Brief.model_validate(brief(1))
    stored, refused = (NewRun(make_run(), (), ()) for _ in range(2))
    briefs.create(written, author="cal@larkfell.example", run=stored)
    with pytest.raises(Conflict, match="at revision 1"):
        briefs.create(written, author="cal@larkfell.example", run=refused)
    assert [run.id for run in store.runs()] == [stored.run.id]
    assert refused.answered is None
