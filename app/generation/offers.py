"""Offers of a brief: their values by value tier, and everything that a brief may not do with them.

What a discount comes to is decided in offers.yaml alone. A brief names offers; the rung of each segment's
value tier becomes the facts, and whatever else a brief says about a discount has to agree with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.brand.brand import Brand
from app.brand.offers import Offer, shown_percent, stack_of, together
from app.brand.segments import Segment
from app.brand.suppression import never_written_to, suppressed
from app.brief.facts import DeadlineFact, Fact, FactSheet, MoneyFact, NameFact, PercentFact, Role
from app.brief.models import Brief, Target
from app.errors import Problem, UsageError
from app.generation.prices import margin_problems
from app.tokens import token_names
from app.yaml12 import Document, Path_, nearest

OFFER_KIND = "offer"
_LEAVE_OUT = "leave it out: the ladder gives it"


def offer_facts(offer: Offer, value_tier: str, stem: str = "offer") -> dict[str, Fact]:
    """The offer's values for one value tier, as facts. Raises UsageError when the ladder lacks the tier."""
    percent = offer.percent_for(value_tier)
    if percent is None:
        hint = nearest(value_tier, [item.tier for item in offer.ladder])
        raise UsageError(f"offer '{offer.id}' has no rung for the value tier '{value_tier}'", hint)
    common = {"source": f"offer {offer.id}", "valid_from": offer.starts, "valid_until": offer.ends}
    return {
        f"{stem}.discount": PercentFact.model_validate(
            {"kind": "percent", "role": Role.DISCOUNT, "value": percent, **common}
        ),
        f"{stem}.code": NameFact.model_validate(
            {"kind": "code", "role": Role.CODE, "value": offer.code, **common}
        ),
        f"{stem}.ends": DeadlineFact.model_validate(
            {"kind": "deadline", "role": Role.ENDS, "value": offer.ends, **common}
        ),
    }


def facts_for(
    brief: Brief, target: Target, brand: Brand, segment: Segment | None, *, lenient: bool = False
) -> FactSheet:
    """What copy for the segment may state: the target's facts, with the ladders' values in their names.

    Where a suppression flag stops the block `offer`, the offer's values are no facts for those readers.
    Raises UsageError for an offer that does not exist or has no rung for the segment; with `lenient` its
    values are left out instead.
    """
    sheet = target.fact_sheet()
    own = {name: fact for name, fact in sheet.facts.items() if name not in brief.offer_facts}
    given: dict[str, Fact] = {}
    if segment is not None and gets_offers(brief, target, brand, segment):
        for stem, name in brief.offers:
            try:
                given |= offer_facts(_offer(brand, name), segment.value_tier, stem)
            except UsageError:
                if not lenient:
                    raise
    announced = {name: _announced(fact, sheet.facts.get(name)) for name, fact in given.items()}
    lists = {slot.kind: slot.products_from for slot in brief.slots if slot.products_from is not None}
    return sheet.model_copy(update={"facts": {**announced, **own}, "lists": lists})


def gets_offers(brief: Brief, target: Target, brand: Brand, segment: Segment) -> bool:
    """Whether no suppression flag keeps the brief's offers from the segment."""
    journey = brief.journey.value
    return suppressed(brand, segment.id, journey=journey, kind=OFFER_KIND, flags=target.flags) is None


def _offer(brand: Brand, name: str) -> Offer:
    offer = brand.offers.get(name)
    if offer is None:
        raise UsageError(f"there is no offer '{name}'", nearest(name, brand.offers))
    return offer


def _announced(fact: Fact, own: Fact | None) -> Fact:
    """The ladder's fact with the earlier ends that the brief knows were announced."""
    if isinstance(fact, DeadlineFact) and isinstance(own, DeadlineFact) and own.value == fact.value:
        return fact.model_copy(update={"previously": own.previously})
    return fact


@dataclass(frozen=True)
class _Reader:
    """A segment of a brief with its place there."""

    segment: Segment
    index: int


def offer_problems(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    """Everything that is wrong with what a brief says about discounts."""
    unknown = list(_unknown(brief, document, brand))
    yield from unknown
    yield from _undeclared(brief, document, brand)
    if unknown or not brief.offers:
        return
    offers = [brand.offers[name] for _, name in brief.offers]
    readers = _readers(brief, brand)
    yield from _windows(brief, document, offers)
    missing = list(_rungs(readers, document, offers))
    yield from missing
    yield from _kept_back(brief, document, brand, readers)
    if missing:
        return
    yield from _stacks(document, brand, offers, readers)
    for index, target in enumerate(brief.targets):
        getting = [item for item in readers if gets_offers(brief, target, brand, item.segment)]
        yield from _own_values(brief, document, brand, index, getting)
        yield from margin_problems(
            document, index, target, brand, offers, getting=[r.segment for r in getting]
        )


def _unknown(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    for place, (_, name) in enumerate(brief.offers):
        if name not in brand.offers:
            at: Path_ = ("stacked_offers", place - 1) if place else ("offer",)
            yield document.problem(at, f"there is no offer '{name}'", nearest(name, brand.offers))


def _readers(brief: Brief, brand: Brand) -> list[_Reader]:
    """The segments of the brief that exist and are written to."""
    found = []
    for index, request in enumerate(brief.segments):
        segment = brand.segments.get(brand.aliases.get(request.id, request.id))
        if segment is not None and not never_written_to(brand, segment):
            found.append(_Reader(segment, index))
    return found


def _windows(brief: Brief, document: Document, offers: Sequence[Offer]) -> Iterator[Problem]:
    for index, target in enumerate(brief.targets):
        at = ("targets", index, "window", "send_at")
        for offer in offers:
            if not offer.starts <= target.window.send_at <= offer.ends:
                window = f"{offer.starts:%Y-%m-%d} to {offer.ends:%Y-%m-%d}"
                yield document.problem(at, f"offer '{offer.id}' is not valid then", f"it runs from {window}")


def _rungs(readers: Sequence[_Reader], document: Document, offers: Sequence[Offer]) -> Iterator[Problem]:
    for reader in readers:
        tier = reader.segment.value_tier
        for offer in offers:
            if offer.percent_for(tier) is None:
                message = f"offer '{offer.id}' has no rung for value tier '{tier}' of '{reader.segment.id}'"
                yield document.problem(("segments", reader.index), message, "add the rung to offers.yaml")


def _kept_back(
    brief: Brief, document: Document, brand: Brand, readers: Sequence[_Reader]
) -> Iterator[Problem]:
    """A thought that names the offer, for readers from whom a flag keeps it."""
    for reader in readers:
        own = brief.segments[reader.index].message
        at: Path_ = ("segments", reader.index, *(("message",) if own else ()))
        named = sorted(token_names(own or brief.message) & brief.offer_facts)
        if named and not all(gets_offers(brief, target, brand, reader.segment) for target in brief.targets):
            who = f"'{reader.segment.id}', whom a flag keeps offers from"
            hint = "a `message` of its own for the segment, without the offer"
            yield document.problem(at, f"the thought names '{{{named[0]}}}' for {who}", hint)


def _stacks(
    document: Document, brand: Brand, offers: Sequence[Offer], readers: Sequence[_Reader]
) -> Iterator[Problem]:
    """Offers that the segment's value tier may not have together."""
    if len(offers) < 2:
        return
    names = [offer.id for offer in offers]
    for reader in readers:
        tier = reader.segment.value_tier
        who = f"for value tier '{tier}' of '{reader.segment.id}'"
        stack = stack_of(brand.stacks, names, tier)
        if stack is None:
            message = f"{' and '.join(names)} may not be combined {who}"
            yield document.problem(("stacked_offers",), message, _allowed(brand))
        elif together(offers, tier) > stack.max_percent:
            total, most = shown_percent(together(offers, tier)), shown_percent(stack.max_percent)
            message = f"{' and '.join(names)} come to {total} {who}"
            yield document.problem(("stacked_offers",), message, f"at most {most} together")


def _allowed(brand: Brand) -> str:
    stacks = [
        " + ".join(stack.offers) + (f" for {', '.join(stack.tiers)}" if stack.tiers else "")
        for stack in brand.stacks
    ]
    if not stacks:
        return "one offer: offers.yaml has no stacks"
    return f"offers.yaml lets these: {'; '.join(stacks)}"


def _own_values(
    brief: Brief, document: Document, brand: Brand, index: int, readers: Sequence[_Reader]
) -> Iterator[Problem]:
    """Values that the author wrote under the names of a ladder's facts."""
    target = brief.targets[index]
    for stem, name in brief.offers:
        offer = brand.offers[name]
        for fact_name, fact in target.facts.items():
            at: Path_ = ("targets", index, "facts", fact_name)
            if fact_name.rsplit(".", 1)[0] == stem and fact.role is Role.SAVING:
                message = f"offer '{name}' takes percent off, and no amount"
                yield document.problem(at, message, f"say {{{stem}.discount}}")
            if fact_name not in {f"{stem}.discount", f"{stem}.code", f"{stem}.ends"}:
                continue
            for reader in readers:
                ours = offer_facts(offer, reader.segment.value_tier, stem)[fact_name]
                if (fact.kind, fact.value) != (ours.kind, ours.value):
                    says, gives = (_shown(target, one) for one in (fact, ours))
                    message = f"says {says}, and offer '{name}' gives '{reader.segment.id}' {gives}"
                    yield document.problem(at, message, _LEAVE_OUT)
                    break


def _shown(target: Target, fact: Fact) -> str:
    sheet = target.fact_sheet().model_copy(update={"facts": {"it": fact}})
    return sheet.render("it") if fact.kind != "deadline" else fact.value.isoformat()


def _undeclared(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    """Discounts that no ladder gives: a markdown of the product beside it, or nothing that may stand."""
    for index, target in enumerate(brief.targets):
        for name, fact in target.facts.items():
            if fact.role is not Role.DISCOUNT or name in brief.offer_facts:
                continue
            at: Path_ = ("targets", index, "facts", name)
            off = _markdown(target, name.rsplit(".", 1)[0])
            if off is None:
                known = ", ".join(brand.offers) or "an entry of offers.yaml"
                message = "no offer of the brand and no earlier price stands behind this discount"
                hint = f"`offer:` with {known}, or price and was_price beside it"
                yield document.problem(at, message, hint)
            elif not off - 1 < fact.value <= off:
                exact = shown_percent(off.quantize(Decimal("0.01")))
                message = f"says {shown_percent(fact.value)}, and price and was_price make it {exact}"
                yield document.problem(at, message, "that value, or it rounded down")


def _markdown(target: Target, stem: str) -> Decimal | None:
    """By how many percent the price of that stem is below its earlier price."""
    money = {
        fact.role: fact
        for name, fact in target.facts.items()
        if isinstance(fact, MoneyFact) and name.rsplit(".", 1)[0] == stem
    }
    price, was = money.get(Role.PRICE), money.get(Role.WAS_PRICE)
    if price is None or was is None or price.currency != was.currency or price.value >= was.value:
        return None
    return (was.value - price.value) * 100 / was.value
