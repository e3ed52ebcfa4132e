"""The decision contract: a validated file whose clauses are executed. Nothing is generated without one."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from app.brand.effects import Effect
from app.brand.models import Id, Strict


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
    confidence: Annotated[dict[Tier, float], Effect.DECISION]
    """The least confidence in 0..1 that content of a tier needs to be used."""
    confidence_by_kind: Annotated[dict[Id, float], Effect.DECISION] = Field(default_factory=dict)
    """Overrides for a kind; the higher of the two counts."""
    reasks: Annotated[int, Field(ge=0, le=3), Effect.DECISION]
    """How often refused variants are asked for again."""
    budgets: Budgets

    @model_validator(mode="after")
    def _every_tier(self) -> "DecisionContract":
        for table, name in ((self.approvers, "approvers"), (self.confidence, "confidence")):
            missing = [tier.value for tier in TIERS if tier not in table]
            if missing:
                raise ValueError(f"{name} lacks the tiers {', '.join(missing)}")
        wrong = [tier.value for tier, value in self.confidence.items() if not 0 <= value <= 1]
        if wrong or any(not 0 <= value <= 1 for value in self.confidence_by_kind.values()):
            raise ValueError("a confidence lies between 0 and 1")
        unread = [t.value for t in self.release_without_approval if t in (Tier.ELEVATED, Tier.RESTRICTED)]
        if unread:
            raise ValueError(f"content of tier {unread[0]} is never released unread")
        return self

    def tier_of(self, kind: str, journey: str, roles: frozenset[str]) -> Tier:
        """The highest tier that the kind, the journey, or a stated fact's role demands."""
        found = [self.tiers.kinds.get(kind, Tier.RESTRICTED), self.tiers.journeys.get(journey, Tier.LOW)]
        found += [self.tiers.facts[role] for role in roles if role in self.tiers.facts]
        return max(found, key=TIERS.index)

    def threshold(self, kind: str, tier: Tier) -> float:
        """The least confidence for this kind in this tier."""
        return max(self.confidence[tier], self.confidence_by_kind.get(kind, 0.0))
