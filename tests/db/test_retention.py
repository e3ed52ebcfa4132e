"""Retention: what is over goes, what is in use or published stays, and no hash goes silently."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from app.db.audit_log import AuditLog
from app.db.blobs import BlobStore, NewBlob, Resolution
from app.db.content import ContentStore
from app.db.engine import open_database
from app.db.judgements import KeptJudgements
from app.db.retention import Pruned, Retention
from app.db.service_tables import Blob, BlobKind, KeptJudgement
from app.verdicts.judgements import Judged, Judgement

NOW = dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def blobs(database: str) -> Iterator[BlobStore]:
    engine = open_database(database)
    yield BlobStore(engine)
    engine.dispose()


def add(blobs: BlobStore, kind: BlobKind, data: bytes, days: float) -> str:
    """Store bytes that were used last so many days before NOW."""
    new = NewBlob.of(kind, data)
    blobs.add([new])
    with Session(blobs.engine) as session:
        used = update(Blob).where(col(Blob.hash) == new.hash).values(used_at=NOW - dt.timedelta(days=days))
        session.execute(used)
        session.commit()
    return new.hash


def prune(blobs: BlobStore, calls: int = 0, receipts: int = 0, *, dry_run: bool = False) -> dict[str, Pruned]:
    return Retention(blobs.engine).prune(calls_days=calls, receipts_days=receipts, now=NOW, dry_run=dry_run)


@pytest.mark.parametrize("kind", [BlobKind.REQUEST, BlobKind.ANSWER])
def test_calls_go_after_their_days_and_leave_the_day(blobs: BlobStore, kind: BlobKind) -> None:
    old, young = add(blobs, kind, b"old" * 10, 31), add(blobs, kind, b"young", 29)
    none = {name: Pruned() for name in ("judgements", "deliveries", "receipts", "content")}
    assert prune(blobs, calls=30) == {"calls": Pruned(1, 30), **none}
    assert blobs.find(young).data == b"young"
    found = blobs.find(old)
    assert (found.resolution, found.words) == (Resolution.PRUNED, "pruned on 2027-06-01 by retention")
    with Session(blobs.engine) as session:
        assert session.execute(select(col(Blob.data)).where(col(Blob.hash) == old)).scalar_one() == b""


def test_what_was_pruned_is_not_counted_again(blobs: BlobStore) -> None:
    add(blobs, BlobKind.ANSWER, b"old", 31)
    assert prune(blobs, calls=30)["calls"].blobs == 1
    assert prune(blobs, calls=30)["calls"].blobs == 0


def test_what_is_taken_away_is_recorded_with_how_much(blobs: BlobStore) -> None:
    for number in range(3):
        add(blobs, BlobKind.ANSWER, f"old {number}".encode(), 31)
    add(blobs, BlobKind.RECEIPT, b"rules", 400)
    prune(blobs, calls=30, dry_run=True)
    assert AuditLog(blobs.engine).records() == []
    prune(blobs, calls=30, receipts=365)
    prune(blobs, calls=30, receipts=365)
    receipts, calls = AuditLog(blobs.engine).records()
    assert {(record.brand, record.actor, record.action) for record in (calls, receipts)} == {
        ("*", "machine", "retention.prune")
    }
    assert (calls.subject, calls.data) == ("retention calls", {"count": 3, "days": 30})
    assert (receipts.subject, receipts.data) == ("retention receipts", {"count": 1, "days": 365})


def test_0_days_keep_for_ever(blobs: BlobStore) -> None:
    digests = [add(blobs, kind, kind.value.encode(), 30_000) for kind in BlobKind]
    assert sum(item.blobs for item in prune(blobs).values()) == 0
    assert all(item.data for item in blobs.find_all(digests).values())


def test_answers_of_the_judge_go_with_the_calls_and_are_asked_for_anew(blobs: BlobStore) -> None:
    kept = KeptJudgements(blobs.engine)
    for key, days in (("1" * 64, 31), ("2" * 64, 29)):
        kept.keep(key, "judge", Judgement(verdict=Judged.CLEAN), "a raw answer")
        with Session(blobs.engine) as session:
            aged = update(KeptJudgement).where(col(KeptJudgement.key) == key)
            session.execute(aged.values(created_at=NOW - dt.timedelta(days=days)))
            session.commit()
    for dry_run in (True, False):
        assert prune(blobs, calls=30, dry_run=dry_run)["judgements"] == Pruned(1, 12)
    assert list(kept.find(["1" * 64, "2" * 64])) == ["2" * 64]


def test_what_receipts_name_has_days_of_its_own(blobs: BlobStore) -> None:
    rules = add(blobs, BlobKind.RECEIPT, b"rules", 100)
    loose = add(blobs, BlobKind.CONTENT, b"a file of a folder", 100)
    assert prune(blobs, calls=30)["receipts"] == Pruned()
    found = prune(blobs, receipts=99)
    assert (found["receipts"].blobs, found["content"].blobs) == (1, 1)
    assert {item.resolution for item in blobs.find_all([rules, loose]).values()} == {Resolution.PRUNED}


def test_a_published_version_is_never_pruned(blobs: BlobStore) -> None:
    content = ContentStore(blobs.engine)
    files = {"brand/a/brand.yaml": b"id: a\n", "prompts/turn.jinja": b"{{ x }}"}
    version = content.publish(files, author="Ada", note="", expected=None).version
    other = content.publish(
        {**files, "brand/a/brand.yaml": b"id: b\n"}, author="Ada", note="", expected=version.hash
    ).version
    with Session(blobs.engine) as session:
        session.execute(update(Blob).values(used_at=NOW - dt.timedelta(days=5000)))
        session.commit()
    add(blobs, BlobKind.CONTENT, b"never published", 5000)
    assert prune(blobs, receipts=1)["content"] == Pruned(1, len(b"never published"))
    for item in (version, other):
        assert dict(content.files(item)).keys() == files.keys()
        assert blobs.find(item.hash).resolution is Resolution.KEPT


def test_more_than_a_batch(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.retention.BATCH", 7)
    for number in range(20):
        add(blobs, BlobKind.ANSWER, str(number).encode(), 31)
    add(blobs, BlobKind.ANSWER, b"young", 1)
    assert prune(blobs, calls=30)["calls"].blobs == 20


def test_a_dry_run_takes_nothing_away(blobs: BlobStore) -> None:
    old = add(blobs, BlobKind.ANSWER, b"old", 31)
    assert prune(blobs, calls=30, dry_run=True)["calls"] == Pruned(1, 3)
    assert blobs.find(old).data == b"old"
