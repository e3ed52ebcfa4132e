"""Every row of a database as plain JSON, whichever database it is and whatever schema it has.

The columns are those that the database itself reports, not those of the models: what an older Copydesk wrote
is read as it is. Each column has one kind, and its values are written the same way from both databases.
"""

import base64
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    cast,
    column,
    func,
    insert,
    inspect,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.sql import TableClause
from sqlalchemy.types import DateTime, TypeEngine

from app.db.stored import Moment

Row = dict[str, Any]
NOT_ROWS = ("alembic_version",)
"""The table of alembic, which says which schema the others have."""
_BATCH = 200


class ValueKind(StrEnum):
    """What a column holds, and so how its values are written in JSON."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    """ISO 8601."""
    MOMENT = "moment"
    """ISO 8601 in UTC."""
    JSON = "json"
    BYTES = "bytes"
    """Base64."""


_REPORTED: tuple[tuple[type[TypeEngine[Any]], ValueKind], ...] = (
    (JSON, ValueKind.JSON),
    (DateTime, ValueKind.MOMENT),
    (Date, ValueKind.DATE),
    (Boolean, ValueKind.BOOLEAN),
    (Integer, ValueKind.INTEGER),
    (Float, ValueKind.FLOAT),
    (LargeBinary, ValueKind.BYTES),
    (String, ValueKind.TEXT),
)
_TYPES: Mapping[ValueKind, TypeEngine[Any]] = {
    ValueKind.TEXT: String(),
    ValueKind.INTEGER: BigInteger(),
    ValueKind.FLOAT: Float(),
    ValueKind.BOOLEAN: Boolean(),
    ValueKind.DATE: Date(),
    ValueKind.MOMENT: Moment(),
    ValueKind.JSON: JSON(none_as_null=True),
    ValueKind.BYTES: LargeBinary(),
}
_WRITE: Mapping[ValueKind, Callable[[Any], Any]] = {
    ValueKind.DATE: dt.date.isoformat,
    ValueKind.MOMENT: dt.datetime.isoformat,
    ValueKind.BYTES: lambda value: base64.b64encode(value).decode(),
}
_READ: Mapping[ValueKind, Callable[[Any], Any]] = {
    ValueKind.DATE: dt.date.fromisoformat,
    ValueKind.MOMENT: dt.datetime.fromisoformat,
    ValueKind.BYTES: lambda value: base64.b64decode(value, validate=True),
}


@dataclass(frozen=True)
class PortableTable:
    """One table as the database reports it: its columns with their kinds, and the columns of its key."""

    name: str
    columns: Mapping[str, ValueKind]
    key: tuple[str, ...]

    @property
    def clause(self) -> TableClause:
        """The table for statements, with types that are the same on both databases."""
        return table(self.name, *(column(name, _TYPES[kind]) for name, kind in self.columns.items()))

    def rows(self, connection: Connection) -> Iterator[Row]:
        """Every row as plain JSON, in the order of the key; only a few are in memory at once."""
        here = self.clause
        query = select(here).order_by(*(here.c[name] for name in self.key))
        streaming = connection.execution_options(stream_results=True, yield_per=_BATCH)
        for row in streaming.execute(query).mappings():
            yield {name: _convert(_WRITE, kind, row[name]) for name, kind in self.columns.items()}

    def load(self, connection: Connection, rows: Iterable[Row]) -> int:
        """Insert rows that were written by `rows`; returns how many there were."""
        count = 0
        for batch in _batches(rows):
            values = [
                {name: _convert(_READ, self.columns[name], value) for name, value in row.items()}
                for row in batch
            ]
            connection.execute(insert(self.clause), values)
            count += len(batch)
        return count

    def count(self, connection: Connection) -> int:
        """How many rows there are."""
        return connection.execute(select(func.count()).select_from(self.clause)).scalar_one()


def tables_of(connection: Connection) -> list[PortableTable]:
    """The tables of the database with those first that others refer to."""
    inspector = inspect(connection)
    names = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name]
    found = []
    for name in names:
        if name not in NOT_ROWS:
            columns = {item["name"]: _kind(item["type"]) for item in inspector.get_columns(name)}
            key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
            found.append(PortableTable(name, columns, key))
    return found


def renew_counters(connection: Connection, tables: Sequence[PortableTable]) -> None:
    """Let numbers that Postgres gives out go on after the largest loaded; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for item in tables:
        for name in item.key:
            if item.columns[name] is ValueKind.INTEGER:
                largest = select(func.max(item.clause.c[name])).scalar_subquery()
                counter = cast(func.pg_get_serial_sequence(item.name, name), REGCLASS)
                connection.execute(select(func.setval(counter, largest)))


def _kind(reported: TypeEngine[Any]) -> ValueKind:
    for known, kind in _REPORTED:
        if isinstance(reported, known):
            return kind
    raise TypeError(f"no kind of value for columns of type {reported!r}")


def _convert(how: Mapping[ValueKind, Callable[[Any], Any]], kind: ValueKind, value: Any) -> Any:
    return value if value is None or kind not in how else how[kind](value)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
