"""Generic twins: a block whose variable needs a consent has a stand-in for readers who did not give it."""

from collections.abc import Iterator, Sequence

from app.blocks.approved import ApprovedBlock
from app.blocks.loader import PlacedBlock
from app.brand.brand import Brand
from app.errors import Problem
from app.tokens import token_names
from app.yaml12 import nearest


def consents_needed(brand: Brand, block: ApprovedBlock) -> dict[str, str]:
    """The variables in the block whose use rests on a consent, each with that consent."""
    used = sorted({name for text in block.copy_.values() for name in token_names(text)})
    variables = (brand.variables[name] for name in used if name in brand.variables)
    return {item.name: item.consent for item in variables if item.consent is not None}


def twin_problems(brand: Brand, placed: Sequence[PlacedBlock]) -> Iterator[Problem]:
    """Twins that cannot stand in for their block, and blocks that need a consent and have no stand-in."""
    by_id = {item.block.id: item.block for item in placed}
    for item in placed:
        needed = consents_needed(brand, item.block)
        if item.block.twin is not None:
            yield from _named(brand, item, by_id, needed)
        elif needed:
            yield from _unnamed(brand, item, list(by_id.values()), needed)


def _named(
    brand: Brand, item: PlacedBlock, by_id: dict[str, ApprovedBlock], needed: dict[str, str]
) -> Iterator[Problem]:
    block, name = item.block, item.block.twin or ""
    twin = by_id.get(name)
    if twin is None:
        yield item.problem(f"there is no block '{name}'", nearest(name, by_id), "twin")
        return
    if not needed:
        message = f"block '{block.id}' uses no variable that needs a consent, so it has no use for a twin"
        yield item.problem(message, "leave 'twin' out", "twin")
    for message, expected in _faults(brand, block, twin):
        yield item.problem(f"'{name}' cannot be its twin: {message}", expected, "twin")


def _faults(brand: Brand, block: ApprovedBlock, twin: ApprovedBlock) -> Iterator[tuple[str, str]]:
    if (twin.kind, twin.journey) != (block.kind, block.journey):
        place = f"{twin.kind}/{twin.journey or 'evergreen'}"
        yield f"it stands in {place}", f"a block of {block.kind}/{block.journey or 'evergreen'}"
    uncovered = [locale for locale in block.locales if locale not in twin.locales]
    if uncovered:
        yield f"it lacks the locale {uncovered[0]}", "every locale of this block"
    if not _covers_segments(brand, twin, block):
        yield f"it is for {', '.join(twin.segments)} only", "every segment of this block"
    needed = consents_needed(brand, twin)
    if needed:
        yield f"'{next(iter(needed))}' in it needs a consent too", "words without such a variable"


def _unnamed(
    brand: Brand, item: PlacedBlock, blocks: Sequence[ApprovedBlock], needed: dict[str, str]
) -> Iterator[Problem]:
    block = item.block
    generic = [
        other
        for other in blocks
        if (other.kind, other.journey) == (block.kind, block.journey)
        and _covers_segments(brand, other, block)
        and not consents_needed(brand, other)
    ]
    for locale in block.locales:
        if not any(locale in other.locales for other in generic):
            variable, consent = next(iter(needed.items()))
            message = (
                f"block '{block.id}' uses '{variable}', which needs the consent '{consent}', and no block "
                f"for {locale} stands in for readers without it"
            )
            yield item.problem(message, "a block with the same thought without the variable, as its 'twin'")


def _covers_segments(brand: Brand, block: ApprovedBlock, wanted: ApprovedBlock) -> bool:
    """Whether the block may be sent to every segment that `wanted` is for."""
    if not block.segments:
        return True
    canonical = [
        {brand.aliases.get(name, name) for name in names} for names in (block.segments, wanted.segments)
    ]
    return bool(wanted.segments) and canonical[1] <= canonical[0]
