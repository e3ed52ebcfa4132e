"""What going back to a version would change, worked out beside the requests: judging takes minutes."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from app.errors import Conflict, CopydeskError
from app.release.publishing import Proposal

log = structlog.get_logger(__name__)
KEPT = 8
"""Proposals that are kept for whoever reads one and then confirms it."""


class Question(NamedTuple):
    """What is asked: which version for which brand (empty for all), against what serves, on which day."""

    brand: str
    version: str
    serving: str
    day: str


@dataclass
class Work:
    """One proposal on its way. It has an answer or an error once `done` is set."""

    done: threading.Event
    proposal: Proposal | None = None
    error: CopydeskError | None = None


class RollBacks:
    """Proposals by what they go back to, for which brand, and against what serves; one at a time."""

    def __init__(self) -> None:
        self._works: OrderedDict[Question, Work] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def work(self, key: Question, propose: Callable[[], Proposal], wait: float) -> Work:
        """The work with this key, begun if there is none; waits so many seconds for it at most."""
        with self._lock:
            work = self._works.get(key)
            if work is None or work.error is not None:
                work = self._works[key] = Work(threading.Event())
                while len(self._works) > KEPT:
                    self._works.popitem(last=False)
                threading.Thread(target=self._run, args=(work, propose), daemon=True, name="rollback").start()
        work.done.wait(wait)
        return work

    def finished(self, key: Question) -> Proposal | None:
        """The proposal with this key, where it has been worked out."""
        with self._lock:
            work = self._works.get(key)
        return work.proposal if work is not None else None

    def _run(self, work: Work, propose: Callable[[], Proposal]) -> None:
        try:
            with self._turn:
                work.proposal = propose()
        except CopydeskError as error:
            work.error = error
        except Exception as error:  # whoever waits for it has to be told
            log.exception("a version was not judged", problem=type(error).__name__)
            work.error = Conflict("this version could not be judged", "tell your operator; the log says why")
        finally:
            work.done.set()
