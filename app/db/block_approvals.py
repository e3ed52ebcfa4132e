"""Approvals of the blocks in blocks/, and since when a brand has people whose approvals count."""

import datetime as dt
from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlmodel import col, select

from app.brand.roles import EVERY_BRAND, Approver, PersonRole
from app.db.audit import AuditNote, note
from app.db.review_tables import BlockApproval
from app.db.service_tables import RoleGrant
from app.db.transactions import Transactions

_APPROVING = [PersonRole(role.value) for role in Approver]


class BlockApprovals(Transactions):
    """Each method is one short transaction."""

    def given(self, brand: str) -> Mapping[str, Sequence[BlockApproval]]:
        """All approvals of a brand's blocks, by block, the oldest first."""
        query = select(BlockApproval).where(BlockApproval.brand == brand)
        found: dict[str, list[BlockApproval]] = {}
        with self._read() as session:
            for row in session.exec(query.order_by(col(BlockApproval.at), col(BlockApproval.id))):
                found.setdefault(row.block_id, []).append(row)
        return found

    def people_since(self, brand: str) -> dt.date | None:
        """The first day on which somebody could approve for the brand; None while nobody can."""
        query = core_select(func.min(RoleGrant.granted_at)).where(
            col(RoleGrant.brand).in_([brand, EVERY_BRAND]), col(RoleGrant.role).in_(_APPROVING)
        )
        with self._read() as session:
            first = session.execute(query).scalar_one()
        return first.date() if first is not None else None

    def add(self, rows: Sequence[BlockApproval], person_id: str, *, complete: bool) -> None:
        """Keep one person's approvals of a block, with the record of it."""
        first = rows[0]
        data: dict[str, JsonValue] = {
            "content": first.words_hash,
            "tier": first.tier.value,
            "roles": [*(row.role for row in rows)],
            "complete": complete,
        }
        with self._write() as session:
            session.add_all(rows)
            entry = AuditNote(first.brand, person_id, "block.approve", f"block {first.block_id}", data)
            note(session, entry)
