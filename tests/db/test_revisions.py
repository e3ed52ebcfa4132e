"""Migrations: every earlier schema with its rows comes to the newest one and loses nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.db.checkup import check_up
from app.db.engine import DEFAULT_OPTIONS, make_engine, open_database, parse, upgrade_database
from app.db.revisions import head, migrate, pending
from app.db.schema import METADATA
from app.db.stored import StoredJson
from app.db.tables import Table
from app.errors import StorageError
from tests.db.history import REVISIONS, build, everything, go_on

CHANGED: dict[tuple[str, str], Any] = {}
"""Columns, by table and name, whose values a migration changes on purpose; each with the reason."""


@pytest.fixture
def engine(empty_database: str) -> Iterator[Engine]:
    """An engine on a database without tables."""
    engine = make_engine(parse(empty_database), DEFAULT_OPTIONS)
    yield engine
    engine.dispose()


def models() -> list[type[SQLModel]]:
    return [mapper.class_ for mapper in Table._sa_registry.mappers]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_comes_to_the_newest_with_its_rows(
    older_database: Callable[[str], str], revision: str
) -> None:
    url = older_database(revision)
    engine = make_engine(parse(url), DEFAULT_OPTIONS)
    before = everything(engine)
    migrate(engine)
    after = everything(engine)
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        for old, new in zip(rows, after[table], strict=True):
            kept = {name: new[name] for name in old if (table, name) not in CHANGED}
            assert kept == {name: old[name] for name in kept}
    assert [checked.problems for checked in check_up(url, DEFAULT_OPTIONS)] == [[]] * 10
    with Session(engine) as session:
        for model in models():
            assert len(session.exec(select(model)).all()) == len(after.get(str(model.__tablename__), []))
    engine.dispose()


def test_models_and_migrated_schema_agree(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_a_revision_has_rows_for_every_table_and_column(engine: Engine) -> None:
    """What no row fills no test has migrated: add rows of the new revision to tests/db/revisions."""
    for revision in REVISIONS:
        go_on(engine, revision)
        empty = {
            f"{table}.{column}"
            for table, rows in everything(engine).items()
            for column in (rows[0] if rows else {"no rows": None})
            if all(row.get(column) is None for row in rows)
        }
        assert empty == set(), f"at {revision}"


def test_the_revisions_are_one_line_of_numbers() -> None:
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    assert head() == REVISIONS[-1]


def test_json_is_stored_in_the_order_it_was_given(engine: Engine) -> None:
    """Postgres's jsonb would sort the names."""
    migrate(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            query = "SELECT table_name FROM information_schema.columns WHERE data_type = 'jsonb'"
            assert connection.exec_driver_sql(query).all() == []
    columns = [column for table in METADATA.tables.values() for column in table.columns]
    assert any(isinstance(column.type, StoredJson) for column in columns)


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_an_upgrade_says_what_it_will_do_and_then_does_it(
    older_database: Callable[[str], str], revision: str
) -> None:
    url = older_database(revision)
    later = REVISIONS[REVISIONS.index(revision) + 1 :]
    planned = upgrade_database(url, dry_run=True)
    assert (planned.found, planned.target) == (revision, head())
    assert [step for step, words in planned.steps if words] == later
    assert upgrade_database(url, dry_run=True) == planned, "nothing was done"
    assert upgrade_database(url, dry_run=False) == planned
    assert upgrade_database(url, dry_run=False).steps == ()


def test_a_migration_that_fails_leaves_the_older_schema(
    engine: Engine, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(engine, REVISIONS[0])
    before = everything(engine)

    def stop(*_: object) -> None:
        raise RuntimeError("the power went away")

    with monkeypatch.context() as patch:
        for kind in ("impl.DefaultImpl", "postgresql.PostgresqlImpl"):
            patch.setattr(f"alembic.ddl.{kind}.create_index", stop)
        with pytest.raises(RuntimeError, match="the power went away"):
            migrate(engine)
    assert everything(engine) == before
    assert pending(engine)[0] == REVISIONS[0]
    open_database(empty_database).dispose()


def test_tables_of_another_program_are_left_alone(engine: Engine, empty_database: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE run (pace text)")
    with pytest.raises(StorageError, match="table 'run' that Copydesk did not make"):
        open_database(empty_database)
    assert list(everything(engine)) == ["run"]
