"""Drafts as people work with them: found, added, and changed with the revision that was seen."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue
from sqlalchemy import CursorResult, Engine, Text, and_, cast, func, or_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from app.db.audit import AuditNote, actor_of, note
from app.db.blobs import NewBlob, keep
from app.db.draft_pages import DraftPages
from app.db.receipts import Receipt
from app.db.tables import Draft, DraftState, Run, SlotRecord, now
from app.db.transactions import Transactions
from app.db.waiver_tables import StoredWaiver
from app.errors import NotFound, OutOfDate

_PAGE = 200
"""Drafts in one query."""


@dataclass(frozen=True)
class Deed:
    """What somebody does to a draft, for the record: `by` is their address, `data` as AuditNote has it."""

    brand: str
    by: str
    action: str
    data: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftChange:
    """New values for some columns of one draft, which was seen at revision `seen`.

    `blobs` are the bytes that a new receipt names. Without a `deed` nothing is recorded. `follow` does what
    else belongs to the change, in the same transaction.
    """

    id: str
    seen: int
    values: Mapping[str, Any]
    blobs: tuple[NewBlob, ...] = ()
    deed: Deed | None = None
    follow: Callable[[Session], None] | None = None


@dataclass(frozen=True)
class BriefRows:
    """All that is stored for one brief: finished slots in the order of their answers, and drafts.

    By fingerprint: when the run of a finished slot started, and when the answer was stored.
    """

    records: tuple[SlotRecord, ...]
    drafts: tuple[Draft, ...]
    started_at: Mapping[str, dt.datetime]
    answered_at: Mapping[str, dt.datetime]


class Drafts(Transactions):
    """Reads and writes drafts; each method is one short transaction. `pages` lists them."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.pages = DraftPages(engine)

    def find(self, draft_id: str, brands: Collection[str]) -> Draft:
        """The draft with this id. Raises NotFound, also when it is another brand's."""
        with self._read() as session:
            found = session.get(Draft, draft_id)
        if found is None or found.brand not in brands:
            raise NotFound(f"there is no draft '{draft_id}'", "ids are those of GET /v1/drafts")
        return found

    def in_slot(self, draft: Draft) -> list[Draft]:
        """The drafts of the same brief for the same slot, this one among them, in the order of the slot."""
        query = select(Draft).where(
            Draft.brand == draft.brand,
            Draft.brief_id == draft.brief_id,
            Draft.kind == draft.kind,
            Draft.segment == draft.segment,
            Draft.locale == draft.locale,
        )
        with self._read() as session:
            return list(
                session.exec(query.order_by(col(Draft.created_at), col(Draft.ordinal), col(Draft.id)))
            )

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
            _waivers_stand(session, draft.id, draft.receipt)
            keep(session, blobs)
            session.add(draft)
            written = {"content": draft.content_hash, "verdict": draft.receipt.verdicts.verdict.value}
            _record(session, draft.id, Deed(draft.brand, draft.requested_by, "draft.write", written))
        return draft

    def of_brands(self, brands: Iterable[str]) -> Iterator[Draft]:
        """All drafts of some brands, the newest first, read page by page."""
        at, id_ = col(Draft.created_at), col(Draft.id)
        query = select(Draft).where(col(Draft.brand).in_(tuple(brands))).order_by(at.desc(), id_)
        page = query.limit(_PAGE)
        while True:
            with self._read() as session:
                found = list(session.exec(page))
            yield from found
            if len(found) < _PAGE:
                return
            last = found[-1]
            later = or_(at < last.created_at, and_(at == last.created_at, id_ > last.id))
            page = query.where(later).limit(_PAGE)

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


def change_drafts(session: Session, changes: Iterable[DraftChange]) -> None:
    """Apply changes inside a transaction. Raises OutOfDate when a draft has another revision."""
    for change in sorted(changes, key=lambda change: change.id):
        keep(session, change.blobs)
        if "receipt" in change.values:
            _waivers_stand(session, change.id, change.values["receipt"])
        found = session.execute(
            update(Draft)
            .where(col(Draft.id) == change.id, col(Draft.revision) == change.seen)
            .values(**change.values, revision=change.seen + 1, updated_at=now())
        )
        if not isinstance(found, CursorResult) or found.rowcount != 1:
            raise OutOfDate(f"draft {change.id} is not at revision {change.seen} any more", "read it again")
        if change.follow is not None:
            change.follow(session)
        if change.deed is not None:
            _record(session, change.id, change.deed)


def _waivers_stand(session: Session, draft_id: str, receipt: Receipt) -> None:
    """Raises OutOfDate for a receipt that rests on a waiver which was revoked while the copy was judged."""
    names = {item.id for item in receipt.waivers}
    if not names:
        return
    query = select(StoredWaiver.id).where(
        col(StoredWaiver.id).in_(names), col(StoredWaiver.revoked_at).is_(None)
    )
    if set(session.exec(query)) != names:
        raise OutOfDate(f"a waiver that draft {draft_id} rests on was revoked meanwhile", "read it again")


def _record(session: Session, draft_id: str, deed: Deed) -> None:
    actor = actor_of(session, deed.by)
    note(session, AuditNote(deed.brand, actor, deed.action, f"draft {draft_id}", deed.data))
