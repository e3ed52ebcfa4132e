"""The decision contract: a validated file whose clauses are executed. Nothing is generated without one."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator

from app.brand.base import Id, Strict
from app.brand.effects import Effect


class Tier(StrEnum):
    """Approval tiers by risk, lowest first."""

    LOW = "low"
    STANDARD = "standard"
    ELEVATED = "elevated"
    RESTRICTED = "restricted"


TIERS = tuple(Tier)


class Approver(StrEnum):
    """The roles that approve."""

    BRAND_REVIEWER = "brand reviewer"
    LEGAL = "legal"
    PERFORMANCE = "performance"
    BRAND_OWNER = "brand owner"


Share = Annotated[float, Field(ge=0, le=1)]


class TierRules(Strict):
    """Which tier a piece of content is in. The highest that applies counts; a request cannot lower it."""

    kinds: Annotated[dict[Id, Tier], Effect.ROUTING]
    journeys: Annotated[dict[Id, Tier], Effect.ROUTING] = Field(default_factory=dict)
    facts: Annotated[dict[Id, Tier], Effect.ROUTING] = Field(default_factory=dict)
    """By the role of a fact that the copy states, such as `discount: elevated`."""


class Budgets(Strict):
    """What answering may cost. Seconds are wall time, tokens count prompt and answer."""

    slot_seconds: Annotated[float, Field(gt=0, le=600), Effect.DECISION]
    brief_tokens: Annotated[int, Field(gt=0), Effect.DECISION]
    brief_usd: Annotated[Decimal, Field(ge=0), Effect.DECISION]


class DecisionContract(Strict):
    """contract.yaml."""

    may_optimise: Annotated[tuple[Id, ...], Field(min_length=1), Effect.ROUTING]
    """KPIs that a brief may pursue."""
    may_generate: Annotated[tuple[Id, ...], Effect.DECISION]
    """Block kinds that a model may write; the others are approved content only."""
    never_infer: Annotated[tuple[Id, ...], Field(min_length=1), Effect.VERDICT]
    """Ids of never_infer.yaml that are enforced."""
    tiers: TierRules
    approvers: Annotated[dict[Tier, tuple[Approver, ...]], Effect.DECISION]
    """Who approves in each tier; all of them must."""
    release_without_approval: Annotated[tuple[Tier, ...], Effect.DECISION] = ()
    """Tiers whose generated content may pass the gate unread."""
    confidence: Annotated[dict[Tier, Share], Effect.DECISION]
    """The least confidence in 0..1 that content of a tier needs to be used."""
    confidence_by_kind: Annotated[dict[Id, Share], Effect.DECISION] = Field(default_factory=dict)
    """Overrides for a kind; the higher of the two counts."""
    reasks: Annotated[int, Field(ge=0, le=3), Effect.DECISION]
    """How often refused variants are asked for again."""
    budgets: Budgets

    @field_validator("approvers", "confidence")
    @classmethod
    def _every_tier(cls, value: dict[Tier, Any]) -> dict[Tier, Any]:
        missing = [tier.value for tier in TIERS if tier not in value]
        if missing:
            raise ValueError(f"lacks the tiers {', '.join(missing)}")
        return value

    @field_validator("release_without_approval")
    @classmethod
    def _read_before(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        unread = [tier.value for tier in value if tier in (Tier.ELEVATED, Tier.RESTRICTED)]
        if unread:
            raise ValueError(f"content of tier {unread[0]} is never released unread")
        return value

    def tier_of(self, kind: str, journey: str, roles: frozenset[str]) -> Tier:
        """The highest tier that the kind, the journey, or a stated fact's role demands."""
        found = [self.tiers.kinds.get(kind, Tier.RESTRICTED), self.tiers.journeys.get(journey, Tier.LOW)]
        found += [self.tiers.facts[role] for role in roles if role in self.tiers.facts]
        return max(found, key=TIERS.index)

    def threshold(self, kind: str, tier: Tier) -> float:
        """The least confidence for this kind in this tier."""
        return max(self.confidence[tier], self.confidence_by_kind.get(kind, 0.0))
