"""Short database work on the event loop itself, as long as the database answers at once.

A hop to a thread and back costs a busy process time of its own: the threads take turns at the interpreter,
and at each turn the processor's caches are filled anew. A SQLite file answers in well under a millisecond, so
that its work is done where it is asked for. What would have to wait (another writer, no free connection) goes
to a thread instead, and so does everything for a while once the file proved slow. Work on a Postgres server
always waits for the network, and always has a thread.
"""

import asyncio
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from app.db.locking import WouldWait, without_waiting

Given = ParamSpec("Given")
Result = TypeVar("Result")
SLOW_SECONDS = 0.05
"""Work on the event loop that took longer than this may have been done on a slow disk."""
SLOW_IN_A_ROW = 3
"""So many such works one after the other were."""
THREADS_SECONDS = 30.0
"""How long threads do the work after that."""


class Promptly:
    """Runs work on one database. It belongs to one event loop."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.perf_counter) -> None:
        pool = engine.pool
        self._pool = pool if engine.dialect.name == "sqlite" and isinstance(pool, QueuePool) else None
        self._clock = clock
        self._threads_until = float("-inf")
        self._slow = 0

    async def run(
        self, work: Callable[Given, Result], *arguments: Given.args, **named: Given.kwargs
    ) -> Result:
        """What `work` returns or raises. It may be begun twice: a transaction that would have to wait has
        done nothing yet, and what was done before it has to stand being done again.
        """
        if self._answers_at_once():
            started = self._clock()
            try:
                with without_waiting():
                    return work(*arguments, **named)
            except WouldWait:
                pass
            finally:
                self._took(started, self._clock())
        return await asyncio.to_thread(work, *arguments, **named)

    def _answers_at_once(self) -> bool:
        pool = self._pool
        return pool is not None and pool.checkedout() < pool.size() and self._clock() >= self._threads_until

    def _took(self, started: float, ended: float) -> None:
        self._slow = self._slow + 1 if ended - started > SLOW_SECONDS else 0
        if self._slow >= SLOW_IN_A_ROW:
            self._slow, self._threads_until = 0, ended + THREADS_SECONDS
