"""Reads and writes what people chose and what was exported."""

from collections.abc import Collection, Sequence

from pydantic import JsonValue
from sqlmodel import col, select

from app.db.audit import AuditNote, actor_of, note
from app.db.inserts import insert_rows
from app.db.release_tables import ChosenSlot, Export
from app.db.transactions import Transactions, repeated


class Exports(Transactions):
    """Each method is one short transaction. Nothing is changed or deleted: newer rows are added."""

    @repeated
    def choose(self, rows: Sequence[ChosenSlot]) -> None:
        """Keep choices, all or none."""
        with self._write("choices") as session:
            insert_rows(session, list(rows))
            for row in rows:
                note(session, _chosen(row, actor_of(session, row.chosen_by)))

    def chosen(self, brand: str, brief_id: str) -> dict[tuple[str, str, str], ChosenSlot]:
        """The choice that counts for each place of a brief: the newest."""
        query = (
            select(ChosenSlot)
            .where(ChosenSlot.brand == brand, ChosenSlot.brief_id == brief_id)
            .order_by(col(ChosenSlot.chosen_at), col(ChosenSlot.id))
        )
        with self._read() as session:
            return {row.place: row for row in session.exec(query)}

    @repeated
    def keep(self, rows: Sequence[Export]) -> None:
        """Keep the record of exports, all or none."""
        with self._write("exports") as session:
            insert_rows(session, list(rows))
            for row in rows:
                note(session, _exported(row, actor_of(session, row.exported_by)))

    def of_brief(self, brand: str, brief_id: str) -> list[Export]:
        """The exports of a brief, the newest first."""
        query = (
            select(Export)
            .where(Export.brand == brand, Export.brief_id == brief_id)
            .order_by(col(Export.exported_at).desc(), col(Export.id))
        )
        with self._read() as session:
            return list(session.exec(query))

    def of_brands(self, brands: Collection[str]) -> list[Export]:
        """All exports of some brands, the newest first."""
        query = (
            select(Export)
            .where(col(Export.brand).in_(brands))
            .order_by(col(Export.exported_at).desc(), col(Export.id))
        )
        with self._read() as session:
            return list(session.exec(query))


def _chosen(row: ChosenSlot, actor: str) -> AuditNote:
    data: dict[str, JsonValue] = {
        "choice": row.id,
        "locale": row.locale,
        "segment": row.segment,
        "kind": row.kind,
        "drafts": [arm.draft for arm in row.arms if arm.draft],
    }
    return AuditNote(row.brand, actor, "slot.choose", f"brief {row.brief_id}", data)


def _exported(row: Export, actor: str) -> AuditNote:
    data: dict[str, JsonValue] = {
        "export": row.id,
        "revision": row.brief_revision,
        "locale": row.locale,
        "platform": row.platform,
        "drafts": [*sorted({slot.draft for slot in row.content.slots if slot.draft})],
    }
    return AuditNote(row.brand, actor, "email.export", f"brief {row.brief_id}", data)
