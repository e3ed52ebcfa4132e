"""Approvals of the blocks in blocks/, and what served before a brand had people whose approvals count."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlmodel import col, select

from app.brand.roles import EVERY_BRAND, Approver, PersonRole
from app.db.audit import MACHINE, AuditNote, actor_of, note
from app.db.inserts import insert_new
from app.db.review_tables import BlockApproval, SparedBlocks
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

    def approvers_are_known(self, brand: str) -> bool:
        """Whether somebody has a role that approves for the brand now."""
        query = select(RoleGrant.brand).where(
            col(RoleGrant.brand).in_([brand, EVERY_BRAND]), col(RoleGrant.role).in_(_APPROVING)
        )
        with self._read() as session:
            return session.exec(query.limit(1)).first() is not None

    def spared(self, brand: str) -> SparedBlocks | None:
        """The blocks that served before anybody could approve; None while that was not recorded."""
        with self._read() as session:
            return session.get(SparedBlocks, brand)

    def spare(self, row: SparedBlocks) -> None:
        """Record the blocks that served before anybody could approve; what is recorded already stays."""
        with self._write() as session:
            if insert_new(session, row, ["brand"]):
                data: dict[str, JsonValue] = {"blocks": len(row.hashes), "version": row.version}
                note(session, AuditNote(row.brand, MACHINE, "block.spare", f"brand {row.brand}", data))

    def add(
        self,
        rows: Sequence[BlockApproval],
        person_id: str,
        *,
        complete: bool,
        author: str = "",
        author_named: bool = False,
    ) -> None:
        """Keep one person's approvals of a block, with the record of it.

        `author` is who wrote the block, by address; `author_named` whether the approver said so, and not the
        file.
        """
        first = rows[0]
        data: dict[str, JsonValue] = {
            "content": first.words_hash,
            "tier": first.tier.value,
            "roles": [*(row.role for row in rows)],
            "complete": complete,
        }
        with self._write() as session:
            session.add_all(rows)
            wrote = actor_of(session, author)
            if wrote != MACHINE:
                data |= {"author": wrote, "author_named": author_named}
            entry = AuditNote(first.brand, person_id, "block.approve", f"block {first.block_id}", data)
            note(session, entry)
