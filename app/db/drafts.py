"""Drafts as people work with them: changed with the revision they saw, and listed page by page."""

import datetime as dt
import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    type_coerce,
    update,
)
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from app.db.blobs import NewBlob, keep
from app.db.failures import storage_errors
from app.db.stored import Moment, unpack
from app.db.tables import Draft, DraftState, Origin, Run, SlotRecord, now
from app.db.transactions import Transactions
from app.errors import NotFound, OutOfDate


@dataclass(frozen=True)
class DraftChange:
    """New values for some columns of one draft, which was seen at revision `seen`.

    `blobs` are the bytes that a new receipt names.
    """

    id: str
    seen: int
    values: Mapping[str, Any]
    blobs: tuple[NewBlob, ...] = ()


@dataclass(frozen=True)
class BriefRows:
    """All that is stored for one brief: finished slots in the order of their answers, and drafts.

    By fingerprint: when the run of a finished slot started, and when the answer was stored.
    """

    records: tuple[SlotRecord, ...]
    drafts: tuple[Draft, ...]
    started_at: Mapping[str, dt.datetime]
    answered_at: Mapping[str, dt.datetime]


class DraftPlace(NamedTuple):
    """Where a draft stands in the list: by the moment it was made, then by its id."""

    created_at: dt.datetime
    id: str


@dataclass(frozen=True)
class DraftWanted:
    """Which drafts to list; None means any. `after` is the place of the last one of the page before."""

    brands: Collection[str]
    brief_id: str | None = None
    journey: str | None = None
    segment: str | None = None
    kind: str | None = None
    locale: str | None = None
    state: DraftState | None = None
    origin: Origin | None = None
    author: str | None = None
    after: DraftPlace | None = None
    limit: int = 50


class DraftLine(NamedTuple):
    """A draft in a list, without its receipt."""

    created_at: dt.datetime
    id: str
    brand: str
    brief_id: str
    journey: str
    locale: str
    segment: str
    kind: str
    state: str
    origin: str
    author: str
    requested_by: str
    revision: int
    parent_id: str | None
    note: str
    block: str | None
    content_hash: str
    updated_at: dt.datetime
    copy_fields: dict[str, str]

    @property
    def place(self) -> DraftPlace:
        """Where the next page goes on after it."""
        return DraftPlace(self.created_at, self.id)


class Drafts(Transactions):
    """Reads and writes drafts; each method is one short transaction."""

    def find(self, draft_id: str, brands: Collection[str]) -> Draft:
        """The draft with this id. Raises NotFound, also when it is another brand's."""
        with self._read() as session:
            found = session.get(Draft, draft_id)
        if found is None or found.brand not in brands:
            raise NotFound(f"there is no draft '{draft_id}'", "ids are those of GET /v1/drafts")
        return found

    def answer_of(self, draft: Draft) -> SlotRecord | None:
        """The answer of the slot that the draft belongs to; None for copy that was written by hand."""
        if draft.slot_fingerprint is None:
            return None
        with self._read() as session:
            return session.get(SlotRecord, draft.slot_fingerprint)

    def of_brief(self, brand: str, brief_id: str) -> BriefRows:
        """All that is stored for a brief."""
        answers = (
            select(SlotRecord, Run.started_at)
            .join(Run, col(Run.id) == col(SlotRecord.run_id))
            .where(SlotRecord.brand == brand, SlotRecord.brief_id == brief_id)
            .order_by(col(SlotRecord.created_at), col(SlotRecord.fingerprint))
        )
        drafts = (
            select(Draft)
            .where(Draft.brand == brand, Draft.brief_id == brief_id)
            .order_by(col(Draft.created_at), col(Draft.id))
        )
        with self._read() as session:
            found = list(session.exec(answers))
            return BriefRows(
                records=tuple(record for record, _ in found),
                drafts=tuple(session.exec(drafts)),
                started_at={record.fingerprint: started for record, started in found},
                answered_at={record.fingerprint: record.created_at for record, _ in found},
            )

    def change(self, changes: Sequence[DraftChange]) -> None:
        """Apply all changes or none. Raises OutOfDate."""
        with self._write() as session:
            change_drafts(session, changes)

    def add(self, draft: Draft, blobs: Iterable[NewBlob] = ()) -> Draft:
        """Store a new draft with the bytes that its receipt names; one that is stored under its id already
        stays, and is answered.
        """
        with self._write() as session:
            known = session.get(Draft, draft.id)
            if known is not None:
                return known
            keep(session, blobs)
            session.add(draft)
        return draft

    def count_using(self, brand: str, tokens: Iterable[str]) -> dict[str, int]:
        """How many drafts of the brand hold each token, withdrawn ones aside."""
        copy = cast(col(Draft.copy_fields), Text)
        kept = (col(Draft.brand) == brand, col(Draft.state) != DraftState.WITHDRAWN)
        found = {}
        with self._read() as session:
            for token in tokens:
                holds = copy.contains("{" + token + "}", autoescape=True)
                query = core_select(func.count()).select_from(Draft).where(*kept, holds)
                found[token] = session.execute(query).scalar_one()
        return found

    def page(self, wanted: DraftWanted) -> list[DraftLine]:
        """Drafts without their receipts, the newest first; a later insert never moves into a later page.

        Asked brand by brand, so that the index gives each brand's drafts in their order.
        """
        with storage_errors(self._engine), self._engine.connect() as connection:
            pages = [_lines(connection, brand, wanted) for brand in sorted(wanted.brands)]
        if len(pages) == 1:
            return pages[0]
        merged = heapq.merge(*pages, key=lambda line: (line.created_at, line.id), reverse=True)
        return [line for line, _ in zip(merged, range(wanted.limit), strict=False)]


_WORDS = frozenset({"state", "origin"})
_FILTERS = ("brief_id", "journey", "segment", "kind", "locale", "state", "origin", "author")


def _lines(connection: Connection, brand: str, wanted: DraftWanted) -> list[DraftLine]:
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
    values: dict[str, Any] = {"brand": brand, "limit": wanted.limit, **given}
    if wanted.after is not None:
        values |= {"after_moment": wanted.after.created_at, "after_id": wanted.after.id}
    query = _page_query(tuple(given), wanted.after is not None)
    return [
        DraftLine._make((*row[:-1], unpack("copy", row[-1]))) for row in connection.execute(query, values)
    ]


@lru_cache(maxsize=512)  # putting a query together takes longer than running it
def _page_query(filters: tuple[str, ...], goes_on: bool) -> Select[Any]:
    """The query for one brand with these filters, its values left open.

    Words are read as plain text: the page shows them as they are stored.
    """
    columns: list[Any] = []
    for name in DraftLine._fields[:-1]:
        column: Any = getattr(Draft, name)
        columns.append(type_coerce(column, String) if name in _WORDS else column)
    query = core_select(*columns, type_coerce(col(Draft.copy_fields), JSON))
    query = query.where(col(Draft.brand) == bindparam("brand"))
    for name in filters:
        query = query.where(getattr(Draft, name) == bindparam(name))
    if goes_on:
        created, moment = col(Draft.created_at), bindparam("after_moment", type_=Moment())
        later = and_(created == moment, col(Draft.id) < bindparam("after_id"))
        query = query.where(or_(created < moment, later))
    return query.order_by(col(Draft.created_at).desc(), col(Draft.id).desc()).limit(bindparam("limit"))


def change_drafts(session: Session, changes: Iterable[DraftChange]) -> None:
    """Apply changes inside a transaction. Raises OutOfDate when a draft has another revision."""
    for change in changes:
        keep(session, change.blobs)
        found = session.execute(
            update(Draft)
            .where(col(Draft.id) == change.id, col(Draft.revision) == change.seen)
            .values(**change.values, revision=change.seen + 1, updated_at=now())
        )
        if not isinstance(found, CursorResult) or found.rowcount != 1:
            raise OutOfDate(f"draft {change.id} is not at revision {change.seen} any more", "read it again")
