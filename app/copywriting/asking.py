"""Asking for variants of a stored brief: which slots, how many, and how far such a run is by now.

How far it is follows from what is stored, so that whoever watches may leave and come back, to any process.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.brief.json_document import JsonDocument
from app.brief.models import Brief
from app.copywriting.briefs import as_json, chosen_jobs
from app.copywriting.desk import Desk
from app.db.run_answers import RunAnswers, SlotAnswered
from app.db.tables import Run, SlotRecord
from app.errors import NotFound
from app.generation.engine import Retry
from app.generation.plan import SlotJob, plan
from app.release.library import ContentLibrary

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Wanted:
    """What of a brief, as it was at `revision`, is asked for. Empty means all; `count` 0 means as many
    variants as the brief says.
    """

    revision: int
    locales: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    count: int = 0
    retry: Retry = Retry.NONE


@dataclass(frozen=True)
class SlotProgress:
    """One slot of a run; `answered` None: nothing is there yet."""

    job: SlotJob
    answered: SlotAnswered | None

    @property
    def version(self) -> str:
        """Differs when the answer does."""
        return "" if self.answered is None else self.answered.record.created_at.isoformat()


@dataclass(frozen=True)
class RunProgress:
    """How far a run is. `overdue`: it takes longer than any run may, so its process is gone."""

    run: Run
    slots: tuple[SlotProgress, ...]
    overdue: bool = False

    @property
    def done(self) -> int:
        """Slots that have their answer."""
        return sum(slot.answered is not None for slot in self.slots)

    @property
    def over(self) -> bool:
        """Whether nothing more comes."""
        return self.run.finished_at is not None or self.overdue

    @property
    def cut_off(self) -> bool:
        """Whether it was ended before every slot was decided."""
        return self.over and self.done < len(self.slots)


def brief_at(desk: Desk, brand: str, brief_id: str, revision: int) -> Brief:
    """The brief as it was at a revision. Raises NotFound."""
    found = desk.briefs.revision(brand, brief_id, revision)
    if found is None:
        raise NotFound(f"brief '{brief_id}' has no revision {revision}", "load the page of the brief again")
    return found.content


def wanted_jobs(brief: Brief, library: ContentLibrary, wanted: Wanted) -> list[SlotJob]:
    """The slots that are asked for. Raises ContentError for a brief that the rules of now refuse, and for
    names that it does not have.
    """
    return narrowed(plan(brief, JsonDocument.of(as_json(brief)), library), wanted)


def narrowed(jobs: Sequence[SlotJob], wanted: Wanted) -> list[SlotJob]:
    """Those of a brief's slots that are asked for. Raises ContentError for names that it does not have."""
    chosen = chosen_jobs(jobs, locales=wanted.locales, segments=wanted.segments, kinds=wanted.kinds)
    return [_with_count(job, wanted.count) for job in chosen]


def _with_count(job: SlotJob, count: int) -> SlotJob:
    if not count or not job.kind.generated:
        return job
    return replace(job, request=job.request.model_copy(update={"variants": count}))


@dataclass(frozen=True)
class Watching:
    """One run that somebody watches: its slots with their fingerprints, in the order of the brief."""

    answers: RunAnswers
    run_id: str
    jobs: Sequence[SlotJob]
    fingerprints: Sequence[str]
    retry: Retry
    longest: dt.timedelta
    """How long a run takes at most; one that is not at its end by then was cut off."""

    def progress(self, at: dt.datetime) -> RunProgress:
        """How far it is now. Raises NotFound."""
        run = self.answers.run(self.run_id)
        if run is None:
            raise NotFound(f"there is no run '{self.run_id}'")
        records = self.answers.records(self.run_id, self.fingerprints)
        by_fingerprint = {record.fingerprint: record for record in records}
        by_place = {_place(record): record for record in records if record.run_id == run.id}
        chosen = [
            self._decided(run, by_fingerprint.get(fingerprint) or by_place.get(job.key))
            for job, fingerprint in zip(self.jobs, self.fingerprints, strict=True)
        ]
        known = {
            item.record.fingerprint: item
            for item in self.answers.answers([record for record in chosen if record is not None])
        }
        slots = tuple(
            SlotProgress(job, known[record.fingerprint] if record is not None else None)
            for job, record in zip(self.jobs, chosen, strict=True)
        )
        overdue = run.finished_at is None and at - run.started_at > self.longest
        return RunProgress(run, slots, overdue)

    def _decided(self, run: Run, record: SlotRecord | None) -> SlotRecord | None:
        """The record where it answers this run: an answer of an earlier one may be asked for again."""
        if record is None or record.run_id == run.id or run.finished_at is not None:
            return record
        keeps = self.retry is Retry.NONE or (self.retry is Retry.TRANSIENT and not record.transient)
        return record if keeps else None


def _place(record: SlotRecord) -> Key:
    return record.locale, record.segment, record.kind
