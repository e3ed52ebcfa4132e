"""Two states of a text, compared word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Run:
    """A stretch of words that stayed, came or went."""

    sort: Literal["same", "added", "removed"]
    text: str


def runs_between(before: str, after: str) -> tuple[Run, ...]:
    """The way from one text to the other: what went stands before what came in its place."""
    return tuple(_runs(_WORDS.findall(before), _WORDS.findall(after)))


def _runs(before: list[str], after: list[str]) -> Iterator[Run]:
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            yield Run("same", "".join(before[a:b]))
            continue
        if a < b:
            yield Run("removed", "".join(before[a:b]))
        if c < d:
            yield Run("added", "".join(after[c:d]))
