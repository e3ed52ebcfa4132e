"""What a run has answered so far, for who watches it: read anew each time, so that any process can tell."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select

from app.db.review_tables import Review
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, DraftState, Refusal, Run, SlotRecord
from app.db.transactions import Transactions


@dataclass(frozen=True)
class SlotAnswered:
    """A finished slot with its drafts, in their order, and the lines that were refused."""

    record: SlotRecord
    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class DraftCount:
    """How many drafts of a state a slot of a brief has; `as_block` counts those of approved blocks."""

    brief_id: str
    locale: str
    segment: str
    kind: str
    state: DraftState
    count: int
    as_block: int


class RunAnswers(Transactions):
    """Reads runs and what they have answered; each method is one short transaction."""

    def run(self, run_id: str) -> Run | None:
        """A run by its id."""
        with self._read() as session:
            return session.get(Run, run_id)

    def records(self, run_id: str, fingerprints: Collection[str]) -> list[SlotRecord]:
        """The finished slots with these fingerprints, whichever run answered them, and those of the run."""
        wanted = or_(col(SlotRecord.fingerprint).in_(fingerprints), col(SlotRecord.run_id) == run_id)
        query = select(SlotRecord).where(wanted, col(SlotRecord.redo_of).is_(None))
        with self._read() as session:
            return list(session.exec(query.order_by(col(SlotRecord.created_at))))

    def answers(self, records: Sequence[SlotRecord]) -> list[SlotAnswered]:
        """Finished slots with their drafts, withdrawn ones aside, and refused lines of the same answer."""
        slots = [record.fingerprint for record in records]
        drafts = (
            select(Draft)
            .where(col(Draft.slot_fingerprint).in_(slots), col(Draft.state) != DraftState.WITHDRAWN)
            .order_by(col(Draft.ordinal), col(Draft.created_at), col(Draft.id))
        )
        refusals = (
            select(Refusal)
            .where(col(Refusal.slot_fingerprint).in_(slots))
            .order_by(col(Refusal.created_at), col(Refusal.id))
        )
        with self._read() as session:
            found, refused = list(session.exec(drafts)), list(session.exec(refusals))
        return [
            SlotAnswered(
                record,
                tuple(item for item in found if _of(item, record)),
                tuple(item for item in refused if _of(item, record)),
            )
            for record in records
        ]

    def briefs(self, brand: str, owner: str | None, *, after: int, limit: int) -> list[StoredBrief]:
        """Briefs of a brand, or of one person, the one that was changed last first."""
        query = select(StoredBrief).where(StoredBrief.brand == brand)
        if owner is not None:
            query = query.where(StoredBrief.owner == owner)
        query = query.order_by(col(StoredBrief.updated_at).desc(), col(StoredBrief.id))
        with self._read() as session:
            return list(session.exec(query.offset(after).limit(limit)))

    def counts(self, brand: str, briefs: Collection[str]) -> list[DraftCount]:
        """How the drafts of some briefs stand, slot by slot."""
        names = ("brief_id", "locale", "segment", "kind", "state")
        columns = [col(getattr(Draft, name)) for name in names]
        query = (
            core_select(*columns, func.count(), func.count(col(Draft.block)))
            .where(col(Draft.brand) == brand, col(Draft.brief_id).in_(briefs))
            .group_by(*columns)
        )
        with self._read() as session:
            return [DraftCount(*row) for row in session.execute(query)]

    def reviews(self, brand: str, briefs: Collection[str]) -> list[tuple[str, str, int]]:
        """For each brief and tier, how many reviews are open."""
        query = (
            core_select(col(Review.brief_id), col(Review.tier), func.count())
            .where(
                col(Review.brand) == brand,
                col(Review.brief_id).in_(briefs),
                col(Review.closed_at).is_(None),
            )
            .group_by(col(Review.brief_id), col(Review.tier))
        )
        with self._read() as session:
            return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _of(row: Draft | Refusal, record: SlotRecord) -> bool:
    """Whether the row belongs to this answer: older ones belong to an answer that it took the place of."""
    return row.slot_fingerprint == record.fingerprint and row.created_at >= record.created_at
