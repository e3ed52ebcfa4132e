"""The first rows of a run: stored with what they name, and with a look at what was answered before."""

import functools
from collections.abc import Sequence

from sqlalchemy import Connection, Dialect, bindparam, select

from app.db.blobs import NewBlob, keep
from app.db.inserts import insert_rows
from app.db.prepared import Prepared
from app.db.tables import Run, SlotRecord


class NewRun:
    """A run that is about to be stored, with the bytes that its hashes name. It may go into a transaction
    that stores something else too. `fingerprints` are those of its slots, in their order.
    """

    def __init__(self, run: Run, blobs: Sequence[NewBlob], fingerprints: Sequence[str]) -> None:
        self.run = run
        self.fingerprints = tuple(fingerprints)
        self.answered: frozenset[str] | None = None
        """The fingerprints of slots that had an answer when the run was stored; None before it is."""
        self._blobs = tuple(blobs)

    def put(self, connection: Connection) -> None:
        """Store the run in an open transaction, and see which of its slots have an answer."""
        keep(connection, self._blobs)
        insert_rows(connection, [self.run])
        self.answered = frozenset(item for item in self.fingerprints if is_answered(connection, item))


def is_answered(connection: Connection, fingerprint: str) -> bool:
    """Whether a slot has a stored answer."""
    return bool(_record(connection.dialect).read(connection, {"slot": fingerprint}))


@functools.lru_cache(maxsize=16)
def _record(dialect: Dialect) -> Prepared:
    table = SlotRecord.__table__  # type: ignore[attr-defined]
    return Prepared.of(select(table.c.fingerprint).where(table.c.fingerprint == bindparam("slot")), dialect)
