"""Suppression flags: what they keep from readers who carry them, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.brand.brand import Brand
from app.brand.segments import WHOLE_EMAIL, Segment, Segments, Suppression
from app.errors import Problem
from app.yaml12 import Document, nearest


@dataclass(frozen=True)
class Suppressed:
    """Something that is kept from readers: a block, or with `whole_email` all of it."""

    whole_email: bool
    entries: tuple[Suppression, ...]
    """What stops it, at least one."""

    @property
    def words(self) -> str:
        """Which flags stop it, why, and who answers for them."""
        parts = (f"flag {item.flag}: {item.reason} (answered for by {item.owner})" for item in self.entries)
        return "; ".join(parts)


def suppressed(
    brand: Brand, segment: str, *, journey: str, kind: str, flags: Iterable[str] = ()
) -> Suppressed | None:
    """What keeps a block of `kind` from the segment in this journey; None when nothing does.

    `segment` is an id or an alias; `flags` come to those that the segment carries. A flag that is not
    declared stops nothing here: loading and planning refuse it.
    """
    documented = brand.segments.get(brand.aliases.get(segment, segment))
    carried = (*(documented.carried if documented is not None else ()), *flags)
    held = [brand.suppressions[flag] for flag in dict.fromkeys(carried) if flag in brand.suppressions]
    held = [item for item in held if not item.journeys or journey in item.journeys]
    whole = tuple(item for item in held if WHOLE_EMAIL in item.stops)
    if whole:
        return Suppressed(True, whole)
    block = tuple(item for item in held if kind in item.stops)
    return Suppressed(False, block) if block else None


def never_written_to(brand: Brand, segment: Segment) -> bool:
    """Whether it is a suppression segment of which nothing says what it may get after all."""
    return segment.id in segment.carried and segment.id not in brand.suppressions


def suppression_problems(document: Document, segments: Segments) -> Iterator[Problem]:
    """Flags that are declared twice, that segments carry undeclared, or that no segment could mean."""
    declared = [item.flag for item in segments.suppressions]
    for index, flag in enumerate(declared):
        if flag in declared[:index]:
            at = ("suppressions", index, "flag")
            yield document.problem(at, f"'{flag}' is given twice", "one entry says all that a flag stops")
    for index, segment in enumerate(segments.segments):
        for number, flag in enumerate(segment.flags):
            if flag not in declared:
                hint = nearest(flag, declared) if declared else "declare it under 'suppressions'"
                place = ("segments", index, "flags", number)
                yield document.problem(place, f"unknown suppression flag '{flag}'", hint)
