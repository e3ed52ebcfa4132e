"""One short transaction at a time: the base of everything that reads or writes rows."""

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from app.db.failures import storage_errors
from app.db.locking import WRITE, reading, turn_to_write, writing
from app.errors import WriteConflict

Given = ParamSpec("Given")
Result = TypeVar("Result")
TRIES = 4
"""How often a write is tried that the database ends in favour of another one."""
_PAUSE_SECONDS = 0.05


def repeated(method: Callable[Given, Result]) -> Callable[Given, Result]:
    """Try a method again that is one transaction, when the database ended it in favour of another one.

    For writes that name the one thing that they are about (`_write(only)`), which others may overlap. What
    the method is given has to be there for each try: no iterator that is used up.
    """

    @functools.wraps(method)
    def tried(*arguments: Given.args, **named: Given.kwargs) -> Result:
        for _ in range(TRIES - 1):
            try:
                return method(*arguments, **named)
            except WriteConflict:
                time.sleep(random.uniform(0, _PAUSE_SECONDS))
        return method(*arguments, **named)

    return tried


class Transactions:
    """Transactions on one engine: rows come back detached, what the database refuses is a StorageError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._writing = writing(engine)

    @property
    def engine(self) -> Engine:
        """The engine, for others that read and write rows of the same database."""
        return self._engine

    @contextmanager
    def _read(self) -> Iterator[Session]:
        """All that is read inside is of one moment."""
        with storage_errors(self._engine), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _reading_rows(self) -> Iterator[Connection]:
        """The same without a session, for prepared statements."""
        with storage_errors(self._engine), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _write(self, only: str | None = None) -> Iterator[Session]:
        """A write that excludes all others, from its first read on.

        With `only`, the name of the one thing that it reads and changes, it excludes those with the same name
        and those without one.
        """
        with (
            turn_to_write(self._engine),
            storage_errors(self._engine),
            Session(self._to_write(only), expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def _writing_rows(self, only: str | None = None) -> Iterator[Connection]:
        """The same without a session, for prepared statements."""
        with (
            turn_to_write(self._engine),
            storage_errors(self._engine),
            self._to_write(only).begin() as connection,
        ):
            yield connection

    def _to_write(self, only: str | None) -> Engine:
        """The engine for such a write; SQLite knows no names, and one for all is quicker than one each."""
        named = only is not None and self._engine.dialect.name == "postgresql"
        return self._writing.execution_options(**{WRITE: only}) if named else self._writing
