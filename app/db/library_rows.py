"""The rows that the library shows: approved drafts without their receipts, and what was used when."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Text, cast, func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from app.db.release_tables import Export
from app.db.tables import Draft, DraftState
from app.db.transactions import Transactions

_PAGE = 100


@dataclass(frozen=True)
class ApprovedRow:
    """An approved draft as a list shows it."""

    id: str
    kind: str
    journey: str
    locale: str
    segment: str
    copy_fields: dict[str, str]
    author: str
    approved_at: dt.datetime | None
    review_by: dt.date | None


@dataclass(frozen=True)
class Uses:
    """When blocks and drafts were used last: copy was taken over, or an email was exported with it."""

    blocks: dict[str, dt.date]
    drafts: dict[str, dt.date]
    since: dt.date | None
    """The day of the first use that is known."""


class LibraryRows(Transactions):
    """Each method is one short transaction."""

    def approved(self, brand: str) -> list[ApprovedRow]:
        """The approved drafts of a brand, the newest first."""
        columns = [getattr(Draft, name) for name in ApprovedRow.__dataclass_fields__]
        query = (
            core_select(*columns)
            .where(col(Draft.brand) == brand, col(Draft.state) == DraftState.APPROVED)
            .order_by(col(Draft.approved_at).desc(), col(Draft.id))
        )
        with self._read() as session:
            return [ApprovedRow(*row) for row in session.execute(query)]

    def whole(self, ids: Collection[str]) -> dict[str, Draft]:
        """Some drafts with their receipts."""
        query = select(Draft).where(col(Draft.id).in_(ids)).order_by(col(Draft.id))
        with self._read() as session:
            return {draft.id: draft for draft in session.exec(query)}

    def taken_over(self, brand: str, blocks: Collection[str]) -> dict[str, int]:
        """How many drafts took their copy from some blocks."""
        query = core_select(col(Draft.block), func.count()).where(
            col(Draft.brand) == brand, col(Draft.block).in_(blocks)
        )
        with self._read() as session:
            found = session.execute(query.group_by(col(Draft.block)))
            return dict(sorted((row[0], row[1]) for row in found))

    def drafts_of_block(self, brand: str, block: str, limit: int) -> list[Draft]:
        """The drafts that took their copy from a block, the newest first."""
        query = select(Draft).where(Draft.brand == brand, Draft.block == block)
        with self._read() as session:
            return list(
                session.exec(query.order_by(col(Draft.created_at).desc(), col(Draft.id)).limit(limit))
            )

    def exports_with(self, brand: str, source: str, limit: int) -> list[Export]:
        """The exports of a brand that hold a block or a draft, by its id, the newest first."""
        holds = cast(col(Export.content), Text).contains(f'"{source}"', autoescape=True)
        query = select(Export).where(col(Export.brand) == brand, holds)
        query = query.order_by(col(Export.exported_at).desc(), col(Export.id))
        with self._read() as session:
            return list(session.exec(query.limit(limit)))

    def uses(self, brand: str) -> Uses:
        """When everything of a brand was used last. Reads all its exports: not for a request."""
        query = core_select(
            col(Draft.block), func.min(col(Draft.created_at)), func.max(col(Draft.created_at))
        )
        query = query.where(col(Draft.brand) == brand, col(Draft.block).is_not(None))
        blocks: dict[str, dt.date] = {}
        drafts: dict[str, dt.date] = {}
        first: list[dt.date] = []
        with self._read() as session:
            for block, begin, last in session.execute(query.group_by(col(Draft.block))):
                blocks[block] = last.date()
                first.append(begin.date())
            exports = select(Export).where(Export.brand == brand).order_by(col(Export.exported_at))
            for export in session.exec(exports.execution_options(yield_per=_PAGE)):
                day = export.exported_at.date()
                first.append(day)
                for slot in export.content.slots:
                    if slot.block is not None:
                        blocks[slot.block] = max(day, blocks.get(slot.block, day))
                    if slot.draft is not None:
                        drafts[slot.draft] = day
        return Uses(dict(sorted(blocks.items())), dict(sorted(drafts.items())), min(first, default=None))
