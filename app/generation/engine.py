"""Running a brief: every slot of every segment and target, side by side, each stored as soon as it is done.

No transaction is open while a model is asked: a slot is looked up, then written about, then stored. A run
that is cut off keeps what was finished, and the next run asks only for the rest.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.blocks.approved import digest
from app.db.blobs import NewBlob
from app.db.receipts import Hashes
from app.db.runs import NewRun
from app.db.store import Store, StoredSlot
from app.db.tables import Run
from app.errors import CopydeskError, StorageError
from app.generation.asked import asked
from app.generation.kept_answers import still_passing
from app.generation.plan import Redo, SlotJob
from app.generation.results import CallRecord, SlotAnswer
from app.generation.stored import blobs_of, calls_of, live_drafts, load_answer, rows_of
from app.generation.writer import SlotWriter
from app.verdicts.reports import GuardReport

VERSION = 2
"""Version of the way that slots are answered; part of every fingerprint, so that a change asks anew."""


class Retry(StrEnum):
    """Which stored answers are asked for again."""

    NONE = "none"
    TRANSIENT = "transient"
    """Fallbacks for a reason that passes by itself."""
    ALL = "all"


@dataclass(frozen=True)
class SlotDone:
    """Progress: one slot has its answer."""

    job: SlotJob
    answer: SlotAnswer
    done: int
    total: int


@dataclass(frozen=True)
class Settled:
    """A job with its answer, in the order of the brief."""

    job: SlotJob
    answer: SlotAnswer


@dataclass(frozen=True)
class Demand:
    """Who asks (an email, empty for a command), which stored answers are asked for again, what serves."""

    requested_by: str = ""
    retry: Retry = Retry.NONE
    content_version: str = ""


@dataclass(frozen=True)
class Inputs:
    """The hashes and names that an answer depends on, apart from its job."""

    hashes: Hashes
    models: tuple[str, ...]
    samples: int
    engine: str
    blobs: tuple[NewBlob, ...] = ()
    """The bytes behind the hashes."""
    judge: str = ""
    """What the answers of the model depend on that judges copy; empty where there is none."""


class Engine:
    """Answers all jobs of a brief through one writer, at most `width` slots at once."""

    def __init__(self, writer: SlotWriter, store: Store, inputs: Inputs, width: int) -> None:
        self._writer = writer
        self._store = store
        self._inputs = inputs
        self._width = asyncio.Semaphore(width)

    async def run(
        self,
        jobs: Sequence[SlotJob],
        demand: Demand,
        *,
        opened: NewRun | None = None,
        on_done: Callable[[SlotDone], None] | None = None,
    ) -> list[Settled]:
        """All answers in the order of `jobs`. Raises StorageError; what was finished before stays stored.

        `opened` is the run of these jobs where it was made before, and may have been stored.
        """
        new = opened or new_run(self._inputs, jobs, demand)
        if new.answered is None:
            await self._store.promptly.run(self._store.open_run, new)
        done = 0
        ended = False

        def ends() -> bool:
            """Whether the slot that is stored now is the last one, so that the run ends with it."""
            nonlocal ended
            ended = done == len(jobs) - 1
            return ended

        async def settle(job: SlotJob, fingerprint: str) -> Settled:
            nonlocal done
            waits = self._width.locked()
            async with self._width:
                # A slot that had to wait is looked up anew: another run may have answered it meanwhile.
                known = waits or new.answered is None or fingerprint in new.answered
                place = _Place(job, fingerprint, new.run, known)
                answer = await self._answer(place, demand.retry, ends)
            done += 1
            if on_done is not None:
                on_done(SlotDone(job, answer, done, len(jobs)))
            return Settled(job, answer)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(settle(job, fingerprint))
                    for job, fingerprint in zip(jobs, new.fingerprints, strict=True)
                ]
        except BaseExceptionGroup as group_error:
            raise _first(group_error) from group_error
        if not ended:
            await self._store.promptly.run(self._store.finish_run, new.run.id)
        return [task.result() for task in tasks]

    async def _answer(self, place: "_Place", retry: Retry, ends: Callable[[], bool]) -> SlotAnswer:
        job, fingerprint, run = place.job, place.fingerprint, place.run
        stored = None
        if place.known and retry is not Retry.ALL:
            stored = await self._store.promptly.run(self._store.find_slot, fingerprint)
        if stored is not None and not (retry is Retry.TRANSIENT and stored.record.transient):
            passing = await self._still_passing(stored, job)
            if passing or not live_drafts(stored):
                return load_answer(stored, job, passing)
        calls: list[CallRecord] = []
        try:
            answer = await self._writer.write(job, _turn(job), calls)
        except BaseException:  # also when the run is cut off: what was asked has been paid for
            with contextlib.suppress(StorageError):
                self._store.save_calls(
                    calls_of(calls, run, fingerprint), [blob for call in calls for blob in call.blobs]
                )
            raise
        record, drafts, refusals, rows = rows_of(job, answer, run, fingerprint, self._inputs.engine)
        again = retry is not Retry.NONE or stored is not None
        saved = await self._store.promptly.run(
            self._store.save_slot,
            record,
            drafts,
            refusals,
            rows,
            blobs=blobs_of(job, answer),
            replace=again,
            last=ends(),
        )
        if not saved:  # somebody else answered the same slot meanwhile, and that answer stands
            first = await self._store.promptly.run(self._store.find_slot, fingerprint)
            if first is not None:
                passing = await self._still_passing(first, job)
                return load_answer(first, job, passing)
        kept = tuple(call.without_blobs() for call in answer.calls)
        return replace(answer, calls=kept, draft_ids=tuple(draft.id for draft in drafts))

    async def _still_passing(self, stored: StoredSlot, job: SlotJob) -> dict[str, GuardReport]:
        return await asyncio.to_thread(still_passing, live_drafts(stored), job, self._writer.library)


@dataclass(frozen=True)
class _Place:
    """A slot of a run. `known` says that it may have an answer."""

    job: SlotJob
    fingerprint: str
    run: Run
    known: bool


def fingerprint_of(inputs: Inputs, job: SlotJob) -> str:
    """Hash of everything that the answer depends on: what is asked, the content, the models.

    Not of the facts' values: copy holds tokens, and is judged again with the values before it is used.
    """
    return digest(
        {
            "version": VERSION,
            "brief": job.brief.id,
            "asked": asked(job),
            "hashes": inputs.hashes.model_dump(mode="json"),
            "models": inputs.models,
            "samples": inputs.samples,
            **({"judge": inputs.judge} if inputs.judge else {}),
            **({"redo": _redo_key(job.redo)} if job.redo is not None else {}),
        }
    )


def new_run(inputs: Inputs, jobs: Sequence[SlotJob], demand: Demand) -> NewRun:
    """The run that answers these jobs, to be stored before any of them is looked at."""
    brief = jobs[0].brief
    run = Run(
        brief_id=brief.id,
        brief_hash=digest(brief.model_dump(mode="json")),
        brand=brief.brand,
        model=", ".join(inputs.models),
        hashes=inputs.hashes.model_copy(update={"content": demand.content_version}),
        requested_by=demand.requested_by,
    )
    return NewRun(run, inputs.blobs, [fingerprint_of(inputs, job) for job in jobs])


def _redo_key(redo: Redo) -> list[str]:
    return [redo.draft_id, digest(dict(redo.copy_fields)), redo.note, redo.request_id]


def _turn(job: SlotJob) -> int:
    names = [job.brand.aliases.get(item.id, item.id) for item in job.brief.segments]
    return names.index(job.segment.id)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error that a caller can act on: the first of ours, else the first of all."""
    flat: list[BaseException] = []
    todo: list[BaseException] = [group]
    while todo:
        error = todo.pop(0)
        if isinstance(error, BaseExceptionGroup):
            todo = [*error.exceptions, *todo]
        else:
            flat.append(error)
    ours = [error for error in flat if isinstance(error, CopydeskError)]
    return (ours or flat)[0]
