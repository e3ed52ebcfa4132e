"""Where a slot's products come from: the feed of the brief, or a list that the platform keeps."""

from collections.abc import Iterator

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.consents import lacks
from app.brief.models import Brief, SlotRequest
from app.errors import Problem
from app.yaml12 import Document, Path_, nearest


def product_problems(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    """Lists that the brand does not declare or that a segment has not agreed to, in slots that show no
    products, or beside a feed that nothing would show.
    """
    for index, slot in enumerate(brief.slots):
        if slot.products_from is not None:
            yield from _listed(slot, slot.products_from, brief, document, brand, ("slots", index))


def _listed(  # noqa: PLR0917
    slot: SlotRequest, name: str, brief: Brief, document: Document, brand: Brand, at: Path_
) -> Iterator[Problem]:
    at = (*at, "products_from")
    kind = KINDS.get(slot.kind)
    if kind is not None and not kind.feed:
        showing = ", ".join(item.id for item in KINDS.values() if item.feed)
        yield document.problem(at, f"a '{kind.id}' shows no products", f"a block of {showing}")
    if name not in brand.lists:
        hint = nearest(name, brand.lists) if brand.lists else "declare it under 'lists' of variables.yaml"
        yield document.problem(at, f"'{name}' is no list of the brand", hint)
        return
    for request in brief.segments:
        segment = brand.aliases.get(request.id, request.id)
        consent = brand.withheld_list(segment, name) if segment in brand.segments else None
        if consent is not None:
            yield document.problem(at, lacks(segment, {name: consent}), "a list that asks for no consent")
    for number, target in enumerate(brief.targets):
        if target.feed is not None:
            message = f"the products come from '{name}', so that nothing would show this feed"
            yield document.problem(("targets", number, "feed"), message, "one of the two")
