"""What going back would change is worked out beside the requests, once, and never waited for too long."""

import datetime as dt
import threading

import pytest

from app.errors import Conflict, UsageError
from app.release.publishing import FileChanges, Proposal
from app.web.rolling_back import KEPT, Question, RollBacks

ASKED = Question("fernhill", "a" * 64, "b" * 64, "2026-11-27")
LONG = 10.0


def proposal() -> Proposal:
    at = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
    return Proposal(version="a", serving="b", stored=True, as_of=at, files=1, bytes=1, changes=FileChanges())


def test_who_asks_does_not_wait_for_long_and_finds_it_later() -> None:
    go_on, times = threading.Event(), []

    def slowly() -> Proposal:
        times.append(1)
        go_on.wait(LONG)
        return proposal()

    works = RollBacks()
    first = works.work(ASKED, slowly, 0)
    assert (first.proposal, works.finished(ASKED)) == (None, None)
    assert works.work(ASKED, slowly, 0) is first
    go_on.set()
    assert works.work(ASKED, slowly, LONG).proposal == proposal()
    assert works.finished(ASKED) == proposal()
    assert times == [1]


def test_another_version_that_serves_is_another_question() -> None:
    works = RollBacks()
    works.work(ASKED, proposal, LONG)
    assert works.finished(ASKED._replace(serving="c" * 64)) is None


def test_what_went_wrong_is_told_and_tried_again() -> None:
    def refuse() -> Proposal:
        raise UsageError("gone")

    works = RollBacks()
    assert isinstance(works.work(ASKED, refuse, LONG).error, UsageError)
    assert works.work(ASKED, proposal, LONG).proposal == proposal()


def test_a_fault_is_told_too() -> None:
    def fail() -> Proposal:
        raise KeyError("label")

    assert isinstance(RollBacks().work(ASKED, fail, LONG).error, Conflict)


@pytest.mark.parametrize("count", [KEPT, KEPT + 1])
def test_only_some_are_kept(count: int) -> None:
    works = RollBacks()
    for number in range(count):
        works.work(ASKED._replace(day=str(number)), proposal, LONG)
    assert (works.finished(ASKED._replace(day="0")) is None) == (count > KEPT)
