"""What the queue shows of each review: who reads it where, its copy in short, what it waits for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.brand.tiers import Tier, Tiering
from app.brief.facts import FactSheet
from app.copywriting.reviewing import ReviewDesk
from app.db.review_queue import Progress, QueueEntry, ReviewQueue
from app.db.review_tables import Review
from app.db.service_tables import StoredBrief
from app.db.tables import Draft
from app.errors import UsageError
from app.generation.offers import facts_for
from app.generation.plan import around
from app.release.library import ContentLibrary
from app.release.values import NO_SLOT, commercial_values
from app.review.actions.approve import roles_of
from app.review.deadlines import due
from app.review.opening import Ground
from app.review.situation import Actor, Situation
from app.verdicts.reports import GuardReport
from app.web.queue_page.reading import Bit, in_short
from app.web.queue_page.words import from_now, language_name, named, reason_words

SHORT = 180
"""Characters of copy that a line shows."""
SOON = dt.timedelta(hours=4)
_UNJUDGED = GuardReport(required=(), results=())


@dataclass(frozen=True)
class Deadline:
    """When a review ends, as it stands now."""

    at: dt.datetime
    words: str
    sort: str
    """`late`, `soon` or nothing."""


@dataclass(frozen=True)
class Line:
    """One review."""

    id: str
    revision: int
    path: str
    journey: str
    language: str
    copy: tuple[tuple[Bit, ...], ...]
    tier: Tier
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    """Roles that have not approved."""
    people_missing: int
    """How many people still have to, where no role is missing."""
    deadline: Deadline
    held: bool
    asked: tuple[str, ...]
    """Whose answers it waits for."""
    assignee: str
    mine: bool
    words: int
    choosable: bool
    """Whether the person decides about it, and so may take it."""
    together: bool
    """Whether it may be approved together with others."""


@dataclass(frozen=True)
class Group:
    """The reviews of one position for one audience of a brief. `continued` says that it began before."""

    brief: str
    brief_name: str
    position: str
    audience: str
    progress: Progress | None
    continued: bool
    lines: tuple[Line, ...]


@dataclass
class Shelf:
    """Briefs and facts of one brand, read once for a page. A brief that is gone has no facts."""

    office: ReviewDesk
    queue: ReviewQueue
    brand: str
    actor: Actor
    at: dt.datetime
    library: ContentLibrary
    briefs: dict[str, StoredBrief | None] = field(default_factory=dict)
    _facts: dict[tuple[str, str, str], FactSheet | None] = field(default_factory=dict)

    def fetch(self, briefs: Sequence[str]) -> None:
        """Read the briefs that were not read yet, with one query."""
        new = sorted(set(briefs) - self.briefs.keys())
        if new:
            found = self.queue.briefs(self.brand, new)
            self.briefs |= {name: found.get(name) for name in new}

    def facts(self, draft: Draft) -> FactSheet | None:
        """The values of the draft's email, for its audience."""
        key = (draft.brief_id, draft.locale, draft.segment)
        if key not in self._facts:
            self._facts[key] = self._read_facts(draft)
        return self._facts[key]

    def unjudged(self, entry: QueueEntry) -> Situation:
        """The person in front of a draft, as far as it can be told without judging the copy anew."""
        draft, review = entry.draft, entry.review
        contract = self.library.brand.contract
        why = Tiering(review.tier, review.why)
        facts = self.facts(draft) if draft.receipt.approvers else None
        return Situation(
            draft=draft,
            ground=Ground(contract, why, _UNJUDGED, review.market, review.send_at, {}),
            values=self._values(draft, facts) if facts is not None else {},
            review=review,
            notes=(),
            members={},
            actor=self.actor,
            at=self.at,
        )

    def decides(self, tier: Tier) -> bool:
        """Whether the person has a role that decides about a tier."""
        return bool(self.actor.roles & {*self.library.brand.contract.needed(tier), "brand owner"})

    def deadline(self, review: Review) -> Deadline:
        """The deadline of a review."""
        until = due(review, self.library.brand.contract.review, self.at)
        sort = "late" if until <= self.at else "soon" if until <= self.at + SOON else ""
        return Deadline(until, from_now(until, self.at), sort)

    def audience(self, segment: str) -> str:
        """What the audience is called; its id where it is not documented any more."""
        brand = self.library.brand
        found = brand.segments.get(brand.aliases.get(segment, segment))
        return found.name if found is not None else segment

    def brief_name(self, brief: str) -> str:
        """What the brief is called."""
        stored = self.briefs.get(brief)
        return stored.name if stored is not None else brief

    def _values(self, draft: Draft, facts: FactSheet) -> dict[str, str]:
        """What an approval of the draft covers, as it is now."""
        stored = self.briefs[draft.brief_id]
        content = stored.content if stored is not None else None
        target = next((t for t in content.targets if t.locale == draft.locale), None) if content else None
        request = next((s for s in content.slots if s.kind == draft.kind), None) if content else None
        slot = around(request, target) if request is not None and target is not None else NO_SLOT
        return commercial_values(draft.copy_fields.values(), facts, slot)

    def _read_facts(self, draft: Draft) -> FactSheet | None:
        self.fetch([draft.brief_id])
        stored = self.briefs[draft.brief_id]
        target = (
            next((t for t in stored.content.targets if t.locale == draft.locale), None) if stored else None
        )
        if stored is None or target is None:
            return None
        brand = self.library.localised(target.locale, target.market).brand
        try:
            segment = brand.segment(draft.segment)
        except UsageError:
            segment = None
        return facts_for(stored.content, target, brand, segment, lenient=True)


def waits_for_actor(situation: Situation) -> bool:
    """Whether it is the person's turn to approve, as far as roles go."""
    mine = situation.actor.email
    if mine in situation.writers or not roles_of(situation):
        return False
    return bool(situation.missing) or all(item.by != mine for item in situation.given)


def groups_of(shelf: Shelf, entries: Sequence[QueueEntry], begun: str = "") -> tuple[Group, ...]:
    """The page's groups. `begun` is the group with which the page before ended."""
    briefs = sorted({entry.review.brief_id for entry in entries})
    shelf.fetch(briefs)
    progress = shelf.queue.progress(shelf.brand, briefs)
    held = [entry.draft.id for entry in entries if entry.review.held_since is not None]
    asked = shelf.queue.waits_for(held) if held else {}
    people = {name for who in asked.values() for name in who}
    people |= {entry.review.assignee or "" for entry in entries}
    names = shelf.office.people.names(people - {""})
    found: dict[str, list[QueueEntry]] = {}
    for entry in entries:
        found.setdefault(entry.place.group.id, []).append(entry)
    return tuple(
        Group(
            brief=first.brief_id,
            brief_name=shelf.brief_name(first.brief_id),
            position=named("kind", first.kind),
            audience=shelf.audience(first.segment),
            progress=progress.get(first.brief_id),
            continued=group == begun,
            lines=tuple(_line(shelf, entry, names, asked) for entry in members),
        )
        for group, members in found.items()
        for first in [members[0].review]
    )


def _line(
    shelf: Shelf, entry: QueueEntry, names: Mapping[str, str], asked: Mapping[str, Sequence[str]]
) -> Line:
    review, draft = entry.review, entry.draft
    situation = shelf.unjudged(entry)
    people = tuple(dict.fromkeys(asked.get(draft.id, ())))
    return Line(
        id=draft.id,
        revision=draft.revision,
        path=f"/brands/{shelf.brand}/drafts/{draft.id}",
        journey=named("journey", review.journey),
        language=language_name(review.locale),
        copy=in_short(draft.copy_fields.values(), shelf.facts(draft), SHORT),
        tier=review.tier,
        reasons=tuple(map(reason_words, review.why)),
        missing=situation.missing,
        people_missing=0 if situation.missing else situation.people_missing,
        deadline=shelf.deadline(review),
        held=review.held_since is not None,
        asked=tuple(names.get(person, person) for person in people),
        assignee=names.get(review.assignee or "", review.assignee or ""),
        mine=review.assignee == shelf.actor.email,
        words=review.words,
        choosable=shelf.decides(review.tier),
        together=situation.terms.several_at_once,
    )
