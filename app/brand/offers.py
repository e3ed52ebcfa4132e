"""Offers: a ladder per value tier under a cap, which offers may be combined, and the margin that has to stay.

Nobody types a discount: the rung of a segment's value tier is what its readers get.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from app.brand.base import Id, Line, Strict
from app.brand.effects import Effect
from app.errors import Problem
from app.yaml12 import Document, Path_, nearest

Percent = Annotated[Decimal, Field(gt=0, le=90, max_digits=5, decimal_places=2)]
Floor = Annotated[Decimal, Field(ge=0, lt=100, max_digits=5, decimal_places=2)]
_HUNDRED = Decimal(100)


class Rung(Strict):
    """What one value tier is offered."""

    tier: Annotated[Id, Effect.ROUTING]
    percent: Annotated[Percent, Effect.EMAIL]


class Offer(Strict):
    """A discount with its ladder per value tier. `cap_percent` is the most that any rung may give."""

    id: Annotated[Id, Effect.ROUTING]
    name: Annotated[Line, Effect.REPORT]
    starts: Annotated[AwareDatetime, Effect.LOADING]
    ends: Annotated[AwareDatetime, Effect.EMAIL]
    cap_percent: Annotated[Percent, Effect.LOADING]
    margin_floor_percent: Annotated[Floor | None, Effect.ROUTING] = None
    """In the place of the brand's floor."""
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4,20}$"), Effect.EMAIL]
    ladder: Annotated[tuple[Rung, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> "Offer":
        if self.starts >= self.ends:
            raise ValueError("starts is not before ends")
        tiers = [rung.tier for rung in self.ladder]
        twice = sorted({tier for tier in tiers if tiers.count(tier) > 1})
        if twice:
            raise ValueError(f"the ladder has two rungs for '{twice[0]}'")
        for rung in self.ladder:
            if rung.percent > self.cap_percent:
                raise ValueError(
                    f"rung '{rung.tier}' gives {rung.percent} %, over the cap of {self.cap_percent} %"
                )
        return self

    def percent_for(self, tier: str) -> Decimal | None:
        """What the value tier gets in percent; None where the ladder has no rung for it."""
        return next((rung.percent for rung in self.ladder if rung.tier == tier), None)


class Stack(Strict):
    """Offers that one email may combine. What stands in no stack is never combined."""

    offers: Annotated[tuple[Id, ...], Field(min_length=2, max_length=5), Effect.ROUTING]
    max_percent: Annotated[Percent, Effect.LOADING]
    """The most that their rungs may come to for any value tier, added up."""
    tiers: Annotated[tuple[Id, ...], Effect.ROUTING] = ()
    """The value tiers that may combine them; every one when empty."""


class Offers(Strict):
    """offers.yaml. The margin floor is the least that is left of a discounted price, in percent of it."""

    margin_floor_percent: Annotated[Floor | None, Effect.ROUTING] = None
    stacks: tuple[Stack, ...] = ()
    offers: tuple[Offer, ...]


def shown_percent(value: Decimal) -> str:
    """A percentage for people, without idle zeros: "17.5 %"."""
    return f"{value.normalize():f} %"


def together(offers: Iterable[Offer], tier: str) -> Decimal:
    """What the offers come to for a value tier: their rungs added up, which is never less than one after the
    other takes off.
    """
    return sum((offer.percent_for(tier) or Decimal(0) for offer in offers), Decimal(0))


def margin_floor(brand_floor: Decimal | None, offers: Iterable[Offer]) -> Decimal | None:
    """The margin that has to stay when the offers are combined: the highest of their floors."""
    floors = [
        brand_floor if offer.margin_floor_percent is None else offer.margin_floor_percent for offer in offers
    ]
    return max((floor for floor in floors if floor is not None), default=None)


def discounted(price: Decimal, percent: Decimal, decimals: int) -> Decimal:
    """The price after the discount, rounded down to the currency's `decimals`."""
    return (price * (_HUNDRED - percent) / _HUNDRED).quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)


def keeps_margin(price: Decimal, cost: Decimal, floor: Decimal) -> bool:
    """Whether at least `floor` percent of `price` is left after `cost`."""
    return price * (_HUNDRED - floor) >= cost * _HUNDRED and price > 0


def most_discount(price: Decimal, cost: Decimal, floor: Decimal) -> Decimal:
    """The most percent off that keeps the margin, in tenths, rounded down; under 0 when no discount does."""
    least = cost * _HUNDRED / (_HUNDRED - floor)
    return ((price - least) * _HUNDRED / price).quantize(Decimal("0.1"), "ROUND_FLOOR")


def stack_of(stacks: Iterable[Stack], offers: Sequence[str], tier: str) -> Stack | None:
    """The first stack that lets the tier combine the offers."""
    for stack in stacks:
        if set(offers) <= set(stack.offers) and (not stack.tiers or tier in stack.tiers):
            return stack
    return None


def stack_problems(document: Document, offers: Offers) -> Iterator[Problem]:
    """Stacks of offers that do not exist, never run together, or come to more than the stack lets them."""
    known = {offer.id: offer for offer in offers.offers}
    for index, stack in enumerate(offers.stacks):
        at = ("stacks", index)
        unknown = list(_unknown(document, (*at, "offers"), "offer", stack.offers, known))
        yield from unknown
        if len(set(stack.offers)) < len(stack.offers):
            yield document.problem((*at, "offers"), "names an offer twice", "each offer once")
        elif not unknown:
            yield from _members(document, at, stack, [known[name] for name in stack.offers])


def _members(document: Document, at: Path_, stack: Stack, members: list[Offer]) -> Iterator[Problem]:
    first, last = max(offer.starts for offer in members), min(offer.ends for offer in members)
    if first >= last:
        message = f"{' and '.join(stack.offers)} never run at the same time"
        yield document.problem((*at, "offers"), message, "offers whose windows overlap")
    shared = {rung.tier for rung in members[0].ladder}
    for offer in members[1:]:
        shared &= {rung.tier for rung in offer.ladder}
    yield from _unknown(
        document, (*at, "tiers"), "value tier of all its offers", stack.tiers, dict.fromkeys(sorted(shared))
    )
    for tier in [rung.tier for rung in members[0].ladder if rung.tier in shared]:
        total = together(members, tier)
        if (not stack.tiers or tier in stack.tiers) and total > stack.max_percent:
            message = (
                f"for '{tier}' they come to {shown_percent(total)}, over {shown_percent(stack.max_percent)}"
            )
            yield document.problem((*at, "max_percent"), message, "lower rungs, or `tiers` without it")


def _unknown(
    document: Document, at: Path_, what: str, names: Sequence[str], known: Mapping[str, object]
) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name not in known:
            yield document.problem((*at, number), f"unknown {what} '{name}'", nearest(name, list(known)))
