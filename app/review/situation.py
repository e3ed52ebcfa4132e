"""What an action is checked against: a draft as it was seen, what its contract asks, and who wants to act."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.blocks.approved import digest
from app.brand.contract import DecisionContract
from app.brand.review_terms import ReviewTerms
from app.brand.tiers import Tier
from app.db.blobs import NewBlob
from app.db.receipts import DraftApproval, Hashes, Receipt
from app.db.review_tables import Review, ReviewNote
from app.db.tables import Draft, DraftState
from app.errors import Conflict, NotPermitted
from app.release.approvals import counts, in_their_turn
from app.release.content import writers
from app.release.values import as_approved
from app.review.deadlines import due, require_time
from app.review.opening import Ground
from app.verdicts.reports import GuardReport

CLOSED = frozenset({DraftState.REJECTED, DraftState.WITHDRAWN, DraftState.EXPIRED})
"""States in which a draft is over; who wants its words writes a new one."""


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with the roles that they have for the draft's brand, or the clock."""

    email: str
    person_id: str
    roles: frozenset[str]


CLOCK = Actor("", "clock", frozenset())


@dataclass(frozen=True)
class Situation:
    """One draft at one revision, judged with the facts and rules of now, and one person in front of it.

    `values` are hashes of the commercial values that its copy states, by token; an approval binds them.
    `members` are the roles of everybody who has any for the brand, by email.
    """

    draft: Draft
    ground: Ground
    values: Mapping[str, str]
    review: Review | None
    notes: tuple[ReviewNote, ...]
    members: Mapping[str, frozenset[str]]
    actor: Actor
    at: dt.datetime
    shown: Mapping[str, str] = field(default_factory=dict)
    """The same values as readers see them."""
    rests_on: Callable[[], tuple[Hashes, tuple[NewBlob, ...]]] | None = None
    """What the report rests on, for a receipt; None where nothing judges the draft any more."""

    @property
    def seen(self) -> str:
        """Names what an approver reads: the copy with all values that an approval binds. Another one of these
        has another name.
        """
        return digest([self.draft.content_hash, dict(self.values), dict(self.shown)])[:16]

    @property
    def contract(self) -> DecisionContract:
        """The brand's contract."""
        return self.ground.contract

    @property
    def report(self) -> GuardReport:
        """The verdict as of the moment of sending, by the rules and facts of now."""
        return self.ground.report

    @property
    def tier(self) -> Tier:
        """The tier that binds: the copy's, and never below one that it was in."""
        return self.ground.tiering.tier

    @property
    def terms(self) -> ReviewTerms:
        """The contract's terms for the tier."""
        return self.contract.review.terms(self.tier)

    @property
    def needed(self) -> tuple[str, ...]:
        """The roles that all have to approve, in their order."""
        return self.contract.needed(self.tier)

    @property
    def given(self) -> tuple[DraftApproval, ...]:
        """The approvals that count: of this copy, with these values, by nobody who wrote on it, each in its
        turn where the tier asks for that.
        """
        found = (item for item in self.draft.receipt.approvers if counts(item, self.draft))
        valid = (item for item in found if as_approved(item, self.values))
        return in_their_turn(valid, self.needed, self.terms)

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles that have not approved yet."""
        roles = {item.role for item in self.given}
        return tuple(role for role in self.needed if role not in roles)

    @property
    def people_missing(self) -> int:
        """How many more people have to approve."""
        return max(0, self.terms.people - len({item.by for item in self.given}))

    @property
    def complete(self) -> bool:
        """Whether everything that the contract asks for is there."""
        return not self.missing and not self.people_missing

    @property
    def next_roles(self) -> tuple[str, ...]:
        """The roles whose turn it is; all needed ones where only people are missing."""
        if self.complete:
            return ()
        waiting = self.missing or self.needed
        return waiting[:1] if self.terms.in_turn else waiting

    @property
    def questions(self) -> tuple[ReviewNote, ...]:
        """Questions that nobody has answered."""
        return tuple(item for item in self.notes if item.open)

    @property
    def until(self) -> dt.datetime | None:
        """The deadline of the open review, with what an open question has added by now."""
        return due(self.review, self.contract.review, self.at) if self.review is not None else None

    @property
    def writers(self) -> frozenset[str]:
        """Everybody who had a hand in the copy."""
        return writers(self.draft)

    def with_roles(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """The addresses of people with any of the roles who did not write the copy, in order."""
        wanted = set(roles)
        return tuple(
            sorted(name for name, has in self.members.items() if has & wanted and name not in self.writers)
        )

    def with_receipt(self, receipt: Receipt) -> "Situation":
        """The same with another receipt on the draft."""
        draft = Draft(**{name: getattr(self.draft, name) for name in Draft.model_fields})
        draft.receipt = receipt
        return replace(self, draft=draft)

    # what several actions demand

    def in_review(self) -> Review:
        """The open review. Raises Conflict when there is none, and when its deadline has passed."""
        review = self.open_review()
        require_time(review, self.contract.review, self.at)
        return review

    def open_review(self) -> Review:
        """The open review, also past its deadline. Raises Conflict when there is none."""
        if self.review is None or self.draft.state is not DraftState.IN_REVIEW:
            raise Conflict(
                f"draft {self.draft.id} is {_said(self.draft.state)}, not in review", "submit it first"
            )
        return self.review

    def not_over(self) -> None:
        """Raises Conflict for a draft that is rejected, withdrawn or expired."""
        if self.draft.state in CLOSED:
            raise Conflict(f"draft {self.draft.id} is {_said(self.draft.state)}", "write a new one")

    def decides(self, roles: frozenset[str]) -> bool:
        """Whether somebody with these roles decides about the draft."""
        return bool(roles & {*self.needed, "brand owner"})

    def approver(self) -> None:
        """Raises NotPermitted for somebody who has none of the roles that decide about the draft."""
        if not self.decides(self.actor.roles):
            raise NotPermitted(
                f"tier {self.tier.value} is decided by: {', '.join(self.needed) or 'brand owner'}",
                "ask somebody with such a role",
            )


def _said(state: DraftState) -> str:
    return state.value.replace("_", " ")
