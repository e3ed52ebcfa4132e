"""Asking the database whether anything has changed, without ever waiting longer than the one who asks may."""

import asyncio
import time

import anyio
import structlog
from anyio.to_thread import run_sync

from app.db.sending import Heads, SendingHeads, SlotPlace
from app.verdicts.decisions import Reason

HANGING_SECONDS = 1.0
"""A database that has not answered for so long counts as away."""
AWAY_SECONDS = 1.0
"""How long a database that did not answer is left alone."""
THREADS = 8
"""Threads of its own, so that a database that hangs keeps no other request from its thread."""

log = structlog.get_logger(__name__)


class HeadsReader:
    """Reads heads for one event loop."""

    def __init__(self, heads: SendingHeads) -> None:
        self._heads = heads
        self._threads: anyio.CapacityLimiter | None = None
        self._running: dict[asyncio.Task[Heads], float] = {}
        self._away_until = 0.0

    async def read(self, place: SlotPlace, ends: float) -> Heads | Reason:
        """The heads by `ends` (of the monotonic clock), or why there are none: the deadline, or that the
        database does not answer.
        """
        moment = time.monotonic()
        since = min(self._running.values(), default=moment)
        if moment < self._away_until or moment - since > HANGING_SECONDS:
            return Reason.DATABASE_AWAY
        task = asyncio.create_task(self._read(place))
        self._running[task] = moment
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=max(0.0, ends - moment))
        if not task.done():
            return Reason.DEADLINE_REACHED
        return task.result() if task.exception() is None else Reason.DATABASE_AWAY

    async def _read(self, place: SlotPlace) -> Heads:
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(THREADS)
        return await run_sync(self._heads.read, place, limiter=self._threads)

    def _ended(self, task: asyncio.Task[Heads]) -> None:
        self._running.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("content is fetched without the database", error=type(error).__qualname__)
