"""For which readers a disclosure is printed: a tree of the tests of the blocks that call for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

from app.dialects.nodes import Test
from app.emails.content import Mark, Words
from app.emails.markers import Markers


@dataclass(frozen=True)
class Fork:
    """What is printed where a test holds, and where it does not."""

    test: Test
    then: "Due"
    otherwise: "Due"


Due = Union[Words, Fork, None]  # noqa: UP007 - Fork names it before it is there
"""Words for everybody, for nobody, or for some."""


def fork(test: Test, then: Due, otherwise: Due) -> Due:
    """A fork; none where both ways say the same."""
    then, otherwise = _given(then, test, holds=True), _given(otherwise, test, holds=False)
    return then if then == otherwise else Fork(test, then, otherwise)


def either(one: Due, other: Due) -> Due:
    """What is printed because of `one`, and where nothing is, because of `other`: never both."""
    match one:
        case None:
            return other
        case Fork(test, then, otherwise):
            return fork(test, either(then, other), either(otherwise, other))
        case _:
            return one


def marked(due: Due, marks: Markers) -> Iterator[Words | Mark]:
    """The words between the marks of their tests."""
    match due:
        case None:
            return
        case Fork(test, then, otherwise):
            yield Mark(marks.begin(test))
            yield from marked(then, marks)
            if otherwise is not None:
                yield Mark(marks.otherwise())
                yield from marked(otherwise, marks)
            yield Mark(marks.end())
        case _:
            yield due


def _given(due: Due, test: Test, *, holds: bool) -> Due:
    """What is left where it is known whether the test holds."""
    if not isinstance(due, Fork):
        return due
    if due.test == test:
        return _given(due.then if holds else due.otherwise, test, holds=holds)
    then, otherwise = (_given(way, test, holds=holds) for way in (due.then, due.otherwise))
    return then if then == otherwise else Fork(due.test, then, otherwise)
