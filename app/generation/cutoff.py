"""When a request stops asking models: its time is over, or the process is being stopped.

What was found by then is kept, and every slot that is still open gets its approved answer.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from app.verdicts.decisions import Reason


class Cutoff:
    """The end of asking for one request. Made inside the event loop that the request runs in.

    `seconds` counts from now; None sets no end. `reach` brings the end forward to this moment.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._at = self._loop.time() + seconds if seconds is not None else float("inf")
        self._why = Reason.DEADLINE_REACHED
        self._watched: set[asyncio.Timeout] = set()

    @property
    def reached(self) -> Reason | None:
        """Why nothing more is asked; None while there is time."""
        return self._why if self._loop.time() >= self._at else None

    def reach(self, why: Reason) -> None:
        """End all asking now, also what is in progress."""
        if self.reached is not None:
            return
        self._at, self._why = self._loop.time(), why
        for timeout in self._watched:
            timeout.reschedule(self._at)

    @contextmanager
    def limit(self, timeout: asyncio.Timeout) -> Iterator[None]:
        """End `timeout`, which has been entered, no later than this cutoff, wherever that moves to."""
        due = timeout.when()
        if due is None or due > self._at:
            timeout.reschedule(self._at)
        self._watched.add(timeout)
        try:
            yield
        finally:
            self._watched.discard(timeout)
