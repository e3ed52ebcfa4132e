"""The audit chain: appended with what it records, by many writers at once, and every change of it shows."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from app.db.audit import CLOCK, MACHINE, AuditNote, actor_of, append, note
from app.db.audit_chain import GENESIS, ChainCheck, Head
from app.db.audit_log import AuditFilter, AuditLog, check_archive, check_database, check_file, stored_records
from app.db.backup import back_up, restore
from app.db.blobs import NewBlob, keep
from app.db.engine import DEFAULT_OPTIONS, DatabaseOptions, existing_database, open_database
from app.db.locking import writing
from app.db.people import People
from app.db.service_tables import BlobKind
from app.db.transactions import Transactions
from app.errors import ValueNotStorable

WRITERS, EACH = 6, 15


class Writer(Transactions):
    """What other modules do: change something, note it, and go on."""

    def write(self, name: str | None, *actions: str, fail: bool = False, blobs: int = 0) -> None:
        """One transaction with a note for each action, and bytes stored before and after them."""
        with self._write(name) as session:
            keep(session, [_blob(number) for number in range(0, blobs, 2)])
            for action in actions:
                note(session, an(action))
            keep(session, [_blob(number) for number in range(1, blobs, 2)])
            if fail:
                raise RuntimeError("the power went away")

    def actor(self, email: str) -> str:
        """How records name somebody."""
        with self._read() as session:
            return actor_of(session, email)


def _blob(number: int) -> NewBlob:
    return NewBlob.of(BlobKind.RECEIPT, f"bytes {number}".encode())


def an(action: str, **overrides: str) -> AuditNote:
    given = {"brand": "fernhill", "actor": MACHINE, "action": action, "subject": "draft 1", **overrides}
    return AuditNote(**given, data={"state": "approved", "rounds": 2, "roles": ["legal"]})


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database, DatabaseOptions(pool_size=WRITERS))
    yield engine
    engine.dispose()


def check(engine: Engine, **marks: frozenset[str]) -> ChainCheck:
    with engine.connect() as connection:
        return ChainCheck(marks={int(n[1:]): mark for n, mark in marks.items()}).follow(
            stored_records(connection)
        )


def change(engine: Engine, *statements: str) -> None:
    with writing(engine).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_records_stand_in_the_order_of_the_notes_and_each_names_the_one_before(engine: Engine) -> None:
    writer = Writer(engine)
    writer.write(None, "draft.submit", "draft.approve")
    writer.write("slot 1", "draft.withdraw")
    newest, *_, first = records = AuditLog(engine).records()
    assert [record.action for record in reversed(records)] == [
        "draft.submit",
        "draft.approve",
        "draft.withdraw",
    ]
    assert (first.seq, first.previous) == (1, GENESIS)
    assert newest.previous == records[1].hash
    assert newest.data == {"state": "approved", "rounds": 2, "roles": ["legal"]}
    assert check(engine).head == Head(3, newest.hash) == AuditLog(engine).head()


def test_a_transaction_that_fails_leaves_no_record(engine: Engine) -> None:
    with pytest.raises(RuntimeError):
        Writer(engine).write(None, "draft.approve", fail=True)
    assert AuditLog(engine).head() == Head()
    assert check(engine).fault == ""


def test_a_session_that_was_rolled_back_forgets_its_notes(engine: Engine) -> None:
    with Session(writing(engine)) as session:
        note(session, an("draft.approve"))
        session.rollback()
        note(session, an("draft.reject"))
        session.commit()
    assert [record.action for record in AuditLog(engine).records()] == ["draft.reject"]


def test_a_savepoint_takes_no_note_and_undoing_it_forgets_none(engine: Engine) -> None:
    with Session(writing(engine)) as session, session.begin():
        note(session, an("draft.reject"))
        with session.begin_nested() as savepoint:
            with pytest.raises(RuntimeError, match="savepoint"):
                note(session, an("draft.approve"))
            savepoint.rollback()
        with session.begin_nested():
            pass
    assert [record.action for record in AuditLog(engine).records()] == ["draft.reject"]


def test_many_writers_at_once_make_one_chain(engine: Engine) -> None:
    """With names or alone, with other locks taken before and after the note."""
    writer, start = Writer(engine), threading.Barrier(WRITERS)

    def work(number: int) -> None:
        start.wait()
        for turn in range(EACH):
            name = None if turn % 5 == 0 else f"writer {number}"
            writer.write(name, f"draft.edit{number}", "draft.approve", blobs=6)

    with ThreadPoolExecutor(WRITERS) as threads:
        for done in [threads.submit(work, number) for number in range(WRITERS)]:
            done.result(timeout=60)
    found = check(engine)
    assert (found.fault, found.head.count) == ("", 2 * WRITERS * EACH)


def test_a_connection_without_a_session_appends_too(engine: Engine) -> None:
    with writing(engine, "slot 1").begin() as connection:
        append(connection, [an("draft.withdraw", actor=CLOCK)])
        append(connection, [])
        append(connection, [an("draft.expire", actor=CLOCK)])
    assert (check(engine).fault, check(engine).head.count) == ("", 2)


@pytest.mark.parametrize(
    ("overrides", "data"),
    [
        ({"actor": "ada@fernhill.example"}, {}),
        ({"subject": "person ada@fernhill.example"}, {}),
        ({}, {"by": ["ada@fernhill.example"]}),
        ({}, {"ada@fernhill.example": 1}),
        ({"actor": ""}, {}),
        ({"action": "x" * 101}, {}),
    ],
)
def test_a_note_takes_no_address_and_fits(overrides: dict[str, str], data: dict[str, object]) -> None:
    given = {"brand": "fernhill", "actor": MACHINE, "action": "draft.edit", "subject": "draft 1"} | overrides
    with pytest.raises(ValueError, match="audit note"):
        AuditNote(**given, data=data)  # type: ignore[arg-type]


def test_a_note_that_cannot_be_stored_is_refused_where_it_is_made(engine: Engine) -> None:
    entry = AuditNote("fernhill", MACHINE, "draft.edit", "draft 1", {"reason": "half\ud800"})
    with pytest.raises(ValueNotStorable), Session(writing(engine)) as session:
        note(session, entry)


def test_actors_are_named_by_id(engine: Engine) -> None:
    person = People(engine).add("ada@fernhill.example", "Ada")
    writer = Writer(engine)
    assert writer.actor("ada@fernhill.example") == person.id
    assert writer.actor("") == writer.actor("nobody@fernhill.example") == MACHINE
    assert AuditLog(engine).names([person.id, MACHINE]) == {person.id: "ada@fernhill.example"}


def test_lists_go_by_brand_subject_time_and_page(engine: Engine) -> None:
    with Session(writing(engine)) as session, session.begin():
        for number in range(4):
            note(session, an(f"draft.edit{number}", subject=f"draft {number % 2}"))
        note(session, an("person.add", brand="*"))
    log = AuditLog(engine)

    def seqs(**wanted: object) -> list[int]:
        return [record.seq for record in log.records(AuditFilter(**wanted))]  # type: ignore[arg-type]

    assert seqs() == [5, 4, 3, 2, 1]
    assert seqs(brands=["fernhill"], limit=2) == [4, 3]
    assert seqs(brands=["fernhill"], before=3) == [2, 1]
    assert seqs(subject="draft 1") == [5, 4, 2]
    now = dt.datetime.now(dt.UTC)
    assert seqs(since=now - dt.timedelta(minutes=1)) == [5, 4, 3, 2, 1]
    assert seqs(since=now + dt.timedelta(minutes=1)) == []


FAULTS = [
    (
        "UPDATE audit_record SET actor = 'ada' WHERE seq = 2",
        "record 2 (draft.approve of draft 1) is not what",
    ),
    ('UPDATE audit_record SET data = \'{"v": 1, "data": {}}\' WHERE seq = 1', "record 1 (draft.submit of"),
    ("UPDATE audit_record SET hash = '0' WHERE seq = 3", "record 3 (draft.edit of draft 1) is not what"),
    ("UPDATE audit_record SET previous = '0' WHERE seq = 3", "record 3 does not follow record 2"),
    ("UPDATE audit_record SET previous = '0' WHERE seq = 1", "record 1 does not follow the beginning"),
    ("DELETE FROM audit_record WHERE seq = 2", "record 2 is missing: record 3 follows 1"),
    ("DELETE FROM audit_record WHERE seq = 1", "record 1 is missing: record 2 follows nothing"),
    ("UPDATE audit_record SET seq = 9 WHERE seq = 3", "record 3 is missing: record 9 follows 2"),
]


@pytest.mark.parametrize(("statement", "words"), FAULTS)
def test_the_first_bad_record_is_named(engine: Engine, statement: str, words: str) -> None:
    Writer(engine).write(None, "draft.submit", "draft.approve", "draft.edit")
    assert check(engine).fault == ""
    change(engine, statement)
    assert check(engine).fault.startswith(words)


def test_values_that_cannot_be_read_are_a_fault_of_their_record(database: str) -> None:
    engine = open_database(database)
    Writer(engine).write(None, "draft.submit", "draft.approve", "draft.edit")
    if engine.dialect.name == "sqlite":
        change(engine, "UPDATE audit_record SET at = 'yesterday' WHERE seq = 2")
        assert check(engine).fault.startswith("record 2 cannot be read")
        change(engine, "UPDATE audit_record SET at = '2026-11-27 10:00:00', data = '{' WHERE seq = 2")
        assert check(engine).fault.startswith("record 2 cannot be read")
    change(engine, "UPDATE audit_record SET data = '{\"a\": 1}' WHERE seq = 3")
    assert check(engine).fault.startswith("record ")
    engine.dispose()


def test_a_cut_end_and_a_rewritten_chain_show_against_marks(engine: Engine) -> None:
    writer = Writer(engine)
    writer.write(None, "draft.submit", "draft.approve", "draft.edit")
    end = AuditLog(engine).head().hash
    mark = {"n3": frozenset({end})}
    assert check(engine, **mark).confirmed == 3
    change(engine, "DELETE FROM audit_record WHERE seq = 3")
    assert check(engine).fault == "", "the chain alone does not show it"
    assert "record 3 is missing: the chain ends with record 2" in check(engine, **mark).fault
    writer.write(None, "draft.reject")
    assert check(engine).fault == ""
    assert "record 3 is not the one that a checkpoint signed" in check(engine, **mark).fault
    writer.write(None, "draft.reject")
    assert "record 3 is not the one" in check(engine, **mark).fault
    change(engine, "DELETE FROM audit_record")
    assert "the chain ends with record 0" in check(engine, **mark).fault


def test_a_backup_and_what_was_restored_from_it_hold_the_same_chain(
    engine: Engine, database: str, tmp_path: Path
) -> None:
    Writer(engine).write(None, *(f"draft.edit{number}" for number in range(450)))
    archive = tmp_path / "backup.zip"
    back_up(engine, archive, portable=True, made_by="test")
    head = AuditLog(engine).head()
    assert check_database(database, DEFAULT_OPTIONS, ChainCheck()).head == head
    for path in (archive, *((tmp_path / "copydesk.db",) if engine.dialect.name == "sqlite" else ())):
        found = check_file(path, DEFAULT_OPTIONS, ChainCheck())
        assert (found.fault, found.head) == ("", head)
    url = f"sqlite:///{tmp_path}/restored.db"
    restore(url, archive, DEFAULT_OPTIONS)
    assert check_database(url, DEFAULT_OPTIONS, ChainCheck()).head == head
    restored = open_database(url)
    Writer(restored).write(None, "draft.approve")
    assert (check(restored).fault, check(restored).head.count) == ("", 451)
    restored.dispose()


def test_a_database_from_before_the_audit_has_no_records(
    tmp_path: Path, older_database: Callable[[str], str]
) -> None:
    url = older_database("0006")
    assert check_database(url, DEFAULT_OPTIONS, ChainCheck()) == ChainCheck()
    engine = open_database(url, DatabaseOptions())
    assert check(engine).head.count == 0
    engine.dispose()


def test_an_archive_without_records_has_none(tmp_path: Path, older_database: Callable[[str], str]) -> None:
    with existing_database(older_database("0006"), DEFAULT_OPTIONS) as engine:
        back_up(engine, tmp_path / "old.zip", portable=True, made_by="test")
    assert check_archive(tmp_path / "old.zip", ChainCheck()).head == Head()
