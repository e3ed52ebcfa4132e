"""Risk tiers: which one a piece of content is in, by what the contract says of all that it holds, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.brand.base import Id, Strict
from app.brand.effects import Effect
from app.brand.markets import Market, members


class Tier(StrEnum):
    """Approval tiers by risk, lowest first."""

    LOW = "low"
    STANDARD = "standard"
    ELEVATED = "elevated"
    RESTRICTED = "restricted"


TIERS = tuple(Tier)


class Feature(StrEnum):
    """What copy does that raises its risk, whatever block it stands in."""

    OFFER = "offer"
    PRICE = "price"
    CLAIM = "claim"
    URGENCY = "urgency"
    PERSONALIZATION = "personalization"


SAID = {
    Feature.OFFER: "it makes an offer",
    Feature.PRICE: "it states a price",
    Feature.CLAIM: "it says a claim of the claims library",
    Feature.URGENCY: "it hurries the reader",
    Feature.PERSONALIZATION: "it uses data about the reader",
}


class TierRules(Strict):
    """Which tier a piece of content is in. The highest that applies counts; a request cannot lower it."""

    kinds: Annotated[dict[Id, Tier], Effect.ROUTING]
    journeys: Annotated[dict[Id, Tier], Effect.ROUTING] = Field(default_factory=dict)
    facts: Annotated[dict[Id, Tier], Effect.ROUTING] = Field(default_factory=dict)
    """By the role of a fact that the copy states, such as `discount: elevated`."""
    features: Annotated[dict[Feature, Tier], Effect.ROUTING] = Field(default_factory=dict)
    markets: Annotated[dict[Market, Tier], Effect.ROUTING] = Field(default_factory=dict)
    """By the jurisdiction that the email goes to, or a group of them such as EU."""

    def of_market(self, market: str) -> list[Tier]:
        """The tiers that a market demands, by itself or in groups."""
        return [tier for name, tier in self.markets.items() if market in members((name,))]

    @property
    def riskiest_journey(self) -> str:
        """The journey that demands the highest tier; empty where none demands any."""
        return max(self.journeys, key=lambda name: TIERS.index(self.journeys[name]), default="")

    def riskiest_market(self, markets: Iterable[str]) -> str:
        """The one of some markets that demands the highest tier; of equal ones the first."""
        return max(markets, key=lambda name: max(map(TIERS.index, self.of_market(name)), default=-1))


@dataclass(frozen=True)
class Risks:
    """Everything about a piece of content that its tier depends on. `roles` are those of the facts that it
    states, by token or written out. A `possible` place is one of several in which it may serve.
    """

    kind: str
    journey: str
    market: str = ""
    roles: frozenset[str] = frozenset()
    features: frozenset[Feature] = frozenset()
    possible_journey: bool = False
    possible_market: bool = False


@dataclass(frozen=True)
class Tiering:
    """A tier with everything that demands one, the most demanding first, in words."""

    tier: Tier
    reasons: tuple[str, ...] = ()

    def at_least(self, floor: Tier | None) -> "Tiering":
        """The same, or `floor` where that is higher: what was riskier before does not become less so."""
        if floor is None or TIERS.index(floor) <= TIERS.index(self.tier):
            return self
        return Tiering(floor, (f"it was {floor.value} before, and a tier is never lowered", *self.reasons))


def tiering(rules: TierRules, risks: Risks) -> Tiering:
    """The highest tier that anything about the content demands. An unknown kind is restricted."""
    found = sorted(_demands(rules, risks), key=lambda item: -TIERS.index(item[0]))
    return Tiering(found[0][0], tuple(f"{tier.value}: {words}" for tier, words in found))


def _demands(rules: TierRules, risks: Risks) -> Iterator[tuple[Tier, str]]:
    yield rules.kinds.get(risks.kind, Tier.RESTRICTED), f"it is a block of the kind {risks.kind}"
    if risks.journey in rules.journeys:
        said = "it may serve in the journey" if risks.possible_journey else "the journey is"
        yield rules.journeys[risks.journey], f"{said} {risks.journey}"
    said = "it may serve in the market" if risks.possible_market else "the market is"
    for tier in rules.of_market(risks.market):
        yield tier, f"{said} {risks.market}"
    for role in sorted(risks.roles & rules.facts.keys()):
        yield rules.facts[role], f"it states a fact of the role {role}"
    for feature in Feature:
        if feature in risks.features and feature in rules.features:
            yield rules.features[feature], SAID[feature]
