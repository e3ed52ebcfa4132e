"""What review has to come to, worked out without the code that is tested: who approved which words."""

import datetime as dt
from dataclasses import dataclass, field

TIERS = ("low", "standard", "elevated", "restricted")


@dataclass(frozen=True)
class Terms:
    """What the contract asks of a tier."""

    roles: tuple[str, ...]
    people: int
    in_turn: bool


@dataclass(frozen=True)
class Given:
    """One person's approval, with the roles that they had for the brand."""

    who: str
    roles: frozenset[str]
    copy: str
    price: str
    """The price that the copy stated; empty where it states none."""


@dataclass
class Clock:
    """The deadline of one review: so many hours from its begin, held up by questions, up to an end."""

    begun: dt.datetime
    hours: dt.timedelta
    question_hours: dt.timedelta
    end: dt.datetime
    waited: dt.timedelta = dt.timedelta()
    """For how long questions that are answered held it up."""
    asked_at: dt.datetime | None = None
    """Since when one holds it up now."""

    def held(self, now: dt.datetime) -> dt.timedelta:
        """For how long questions have held it up by now."""
        asking = now - self.asked_at if self.asked_at is not None else dt.timedelta()
        return min(self.waited + asking, self.question_hours)

    def deadline(self, now: dt.datetime) -> dt.datetime:
        """Until when people may decide, as it stands now."""
        return min(self.begun + self.hours + self.held(now), self.end)

    def answered(self, now: dt.datetime) -> None:
        """Nothing holds it up any more."""
        self.waited, self.asked_at = self.held(now), None


@dataclass
class Expected:
    """One draft. `copy` names the words that it has now, `price` the price that they state."""

    copy: str
    price: str
    tier: str
    writers: set[str]
    state: str = "draft"
    approvals: list[Given] = field(default_factory=list)
    open_questions: dict[str, str] = field(default_factory=dict)
    """By question: who is asked."""
    clock: "Clock | None" = None
    """Of the review that it is in."""
    missed_until: dt.datetime | None = None
    """Once a deadline of it passed undecided: when the email goes out that then takes the safe block."""

    def raise_to(self, tier: str) -> None:
        """A tier only rises."""
        self.tier = max(self.tier, tier, key=TIERS.index)

    def valid(self) -> list[Given]:
        """The approvals of exactly these words with these values, by people who had no hand in them."""
        return [
            item
            for item in self.approvals
            if (item.copy, item.price) == (self.copy, self.price) and item.who not in self.writers
        ]

    def covered(self, terms: Terms) -> set[str]:
        """The needed roles in which somebody approved; in turn, when all earlier ones had been there."""
        found: set[str] = set()
        for item in self.valid():
            for role in terms.roles:
                if role in found:
                    continue
                if role in item.roles:
                    found.add(role)
                elif terms.in_turn:
                    break
        return found

    def people(self, terms: Terms) -> set[str]:
        """Who approved in one of the needed roles when its turn had come."""
        found: set[str] = set()
        done: set[str] = set()
        for item in self.valid():
            for role in terms.roles:
                if role in item.roles:
                    done.add(role)
                    found.add(item.who)
                elif terms.in_turn and role not in done:
                    break
        return found

    def complete(self, terms: Terms) -> bool:
        """Whether everybody whom the contract asks for has approved."""
        return self.covered(terms) == set(terms.roles) and len(self.people(terms)) >= terms.people

    def open(self, now: dt.datetime) -> bool:
        """Whether people may decide about it."""
        return self.state == "in_review" and self.clock is not None and now < self.clock.deadline(now)

    def late(self, now: dt.datetime) -> bool:
        """Whether the deadline of its review has passed."""
        return self.state == "in_review" and not self.open(now)

    def may_approve(self, who: str, roles: frozenset[str], terms: Terms, now: dt.datetime) -> bool:
        """Whether it is this person's turn."""
        if who in self.writers or not self.open(now) or self.open_questions:
            return False
        missing = [role for role in terms.roles if role not in self.covered(terms)]
        if missing:
            return bool(roles & set(missing[:1] if terms.in_turn else missing))
        return who not in self.people(terms) and bool(roles & set(terms.roles))
