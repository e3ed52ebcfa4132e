"""Published content: versions that never change, and the one pointer by which all processes serve."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.db import audit
from app.db.audit import AuditNote
from app.db.blobs import NewBlob, keep, resolve
from app.db.service_tables import Blob, BlobKind, ContentVersion, ServingMove
from app.db.transactions import Transactions
from app.errors import Conflict, StorageError, UsageError
from app.manifest import canonical, sha256

MOST_SHOWN = 10
"""Versions that are named where one was asked for that does not exist."""
SHORTEST = 4
"""Digits that a shortened hash needs at least."""
_NEWEST = (col(ContentVersion.created_at).desc(), col(ContentVersion.hash))


@dataclass(frozen=True)
class Published:
    """What publishing did: whether the version is new, whether the pointer moved, how many bytes were new."""

    version: ContentVersion
    new: bool
    moved: bool
    blobs: int
    previous: str | None


class ContentStore(Transactions):
    """Versions of content by hash, and the moves of the pointer, newest last."""

    def serving(self) -> ServingMove | None:
        """The last move of the pointer; None when nothing was ever published."""
        with self._read() as session:
            return _last(session)

    def moves(self, limit: int = 50) -> list[ServingMove]:
        """The last moves of the pointer, newest first."""
        query = select(ServingMove).order_by(col(ServingMove.number).desc()).limit(limit)
        with self._read() as session:
            return list(session.exec(query))

    def versions(self, limit: int = 50) -> list[ContentVersion]:
        """The versions that were stored last, newest first."""
        query = select(ContentVersion).order_by(*_NEWEST).limit(limit)
        with self._read() as session:
            return list(session.exec(query))

    def find(self, shortened: str) -> ContentVersion:
        """The version whose hash begins so. Raises UsageError when there is none, or more than one."""
        begin = shortened.lower()
        query = select(ContentVersion).where(col(ContentVersion.hash).startswith(begin, autoescape=True))
        with self._read() as session:
            found = list(session.exec(query.limit(3))) if len(begin) >= SHORTEST else []
            known = [] if found else list(session.exec(select(ContentVersion.hash).order_by(*_NEWEST)))
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(item.hash[:16] for item in found)
            raise UsageError(f"more than one version begins with '{shortened}': {shown}", "give more digits")
        raise UsageError(f"there is no version '{shortened}'", _known(begin, known))

    def holds(self, digest: str) -> bool:
        """Whether this version is stored."""
        with self._read() as session:
            return session.get(ContentVersion, digest) is not None

    def files(self, version: ContentVersion) -> Iterator[tuple[str, bytes]]:
        """Each file of a version with its bytes. Raises StorageError naming what is not as it was."""
        if sha256(canonical(version.manifest)) != version.hash:
            raise _damaged(version.hash, "its listing does not have the hash that it is stored under")
        for path, digest in version.manifest.items():
            with self._read() as session:
                found = resolve(session.get(Blob, digest), digest)
            if found.data is None:
                raise _damaged(version.hash, f"{path} ({digest[:12]}) is {found.words}")
            yield path, found.data

    def publish(
        self, files: Mapping[str, bytes], *, author: str, note: str, expected: str | None
    ) -> Published:
        """Store a version and let it serve, in one transaction: whoever is cut off has done nothing.

        `expected` is the version that served when the new one was judged. Raises Conflict when another one
        serves by now. A version that is stored already is not stored again.
        """
        entries = {path: sha256(data) for path, data in files.items()}
        listing = canonical(entries)
        digest = sha256(listing)
        blobs = [NewBlob.of(BlobKind.CONTENT, listing)]
        blobs += [NewBlob.of(BlobKind.CONTENT, data) for data in files.values()]
        with self._write() as session:
            previous = _check_expected(session, expected)
            stored = keep(session, blobs)
            version = session.get(ContentVersion, digest)
            new = version is None
            if version is None:
                version = ContentVersion(hash=digest, manifest=entries, author=author, note=note)
                session.add(version)
                session.flush()
            moved = previous != digest
            if moved:
                session.add(
                    ServingMove(version=digest, previous=previous, moved_by=author, why=note or "published")
                )
            if new or moved:
                _record(session, author, "content.publish", digest, previous)
        return Published(version, new, moved, stored, previous)

    def move(self, digest: str, *, by: str, why: str, expected: str | None) -> ServingMove:
        """Let a stored version serve. Raises Conflict when another one than `expected` serves by now."""
        with self._write() as session:
            previous = _check_expected(session, expected)
            moved = ServingMove(version=digest, previous=previous, moved_by=by, why=why)
            session.add(moved)
            _record(session, by, "content.move", digest, previous)
        return moved


def _known(begin: str, known: Sequence[str]) -> str:
    """A hint that names the version that may be meant, and those that there are, newest first."""
    if not known:
        return "nothing is published yet"
    names = [digest[: max(len(begin), 12)] for digest in known]
    more = " ..." if len(names) > MOST_SHOWN else ""
    listed = f"known are, newest first: {', '.join(names[:MOST_SHOWN])}{more}"
    if len(begin) < SHORTEST:
        return f"give at least the first {SHORTEST} digits of its hash; {listed}"
    near = difflib.get_close_matches(begin, names, n=1, cutoff=0.5)
    return f"did you mean '{near[0]}'? {listed}" if near else listed


def _record(session: Session, by: str, action: str, digest: str, previous: str | None) -> None:
    moved = AuditNote(
        audit.EVERY_BRAND,
        audit.actor_of(session, by),
        action,
        f"version {digest}",
        {"version": digest, "previous": previous},
    )
    audit.note(session, moved)


def _last(session: Session) -> ServingMove | None:
    return session.exec(select(ServingMove).order_by(col(ServingMove.number).desc()).limit(1)).first()


def _check_expected(session: Session, expected: str | None) -> str | None:
    last = _last(session)
    serving = last.version if last is not None else None
    if serving != expected:
        shown = serving[:12] if serving else "none"
        who = f", moved by {last.moved_by}" if last is not None else ""
        raise Conflict(
            f"another version serves since this one was judged: {shown}{who}",
            "run the command again: it is judged against that one",
        )
    return serving


def _damaged(digest: str, why: str) -> StorageError:
    error = StorageError(
        f"version {digest[:12]} cannot be used: {why}", "restore the database from a backup, or publish again"
    )
    error.retryable = False
    return error
