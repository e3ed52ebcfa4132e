"""New rows written by plain INSERTs, in the order given.

The unit of work of a session looks for changes in every object and costs several times as much; rows that
are only added need none of it. They stay detached: changing one later changes nothing stored.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session

from app.db.tables import Table


@functools.cache
def _attributes(model: type[Table]) -> tuple[tuple[str, str], ...]:
    """Each column of a table with the attribute that holds its value."""
    return tuple((item.columns[0].name, item.key) for item in inspect(model).column_attrs)


def values_of(row: Table) -> dict[str, Any]:
    """The values of a row by column."""
    return {column: getattr(row, attribute) for column, attribute in _attributes(type(row))}


@functools.cache
def _statement(model: type[Table], dialect: str, keys: tuple[str, ...], kept: tuple[str, ...] | None) -> Any:
    """One statement a table and use: what was compiled for it is found again by the object."""
    build: Any = import_module(f"sqlalchemy.dialects.{dialect}")  # the other one is not loaded for nothing
    statement = build.insert(inspect(model).local_table)
    if not keys:
        return statement
    if kept is None:
        returned = [inspect(model).local_table.c[name] for name in keys]
        return statement.on_conflict_do_nothing(index_elements=list(keys)).returning(*returned)
    updated = [name for name, _ in _attributes(model) if name not in (*keys, *kept)]
    new = {name: statement.excluded[name] for name in updated}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)


def insert_rows(session: Session, rows: Iterable[Table]) -> None:
    """Add rows; those of one table that stand in a row go in one statement."""
    for model, group in groupby(rows, type):
        statement = _statement(model, session.get_bind().dialect.name, (), None)
        session.execute(statement, [values_of(row) for row in group])


def insert_new(session: Session, row: Table, keys: Sequence[str]) -> bool:
    """Add a row unless there is one with the same `keys`; whether it was added."""
    statement = _statement(type(row), session.get_bind().dialect.name, tuple(keys), None)
    return session.execute(statement, values_of(row)).first() is not None


def put_rows(
    session: Session,
    model: type[Table],
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    kept: Sequence[str] = (),
) -> None:
    """Add rows given by their values, or change the one with the same `keys` in all columns but `kept`."""
    if rows:
        statement = _statement(model, session.get_bind().dialect.name, tuple(keys), tuple(kept))
        session.execute(statement, list(rows))
