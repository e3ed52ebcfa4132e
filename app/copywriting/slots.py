"""What stands in each slot of a stored brief: its latest answer, its drafts, and which would be used."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock
from app.db.drafts import BriefRows, Drafts
from app.db.service_tables import BriefRevision
from app.db.tables import Draft, DraftState, SlotRecord
from app.errors import CopydeskError
from app.generation.asked import asked
from app.generation.plan import SlotJob, jobs_of
from app.release.content import SlotContent
from app.release.library import ContentLibrary

Key = tuple[str, str, str]
_RANKS = {
    DraftState.APPROVED: 0,
    DraftState.IN_REVIEW: 2,
    DraftState.DRAFT: 3,
    DraftState.CHANGES_REQUESTED: 4,
}
_RANK_OF_BLOCKS = 1


@dataclass(frozen=True)
class Candidate:
    """Copy that may stand in a slot. `block` is the approved block that it is word for word, if it is one.

    `changed` names what the brief asked otherwise when this was written.
    """

    draft: Draft
    block: ApprovedBlock | None
    changed: tuple[str, ...] = ()

    @property
    def content(self) -> SlotContent:
        """The copy as the gate takes it."""
        return SlotContent.of_block(self.block) if self.block else SlotContent.of_draft(self.draft)


@dataclass(frozen=True)
class SlotNow:
    """One slot as it is now; `candidates` are its live drafts, the one that would be used first."""

    job: SlotJob
    record: SlotRecord | None
    candidates: tuple[Candidate, ...]

    @property
    def chosen(self) -> Candidate | None:
        """What would be used."""
        return self.candidates[0] if self.candidates else None


class InMemory:
    """Looks drafts up among those that were read: the gate's question without a query each."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._by_id = {draft.id: draft for draft in drafts}

    def find_draft(self, draft_id: str) -> Draft | None:
        """The draft as it was read."""
        return self._by_id.get(draft_id)


def slots_now(
    drafts: Drafts, jobs: Sequence[SlotJob], library: ContentLibrary, revisions: Sequence[BriefRevision]
) -> list[SlotNow]:
    """Every slot of `jobs` with what is stored for it. `revisions` are those of the brief, newest first."""
    if not jobs:
        return []
    rows = drafts.of_brief(library.brand.id, jobs[0].brief.id)
    past = _Past(revisions, library)
    latest = _latest_records(rows)
    by_place: dict[Key, list[Draft]] = {}
    for draft in rows.drafts:
        if draft.state in _RANKS:
            by_place.setdefault(_key(draft, library), []).append(draft)
    return [
        SlotNow(job, latest.get(job.key), _candidates(job, by_place.get(job.key, []), rows, library, past))
        for job in jobs
    ]


def _key(row: Draft | SlotRecord, library: ContentLibrary) -> Key:
    return row.locale, library.brand.aliases.get(row.segment, row.segment), row.kind


def _latest_records(rows: BriefRows) -> dict[Key, SlotRecord]:
    """The answer that was stored last for each place; writing a draft anew is no answer of the slot."""
    found: dict[Key, SlotRecord] = {}
    for record in rows.records:
        if record.redo_of is None:
            found[record.locale, record.segment, record.kind] = record
    return found


def _candidates(
    job: SlotJob, drafts: Iterable[Draft], rows: BriefRows, library: ContentLibrary, past: "_Past"
) -> tuple[Candidate, ...]:
    found = []
    for draft in drafts:
        block = _as_block(draft, library)
        changed = (
            () if block or draft.state is DraftState.APPROVED else past.differs(job, _written(draft, rows))
        )
        found.append(Candidate(draft, block, changed))
    return tuple(sorted(found, key=lambda item: _order(item, rows)))


def _order(item: Candidate, rows: BriefRows) -> tuple[int, float, int, str]:
    """Approved copy first, then what people worked on last, then the variants of an answer as ranked."""
    draft = item.draft
    rank = min(_RANKS[draft.state], _RANK_OF_BLOCKS if item.block else 9)
    return rank, -_touched(draft, rows).timestamp(), draft.ordinal, draft.id


def _touched(draft: Draft, rows: BriefRows) -> dt.datetime:
    """When somebody worked on it last; the variants of one answer count as written at one moment."""
    if draft.receipt.edits:
        return draft.receipt.edits[-1].at
    answered = rows.answered_at.get(draft.slot_fingerprint or "")
    return answered or draft.created_at


def _written(draft: Draft, rows: BriefRows) -> dt.datetime:
    """The moment whose brief it was written for: the start of its run, or the last edit."""
    if draft.receipt.edits:
        return draft.receipt.edits[-1].at
    return rows.started_at.get(draft.slot_fingerprint or "") or draft.created_at


def _as_block(draft: Draft, library: ContentLibrary) -> ApprovedBlock | None:
    """The approved block that the draft was taken from, as long as the copy is the block's."""
    placed = library.find(draft.block) if draft.block else None
    if placed is None or dict(placed.block.copy_) != draft.copy_fields:
        return None
    return placed.block


class _Past:
    """What the brief asked at earlier moments, read once a revision."""

    def __init__(self, revisions: Sequence[BriefRevision], library: ContentLibrary) -> None:
        self._revisions = revisions
        self._library = library
        self._jobs: dict[int, dict[Key, SlotJob]] = {}

    def differs(self, job: SlotJob, moment: dt.datetime) -> tuple[str, ...]:
        """The parts of what is asked of this slot that were others at `moment`."""
        revision = self._at(moment)
        if revision is None or revision.content == job.brief:
            return ()
        then = self._jobs_at(revision).get(job.key)
        if then is None:
            return ("slot",)
        before, now = asked(then), asked(job)
        return tuple(name for name in now if before[name] != now[name])

    def _at(self, moment: dt.datetime) -> BriefRevision | None:
        earlier = [item for item in self._revisions if item.created_at <= moment]
        return earlier[0] if earlier else (self._revisions[-1] if self._revisions else None)

    def _jobs_at(self, revision: BriefRevision) -> dict[Key, SlotJob]:
        if revision.revision not in self._jobs:
            try:
                jobs = jobs_of(revision.content, self._library)
            except CopydeskError:  # it names a segment or an offer that does not exist any more
                jobs = []
            self._jobs[revision.revision] = {job.key: job for job in jobs}
        return self._jobs[revision.revision]
