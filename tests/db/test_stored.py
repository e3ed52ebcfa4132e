"""Stored JSON carries a version, and an older one is brought up to date when it is read."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.db import stored
from app.db.drafts import DraftChange, Drafts
from app.db.schema import METADATA
from app.db.store import DraftFilter, Store, open_store
from app.db.stored import STORED_VERSIONS, StoredKind, pack, unpack
from app.errors import StorageError, ValueNotStorable
from tests.db.factories import make_call, make_draft, make_record, make_run


def test_every_json_column_has_a_kind_with_a_version() -> None:
    columns = [column for table in METADATA.tables.values() for column in table.columns]
    kinds = {column.type.kind for column in columns if isinstance(column.type, stored.StoredJson)}
    assert kinds == set(STORED_VERSIONS)


def test_an_older_version_is_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {1: lambda data: {**data, "two": 2}, 2: lambda data: {**data, "three": 3}}
    monkeypatch.setitem(STORED_VERSIONS, "copy", StoredKind(3, steps))
    assert unpack("copy", {"v": 1, "data": {"one": 1}}) == {"one": 1, "two": 2, "three": 3}
    assert pack("copy", {}) == {"v": 3, "data": {}}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"v": 99, "data": {}}, "has version 99"),
        ({"v": 0, "data": {}}, "nothing reads version 0"),
        ({"label": "bare"}, "carries no version"),
        ([], "carries no version"),
    ],
)
def test_what_cannot_be_read_is_a_storage_error(value: object, words: str) -> None:
    with pytest.raises(StorageError, match=words) as caught:
        unpack("copy", value)
    assert not caught.value.retryable


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    yield store
    store.close()


def test_rows_carry_the_version_and_a_damaged_one_says_so(store: Store) -> None:
    engine = store.engine
    run = store.start_run(make_run())
    draft = make_draft()
    store.save_slot(make_record(run), [draft])
    with engine.begin() as connection:
        raw = connection.execute(text("select cast(copy_fields as text), confidence from draft")).one()
        assert raw == ('{"v": 1, "data": {"label": "See our kit"}}', None)
        connection.execute(text("""update draft set receipt = '{"v": 1, "data": {"engine": 1}}'"""))
    with pytest.raises(StorageError, match="a stored receipt cannot be read"):
        store.find_draft(draft.id)


def test_the_order_of_stored_names_is_kept(store: Store) -> None:
    run = store.start_run(make_run())
    fields = {"subject": "See our kit", "preheader": "Made to last.", "a": "x"}
    draft = make_draft(kind="subject", copy_fields=fields)
    store.save_slot(make_record(run), [draft])
    found = store.find_draft(draft.id)
    assert found is not None
    assert list(found.copy_fields) == list(fields)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
ROWS = st.fixed_dictionaries(
    {
        "label": TEXT,
        "author": TEXT,
        "moment": st.datetimes(timezones=st.just(dt.UTC)),
        "cost": st.decimals(0, 9_000_000_000, places=9),
        "seconds": st.floats(0, 1e6),
    }
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_every_value_comes_back_as_it_was(store: Store, given: dict[str, Any]) -> None:
    label, author, moment = given["label"], given["author"], given["moment"]
    run = make_run(started_at=moment)
    draft = make_draft(copy_fields={"label": label, author: label}, author=author, created_at=moment)
    store.start_run(run)
    record = make_record(run, fingerprint=draft.id * 2)
    store.save_slot(record, [draft], calls=[make_call(run, cost_usd=given["cost"], seconds=given["seconds"])])
    found = store.find_draft(draft.id)
    assert found is not None
    assert found.copy_fields == {"label": label, author: label}
    assert (found.author, found.created_at) == (author, moment)
    (usage,) = store.usage(run_id=run.id)
    assert (usage.cost_usd, usage.seconds) == (given["cost"], given["seconds"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"author": "Cal\x00"}, "NUL"),
        ({"author": "Cal \ud83d"}, r"half of a surrogate pair \(U\+D83D\)"),
        ({"copy_fields": {"label": "See\x00"}}, "NUL"),
        ({"author": "C" * 301}, "'author' has 301 characters"),
        ({"message": "m" * 301}, "'message' has 301 characters"),
    ],
)
def test_what_neither_database_can_hold_is_refused_alike(
    store: Store, change: dict[str, Any], words: str
) -> None:
    run = store.start_run(make_run())
    with pytest.raises(ValueNotStorable, match=words) as caught:
        store.save_slot(make_record(run), [make_draft(content_hash="0" * 64, **change)])
    assert (caught.value.status_code, caught.value.retryable) == (422, False)
    assert store.find_slot("f" * 64) is None
    assert store.save_slot(make_record(run), [make_draft(author="C" * 300)])


def test_a_change_of_a_stored_row_is_refused_alike(store: Store) -> None:
    run = store.start_run(make_run())
    draft = make_draft()
    store.save_slot(make_record(run), [draft])
    drafts = Drafts(store.engine)
    for values, words in (({"note": "n" * 501}, "'note' has 501"), ({"note": "\x00"}, "NUL")):
        with pytest.raises(ValueNotStorable, match=words):
            drafts.change([DraftChange(draft.id, 1, values)])
    drafts.change([DraftChange(draft.id, 1, {"note": "n" * 500})])
    assert drafts.find(draft.id, ["fernhill"]).note == "n" * 500


def test_looking_for_what_cannot_exist_finds_nothing(store: Store) -> None:
    assert store.find_slot("f" * 500) is None
    assert store.drafts(DraftFilter(segment="s" * 500)) == []
    with pytest.raises(ValueNotStorable, match="NUL"):
        store.find_draft("\x00")
