"""The record of approved blocks in files whose hash was written without `blocks approve`."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from app.db.audit import MACHINE, AuditNote, note
from app.db.transactions import Transactions


@dataclass(frozen=True)
class Seal:
    """One block: the hash that its file names now, and what stood there before."""

    block_id: str
    hash: str
    before: str


class Seals(Transactions):
    """Each method is one short transaction."""

    def record(self, brand: str, seals: Sequence[Seal], person_id: str, *, reviewed: bool) -> None:
        """Note each seal in the audit. `person_id` is empty for the machine; `reviewed` says whether people
        with roles had approved the blocks, rather than names in the files.
        """
        with self._write() as session:
            for seal in seals:
                told: dict[str, JsonValue] = {"hash": seal.hash, "before": seal.before}
                told["reviewed"] = reviewed
                actor = person_id or MACHINE
                note(session, AuditNote(brand, actor, "block.seal", f"block {seal.block_id}", told))
