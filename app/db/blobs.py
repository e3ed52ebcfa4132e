"""Bytes under their own hash: what receipts and published versions name, stored once, read back verified.

A hash resolves to its bytes, or to the day on which retention took them away; bytes that no longer have
their hash are named as damaged and never given out.
"""

import datetime as dt
import functools
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Dialect, String, bindparam, update
from sqlmodel import Session, col, select

from app.db.inserts import put_rows
from app.db.prepared import Prepared, connection_of
from app.db.service_tables import Blob, BlobKind
from app.db.tables import now
from app.db.transactions import Transactions
from app.errors import StorageError
from app.manifest import sha256

TOUCH_AFTER = dt.timedelta(hours=1)
"""How old the note of the last use may be before it is written anew; more often would only cost writes."""
KEPT_LONGEST = (BlobKind.CONTENT, BlobKind.EXPORT, BlobKind.RECEIPT, BlobKind.REQUEST, BlobKind.ANSWER)
"""Bytes that are two things at once are kept as long as the first of them in this order."""
_PAGE = 500
"""Hashes in one query."""
_ASKED = 64
"""Hashes in one query about what is stored already."""


@dataclass(frozen=True)
class NewBlob:
    """Bytes to be stored in the transaction of the rows that name them. `load` is asked only for new ones."""

    kind: BlobKind
    hash: str
    load: Callable[[], bytes] = field(compare=False, repr=False)

    @classmethod
    def of(cls, kind: BlobKind, data: bytes) -> "NewBlob":
        """Bytes that are at hand."""
        return cls(kind, sha256(data), lambda: data)


class Resolution(StrEnum):
    """What became of a hash."""

    KEPT = "kept"
    PRUNED = "pruned"
    DAMAGED = "damaged"
    MISSING = "missing"


@dataclass(frozen=True)
class Resolved:
    """A hash and what it stands for. `data` is None unless it is kept; `size` counts bytes uncompressed."""

    hash: str
    resolution: Resolution
    kind: BlobKind | None = None
    size: int = 0
    pruned_at: dt.datetime | None = None
    data: bytes | None = None

    @property
    def words(self) -> str:
        """What became of the hash, for people."""
        if self.resolution is Resolution.PRUNED and self.pruned_at is not None:
            return f"pruned on {self.pruned_at:%Y-%m-%d} by retention"
        if self.resolution is Resolution.DAMAGED:
            return "damaged: the stored bytes do not have this hash"
        return "never stored" if self.resolution is Resolution.MISSING else f"{self.size} bytes"


@functools.lru_cache(maxsize=64)
def _known(count: int, dialect: Dialect) -> Prepared:
    """What is stored of so many hashes."""
    binds = [bindparam(f"hash_{number}", type_=String(64)) for number in range(count)]
    query = select(Blob.hash, Blob.kind, Blob.used_at)
    return Prepared.of(query.where(col(Blob.hash).in_(binds), col(Blob.pruned_at).is_(None)), dialect)


def keep(session: Session | Connection, blobs: Iterable[NewBlob]) -> int:
    """Store what is not there yet, and note of the rest that it was used; returns how many are new.

    The order is that of the hashes, so that two transactions never wait for one another crosswise.
    """
    wanted: dict[str, NewBlob] = {}
    for blob in blobs:
        first = wanted.setdefault(blob.hash, blob)
        if KEPT_LONGEST.index(blob.kind) < KEPT_LONGEST.index(first.kind):
            wanted[blob.hash] = blob
    known: dict[str, tuple[BlobKind, dt.datetime]] = {}
    connection = connection_of(session)
    for page in _pages(sorted(wanted), _ASKED):
        asked = {f"hash_{number}": page[min(number, len(page) - 1)] for number in range(_room(len(page)))}
        rows = _known(len(asked), connection.dialect).read(connection, asked)
        known.update((row[0], (row[1], row[2])) for row in rows)
    new = [wanted[key] for key in sorted(wanted) if key not in known]
    put_rows(connection, Blob, [_values(blob) for blob in new], keys=("hash",), kept=("size",))
    for key in sorted(known):
        _touch(connection, wanted[key], *known[key])
    return len(new)


def _room(count: int) -> int:
    """The next power of two: few statements do for any number of hashes."""
    return 1 << (count - 1).bit_length()


def _values(blob: NewBlob) -> dict[str, Any]:
    """The row of bytes that are new, or that were pruned; another process may have been faster."""
    data = blob.load()
    return {
        "hash": blob.hash,
        "kind": blob.kind,
        "size": len(data),
        "data": zlib.compress(data),
        "used_at": now(),
        "pruned_at": None,
    }


def _touch(connection: Connection, blob: NewBlob, kind: BlobKind, used_at: dt.datetime) -> None:
    """Note another use, and that the bytes are something else too that is kept longer."""
    at = now()
    values: dict[str, Any] = {"used_at": at} if used_at < at - TOUCH_AFTER else {}
    if KEPT_LONGEST.index(blob.kind) < KEPT_LONGEST.index(kind):
        values["kind"] = blob.kind
    if values:
        connection.execute(update(Blob).where(col(Blob.hash) == blob.hash).values(**values))


def _pages(hashes: Sequence[str], size: int = _PAGE) -> Iterable[Sequence[str]]:
    return (hashes[start : start + size] for start in range(0, len(hashes), size))


def resolve(row: Blob | None, digest: str) -> Resolved:
    """What a stored row makes of a hash: the bytes are unpacked and hashed again."""
    if row is None:
        return Resolved(digest, Resolution.MISSING)
    if row.pruned_at is not None:
        return Resolved(digest, Resolution.PRUNED, row.kind, row.size, row.pruned_at)
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(row.data, row.size + 1)
    except zlib.error:
        return Resolved(digest, Resolution.DAMAGED, row.kind, row.size)
    if len(data) != row.size or sha256(data) != digest:
        return Resolved(digest, Resolution.DAMAGED, row.kind, row.size)
    return Resolved(digest, Resolution.KEPT, row.kind, row.size, data=data)


class BlobStore(Transactions):
    """Reading stored bytes, and taking away those whose time is over."""

    def find(self, digest: str) -> Resolved:
        """The bytes behind a hash, verified, or what became of them."""
        with self._read() as session:
            return resolve(session.get(Blob, digest), digest)

    def find_all(self, hashes: Iterable[str]) -> dict[str, Resolved]:
        """The same for many hashes."""
        wanted = sorted(set(hashes))
        rows: dict[str, Blob] = {}
        with self._read() as session:
            for page in _pages(wanted):
                found = session.exec(select(Blob).where(col(Blob.hash).in_(page)))
                rows.update((row.hash, row) for row in found)
        return {digest: resolve(rows.get(digest), digest) for digest in wanted}

    def states(self, hashes: Iterable[str]) -> dict[str, Resolution]:
        """What became of many hashes. Their bytes are read and verified, and never held all at once."""
        found: dict[str, Resolution] = {}
        for page in _pages(sorted(set(hashes)), 50):
            found.update({digest: item.resolution for digest, item in self.find_all(page).items()})
        return found

    def read(self, digest: str) -> bytes:
        """The bytes behind a hash. Raises StorageError when they are not there or damaged."""
        found = self.find(digest)
        if found.data is None:
            error = StorageError(f"the bytes of {digest[:12]} cannot be had: {found.words}")
            error.retryable = False
            raise error
        return found.data

    def add(self, blobs: Iterable[NewBlob]) -> int:
        """Store bytes by themselves; returns how many were not there yet."""
        with self._write() as session:
            return keep(session, blobs)
