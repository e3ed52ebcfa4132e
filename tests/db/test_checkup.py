"""`copydesk db check`: each sort of damage is found, named and comes with what to do."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.db.checkup import NAMED, Checked, check_up
from app.db.engine import DEFAULT_OPTIONS, DatabaseOptions, make_engine, open_database, parse
from app.db.locking import writing
from app.db.revisions import head
from app.db.store import Store
from tests.db.factories import make_draft, make_record, make_run
from tests.db.history import REVISIONS, everything
from tests.postgres import PostgresServer

ALL = (
    "connection",
    "schema",
    "structure",
    "tables",
    "references",
    "stored values",
    "drafts",
    "kept bytes",
    "audit",
    "rows",
)


@pytest.fixture
def engine(filled_database: str) -> Iterator[Engine]:
    """A database with the newest schema and rows in every table."""
    engine = make_engine(parse(filled_database), DEFAULT_OPTIONS)
    yield engine
    engine.dispose()


def found(url: str) -> dict[str, Checked]:
    return {checked.name: checked for checked in check_up(url, DEFAULT_OPTIONS)}


def wrong(url: str) -> dict[str, list[str]]:
    """What is wrong, by check; each has a hint."""
    checks = {name: checked for name, checked in found(url).items() if checked.problems}
    assert all(checked.hint for checked in checks.values())
    return {name: checked.problems for name, checked in checks.items()}


def change(engine: Engine, *statements: str) -> None:
    with writing(engine).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_sound_database_is_looked_at_whole(engine: Engine, filled_database: str) -> None:
    checks = found(filled_database)
    assert tuple(checks) == ALL
    assert wrong(filled_database) == {}
    assert "pool of 10 connections" in checks["connection"].found
    assert checks["schema"].found == f"revision {head()}"
    drafts = len(everything(engine)["draft"])
    assert f"draft {drafts}" in checks["rows"].found
    assert checks["drafts"].found.startswith(f"{drafts} have")


def test_what_the_connection_is(engine: Engine, filled_database: str) -> None:
    open_database(filled_database).dispose()
    words = found(filled_database)["connection"].found
    assert ("journal mode wal" if engine.dialect.name == "sqlite" else "connections at most") in words


DAMAGE: list[tuple[str, str, str]] = [
    (
        'UPDATE draft SET receipt = \'{"v": 1, "data": {}}\'',
        "stored values",
        "a stored receipt cannot be read",
    ),
    ('UPDATE draft SET receipt = \'{"v": 99, "data": {}}\'', "stored values", "has version 99"),
    ("UPDATE slot_record SET reason = 'whim'", "stored values", "reason: ValueError: 'whim' is not a valid"),
    ("UPDATE draft SET content_hash = 'x'", "drafts", "is not the copy that its hash was made of"),
    ("UPDATE blob SET size = 7 WHERE pruned_at IS NULL", "kept bytes", "do not have this hash"),
    ('UPDATE content_version SET manifest = \'{"v": 1, "data": {}}\'', "kept bytes", "the listing of"),
    ("UPDATE audit_record SET action = 'draft.approve' WHERE seq = 2", "audit", "record 2 (draft.approve of"),
    ("DELETE FROM audit_record WHERE seq = 1", "audit", "record 1 is missing: record 2 follows nothing"),
    ("DROP INDEX ix_draft_page", "tables", "index ix_draft_page is missing"),
    ("ALTER TABLE draft ADD COLUMN mood text", "tables", "column draft.mood is not ours"),
    ("CREATE TABLE notes (line text)", "tables", "table notes is not ours"),
]


@pytest.mark.parametrize(("statement", "check", "words"), DAMAGE)
def test_damage_is_named(
    engine: Engine, filled_database: str, statement: str, check: str, words: str
) -> None:
    change(engine, statement)
    problems = wrong(filled_database)
    assert list(problems) == [check]
    assert any(words in problem for problem in problems[check])


def test_copy_that_was_changed_past_copydesk(engine: Engine, filled_database: str) -> None:
    change(engine, 'UPDATE draft SET copy_fields = \'{"v": 1, "data": {"label": "Buy now"}}\'')
    checked = found(filled_database)["drafts"]
    assert len(checked.problems) + checked.more == len(everything(engine)["draft"])
    assert "approved of it is void" in checked.hint


def test_many_faults_are_counted(database: str) -> None:
    store = Store(open_database(database))
    run = store.start_run(make_run())
    store.save_slot(make_record(run), [make_draft(content_hash="x") for _ in range(NAMED + 2)])
    store.close()
    checked = found(database)["drafts"]
    assert (len(checked.problems), checked.more) == (NAMED, 2)


def test_rows_that_name_what_is_not_there(engine: Engine, filled_database: str) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("DELETE FROM person")
            connection.commit()
    else:
        change(engine, "SET session_replication_role = replica", "DELETE FROM person")
    problems = wrong(filled_database)["references"]
    tables = ("api_key", "kept_answer", "mail_off", "outside_identity", "password")  # as many as are named
    assert problems == [f"1 rows of {table} name a person that does not exist" for table in tables]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_older_schema_is_not_read(older_database: Callable[[str], str], revision: str) -> None:
    checks = found(older_database(revision))
    assert tuple(checks) == ALL[:3]
    assert checks["schema"].problems == [
        f"the database has revision {revision}, this Copydesk needs {head()}"
    ]
    assert "copydesk db upgrade" in checks["schema"].hint


def test_a_database_without_tables(empty_database: str) -> None:
    engine = make_engine(parse(empty_database), DEFAULT_OPTIONS)
    engine.connect().close()
    engine.dispose()
    assert wrong(empty_database)["schema"] == ["the database has no tables yet"]


def test_a_newer_schema(engine: Engine, filled_database: str) -> None:
    change(engine, "UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in wrong(filled_database)["schema"][0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = wrong(f"sqlite:///{tmp_path}/none.db")["database"]
    assert "does not exist" in problem
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copydesk.db"
    store = Store(open_database(url))
    run = store.start_run(make_run())
    drafts = [make_draft(copy_fields={"label": f"See our kit {n}" * 40}) for n in range(50)]
    store.save_slot(make_record(run), drafts)
    store.close()
    path = tmp_path / "copydesk.db"
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096 * 4] = zlib.compress(bytes(data[:9000]))[: 4096 * 4].ljust(4096 * 4, b"\xff")
    path.write_bytes(data)
    assert set(wrong(url)) & {"structure", "database"}


def test_a_server_that_is_not_there() -> None:
    options = DatabaseOptions(connect_seconds=2)
    (checked,) = check_up("postgresql://me:secret@127.0.0.1:1/copydesk", options)
    assert "cannot be reached" in checked.problems[0]
    assert "secret" not in f"{checked}"


def test_constraints_that_postgres_was_told_not_to_check(
    postgres: PostgresServer, migrated_postgres: str
) -> None:
    name = postgres.create(migrated_postgres)
    add = "ALTER TABLE run ADD CONSTRAINT named FOREIGN KEY (brief_id) REFERENCES person (id) NOT VALID"
    postgres.execute(add, name)
    assert wrong(postgres.url(name))["structure"] == ["not valid: the constraint named"]
    postgres.drop(name)
