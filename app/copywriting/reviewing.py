"""Review at work: an action on a draft, judged with the facts and rules of now, in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from app.brand.roles import ALLOWED, EVERY_BRAND, Scope
from app.brand.tiers import TIERS, Tiering
from app.copywriting.desk import Desk
from app.copywriting.ground import ground_of
from app.copywriting.places import SlotPlace, named_now, place_of_draft
from app.db.blobs import NewBlob
from app.db.people import People
from app.db.receipts import Hashes
from app.db.reviews import Reviews
from app.db.tables import Draft
from app.errors import Conflict, CopydeskError, NoneOfThem, NotFound, NotPermitted, OutOfDate
from app.generation.kept_answers import content_of, judge_of
from app.release.values import commercial_values, shown_values
from app.review.action import Order
from app.review.actions.approve import ApproveOrder, require_read
from app.review.opening import Ground
from app.review.registry import ACTIONS
from app.review.situation import Actor, Situation
from app.verdicts.reports import GuardReport

SEEN_BY_ALL = ("comment",)
"""Actions that change nothing about a draft, and so need not know its newest revision."""
NOT_SAID: Mapping[str, str | None] = MappingProxyType({})
"""Nobody says which values they read."""


@dataclass(frozen=True)
class ReviewDesk:
    """The desk with reviews and people."""

    desk: Desk
    reviews: Reviews
    people: People

    @classmethod
    def over(cls, desk: Desk) -> "ReviewDesk":
        """The review desk over the desk's database."""
        engine = desk.drafts.engine
        return cls(desk, Reviews(engine), People(engine))

    def situation(
        self, draft: Draft, actor: Actor, at: dt.datetime, members: Mapping[str, frozenset[str]] | None = None
    ) -> Situation:
        """What an action on the draft is checked against. A draft whose brief or slot is gone can only be
        ended: nothing judges it any more.
        """
        try:
            place = place_of_draft(self.desk, draft)
        except Conflict:
            ground, values, shown, rests_on = self._without_place(draft, at), {}, {}, None
        else:
            report = judge_of(place.job, place.library)(
                content_of(draft, place.library), facts=place.job.facts, as_of=place.job.as_of
            )
            ground = ground_of(self.desk, place.job, place.library, draft, report)
            job, texts = place.job, list(draft.copy_fields.values())
            values = commercial_values(texts, job.facts, job.around)
            shown = shown_values(texts, job.facts, job.around)
            rests_on = partial(_rests_on, self.desk, place)
        return Situation(
            draft=draft,
            ground=ground,
            values=values,
            review=self.reviews.open_of(draft.id),
            notes=tuple(self.reviews.notes(draft.id)),
            members=self.people.members(draft.brand) if members is None else members,
            actor=actor,
            at=at,
            shown=shown,
            rests_on=rests_on,
        )

    def _without_place(self, draft: Draft, at: dt.datetime) -> Ground:
        library = self.desk.library(draft.brand)
        report = GuardReport(required=draft.receipt.verdicts.required, results=())
        tier = draft.tier or library.brand.contract.tiers.kinds.get(draft.kind, TIERS[-1])
        why = Tiering(tier, ("its brief or slot is not there any more",))
        return Ground(library.brand.contract, why, report, "", at, {})

    def act(
        self, name: str, draft: Draft, actor: Actor, order: Order | None = None, *, seen: int, at: dt.datetime
    ) -> Draft:
        """Do an action on the draft as it was seen; returns it as it is then.

        Raises OutOfDate when it has changed since, NotPermitted, Conflict, NotFound.
        """
        action = ACTIONS[name]
        if name not in SEEN_BY_ALL:
            require_revision(draft, seen)
        with self._refusing_as_seen(draft):
            situation = self.situation(draft, actor, at)
            action.check(situation)
            with self.reviews.writing() as session:
                action.execute(session, situation, order if order is not None else action.order())
        return self.desk.drafts.find(draft.id, [draft.brand])

    @contextmanager
    def _refusing_as_seen(self, draft: Draft) -> Iterator[None]:
        """Whatever refuses inside is about the draft as it was read: where somebody has changed it since, so
        that its review is another already, that is what is said. Raises OutOfDate then.
        """
        try:
            yield
        except (Conflict, NotPermitted, NotFound):
            require_revision(self.desk.drafts.find(draft.id, [draft.brand]), draft.revision)
            raise

    def approve_together(
        self,
        seen: Sequence[tuple[Draft, int]],
        actor_of: Callable[[str], Actor],
        at: dt.datetime,
        read: Mapping[str, str | None] = NOT_SAID,
    ) -> list[Draft]:
        """Approve several drafts as they were seen, all or none; `actor_of` says who acts for a brand, and
        `read` what `Situation.seen` was of each, by its id, where that is known.

        Raises NoneOfThem, which names each that cannot be approved or whose tier does not allow this.
        """
        situations, reasons = [], []
        for draft, revision in seen:
            try:
                situation = self._approvable(draft, revision, actor_of(draft.brand), at)
                require_read(situation, read.get(draft.id))
                situations.append(situation)
            except CopydeskError as error:
                reasons.append(f"draft {draft.id}: {error.message}")
        if reasons:
            raise NoneOfThem(f"{len(reasons)} of {len(seen)} cannot be approved, and none was", reasons)
        with self.reviews.writing() as session:
            for situation in sorted(situations, key=lambda item: item.draft.id):
                ACTIONS["approve"].execute(session, situation, ApproveOrder())
        return [self.desk.drafts.find(draft.id, [draft.brand]) for draft, _ in seen]

    def _approvable(self, draft: Draft, revision: int, actor: Actor, at: dt.datetime) -> Situation:
        require_revision(draft, revision)
        with self._refusing_as_seen(draft):
            situation = self.situation(draft, actor, at)
            if not situation.terms.several_at_once:
                words = f"tier {situation.tier.value} is approved one by one"
                raise NotPermitted(words, "several_at_once of the contract allows it")
            ACTIONS["approve"].check(situation)
        return situation


def _rests_on(desk: Desk, place: SlotPlace) -> tuple[Hashes, tuple[NewBlob, ...]]:
    named = named_now(desk, place)
    return named.hashes, named.blobs


def acting_person(people: People, email: str, brand: str) -> Actor:
    """Somebody at this machine, with the roles that they have for the brand.

    Raises NotFound for an unknown address, NotPermitted for somebody who takes no part in review.
    """
    member = people.get(email)
    who = member.person
    if who.disabled_at is not None:
        raise NotPermitted(f"{who.email} is disabled", "copydesk people disable --undo")
    roles = frozenset(grant.role for grant in member.grants if grant.brand in (brand, EVERY_BRAND))
    if not any(Scope.REVIEW in ALLOWED[role] for role in roles):
        words = f"{who.email} has no role for brand '{brand}' that takes part in review"
        raise NotPermitted(words, f"copydesk people grant {who.email} ROLE --brand {brand}")
    return Actor(who.email, who.id, frozenset(role.value for role in roles))


def require_revision(draft: Draft, seen: int) -> None:
    """Raises OutOfDate for a draft at another revision than the one that was seen."""
    if draft.revision != seen:
        words = f"draft {draft.id} is at revision {draft.revision}, not at {seen}"
        raise OutOfDate(words, "somebody was quicker: read it again")


def possible(situation: Situation) -> dict[str, str]:
    """Every action with why this person cannot do it now; empty words where they can."""
    found = {}
    for name, action in ACTIONS.items():
        try:
            action.check(situation)
            found[name] = ""
        except CopydeskError as error:
            found[name] = error.message
    return found
