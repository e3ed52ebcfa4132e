"""Bytes under their own hash: stored once, read back verified, never silently gone."""

import datetime as dt
import zlib
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from app.db.blobs import BlobStore, NewBlob, Resolution
from app.db.engine import open_database
from app.db.service_tables import Blob, BlobKind
from app.errors import StorageError
from app.manifest import sha256

TEXT = b'{"rules":[]}' * 100


@pytest.fixture
def blobs(database: str) -> Iterator[BlobStore]:
    engine = open_database(database)
    yield BlobStore(engine)
    engine.dispose()


def change(engine: Engine, digest: str, **values: object) -> None:
    with Session(engine) as session:
        session.execute(update(Blob).where(col(Blob.hash) == digest).values(**values))
        session.commit()


def rows(engine: Engine) -> list[Blob]:
    with Session(engine) as session:
        return list(session.execute(select(Blob)).scalars())


def test_what_is_stored_comes_back_and_has_its_hash(blobs: BlobStore) -> None:
    new = NewBlob.of(BlobKind.RECEIPT, TEXT)
    assert blobs.add([new]) == 1
    assert blobs.read(new.hash) == TEXT
    assert sha256(blobs.read(new.hash)) == new.hash == sha256(TEXT)
    (row,) = rows(blobs.engine)
    assert (row.size, row.kind) == (len(TEXT), BlobKind.RECEIPT)
    assert len(row.data) < len(TEXT)


def test_the_same_bytes_are_stored_once(blobs: BlobStore) -> None:
    assert blobs.add([NewBlob.of(BlobKind.REQUEST, b"a"), NewBlob.of(BlobKind.REQUEST, b"a")]) == 1
    assert blobs.add([NewBlob.of(BlobKind.REQUEST, b"a"), NewBlob.of(BlobKind.REQUEST, b"b")]) == 1
    assert len(rows(blobs.engine)) == 2


@pytest.mark.parametrize("first", [BlobKind.REQUEST, BlobKind.CONTENT])
def test_bytes_that_are_two_things_are_kept_as_long_as_either(blobs: BlobStore, first: BlobKind) -> None:
    second = BlobKind.CONTENT if first is BlobKind.REQUEST else BlobKind.REQUEST
    blobs.add([NewBlob.of(first, b"a")])
    blobs.add([NewBlob.of(second, b"a")])
    blobs.add([NewBlob.of(first, b"b"), NewBlob.of(second, b"b")])
    assert {row.kind for row in rows(blobs.engine)} == {BlobKind.CONTENT}


def test_another_use_is_noted(blobs: BlobStore) -> None:
    new = NewBlob.of(BlobKind.ANSWER, b"a")
    blobs.add([new])
    old = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    change(blobs.engine, new.hash, used_at=old)
    blobs.add([new])
    assert rows(blobs.engine)[0].used_at > old


def test_bytes_that_were_pruned_come_back_when_they_are_used_again(blobs: BlobStore) -> None:
    new = NewBlob.of(BlobKind.ANSWER, b"a")
    blobs.add([new])
    change(blobs.engine, new.hash, data=b"", pruned_at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC))
    found = blobs.find(new.hash)
    assert (found.resolution, found.data) == (Resolution.PRUNED, None)
    assert found.words == "pruned on 2026-02-03 by retention"
    with pytest.raises(StorageError, match="pruned on 2026-02-03 by retention"):
        blobs.read(new.hash)
    assert blobs.add([new]) == 1
    assert blobs.read(new.hash) == b"a"


@pytest.mark.parametrize(
    "data",
    [b"", b"no zlib at all", zlib.compress(b"b"), zlib.compress(b"a" * 10_000_000), zlib.compress(b"a")[:-6]],
    ids=["empty", "other", "changed", "bomb", "cut"],
)
def test_tampered_bytes_are_named_and_never_given_out(blobs: BlobStore, data: bytes) -> None:
    new = NewBlob.of(BlobKind.CONTENT, b"a")
    blobs.add([new])
    change(blobs.engine, new.hash, data=data)
    found = blobs.find(new.hash)
    assert (found.resolution, found.data) == (Resolution.DAMAGED, None)
    with pytest.raises(StorageError, match="damaged") as caught:
        blobs.read(new.hash)
    assert not caught.value.retryable


def test_a_hash_that_was_never_stored_is_missing(blobs: BlobStore) -> None:
    found = blobs.find_all(["0" * 64, "1" * 64])
    assert [item.resolution for item in found.values()] == [Resolution.MISSING] * 2
    assert found["0" * 64].words == "never stored"


def test_many_hashes_at_once(blobs: BlobStore) -> None:
    new = [NewBlob.of(BlobKind.CONTENT, str(number).encode()) for number in range(1200)]
    assert blobs.add(new) == 1200
    assert blobs.add(new) == 0
    found = blobs.find_all(item.hash for item in new)
    assert {digest: item.data for digest, item in found.items()} == {item.hash: item.load() for item in new}
