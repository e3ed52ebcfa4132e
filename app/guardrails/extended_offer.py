"""An offer that was announced to end and was extended: its earlier ends make every new hurry doubtful.

Who reads "last chance" about an offer that has been over once learns to wait. Words that hurry the reader are
refused for it; its new end may be stated where the copy says that the offer was extended.
"""

import functools
from collections.abc import Iterator

from babel.dates import format_date
from pydantic import RootModel

from app.brief.facts import DeadlineFact
from app.guardrails.data_files import read_data
from app.guardrails.frame import Context, Piece
from app.guardrails.numbers import values_in
from app.guardrails.supplied import Supplied
from app.guardrails.value_kinds import Kind, Use
from app.tokens import tokens_in

Span = tuple[int, int]


class _Words(RootModel[dict[str, tuple[str, ...]]]):
    """The words by language."""


@functools.cache
def _words() -> dict[str, tuple[str, ...]]:
    return read_data("extended_offer.yaml", _Words).root


def extended(supplied: Supplied) -> dict[str, DeadlineFact]:
    """The deadlines that were announced for an earlier moment, by name."""
    facts = supplied.sheet.facts.items()
    return {
        name: fact
        for name, fact in facts
        if isinstance(fact, DeadlineFact) and any(moment < fact.value for moment in fact.previously)
    }


def told(fact: DeadlineFact, supplied: Supplied) -> str:
    """What a finding says of the offer."""
    first = supplied.local(min(fact.previously)).date()
    shown = format_date(first, "d MMMM y", locale="en")
    now = format_date(supplied.local(fact.value).date(), "d MMMM y", locale="en")
    return f"this offer was announced to end on {shown} and was extended to {now}"


def stated_ends(piece: Piece, context: Context, supplied: Supplied) -> Iterator[tuple[Span, DeadlineFact]]:
    """Where copy states the end of an extended offer and does not say that it was extended."""
    found = extended(supplied)
    if not found:
        return
    text = piece.folded.text
    if any(word in text for word in _words().get(context.language, ())):
        return
    for token in tokens_in(piece.text):
        if token.name in found:
            yield (token.start, token.end), found[token.name]
    if context.tokens_only:
        return
    fact = next(iter(found.values()))
    for value in values_in(piece.text, context.locale):
        if value.kind in (Kind.DATE, Kind.WEEKDAY) and value.use is Use.ENDS:
            yield (value.start, value.end), fact
