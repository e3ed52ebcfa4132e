"""Stored JSON carries a version, and an older one is brought up to date when it is read."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import stored
from app.db.engine import open_database
from app.db.schema import METADATA
from app.db.store import Store
from app.db.stored import STORED_VERSIONS, StoredKind, pack, unpack
from app.errors import StorageError
from tests.db.factories import make_draft, make_record, make_run


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


def test_rows_carry_the_version_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/copydesk.db")
    store = Store(engine)
    run = store.start_run(make_run())
    draft = make_draft()
    store.save_slot(make_record(run), [draft])
    with engine.begin() as connection:
        raw = connection.execute(text("select copy_fields, confidence from draft")).one()
        assert raw == ('{"v": 1, "data": {"label": "See our kit"}}', None)
        connection.execute(text("""update draft set receipt = '{"v": 1, "data": {"engine": 1}}'"""))
    with pytest.raises(StorageError, match="a stored receipt cannot be read"):
        store.find_draft(draft.id)
