"""Review at work: an action on a draft, judged with the facts and rules of now, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.brand.tiers import TIERS, Tiering
from app.copywriting.desk import Desk
from app.copywriting.ground import ground_of
from app.copywriting.places import place_of_draft
from app.db.people import People
from app.db.reviews import Reviews
from app.db.tables import Draft
from app.errors import Conflict, CopydeskError, OutOfDate
from app.generation.kept_answers import content_of, judge_of
from app.release.values import commercial_values, shown_values
from app.review.action import Nothing, Order
from app.review.opening import Ground
from app.review.registry import ACTIONS
from app.review.situation import Actor, Situation
from app.verdicts.reports import GuardReport

SEEN_BY_ALL = ("comment",)
"""Actions that change nothing about a draft, and so need not know its newest revision."""


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
            ground, values, shown = self._without_place(draft, at), {}, {}
        else:
            report = judge_of(place.job, place.library)(
                content_of(draft, place.library), facts=place.job.facts, as_of=place.job.as_of
            )
            ground = ground_of(self.desk, place.job, place.library, draft, report)
            values = commercial_values(draft.copy_fields.values(), place.job.facts)
            shown = shown_values(draft.copy_fields.values(), place.job.facts)
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
        if draft.revision != seen and name not in SEEN_BY_ALL:
            words = f"draft {draft.id} is at revision {draft.revision}, not at {seen}"
            raise OutOfDate(words, "somebody was quicker: read it again")
        action = ACTIONS[name]
        situation = self.situation(draft, actor, at)
        action.check(situation)
        with self.reviews.writing() as session:
            action.execute(session, situation, order if order is not None else Nothing())
        return self.desk.drafts.find(draft.id, [draft.brand])


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
