"""Column types: JSON that carries a version, moments in UTC, words of an enumeration, exact money.

A JSON column holds `{"v": <version>, "data": ...}`. STORED_VERSIONS names the current version of each kind
and how an older one becomes the next; reading migrates, writing always writes the current version.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from app.db.limits import refuse_characters
from app.errors import StorageError, ValueNotStorable

Migration = Callable[[Any], Any]


@dataclass(frozen=True)
class StoredKind:
    """One kind of stored JSON: its version, and for each older version the step to the next one."""

    version: int
    steps: Mapping[int, Migration] = field(default_factory=dict)


def _as_it_is(data: Any) -> Any:
    """A version that only added fields with defaults."""
    return data


STORED_VERSIONS: dict[str, StoredKind] = {
    "announcement": StoredKind(1),
    "arms": StoredKind(1),
    "audit": StoredKind(1),
    "brief": StoredKind(1),
    "confidence": StoredKind(1),
    "copy": StoredKind(1),
    "decision": StoredKind(1),
    "email": StoredKind(1),
    "events": StoredKind(1),
    "export": StoredKind(2, {1: _as_it_is}),
    "findings": StoredKind(1),
    "hashes": StoredKind(2, {1: _as_it_is}),
    "headers": StoredKind(1),
    "judgement": StoredKind(1),
    "manifest": StoredKind(1),
    "proposal": StoredKind(1),
    "receipt": StoredKind(5, {1: _as_it_is, 2: _as_it_is, 3: _as_it_is, 4: _as_it_is}),
    "reasons": StoredKind(1),
    "scopes": StoredKind(1),
    "segments": StoredKind(1),
    "shown": StoredKind(1),
    "spared": StoredKind(1),
}


def pack(kind: str, data: Any) -> dict[str, Any]:
    """Plain data as it is stored, with the version that the kind has now."""
    return {"v": STORED_VERSIONS[kind].version, "data": data}


def unpack(kind: str, stored: Any) -> Any:
    """The plain data of a stored value, brought to the current version. Raises StorageError."""
    known = STORED_VERSIONS[kind]
    if not isinstance(stored, dict) or not isinstance(stored.get("v"), int) or "data" not in stored:
        raise _unreadable(kind, "it carries no version")
    version, data = stored["v"], stored["data"]
    if version > known.version:
        raise _unreadable(kind, f"it has version {version}, this Copydesk reads up to {known.version}")
    while version < known.version:
        step = known.steps.get(version)
        if step is None:
            raise _unreadable(kind, f"nothing reads version {version} any more")
        data = step(data)
        version += 1
    return data


def _unreadable(kind: str, why: str) -> StorageError:
    error = StorageError(
        f"a stored {kind} cannot be read: {why}", "run the Copydesk that wrote it, or restore a backup"
    )
    error.retryable = False
    return error


class StoredJson(TypeDecorator[Any]):
    """A value of one Python type, stored as versioned JSON of one kind."""

    impl = JSON
    cache_ok = True

    def __init__(self, kind: str, python_type: Any) -> None:
        super().__init__(none_as_null=True)
        self.kind = kind
        self.stored_type = python_type

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        """Built once a column: building takes longer than reading a row."""
        return TypeAdapter(self.stored_type)

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """JSON on both: Postgres's jsonb sorts the keys, and their order is part of what a model is asked."""
        return dialect.type_descriptor(JSON(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Python value to versioned JSON."""
        if value is None:
            return None
        data = self._adapter.dump_python(value, mode="json", by_alias=True)
        refuse_characters(data)
        return pack(self.kind, data)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Versioned JSON of any known version to the Python value."""
        if value is None:
            return None
        data = unpack(self.kind, value)
        try:
            return self._adapter.validate_python(data)
        except ValidationError as error:
            raise _unreadable(self.kind, str(error)) from error


class Moment(TypeDecorator[dt.datetime]):
    """A moment: aware in Python, UTC in the database. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """With time zone where the database knows them."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC; SQLite keeps it without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        try:
            moment = value.astimezone(dt.UTC)
        except OverflowError as error:
            words = f"the moment {value.isoformat()} lies outside the calendar in UTC"
            raise ValueNotStorable(words, "a year from 1000 to 2999") from error
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Word(TypeDecorator[Any]):
    """A member of a StrEnum, stored as its value so that a new member needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__(length=32)
        self.members = members

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The member's value; an unknown word is refused."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The member."""
        return None if value is None else self.members(value)


class UtcDay(FunctionElement[dt.date]):
    """The day of a moment in UTC, whatever time zone the session has."""

    type = Date()
    inherit_cache = True


@compiles(UtcDay, "postgresql")
def _utc_day_on_postgres(element: UtcDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC' AS DATE)"


@compiles(UtcDay, "sqlite")
def _utc_day_on_sqlite(element: UtcDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)})"


_NANO = Decimal(1_000_000_000)


class Usd(TypeDecorator[Decimal]):
    """An amount in US dollars, stored exactly as a whole number of billionths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Dollars to billionths."""
        return None if value is None else int((Decimal(value) * _NANO).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Billionths to dollars."""
        return None if value is None else Decimal(value) / _NANO
