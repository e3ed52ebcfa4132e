"""Reads and writes what people chose and what was exported, with the packages as they were handed over."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Engine, and_, or_
from sqlmodel import Session, col, select

from app.db import blobs
from app.db.audit import AuditNote, note
from app.db.blobs import NewBlob
from app.db.inserts import insert_new
from app.db.release_tables import Arm, ChosenSlot, Export
from app.db.transactions import Transactions, repeated
from app.errors import NotFound

MACHINE = "machine"
"""Who the audit names for a command on the machine itself."""
_PAGE = 200
"""Exports in one query."""


@dataclass(frozen=True)
class ExportWanted:
    """Which exports to list; None means any. `after` is the moment and the id of the last one before."""

    brands: tuple[str, ...]
    brief_id: str | None = None
    account: str | None = None
    after: tuple[dt.datetime, str] | None = None
    limit: int = 50


class Exports(Transactions):
    """Each method is one short transaction. Nothing is changed or deleted: newer rows are added.

    `actor` is whom the audit names: the id of a person, or MACHINE.
    """

    def __init__(self, engine: Engine, actor: str = MACHINE) -> None:
        super().__init__(engine)
        self._actor = actor

    @repeated
    def choose(self, rows: Sequence[ChosenSlot]) -> list[ChosenSlot]:
        """Keep choices, all or none; returns them as they are stored. One whose id is known already was kept
        by an earlier run of the same request, and stays as it is.
        """
        with self._write("choices") as session:
            return [self._chosen(session, row) for row in rows]

    def _chosen(self, session: Session, row: ChosenSlot) -> ChosenSlot:
        if not insert_new(session, row, ["id"]):
            return session.get_one(ChosenSlot, row.id)
        shown: dict[str, JsonValue] = {
            "brief": row.brief_id,
            "locale": row.locale,
            "segment": row.segment,
            "kind": row.kind,
            "arms": [_source(arm) for arm in row.arms],
        }
        note(session, AuditNote(row.brand, self._actor, "slot.choose", f"choice {row.id}", shown))
        return row

    def chosen(self, brand: str, brief_id: str) -> dict[tuple[str, str, str], ChosenSlot]:
        """The choice that counts for each place of a brief: the newest."""
        return {row.place: row for row in self.choices(brand, brief_id)}

    def choices(self, brand: str, brief_id: str) -> list[ChosenSlot]:
        """Every choice for a brief, also those that others took the place of, the oldest first."""
        query = (
            select(ChosenSlot)
            .where(ChosenSlot.brand == brand, ChosenSlot.brief_id == brief_id)
            .order_by(col(ChosenSlot.chosen_at), col(ChosenSlot.id))
        )
        with self._read() as session:
            return list(session.exec(query))

    @repeated
    def keep(self, rows: Sequence[Export], files: Collection[NewBlob]) -> list[Export]:
        """Keep the record of exports with the files of their packages, all or none; returns the records as
        they are stored. When an earlier run of the same request kept them they stay as they are.
        """
        ids = [row.id for row in rows]
        with self._write("exports") as session:
            known = {row.id: row for row in session.exec(select(Export).where(col(Export.id).in_(ids)))}
            new = [row for row in rows if row.id not in known]
            if new:
                blobs.keep(session, files)
            for row in new:
                insert_new(session, row, ["id"])
                note(session, self._exported(row))
        return [known.get(row.id, row) for row in rows]

    def _exported(self, row: Export) -> AuditNote:
        shown: dict[str, JsonValue] = {
            "brief": row.brief_id,
            "brief_revision": row.brief_revision,
            "locale": row.locale,
            "segments": list(row.segments),
            "arm": row.arm,
            "account": row.account,
            "platform": row.platform,
            "manifest": row.content.manifest,
        }
        return AuditNote(row.brand, self._actor, "email.export", f"export {row.id}", shown)

    def find(self, export_id: str, brands: Collection[str]) -> Export:
        """One export of some brands. Raises NotFound, in the same words for one of another brand."""
        with self._read() as session:
            found = session.get(Export, export_id)
        if found is None or found.brand not in brands:
            raise NotFound(f"there is no export '{export_id}'")
        return found

    def of_brief(self, brand: str, brief_id: str) -> list[Export]:
        """The exports of a brief, the newest first."""
        query = (
            select(Export)
            .where(Export.brand == brand, Export.brief_id == brief_id)
            .order_by(col(Export.exported_at).desc(), col(Export.id))
        )
        with self._read() as session:
            return list(session.exec(query))

    def page(self, wanted: ExportWanted) -> list[Export]:
        """The newest first, at most `limit`; one that is added later never moves into a later page."""
        at, id_ = col(Export.exported_at), col(Export.id)
        query = select(Export).where(col(Export.brand).in_(wanted.brands))
        if wanted.brief_id is not None:
            query = query.where(Export.brief_id == wanted.brief_id)
        if wanted.account is not None:
            query = query.where(Export.account == wanted.account)
        if wanted.after is not None:
            moment, last = wanted.after
            query = query.where(or_(at < moment, and_(at == moment, id_ > last)))
        with self._read() as session:
            return list(session.exec(query.order_by(at.desc(), id_).limit(wanted.limit)))

    def of_brands(self, brands: Iterable[str]) -> Iterator[Export]:
        """All exports of some brands, the newest first, read page by page."""
        after, chosen = None, tuple(brands)
        while True:
            found = self.page(ExportWanted(chosen, after=after, limit=_PAGE))
            yield from found
            if len(found) < _PAGE:
                return
            after = (found[-1].exported_at, found[-1].id)


def _source(arm: Arm) -> dict[str, JsonValue]:
    return {"draft": arm.draft, "block": arm.block, "control": arm.control}
