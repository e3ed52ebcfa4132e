"""The database as earlier versions left it: for each revision of the schema, the rows that it brought.

tests/db/revisions/<revision>.json holds rows as the Copydesk of that revision wrote them, a list for each
table: those of tables that are new, and of older tables one that fills the new columns. Values are written as
in a portable backup (app.db.portable). A file is never changed once its revision was released.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, make_url

from app.db.engine import DEFAULT_OPTIONS, make_engine, parse
from app.db.portable import Row, renew_counters, tables_of
from app.db.revisions import building, known_revisions, upgrade_to
from tests.postgres import PostgresServer

FOLDER = Path(__file__).parent / "revisions"
REVISIONS = [script.revision for script in known_revisions()]


def rows_of(revision: str) -> Mapping[str, list[Row]]:
    """The rows that belong to one revision, by table."""
    found: dict[str, list[Row]] = json.loads((FOLDER / f"{revision}.json").read_text(encoding="utf-8"))
    return found


class History:
    """Databases as they were at each revision after years of use, built once a session and then copied."""

    def __init__(self, folder: Path, server: Callable[[], PostgresServer]) -> None:
        self._folder = folder
        self._server = server
        self._built: dict[tuple[str, str], str] = {}

    def copy(self, kind: str, revision: str, folder: Path) -> str:
        """The URL of a database of this kind as it was at `revision`. A SQLite file is made in `folder`."""
        stage = self._stage(kind, revision)
        if kind == "sqlite":
            return f"sqlite:///{shutil.copy(stage, folder / 'copydesk.db')}"
        return self._server().url(self._server().create(stage))

    def drop(self, url: str) -> None:
        """Remove a copy on the server; files go with their folder."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            self._server().drop(str(parsed.database))

    def _stage(self, kind: str, revision: str) -> str:
        """The file or the database that copies of one revision are made from."""
        if (kind, revision) not in self._built:
            place = REVISIONS.index(revision)
            before = self._stage(kind, REVISIONS[place - 1]) if place else ""
            self._built[kind, revision] = self._build(kind, revision, before)
        return self._built[kind, revision]

    def _build(self, kind: str, revision: str, before: str) -> str:
        if kind == "sqlite":
            name = str(self._folder / f"{revision}.db")
            if before:
                shutil.copy(before, name)
            url = f"sqlite:///{name}"
        else:
            name = self._server().create(before or "template0")
            url = self._server().url(name)
        engine = make_engine(parse(url), DEFAULT_OPTIONS)
        go_on(engine, revision)
        engine.dispose()
        return name


def build(engine: Engine, revision: str) -> None:
    """The same in a database that is empty."""
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
