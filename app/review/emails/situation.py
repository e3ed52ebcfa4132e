"""What an action on a whole email is checked against: the email as it is composed now, and who acts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.brand.contract import DecisionContract
from app.brand.review_terms import ReviewTerms
from app.brand.tiers import TIERS, Tiering
from app.db.email_tables import EmailApproval, EmailClosed, EmailReview, EmailVersion
from app.errors import Conflict, NotPermitted
from app.release.whole import Missing, counting, missing
from app.review.deadlines import latest
from app.review.situation import Actor


class EmailState(StrEnum):
    """Where a whole email stands."""

    NOT_NEEDED = "not_needed"
    """No slot is in a tier that asks for it."""
    NOT_SUBMITTED = "not_submitted"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    CHANGED = "changed"
    """Its contents or their values are others than what was submitted: it has to be submitted again."""
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class WholeEmail:
    """One email of a brief as it is composed now. `tierings` are, version by version, the tier that asks for
    an approval of the whole; None where none does.

    `shown` are its commercial values as readers see them; `obstacles` what keeps its slots from going out.
    """

    brand: str
    brief_id: str
    journey: str
    locale: str
    market: str
    segment: str
    arm: str
    contract: DecisionContract
    send_at: dt.datetime
    tierings: tuple[Tiering | None, ...]
    versions: tuple[EmailVersion, ...]
    shown: Mapping[str, str]
    writers: frozenset[str]
    obstacles: tuple[str, ...]

    @property
    def asking(self) -> tuple[tuple[EmailVersion, Tiering], ...]:
        """The versions that need an approval, each by its own tier as the gate asks; the highest first."""
        found = [
            (v, asked) for v, asked in zip(self.versions, self.tierings, strict=True) if asked is not None
        ]
        return tuple(sorted(found, key=lambda item: -TIERS.index(item[1].tier)))

    @property
    def tiering(self) -> Tiering | None:
        """The highest tier of a version. None: no approval of the whole is asked for."""
        return next((asked for _, asked in self.asking), None)

    @property
    def digest(self) -> str:
        """What its approval is bound to; of the first version, whose slots the others share."""
        return self.versions[0].digest

    @property
    def name(self) -> str:
        """As a line of a mail names it; no words of it."""
        return f"the email for {self.segment or 'anybody else'} in {self.locale} of {self.brief_id}"


@dataclass(frozen=True)
class EmailSituation:
    """One email with its last review and all approvals of that, and one person in front of it."""

    email: WholeEmail
    review: EmailReview | None
    approvals: tuple[EmailApproval, ...]
    members: Mapping[str, frozenset[str]]
    actor: Actor
    at: dt.datetime

    @property
    def tiering(self) -> Tiering:
        """The tier that asks for the approval. Raises Conflict where none does."""
        if self.email.tiering is None:
            raise Conflict(f"{self.email.name} needs no approval as a whole")
        return self.email.tiering

    @property
    def terms(self) -> ReviewTerms:
        """The contract's terms for the tier."""
        return self.email.contract.review.terms(self.tiering.tier)

    @property
    def needed(self) -> tuple[str, ...]:
        """The roles that all have to approve, in their order: those of every version, since they are approved
        together.
        """
        contract = self.email.contract
        found = (role for _, asked in self.email.asking for role in contract.needed(asked.tier))
        return tuple(dict.fromkeys(found))

    @property
    def people(self) -> int:
        """How many different people have to."""
        terms = self.email.contract.review.terms
        return max((terms(asked.tier).people for _, asked in self.email.asking), default=0)

    @property
    def given(self) -> tuple[EmailApproval, ...]:
        """The approvals of the email as it is that count when it is sent: one a person and role."""
        return next((self._given(version, asked) for version, asked in self.email.asking), ())

    @property
    def lacks(self) -> Missing:
        """What is not there yet for one of its versions."""
        found = [
            missing(self._given(version, asked), self.email.contract, asked.tier)
            for version, asked in self.email.asking
        ]
        roles = {role for item in found for role in item.roles}
        in_order = tuple(role for role in self.needed if role in roles)
        return Missing(in_order, max((item.people for item in found), default=0))

    def _given(self, version: EmailVersion, asked: Tiering) -> tuple[EmailApproval, ...]:
        now = [item for item in self.approvals if item.version == version.digest]
        moment = max(self.at, self.email.send_at)
        return counting(now, self.email.contract, asked.tier, self.email.writers, moment)

    def with_approvals(self, new: Sequence[EmailApproval]) -> "EmailSituation":
        """The same once these are given as well."""
        return replace(self, approvals=(*self.approvals, *new))

    @property
    def same(self) -> bool:
        """Whether the email is what was submitted."""
        return self.review is not None and self.review.versions == self.email.versions

    @property
    def until(self) -> dt.datetime | None:
        """Until when reviewers may decide: as it was submitted, and no later than the moment of sending as it
        is now allows.
        """
        if self.review is None:
            return None
        return min(self.review.due_at, latest(self.email.contract.review, self.email.send_at))

    @property
    def state(self) -> EmailState:  # noqa: PLR0911  # one line a state
        """Where it stands now. Past the deadline a review is over, also where no sweep has looked yet."""
        if self.email.tiering is None:
            return EmailState.NOT_NEEDED
        if self.review is None:
            return EmailState.NOT_SUBMITTED
        if self.review.closed_as not in (None, EmailClosed.APPROVED):
            return EmailState(self.review.closed_as.value)
        if self.review.closed_at is None and self.until is not None and self.until <= self.at:
            return EmailState.EXPIRED
        if not self.same:
            return EmailState.CHANGED
        if self.lacks.nothing:
            return EmailState.APPROVED
        if self.review.closed_as is EmailClosed.APPROVED:
            return EmailState.CHANGED  # the contract, or the tier of a part, asks for more than then
        return EmailState.IN_REVIEW

    @property
    def next_roles(self) -> tuple[str, ...]:
        """The roles whose turn it is."""
        if self.lacks.nothing:
            return ()
        waiting = self.lacks.roles or self.needed
        return waiting[:1] if self.terms.in_turn else waiting

    def with_roles(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """The addresses of people with any of the roles who wrote no part of it, in order."""
        return tuple(
            sorted(n for n, has in self.members.items() if has & set(roles) and n not in self.email.writers)
        )

    # what several actions demand

    def in_review(self) -> EmailReview:
        """The open review. Raises Conflict when there is none, or when it is over or of another email."""
        tier, state = self.tiering.tier, self.state
        if state is EmailState.IN_REVIEW and self.review is not None:
            return self.review
        words = {
            EmailState.CHANGED: "is not what was submitted any more: contents or values are others",
            EmailState.EXPIRED: "was not approved by its deadline, and is not released",
            EmailState.APPROVED: "is approved already",
        }.get(state, f"is {state.value.replace('_', ' ')}, not in review (tier {tier.value})")
        raise Conflict(f"{self.email.name} {words}", "submit it again")

    def approver(self) -> None:
        """Raises NotPermitted for somebody who has none of the roles that decide about it."""
        if not self.actor.roles & {*self.needed, "brand owner"}:
            raise NotPermitted(
                f"tier {self.tiering.tier.value} is decided by: {', '.join(self.needed) or 'brand owner'}",
                "ask somebody with such a role",
            )
