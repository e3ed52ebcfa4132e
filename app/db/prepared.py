"""Statements that are compiled once and then run with values: what each answer of the service stores.

SQLAlchemy works out anew for every execution which compiled statement fits; for short rows that takes longer
than the database does. Values are converted by the same column types, and what is refused elsewhere for its
length or its characters is refused here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.exc import StatementError
from sqlmodel import Session

from app.db.limits import refuse_length

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Bind:
    """One value of a statement: its name, how the driver wants it, and the most characters of a text."""

    name: str
    convert: Convert | None
    most: int | None

    def value(self, row: Mapping[str, Any]) -> Any:
        value = row[self.name]
        if self.most is not None and isinstance(value, str):
            refuse_length(self.name, value, self.most)
        return value if self.convert is None else self.convert(value)


@dataclass(frozen=True)
class Prepared:
    """A statement whose every value comes with the rows that it is run with, by the names of its binds."""

    text: str
    binds: tuple[_Bind, ...]
    positional: bool
    columns: tuple[Convert | None, ...] = ()
    """What makes values of the columns that are read of those that the driver gives."""

    @classmethod
    def of(cls, statement: Any, dialect: Dialect) -> "Prepared":
        """Compile a statement of SQLAlchemy without values of its own."""
        compiled = statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positional else compiled.binds
        writes = compiled.isinsert or compiled.isupdate  # what is only looked for may have any length
        binds = tuple(_bind(name, compiled.binds[name].type, dialect, limited=writes) for name in names)
        read = getattr(statement, "selected_columns", ())
        columns = tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in read)
        return cls(compiled.string, binds, compiled.positional, columns)

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Execute with one row of values or many."""
        try:
            given = [self._values(row) for row in rows]
        except (TypeError, ValueError) as error:
            raise StatementError(str(error), self.text, None, error, hide_parameters=True) from error
        return connection.exec_driver_sql(self.text, given[0] if len(given) == 1 else given)

    def read(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows that a SELECT finds."""
        return [
            tuple(
                [item if read is None else read(item) for read, item in zip(self.columns, row, strict=True)]
            )
            for row in self.run(connection, [values])
        ]

    def _values(self, row: Mapping[str, Any]) -> Any:
        if self.positional:
            return tuple([bind.value(row) for bind in self.binds])
        return {bind.name: bind.value(row) for bind in self.binds}


def _bind(name: str, kind: Any, dialect: Dialect, *, limited: bool) -> _Bind:
    most = getattr(kind, "length", None) if limited else None
    return _Bind(name, kind.dialect_impl(dialect).bind_processor(dialect), most)


def connection_of(given: Session | Connection) -> Connection:
    """The connection of an open transaction."""
    return given.connection() if isinstance(given, Session) else given
