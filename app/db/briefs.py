"""Stored briefs: what they are now, and every revision that they had.

A brief is written with the revision that the writer saw. When somebody else was faster nothing is stored
and the writer is told, so that no change is lost unseen.
"""

import datetime as dt
import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Connection, Dialect, bindparam, tuple_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from app.blocks.approved import digest
from app.brief.models import Brief
from app.db.audit import AuditNote, actor_of, append, note
from app.db.drafts import DraftChange, change_drafts
from app.db.inserts import insert_new, insert_rows
from app.db.prepared import Prepared
from app.db.runs import NewRun
from app.db.service_tables import BriefRevision, StoredBrief
from app.db.tables import now
from app.db.transactions import Transactions
from app.errors import Conflict, OutOfDate


@dataclass(frozen=True)
class BriefFilter:
    """Which briefs to list; None means any. `after` is the place of the last brief of the page before."""

    brands: Collection[str]
    journey: str | None = None
    owner: str | None = None
    sends_from: dt.datetime | None = None
    sends_until: dt.datetime | None = None
    after: tuple[dt.datetime, str, str] | None = None
    limit: int = 50


@dataclass(frozen=True)
class BriefLine:
    """A brief in a list, without its content."""

    brand: str
    id: str
    revision: int
    name: str
    owner: str
    journey: str
    send_at: dt.datetime
    created_at: dt.datetime
    updated_at: dt.datetime


class Briefs(Transactions):
    """Reads and writes briefs; each method is one short transaction."""

    def find(self, brand: str, brief_id: str) -> StoredBrief | None:
        """The brief as it is now."""
        with self._reading_rows() as connection:
            if not _there(connection.dialect).read(connection, {"of_brand": brand, "named": brief_id}):
                return None
        with self._read() as session:
            return session.get(StoredBrief, (brand, brief_id))

    def named(self, brief_id: str, brands: Collection[str]) -> list[StoredBrief]:
        """The briefs with this id among some brands: the id alone is unique only within one."""
        wanted = (col(StoredBrief.id) == brief_id, col(StoredBrief.brand).in_(brands))
        with self._read() as session:
            return list(session.exec(select(StoredBrief).where(*wanted).order_by(col(StoredBrief.brand))))

    def brands_with(self, brief_id: str) -> list[str]:
        """The brands that have a brief with this id."""
        query = select(StoredBrief.brand).where(StoredBrief.id == brief_id).order_by(col(StoredBrief.brand))
        with self._read() as session:
            return list(session.exec(query))

    def revision(self, brand: str, brief_id: str, number: int) -> BriefRevision | None:
        """The brief as it was at one revision."""
        with self._read() as session:
            return session.get(BriefRevision, (brand, brief_id, number))

    def revisions(self, brand: str, brief_id: str) -> list[BriefRevision]:
        """All revisions of a brief, the newest first."""
        query = (
            select(BriefRevision)
            .where(BriefRevision.brand == brand, BriefRevision.brief_id == brief_id)
            .order_by(col(BriefRevision.revision).desc())
        )
        with self._read() as session:
            return list(session.exec(query))

    def page(self, wanted: BriefFilter) -> list[BriefLine]:
        """Briefs without their content, the one that was stored last first."""
        table = StoredBrief.__table__  # type: ignore[attr-defined]
        columns = [table.c[name] for name in BriefLine.__dataclass_fields__]
        place = (table.c.created_at, table.c.brand, table.c.id)
        query = core_select(*columns).where(table.c.brand.in_(wanted.brands))
        for name, value in (("journey", wanted.journey), ("owner", wanted.owner)):
            if value is not None:
                query = query.where(table.c[name] == value)
        if wanted.sends_from is not None:
            query = query.where(table.c.send_at >= wanted.sends_from)
        if wanted.sends_until is not None:
            query = query.where(table.c.send_at <= wanted.sends_until)
        if wanted.after is not None:
            query = query.where(tuple_(*place) < tuple_(*wanted.after))
        query = query.order_by(*(column.desc() for column in place)).limit(wanted.limit)
        with self._read() as session:
            return [BriefLine(*row) for row in session.execute(query)]

    def create(self, brief: Brief, *, author: str, run: NewRun | None = None) -> StoredBrief:
        """Store a new brief, with the run that answers it. Raises Conflict when its brand has one with this
        id; then nothing is stored.
        """
        stored = _new(brief, author)
        with self._writing_rows() as connection:
            if insert_new(connection, stored, ("brand", "id")):
                insert_rows(connection, [_revision_of(stored, author, "stored")])
                if run is not None:
                    run.put(connection)
                append(connection, [_noted(connection, stored, author, "brief.create")])
                return stored
        known = self.find(brief.brand, brief.id)
        found = f", at revision {known.revision}" if known is not None else ""
        raise Conflict(
            f"'{brief.brand}' has a brief '{brief.id}' already{found}",
            "change that one, or choose another id",
        )

    def change(
        self,
        brief: Brief,
        *,
        seen: int,
        author: str,
        change: str,
        drafts: Sequence[DraftChange] = (),
    ) -> StoredBrief:
        """Store a new revision in the place of revision `seen`, with the drafts that change with it.

        Raises OutOfDate when the brief or one of the drafts is not at the revision that was seen; then
        nothing of it is stored.
        """
        with self._write() as session:
            known = session.get(StoredBrief, (brief.brand, brief.id), with_for_update=True)
            if known is None or known.revision != seen:
                found = "gone" if known is None else f"at revision {known.revision}"
                raise OutOfDate(f"brief '{brief.id}' is {found}, not at revision {seen}", "read it again")
            revised = _revise(session, known, brief, author, change)
            note(session, _noted(session, revised, author, "brief.change"))
            change_drafts(session, drafts)
            return revised


@functools.lru_cache(maxsize=16)
def _there(dialect: Dialect) -> Prepared:
    """Whether there is a brief."""
    table = StoredBrief.__table__  # type: ignore[attr-defined]
    query = core_select(table.c.id)
    wanted = (table.c.brand == bindparam("of_brand"), table.c.id == bindparam("named"))
    return Prepared.of(query.where(*wanted), dialect)


def _new(brief: Brief, author: str) -> StoredBrief:
    return StoredBrief(
        brand=brief.brand,
        id=brief.id,
        owner=author or brief.author,
        name=brief.name,
        journey=brief.journey.value,
        send_at=_send_at(brief),
        content=brief,
    )


def _revise(session: Session, known: StoredBrief, brief: Brief, author: str, change: str) -> StoredBrief:
    known.name, known.journey, known.send_at = brief.name, brief.journey.value, _send_at(brief)
    known.content = brief
    known.revision += 1
    known.updated_at = now()
    session.add(known)
    session.add(_revision_of(known, author, change))
    return known


def _send_at(brief: Brief) -> dt.datetime:
    """The earliest send window of its targets."""
    return min(target.window.send_at for target in brief.targets)


def _revision_of(stored: StoredBrief, author: str, change: str) -> BriefRevision:
    return BriefRevision(
        brand=stored.brand,
        brief_id=stored.id,
        revision=stored.revision,
        author=author or stored.content.author,
        change=change[:300],
        content=stored.content,
    )


def _noted(session: Session | Connection, stored: StoredBrief, author: str, action: str) -> AuditNote:
    """The record of a revision: which one, and the hash of what it asks for, as its runs name it."""
    content = digest(stored.content.model_dump(mode="json"))
    told: dict[str, JsonValue] = {"revision": stored.revision, "content": content}
    return AuditNote(stored.brand, actor_of(session, author), action, f"brief {stored.id}", told)
