"""The decision contract: a validated file whose clauses are executed. Nothing is generated without one."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, field_validator

from app.brand.base import Id, Strict
from app.brand.effects import Effect
from app.brand.review_terms import ReviewRules, Share
from app.brand.roles import Approver
from app.brand.tiers import TIERS, Risks, Tier, Tiering, TierRules, tiering


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
    review: ReviewRules = Field(default_factory=ReviewRules)
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

    @field_validator("approvers")
    @classmethod
    def _somebody(cls, value: dict[Tier, tuple[Approver, ...]]) -> dict[Tier, tuple[Approver, ...]]:
        nobody = [tier.value for tier in TIERS if not value[tier]]
        if nobody:
            raise ValueError(f"tier {nobody[0]} names nobody, so that nothing in it could ever be approved")
        return value

    @field_validator("release_without_approval")
    @classmethod
    def _read_before(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        unread = [tier.value for tier in value if tier in (Tier.ELEVATED, Tier.RESTRICTED)]
        if unread:
            raise ValueError(f"content of tier {unread[0]} is never released unread")
        return value

    def tiering(self, risks: Risks) -> Tiering:
        """The tier of a piece of content, and what demands it."""
        return tiering(self.tiers, risks)

    def needed(self, tier: Tier) -> tuple[str, ...]:
        """The roles that all have to approve content of the tier, in their order."""
        return tuple(role.value for role in self.approvers[tier])

    def threshold(self, kind: str, tier: Tier) -> float:
        """The least confidence for this kind in this tier."""
        return max(self.confidence[tier], self.confidence_by_kind.get(kind, 0.0))
