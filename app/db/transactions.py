"""One short transaction at a time: the base of everything that reads or writes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlmodel import Session

from app.db.failures import storage_errors
from app.db.locking import reading, writing


class Transactions:
    """Transactions on one engine: rows come back detached, what the database refuses is a StorageError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

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
    def _write(self, only: str | None = None) -> Iterator[Session]:
        """A write that excludes all others, from its first read on.

        With `only`, the name of the one thing that it reads and changes, it excludes those with the same name
        and those without one.
        """
        with (
            storage_errors(self._engine),
            Session(writing(self._engine, only), expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
