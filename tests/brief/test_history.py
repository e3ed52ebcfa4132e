"""Deadlines keep the earlier ends that a brief announced."""

import datetime as dt
from typing import Any

from app.brief.facts import DeadlineFact, Role
from app.brief.history import with_history
from app.brief.models import Brief
from tests.generation.desk import BRIEF


def _ending(day: int, **more: Any) -> Brief:
    moment = dt.datetime(2026, 2, day, 23, 59, tzinfo=dt.UTC)
    fact = DeadlineFact(kind="deadline", role=Role.ENDS, source="offer list", value=moment, **more)
    brief = Brief.model_validate(BRIEF)
    target = brief.targets[0]
    changed = target.model_copy(update={"facts": {**target.facts, "offer.ends": fact}})
    return brief.model_copy(update={"targets": (changed, *brief.targets[1:])})


def _previously(brief: Brief) -> list[int]:
    fact = brief.targets[0].facts["offer.ends"]
    assert isinstance(fact, DeadlineFact)
    return [moment.day for moment in fact.previously]


def test_an_end_that_moves_later_is_kept_as_announced_before() -> None:
    once = with_history(_ending(10), _ending(14))
    assert _previously(once) == [10]
    assert _previously(with_history(once, _ending(20))) == [10, 14]


def test_an_end_that_moves_earlier_or_stays_is_no_extension() -> None:
    assert _previously(with_history(_ending(14), _ending(10))) == []
    assert with_history(_ending(14), _ending(14)) == _ending(14)


def test_a_change_cannot_take_the_history_away() -> None:
    extended = with_history(_ending(10), _ending(14))
    assert with_history(extended, _ending(14)) == extended


def test_a_deadline_without_history_is_written_as_before() -> None:
    fact = _ending(10).targets[0].facts["offer.ends"]
    assert "previously" not in fact.model_dump(mode="json")
