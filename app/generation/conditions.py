"""Conditions of slots: what they may test, and what is shown where they do not hold."""

from collections.abc import Iterator

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.consents import lacks
from app.brief.models import Brief, Condition, SlotRequest
from app.errors import Problem, UsageError
from app.release.library import ContentLibrary
from app.yaml12 import Document, Path_, nearest


def condition_problems(brief: Brief, document: Document, library: ContentLibrary) -> Iterator[Problem]:
    """Conditions on what is not declared, or on data that a segment has not agreed to; required kinds that
    some readers would not get; blocks that do not fit.
    """
    for index, slot in enumerate(brief.slots):
        if slot.shown_when is None:
            continue
        at = ("slots", index)
        yield from _tested(slot.shown_when, brief, document, library.brand, (*at, "shown_when"))
        kind = KINDS.get(slot.kind)
        if kind is not None and kind.required and slot.otherwise is None:
            message = f"a '{kind.id}' is required, and readers without the condition would get none"
            yield document.problem(at, message, "otherwise: an approved block")
        if slot.otherwise is not None:
            yield from _block(slot, brief, document, library, (*at, "otherwise"))


def _tested(
    condition: Condition, brief: Brief, document: Document, brand: Brand, at: Path_
) -> Iterator[Problem]:
    if condition.segment is not None:
        try:
            brand.segment(condition.segment)
        except UsageError as error:
            yield document.problem((*at, "segment"), error.message, error.hint)
        return
    name = condition.variable or ""
    if name not in brand.variables:
        hint = nearest(name, brand.variables)
        yield document.problem((*at, "variable"), f"'{name}' is no variable of the brand", hint)
        return
    for request in brief.segments:
        segment = brand.aliases.get(request.id, request.id)
        consent = brand.withheld(segment).get(name) if segment in brand.segments else None
        if consent is not None:
            yield document.problem(
                (*at, "variable"), lacks(segment, {name: consent}), "a condition that asks for no consent"
            )


def _block(
    slot: SlotRequest, brief: Brief, document: Document, library: ContentLibrary, at: Path_
) -> Iterator[Problem]:
    placed = library.find(slot.otherwise or "")
    known = [item.block.id for item in library.blocks if item.block.kind == slot.kind]
    if placed is None or placed.block.kind != slot.kind:
        hint = nearest(slot.otherwise or "", known)
        yield document.problem(at, f"there is no approved '{slot.kind}' block '{slot.otherwise}'", hint)
        return
    for target in brief.targets:
        if target.locale not in placed.block.locales:
            message = f"block '{placed.block.id}' is not approved for {target.locale}"
            yield document.problem(at, message, "a block for every target")
