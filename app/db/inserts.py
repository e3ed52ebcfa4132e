"""New rows written by plain INSERTs, in the order given.

The unit of work of a session looks for changes in every object and costs several times as much; rows that
are only added need none of it. They stay detached: changing one later changes nothing stored.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Dialect, inspect
from sqlmodel import Session

from app.db.prepared import Prepared, connection_of
from app.db.tables import Table


@functools.cache
def _attributes(model: type[Table]) -> tuple[tuple[str, str], ...]:
    """Each column of a table with the attribute that holds its value."""
    return tuple((item.columns[0].name, item.key) for item in inspect(model).column_attrs)


def values_of(row: Table) -> dict[str, Any]:
    """The values of a row by column."""
    return {column: getattr(row, attribute) for column, attribute in _attributes(type(row))}


@functools.lru_cache(
    maxsize=256
)  # a dialect belongs to one engine: a process that opens many lets go of old ones
def _prepared(
    model: type[Table], dialect: Dialect, keys: tuple[str, ...] = (), kept: tuple[str, ...] | None = None
) -> Prepared:
    """One statement a table and use."""
    build: Any = import_module(
        f"sqlalchemy.dialects.{dialect.name}"
    )  # the other one is not loaded for nothing
    statement = build.insert(inspect(model).local_table)
    if not keys:
        return Prepared.of(statement, dialect)
    if kept is None:
        returned = [inspect(model).local_table.c[name] for name in keys]
        statement = statement.on_conflict_do_nothing(index_elements=list(keys)).returning(*returned)
        return Prepared.of(statement, dialect)
    updated = [name for name, _ in _attributes(model) if name not in (*keys, *kept)]
    new = {name: statement.excluded[name] for name in updated}
    return Prepared.of(statement.on_conflict_do_update(index_elements=list(keys), set_=new), dialect)


def insert_rows(session: Session | Connection, rows: Iterable[Table]) -> None:
    """Add rows; those of one table that stand in a row go in one statement."""
    connection = connection_of(session)
    for model, group in groupby(rows, type):
        _prepared(model, connection.dialect).run(connection, [values_of(row) for row in group])


def insert_new(session: Session | Connection, row: Table, keys: Sequence[str]) -> bool:
    """Add a row unless there is one with the same `keys`; whether it was added."""
    connection = connection_of(session)
    statement = _prepared(type(row), connection.dialect, tuple(keys))
    return statement.run(connection, [values_of(row)]).first() is not None


def put_rows(
    session: Session | Connection,
    model: type[Table],
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    kept: Sequence[str] = (),
) -> None:
    """Add rows given by their values, or change the one with the same `keys` in all columns but `kept`."""
    if rows:
        connection = connection_of(session)
        _prepared(model, connection.dialect, tuple(keys), tuple(kept)).run(connection, list(rows))
