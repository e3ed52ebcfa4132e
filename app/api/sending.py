"""Content at the moment of sending, by a deadline: judged answers are kept, and each fetch asks the database
in one statement whether anything that they rest on has changed.

What is slow never delays an answer: at the deadline the evergreen block answers. What is broken never empties
one: while the database is away what was valid goes on, for as long as it holds by itself.
"""

import asyncio
import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

import anyio
import structlog
from anyio.to_thread import run_sync

from app.api.sending_heads import HeadsReader
from app.api.sending_work import Ask, Kept, Work, Worker, away, placed, prefixed
from app.db.sending import Heads, SendingHeads
from app.errors import CopydeskError
from app.service import Service
from app.verdicts.decisions import Reason

JUDGED_SECONDS = 60.0
"""Rules may look at the hour ("ends tonight"): an answer of this age is judged again beside the fetches."""
OLDEST_SECONDS = 120.0
"""An answer of this age is judged again before it is given."""
MOST_KEPT = 5_000
THREADS = 1
"""Slots that are worked out at the same time: judging takes a processor, and those who have an answer already
must not wait for theirs."""
MOST_WAITING = 16
"""Slots that wait to be worked out. Where more of them changed at once the evergreen blocks answer until it
is their turn, so that nothing is worked out that has changed again before anybody gets it."""


log = structlog.get_logger(__name__)


def utc_now() -> dt.datetime:
    """The moment of sending."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Answer:
    """The body of the answer, its entity tag, and for how many seconds it may be kept."""

    body: bytes
    etag: str
    max_age: int


class Fetcher:
    """Answers fetches. One for the process; it belongs to one event loop."""

    def __init__(self, service: Service, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.clock = clock
        self._service = service
        self._heads = HeadsReader(SendingHeads(service.store.engine))
        self._worker = Worker(service)
        self._kept: OrderedDict[object, Kept] = OrderedDict()
        self._working: dict[object, asyncio.Task[Kept]] = {}
        self._following: asyncio.Task[None] | None = None
        self._followed_since = 0.0
        self._threads: anyio.CapacityLimiter | None = None

    def warm_up(self) -> None:
        """Prepare what a fetch has no time for. For a thread."""
        self._worker.warm_up(self.clock())

    async def answer(self, ask: Ask, seconds: float) -> Answer:
        """The answer to `ask` within `seconds`. Raises BrandDisabled, and NotFound or InvalidRequest for a
        brief that does not fit.
        """
        ends = time.monotonic() + seconds
        place, _ = placed(ask, self._service.contents.now())
        heads = await self._heads.read(place, ends)
        if isinstance(heads, Heads) and not await self._followed(heads.version, ends, seconds):
            heads = Reason.DEADLINE_REACHED
        serving = self._service.contents.now()
        place, only = placed(ask, serving)
        work = Work(ask, place, only, serving, serving.library(ask.brand), heads, self.clock())
        if heads is Reason.DEADLINE_REACHED:
            return self._at_deadline(work)
        found = self._at_once(work)
        if found is not None:
            return found
        task = self._begun(work)
        if task is None:
            return self._at_deadline(work)
        await asyncio.wait({task}, timeout=max(0.0, ends - time.monotonic()))
        return self._shown(task.result(), work) if task.done() else self._at_deadline(work)

    async def _followed(self, version: str, ends: float, seconds: float) -> bool:
        """Whether the version that the pointer names has been loaded, or cannot be, before the deadline."""
        contents = self._service.contents
        if not version or not contents.behind(version):
            return True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(asyncio.to_thread(contents.refresh))
            self._following.add_done_callback(_noted)
            self._followed_since = time.monotonic()
        # A version that served lately is there at once; another one takes seconds, and not everybody waits.
        ends = min(ends, self._followed_since + seconds)
        await asyncio.wait({self._following}, timeout=max(0.0, ends - time.monotonic()))
        return not contents.behind(version)

    def _at_once(self, work: Work) -> Answer | None:
        """A kept answer that still holds, if there is one."""
        kept = self._kept.get(work.key)
        if kept is None or not kept.holds(work):
            return None
        moment = time.monotonic()
        if isinstance(work.heads, Heads):
            age = moment - kept.judged
            if kept.heads != work.heads or age > OLDEST_SECONDS:
                return None
            if age > JUDGED_SECONDS:
                self._begun(work)
            kept.confirmed = moment
            return self._shown(kept, work)
        if moment - kept.confirmed > self._service.settings.fetch_away_seconds:
            return None
        found = replace(kept.found, decision=prefixed(kept.found.decision, away()))
        return self._shown(self._worker.kept(found, work), work)

    def _begun(self, work: Work) -> asyncio.Task[Kept] | None:
        """The task that works the slot out; what comes of it is kept, whether anybody still waits or not.
        None when too many wait.
        """
        key = (work.key, work.heads, id(work.library))
        task = self._working.get(key)
        if task is None and len(self._working) < MOST_WAITING:
            task = self._working[key] = asyncio.create_task(self._work_out(work))
            task.add_done_callback(lambda done: self._ended(key, work, done))
        return task

    async def _work_out(self, work: Work) -> Kept:
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(THREADS)
        return await run_sync(self._worker.work_out, work, limiter=self._threads)

    def _ended(self, key: object, work: Work, task: asyncio.Task[Kept]) -> None:
        self._working.pop(key, None)
        error = None if task.cancelled() else task.exception()
        if error is None and not task.cancelled():
            kept = task.result()
            if isinstance(work.heads, Heads) and kept.found.decision.reason is not Reason.DATABASE_AWAY:
                self._remember(work.key, kept)
        elif error is not None and not isinstance(error, CopydeskError):
            log.error("a slot was not worked out", error=type(error).__qualname__)

    def _at_deadline(self, work: Work) -> Answer:
        key = (work.key, Reason.DEADLINE_REACHED)
        kept = self._kept.get(key)
        if kept is None or not kept.holds(work) or time.monotonic() - kept.judged > OLDEST_SECONDS:
            kept = self._worker.at_deadline(work)
            self._remember(key, kept)
        return self._shown(kept, work)

    def _remember(self, key: object, kept: Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _shown(self, kept: Kept, work: Work) -> Answer:
        """The answer with how long a sender may keep it: not at all where it passes by itself."""
        most = float(self._service.settings.fetch_cache_seconds)
        found = kept.found
        if found.valid_until is not None:
            most = min(most, (found.valid_until - work.now).total_seconds())
        fleeting = found.decision.held or found.decision.reason in _FLEETING
        return Answer(kept.body, kept.etag, 0 if fleeting else max(0, int(most)))


_FLEETING = frozenset({Reason.DEADLINE_REACHED, Reason.DATABASE_AWAY, Reason.LAST_KNOWN_GOOD})
"""Reasons that pass by themselves, or that somebody is at work on."""


def _noted(task: asyncio.Task[None]) -> None:
    """A version that could not even be refused: what serves goes on, and somebody has to look."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("a version was not loaded", error=type(error).__qualname__)
