"""The store: each method is one short transaction, and no transaction is ever open during a model call.

Rows come back detached: they can be read after the transaction, and changing one changes nothing stored.
Whatever the database refuses is a StorageError, and then nothing of that method is stored.
"""

import datetime as dt
import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, Dialect, bindparam, func, or_, update
from sqlmodel import col, select

from app.db.audit import AuditNote, actor_of, append
from app.db.blobs import NewBlob, keep
from app.db.engine import DEFAULT_OPTIONS, DatabaseOptions, open_database
from app.db.inserts import insert_new, insert_rows, put_rows, values_of
from app.db.prepared import Prepared
from app.db.promptly import Promptly
from app.db.runs import NewRun, is_answered
from app.db.stored import UtcDay
from app.db.tables import (
    Draft,
    DraftState,
    ModelCall,
    Origin,
    Refusal,
    Run,
    SlotRecord,
    now,
)
from app.db.transactions import Transactions, repeated

_FINGERPRINT = ("fingerprint",)


@dataclass(frozen=True)
class StoredSlot:
    """A finished slot as stored: the record with its decision, the drafts in order, the refused lines."""

    record: SlotRecord
    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class DraftFilter:
    """Which drafts to list; None means any. `after` is the id of the last draft of the page before."""

    brand: str | None = None
    brief_id: str | None = None
    segment: str | None = None
    kind: str | None = None
    locale: str | None = None
    journey: str | None = None
    state: DraftState | None = None
    slot_fingerprint: str | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True)
class Usage:
    """What one brand's calls to one model took on one day (UTC)."""

    brand: str
    day: dt.date
    model: str
    calls: int
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


def open_store(url: str, options: DatabaseOptions = DEFAULT_OPTIONS) -> "Store":
    """The store behind `url`, created and migrated as the options say. Raises StorageError."""
    return Store(open_database(url, options))


class Store(Transactions):
    """Runs, slots, drafts and model calls, behind small methods."""

    @functools.cached_property
    def promptly(self) -> Promptly:
        """For coroutines: short work on this database, with no hop to a thread where none is needed."""
        return Promptly(self._engine)

    def close(self) -> None:
        """Give all connections back; the store is not used afterwards."""
        self._engine.dispose()

    # runs

    @repeated
    def start_run(self, run: Run, blobs: Collection[NewBlob] = ()) -> Run:
        """Store a new run with the bytes that its hashes name."""
        with self._writing_rows(f"run {run.id}") as connection:
            NewRun(run, tuple(blobs), ()).put(connection)
        return run

    @repeated
    def open_run(self, new: NewRun) -> None:
        """Store a new run, and see which of its slots have an answer already."""
        with self._writing_rows(f"run {new.run.id}") as connection:
            new.put(connection)

    def finish_run(self, run_id: str) -> None:
        """Note that the run came to its end."""
        with self._writing_rows(f"run {run_id}") as connection:
            _finish(connection, run_id)

    def runs(self, *, brand: str | None = None, brief_id: str | None = None, limit: int = 50) -> list[Run]:
        """The latest runs, newest first."""
        query = select(Run).order_by(col(Run.started_at).desc(), col(Run.id)).limit(limit)
        if brand is not None:
            query = query.where(Run.brand == brand)
        if brief_id is not None:
            query = query.where(Run.brief_id == brief_id)
        with self._read() as session:
            return list(session.exec(query))

    # slots

    @repeated
    def save_slot(
        self,
        record: SlotRecord,
        drafts: Sequence[Draft] = (),
        refusals: Sequence[Refusal] = (),
        calls: Sequence[ModelCall] = (),
        *,
        blobs: Collection[NewBlob] = (),
        replace: bool = False,
        last: bool = False,
    ) -> bool:
        """Store a finished slot with all that belongs to it, or nothing of it.

        False when another process finished the same slot first: its answer stands, and only the calls are
        added, since they were paid for. With `replace` the new answer takes the place of a stored one; drafts
        of the old answer that nobody has touched are withdrawn. `blobs` are the bytes that receipts and calls
        name. With `last` the run comes to its end with this slot.
        """
        with self._writing_rows(f"slot {record.fingerprint}") as connection:
            keep(connection, blobs)
            if last:
                _finish(connection, record.run_id)
            withdrawn = _withdraw(connection, record.fingerprint) if replace else []
            if replace:
                put_rows(connection, SlotRecord, [values_of(record)], keys=_FINGERPRINT)
            elif not insert_new(connection, record, _FINGERPRINT):
                insert_rows(connection, calls)
                return False
            for row in (*drafts, *refusals):
                row.slot_fingerprint = record.fingerprint
            insert_rows(connection, (*drafts, *refusals, *calls))
            append(connection, _deeds(connection, record, drafts, withdrawn))
        return True

    @repeated
    def save_calls(self, calls: Sequence[ModelCall], blobs: Collection[NewBlob] = ()) -> None:
        """Store calls of a slot that was not finished, with what was sent and what came back."""
        with self._writing_rows(f"slot {calls[0].slot_fingerprint}" if calls else None) as connection:
            keep(connection, blobs)
            insert_rows(connection, calls)

    def find_slot(self, fingerprint: str) -> StoredSlot | None:
        """The stored answer of a slot, without withdrawn drafts; None when it was never finished."""
        with self._reading_rows() as connection:
            if not is_answered(connection, fingerprint):
                return None
        with self._read() as session:
            record = session.get(SlotRecord, fingerprint)
            if record is None:
                return None
            drafts = session.exec(
                select(Draft)
                .where(Draft.slot_fingerprint == fingerprint, Draft.state != DraftState.WITHDRAWN)
                .order_by(col(Draft.ordinal), col(Draft.created_at), col(Draft.id))
            )
            refusals = session.exec(
                select(Refusal)
                .where(Refusal.slot_fingerprint == fingerprint)
                .order_by(col(Refusal.created_at), col(Refusal.id))
            )
            return StoredSlot(record, tuple(drafts), tuple(refusals))

    def slots(self, *, run_id: str | None = None, brief_id: str | None = None) -> list[SlotRecord]:
        """The finished slots of a run or of a brief, in the order in which they were finished."""
        query = select(SlotRecord).order_by(col(SlotRecord.created_at), col(SlotRecord.fingerprint))
        if run_id is not None:
            query = query.where(SlotRecord.run_id == run_id)
        if brief_id is not None:
            query = query.where(SlotRecord.brief_id == brief_id)
        with self._read() as session:
            return list(session.exec(query))

    # drafts

    def find_draft(self, draft_id: str) -> Draft | None:
        """The draft with this id as it is stored now."""
        with self._read() as session:
            return session.get(Draft, draft_id)

    def drafts(self, wanted: DraftFilter = DraftFilter()) -> list[Draft]:
        """Drafts by place and state, oldest first, a page at a time."""
        query = select(Draft).order_by(col(Draft.created_at), col(Draft.id)).limit(wanted.limit)
        for name in (
            "brand",
            "brief_id",
            "segment",
            "kind",
            "locale",
            "journey",
            "state",
            "slot_fingerprint",
        ):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(getattr(Draft, name) == value)
        with self._read() as session:
            last = session.get(Draft, wanted.after) if wanted.after else None
            if last is not None:
                same = (col(Draft.created_at) == last.created_at) & (col(Draft.id) > last.id)
                query = query.where((col(Draft.created_at) > last.created_at) | same)
            return list(session.exec(query))

    def last_approved(
        self, *, brand: str, segment: str, kind: str, locale: str, journey: str, limit: int = 3
    ) -> list[Draft]:
        """The drafts approved last for this segment, kind, locale and journey, newest first."""
        query = (
            select(Draft)
            .where(
                Draft.brand == brand,
                Draft.segment == segment,
                Draft.kind == kind,
                Draft.locale == locale,
                Draft.journey == journey,
                Draft.state == DraftState.APPROVED,
            )
            .order_by(col(Draft.approved_at).desc(), col(Draft.id))
            .limit(limit)
        )
        with self._read() as session:
            return list(session.exec(query))

    # cost

    def usage(
        self,
        *,
        brand: str | None = None,
        brands: Collection[str] | None = None,
        run_id: str | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> list[Usage]:
        """Calls, seconds, tokens and money by brand, day and model, from `since` on and before `until`."""
        day = UtcDay(col(ModelCall.created_at)).label("day")
        columns: list[Any] = [
            col(Run.brand),
            day,
            col(ModelCall.model),
            func.count().label("calls"),
            func.sum(col(ModelCall.seconds)).label("seconds"),
            func.sum(col(ModelCall.prompt_tokens)).label("prompt_tokens"),
            func.sum(col(ModelCall.completion_tokens)).label("completion_tokens"),
            func.sum(col(ModelCall.cost_usd)).label("cost_usd"),
        ]
        keys = (col(Run.brand), day, col(ModelCall.model))
        query = select(*columns).join(Run, col(Run.id) == ModelCall.run_id).group_by(*keys)
        if brand is not None:
            query = query.where(Run.brand == brand)
        if brands is not None:
            query = query.where(col(Run.brand).in_(brands))
        if run_id is not None:
            query = query.where(ModelCall.run_id == run_id)
        if since is not None:
            query = query.where(col(ModelCall.created_at) >= since)
        if until is not None:
            query = query.where(col(ModelCall.created_at) < until)
        with self._read() as session:
            found = [Usage(**row) for row in session.execute(query).mappings()]
        # Sorted here: databases differ in how they order words.
        return sorted(found, key=lambda usage: (usage.brand, usage.day, usage.model))


@functools.lru_cache(maxsize=16)
def _ending(dialect: Dialect) -> Prepared:
    """Notes when a run came to its end."""
    ended = update(Run).where(col(Run.id) == bindparam("run")).values(finished_at=bindparam("at"))
    return Prepared.of(ended, dialect)


def _withdraw(connection: Connection, fingerprint: str) -> list[str]:
    """Withdraw what the earlier answer of the slot wrote, unless a person took it up; returns the ids."""
    untouched = (
        col(Draft.slot_fingerprint) == fingerprint,
        col(Draft.state) == DraftState.DRAFT,
        col(Draft.origin) != Origin.EDITED,
        or_(col(Draft.origin) == Origin.GENERATED, col(Draft.block).is_not(None)),
    )
    taken_back = {"state": DraftState.WITHDRAWN, "revision": col(Draft.revision) + 1, "updated_at": now()}
    changed = update(Draft).where(*untouched).values(taken_back).returning(col(Draft.id))
    return sorted(connection.execute(changed).scalars())


def _deeds(
    connection: Connection, record: SlotRecord, drafts: Sequence[Draft], withdrawn: Sequence[str]
) -> list[AuditNote]:
    """What a new answer does to drafts that there were: withdrawn ones, and the one that siblings are of."""
    if not withdrawn and (record.redo_of is None or not drafts):
        return []
    by = select(Run.requested_by).where(Run.id == record.run_id)
    actor = actor_of(connection, connection.execute(by).scalar_one())
    found = [AuditNote(record.brand, actor, "draft.withdraw", f"draft {draft_id}") for draft_id in withdrawn]
    if record.redo_of is not None and drafts:
        siblings: list[JsonValue] = [draft.id for draft in drafts]
        made = {"siblings": siblings}
        found.append(AuditNote(record.brand, actor, "draft.redo", f"draft {record.redo_of}", made))
    return found


def _finish(connection: Connection, run_id: str) -> None:
    _ending(connection.dialect).run(connection, [{"run": run_id, "at": now()}])
