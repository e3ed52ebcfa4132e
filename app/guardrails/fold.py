"""Folding: shadow copies of a text on which rules match, with the way back to the original characters.

The plain fold comes first, and rules read it always. A disguise that it leaves is undone in a further copy:
the text as HTML and direction marks show it, and for each function in `_DISGUISES` a copy without what it
finds. Copies that undo all of them one after the other see through disguises that were mixed. Further copies
only add to what rules find, and a text without a disguise has none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from app.guardrails.disguised_words import (
    letters_for_all,
    letters_for_words,
    look_alike_words,
    slips_undone,
    slips_undone_otherwise,
)
from app.guardrails.gaps import is_spaced_out, joined, joined_in_part, without_gaps
from app.guardrails.plain_fold import Edit, Folded, fold
from app.guardrails.rendered import rendered
from app.tokens import TOKEN

__all__ = ["Folded", "fold", "shadows", "shadows_of"]

Disguise = Callable[[Folded], Sequence[Edit]]
"""Finds in a folded copy what to write otherwise, in order; nothing where the text wears no such disguise."""

_DISGUISES: tuple[Disguise, ...] = (
    look_alike_words,
    without_gaps,
    letters_for_words,
    letters_for_all,
    joined,
    joined_in_part,
    slips_undone,
    slips_undone_otherwise,
)
_ALL_AT_ONCE: tuple[tuple[Disguise, ...], ...] = (
    (look_alike_words, without_gaps, letters_for_all, joined, slips_undone),
    (look_alike_words, without_gaps, letters_for_words, joined_in_part, slips_undone_otherwise),
)
"""Where a sign can be read in two ways, each way is followed through."""
_VARIABLE = re.compile(rf"{TOKEN.pattern}|\{{\{{[^{{}}]{{0,80}}\}}\}}")
_LONGEST_CHUNK = 64
"""Characters between two spaces that are looked at once and remembered; more are no ordinary word."""


def shadows(text: str) -> tuple[Folded, ...]:
    """Every copy of `text` that rules read: the plain fold first, then one for each disguise it wears."""
    return shadows_of(fold(text))


def shadows_of(plain: Folded) -> tuple[Folded, ...]:
    """The same for a text that was folded already."""
    shown = rendered(plain)
    copies = {copy.text: copy for copy in (*shown, plain)}
    for base in (*shown, plain):
        if not _is_ordinary(base):
            for copy in _undisguised(base):
                copies.setdefault(copy.text, copy)
    del copies[plain.text]
    return (plain, *copies.values())


def _undisguised(base: Folded) -> Iterator[Folded]:
    undone: dict[tuple[Disguise, str], Folded] = {}
    for way in (*((disguise,) for disguise in _DISGUISES), *_ALL_AT_ONCE):
        copy = base
        for disguise in way:
            step = (disguise, copy.text)
            if step not in undone:
                edits = _usable(copy.text, disguise(copy))
                undone[step] = copy.edited(edits) if edits else copy
            copy = undone[step]
        yield copy


def _usable(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits in order, without those that overlap an earlier one or change a token.

    The name of a token is no copy, and rules mask it by how it is written.
    """
    taken = bytearray(len(text)) if edits else bytearray()
    for match in _VARIABLE.finditer(text) if edits and "{" in text else ():
        taken[match.start() : match.end()] = b"\x01" * len(match[0])
    usable = []
    for start, end, new in sorted(edits):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            usable.append((start, end, new))
    return usable


def _is_ordinary(copy: Folded) -> bool:
    """Whether no disguise has anything to undo: a look at each word, which is remembered."""
    if is_spaced_out(copy.text) or "`" in copy.source:
        return False
    return all(len(chunk) <= _LONGEST_CHUNK and _is_ordinary_chunk(chunk) for chunk in copy.text.split())


@lru_cache(maxsize=20_000)
def _is_ordinary_chunk(chunk: str) -> bool:
    if chunk.isalpha() and chunk.isascii():
        return not slips_undone(fold(chunk))
    copy = fold(chunk)
    return not any(_usable(copy.text, disguise(copy)) for disguise in _DISGUISES)
