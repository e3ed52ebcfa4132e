"""One short transaction at a time: the base of everything that reads or writes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from app.db.engine import WRITE
from app.db.failures import storage_errors


class Transactions:
    """Transactions on one engine: rows come back detached, what the database refuses is a StorageError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{WRITE: True})

    @property
    def engine(self) -> Engine:
        """The engine, for others that read and write rows of the same database."""
        return self._engine

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with storage_errors(self._engine), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with (
            storage_errors(self._engine),
            Session(self._writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
