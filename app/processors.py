"""Much work of one kind, done on all processors of the machine.

The processes that help are copies of this one: what the work needs is there already, and only the results
are passed back.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

WORTH_IT = 200
"""Items from which on copies pay: making them takes as long as judging some dozen blocks."""
_CHUNKS = 8
"""Portions for each process, so that none waits long for the last one."""
_under_way: list[Callable[[int], Any]] = []
"""What is done now, the innermost last: copies find it where it stood when they were made."""


def on_all_processors(work: Callable[[ItemT], ResultT], items: Sequence[ItemT]) -> list[ResultT]:
    """`work` of every item, in their order. What it returns or raises has to be picklable.

    Everything is done here where there is little of it, and where this process cannot be copied safely: not
    on Linux, or with other threads, whose locks a copy would hold for ever.
    """
    count = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if count < 2 or len(items) < WORTH_IT or threading.active_count() > 1:
        return [work(item) for item in items]
    _under_way.append(lambda index: work(items[index]))
    try:
        with multiprocessing.get_context("fork").Pool(count) as pool:
            return pool.map(_one, range(len(items)), chunksize=max(1, len(items) // (count * _CHUNKS)))
    finally:
        _under_way.pop()


def _one(index: int) -> Any:
    return _under_way[-1](index)
