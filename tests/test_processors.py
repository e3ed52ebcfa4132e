"""Work on all processors: the same answers in the same order as one after the other."""

import os
import subprocess
import sys
import threading

import pytest

from app.errors import UsageError
from app.processors import WORTH_IT, on_all_processors


@pytest.mark.parametrize("count", [0, 3, WORTH_IT, 5 * WORTH_IT + 7])
def test_answers_come_in_the_order_of_the_items(count: int) -> None:
    offset = 5
    assert on_all_processors(lambda number: number + offset, range(count)) == list(range(5, count + 5))


WHO = """
import os, time
from app.processors import WORTH_IT, on_all_processors
def who(_):
    time.sleep(0.0005)  # long enough that no process does it all before the others have begun
    return os.getpid()
print(len(set(on_all_processors(who, range(5 * WORTH_IT))) - {os.getpid()}))
print(set(on_all_processors(who, range(WORTH_IT - 1))) == {os.getpid()})
"""


def test_much_work_is_done_by_several_processes_and_little_work_here() -> None:
    """In a process of its own: here other tests may have left threads, and then nothing is copied."""
    said = subprocess.run([sys.executable, "-c", WHO], capture_output=True, text=True, check=True, timeout=60)
    others, alone = said.stdout.split()
    assert int(others) == (0 if len(os.sched_getaffinity(0)) == 1 else len(os.sched_getaffinity(0)))
    assert alone == "True"


def test_a_process_with_other_threads_is_not_copied() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert set(on_all_processors(lambda _: os.getpid(), range(2 * WORTH_IT))) == {os.getpid()}
    finally:
        end.set()
        other.join()


def test_an_error_in_a_copy_reaches_the_one_who_asked() -> None:
    def work(number: int) -> int:
        if number == WORTH_IT:
            raise UsageError("not that one", "another")
        return number

    with pytest.raises(UsageError, match="not that one"):
        on_all_processors(work, range(2 * WORTH_IT))
