"""The contract's terms of review: how many people, in which order, until when, and what may be waived."""

from typing import Annotated

from pydantic import Field

from app.brand.base import Strict
from app.brand.effects import Effect
from app.brand.roles import Approver
from app.brand.tiers import Tier

Share = Annotated[float, Field(ge=0, le=1)]


class ReviewTerms(Strict):
    """How the content of one tier is reviewed."""

    people: Annotated[int, Field(ge=1, le=5), Effect.DECISION] = 1
    """How many different people have to approve, whatever roles they have."""
    in_turn: Annotated[bool, Effect.DECISION] = False
    """Whether the roles approve one after the other, in the order in which `approvers` names them."""
    hours: Annotated[float, Field(gt=0, le=720), Effect.DECISION] = 48
    """How long reviewers have. Past that the slot takes the safe block."""
    whole_email: Annotated[bool, Effect.DECISION] = False
    """Whether the email as it is put together has to be approved as well."""
    several_at_once: Annotated[bool, Effect.DECISION] = False
    """Whether a reviewer may approve several drafts in one action."""
    valid_days: Annotated[int, Field(ge=1, le=1000), Effect.DECISION] = 180
    """How long an approval holds before somebody has to look at the content again."""


class ReviewRules(Strict):
    """Review as the contract has it; a tier without terms has the defaults of ReviewTerms."""

    tiers: dict[Tier, ReviewTerms] = Field(default_factory=dict)
    before_send_hours: Annotated[float, Field(ge=0, le=168), Effect.DECISION] = 1
    """How long before the send window reviews end at the latest, also while a question is open."""
    question_hours: Annotated[float, Field(ge=0, le=168), Effect.DECISION] = 24
    """For how long, added up, open questions hold a deadline up."""
    may_waive: Annotated[tuple[Approver, ...], Effect.DECISION] = ()
    """The roles that may waive a finding for one text and market; nobody when empty."""
    unread_confidence: Annotated[Share, Effect.DECISION] = 0.9
    """The least confidence with which content of a tier in `release_without_approval` goes out unread."""
    unread_sample: Annotated[Share, Effect.DECISION] = 0.1
    """The share of such content that is drawn for review all the same."""

    def terms(self, tier: Tier) -> ReviewTerms:
        """The terms of a tier."""
        return self.tiers.get(tier, _DEFAULT)


_DEFAULT = ReviewTerms()
