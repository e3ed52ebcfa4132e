"""The database as earlier versions left it: for each revision of the schema, the rows that it brought.

tests/db/revisions/<revision>.json holds rows as the Copydesk of that revision wrote them, a list for each
table: those of tables that are new, and of older tables one that fills the new columns. Values are written as
in a portable backup (app.db.portable). A file is never changed once its revision was released.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from app.db.portable import Row, renew_counters, tables_of
from app.db.revisions import building, known_revisions, upgrade_to

FOLDER = Path(__file__).parent / "revisions"
REVISIONS = [script.revision for script in known_revisions()]


def rows_of(revision: str) -> Mapping[str, list[Row]]:
    """The rows that belong to one revision, by table."""
    found: dict[str, list[Row]] = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    return found


def build(engine: Engine, revision: str) -> None:
    """Make the database as it was after years of use: each revision in its turn, each with its rows."""
    for step in REVISIONS[: REVISIONS.index(revision) + 1]:
        go_on(engine, step)


def go_on(engine: Engine, revision: str) -> None:
    """Bring the database to the next revision, and add the rows of that."""
    with building(engine) as connection:
        upgrade_to(connection, revision)
        add_rows(connection, rows_of(revision))


def add_rows(connection: Connection, given: Mapping[str, list[Row]]) -> None:
    """Insert rows into the tables that there are; an unknown table or column is an error."""
    tables = {table.name: table for table in tables_of(connection)}
    unknown = set(given) - set(tables)
    assert not unknown, f"there are no tables {unknown} at this revision"
    for name, table in tables.items():
        rows = given.get(name, [])
        assert all(set(row) == set(table.columns) for row in rows), f"{name} has columns {set(table.columns)}"
        table.load(connection, rows)
    renew_counters(connection, list(tables.values()))


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows by table, as in a portable backup."""
    with engine.connect() as connection:
        return {table.name: [*table.rows(connection)] for table in tables_of(connection)}
