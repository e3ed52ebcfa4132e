"""Rendering every email that a brief can become: each variant of each slot, branch and missing value.

One template holds all variants of a slot as branches, so that an email of any of them is only filled, and not
composed again. Where the full product is too large, every pair of choices is still rendered together.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.dialects.filling import Person
from app.dialects.nodes import Equals
from app.emails.faults import Fault, faults_in
from app.emails.models import FilledSlot
from app.emails.package import filled
from app.emails.template import EmailTemplate, SlotChoice

BLANK = "  "
"""A value of white space alone, which readers' data has and which is no value."""


@dataclass(frozen=True)
class Axis:
    """One thing that differs between emails: which variant stands in a slot, or what a variable holds."""

    name: str
    labels: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True)
class MatrixFault:
    """A fault with the combination in which it was seen first."""

    fault: Fault
    combination: Mapping[str, str]


def slot_of(kind: str) -> str:
    """The name of the variable that picks the variant of a slot; no brand can declare it."""
    return f"slot.{kind}"


def choice_of(kind: str, variants: Sequence[FilledSlot | None]) -> SlotChoice:
    """All variants of a slot as branches, picked by number; the last one without a test."""
    *firsts, last = variants
    tests = tuple((Equals(slot_of(kind), str(number)), slot) for number, slot in enumerate(firsts))
    return SlotChoice(tests, last)


def slot_axis(kind: str, labels: Sequence[str]) -> Axis:
    """The axis of a slot's variants."""
    return Axis(slot_of(kind), tuple(labels), tuple(str(number) for number in range(len(labels))))


def variable_axis(name: str, examples: Sequence[str]) -> Axis:
    """What a variable may hold: its examples, nothing at all, and white space."""
    labels = (*examples, "missing", "blank")
    return Axis(name, labels, (*examples, None, BLANK))


def list_axis(name: str, items: Sequence[Mapping[str, str]]) -> Axis:
    """What a list may hold: as many items as are shown, one, one of which nothing is known, and none."""
    values: tuple[tuple[Mapping[str, str], ...], ...] = (tuple(items), tuple(items[:1]), ({},), ())
    return Axis(name, ("full", "one item", "a bare item", "empty"), values)


def combinations(axes: Sequence[Axis], limit: int) -> Iterator[tuple[int, ...]]:
    """Which value of each axis: every combination where there are at most `limit`, else a set of them in
    which each pair of values of two axes occurs.
    """
    sizes = [len(axis.values) for axis in axes]
    if math.prod(sizes) <= limit or len(axes) < 2:
        yield from itertools.product(*map(range, sizes))
        return
    from allpairspy import AllPairs

    for pair in AllPairs([list(range(size)) for size in sizes]):
        yield tuple(pair)


def rendered(
    template: EmailTemplate,
    axes: Sequence[Axis],
    picked: Sequence[int],
    segments: frozenset[str],
) -> list[MatrixFault]:
    """The faults of one combination."""
    values = {axis.name: axis.values[number] for axis, number in zip(axes, picked, strict=True)}
    labels = {axis.name: axis.labels[number] for axis, number in zip(axes, picked, strict=True)}
    seen = filled(template, Person(values, segments))
    return [MatrixFault(fault, labels) for fault in faults_in(seen, template.locale)]
