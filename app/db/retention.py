"""Taking away stored bytes whose time is over. Their rows stay and say when: no hash goes silently."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Engine, delete, func, update
from sqlmodel import Session, col, select

from app.db.audit import EVERY_BRAND, MACHINE, AuditNote, note
from app.db.outbox_tables import Delivery, DeliveryState
from app.db.service_tables import Blob, BlobKind, ContentVersion, KeptJudgement
from app.db.transactions import Transactions

CALLS = (BlobKind.REQUEST, BlobKind.ANSWER)
RECEIPTS = (BlobKind.RECEIPT, BlobKind.EXPORT)
BATCH = 500
"""Rows in one transaction, so that nobody waits long for the lock."""


@dataclass(frozen=True)
class Pruned:
    """What was taken away, or would be: how many blobs, and their bytes before compression."""

    blobs: int = 0
    bytes: int = 0

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(self.blobs + other.blobs, self.bytes + other.bytes)


class Retention(Transactions):
    """Prunes by the day of the last use. 0 days keep for ever. `actor` is how records name who does it."""

    def __init__(self, engine: Engine, actor: str = MACHINE) -> None:
        super().__init__(engine)
        self._actor = actor

    def prune(
        self,
        *,
        calls_days: int,
        receipts_days: int,
        deliveries_days: int = 0,
        now: dt.datetime,
        dry_run: bool = False,
    ) -> dict[str, Pruned]:
        """What is over by `now`: calls to models, answers of the model that judges, and what receipts name
        besides, the packages of exports with it, and what people and webhooks were told. Files of a
        published version are never pruned, however old they are. Each transaction records how much it took.
        """
        found = {
            "calls": self._prune("calls", CALLS, calls_days, now, dry_run=dry_run),
            "judgements": self._judgements(calls_days, now, dry_run=dry_run),
            "receipts": self._prune("receipts", RECEIPTS, receipts_days, now, dry_run=dry_run),
            "deliveries": self._deliveries(deliveries_days, now, dry_run=dry_run),
        }
        kept = self._published() if receipts_days else frozenset()
        content = (BlobKind.CONTENT,)
        found["content"] = self._prune("content", content, receipts_days, now, kept, dry_run=dry_run)
        return found

    def _prune(
        self,
        what: str,
        kinds: Sequence[BlobKind],
        days: int,
        now: dt.datetime,
        kept: frozenset[str] = frozenset(),
        *,
        dry_run: bool,
    ) -> Pruned:
        if not days:
            return Pruned()
        total, after = Pruned(), ""
        while True:
            page = self._page(kinds, now - dt.timedelta(days=days), after)
            over = {digest: size for digest, size in page if digest not in kept}
            total += Pruned(len(over), sum(over.values()))
            if over and not dry_run:
                self._empty(what, sorted(over), days, now)
            if len(page) < BATCH:
                return total
            after = page[-1][0]

    def _judgements(self, days: int, now: dt.datetime, *, dry_run: bool) -> Pruned:
        """Answers quote the copy that they are about. Receipts hold what they need of them."""
        if not days:
            return Pruned()
        over = col(KeptJudgement.created_at) < now - dt.timedelta(days=days)
        raw = func.length(KeptJudgement.raw)
        with self._write() as session:
            found = session.execute(select(func.count(), func.coalesce(func.sum(raw), 0)).where(over)).one()
            if not dry_run:
                session.execute(delete(KeptJudgement).where(over))
                self._note(session, "judgements", found[0], days)
        return Pruned(found[0], found[1])

    def _deliveries(self, days: int, now: dt.datetime, *, dry_run: bool) -> Pruned:
        """They name people. What still waits to be sent stays."""
        if not days:
            return Pruned()
        over = (
            col(Delivery.settled_at) < now - dt.timedelta(days=days),
            col(Delivery.state) != DeliveryState.WAITING,
        )
        with self._write() as session:
            words = func.coalesce(func.sum(func.length(Delivery.words)), 0)
            found = session.execute(select(func.count(), words).where(*over)).one()
            if not dry_run:
                session.execute(delete(Delivery).where(*over))
                self._note(session, "deliveries", found[0], days)
        return Pruned(found[0], found[1])

    def _page(self, kinds: Sequence[BlobKind], before: dt.datetime, after: str) -> list[tuple[str, int]]:
        query = (
            select(Blob.hash, Blob.size)
            .where(
                col(Blob.kind).in_(kinds),
                col(Blob.used_at) < before,
                col(Blob.pruned_at).is_(None),
                col(Blob.hash) > after,
            )
            .order_by(col(Blob.hash))
            .limit(BATCH)
        )
        with self._read() as session:
            return [(row[0], row[1]) for row in session.execute(query)]

    def _empty(self, what: str, hashes: Sequence[str], days: int, now: dt.datetime) -> None:
        """Somebody may have used them again since they were listed: those stay."""
        before = now - dt.timedelta(days=days)
        with self._write() as session:
            emptied = session.execute(
                update(Blob)
                .where(col(Blob.hash).in_(hashes), col(Blob.used_at) < before, col(Blob.pruned_at).is_(None))
                .values(data=b"", pruned_at=now)
            )
            self._note(session, what, int(emptied.rowcount), days)  # type: ignore[attr-defined]

    def _note(self, session: Session, what: str, count: int, days: int) -> None:
        """Record what the transaction takes away, so that what is missing later is explained."""
        if count:
            data: dict[str, JsonValue] = {"count": count, "days": days}
            note(session, AuditNote(EVERY_BRAND, self._actor, "retention.prune", f"retention {what}", data))

    def _published(self) -> frozenset[str]:
        """Every hash that a published version needs."""
        with self._read() as session:
            versions = session.exec(select(ContentVersion))
            return frozenset(
                digest for version in versions for digest in (version.hash, *version.manifest.values())
            )

    def held(self) -> dict[str, Pruned]:
        """What is stored now, by kind."""
        query = select(Blob.kind, func.count(), func.sum(Blob.size)).where(col(Blob.pruned_at).is_(None))
        with self._read() as session:
            return {row[0].value: Pruned(row[1], row[2] or 0) for row in _grouped(session, query)}


def _grouped(session: Session, query: object) -> list[tuple[BlobKind, int, int]]:
    return list(session.execute(query.group_by(col(Blob.kind)).order_by(col(Blob.kind))))  # type: ignore[attr-defined]
