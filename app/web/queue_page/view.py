"""The whole page of the queue: what waits, what there is of it, what one can look for, what one is asked."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.brand.tiers import TIERS, Tier
from app.copywriting.reviewing import ReviewDesk
from app.db.review_queue import Facet, QueueEntry, ReviewQueue
from app.review.situation import Actor
from app.web.labels import load_labels
from app.web.queue_page.deciding import DECIDING
from app.web.queue_page.emails import WaitingEmail, waiting_emails
from app.web.queue_page.filters import WHO, Filters
from app.web.queue_page.lines import SOON, Deadline, Group, Shelf, groups_of, waits_for_actor
from app.web.queue_page.words import language_name, named

PAGE = 50
_CHUNK = 100
"""Reviews that are read at a time where each has to be looked at."""
_QUESTIONS = 20


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """One filter: its parameter and what there is to choose. Its words are in the group `queue_filter`."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class TierCount:
    """How many reviews of a tier wait, and who must approve them."""

    tier: Tier
    count: int
    roles: tuple[str, ...]
    query: str


@dataclass(frozen=True)
class Question:
    """A question to the person."""

    text: str
    by: str
    at: dt.datetime
    position: str
    audience: str
    brief_name: str
    path: str
    deadline: Deadline


@dataclass(frozen=True)
class QueueView:
    """The page. `waiting_for` says what waits for which role where the person's own choice is empty."""

    groups: tuple[Group, ...]
    filters: Filters
    next_query: str
    choices: tuple[Choice, ...]
    counts: tuple[TierCount, ...]
    total: int
    soon: int
    late: int
    questions: tuple[Question, ...]
    emails: tuple[WaitingEmail, ...]
    waiting_for: tuple[tuple[str, int], ...]
    decides: bool
    """Whether the person has a role that decides about anything; without one the page is for reading."""

    @property
    def together(self) -> bool:
        """Whether anything here may be approved together with others."""
        return any(line.together and line.choosable for group in self.groups for line in group.lines)


def view_of(office: ReviewDesk, brand: str, actor: Actor, filters: Filters, at: dt.datetime) -> QueueView:
    """The page that the filters ask for. Nothing is judged for it."""
    shelf = shelf_of(office, brand, actor, at)
    entries, more = _entries(shelf, filters)
    facets = shelf.queue.facets(brand, at, at + SOON)
    after = filters.place
    held = [shelf.deadline(review).sort for review in shelf.queue.held(brand, at + SOON)]
    return QueueView(
        groups=groups_of(shelf, entries, after.group.id if after else ""),
        filters=filters,
        next_query=filters.behind(entries[-1].place).query if more else "",
        choices=tuple(_choices(shelf, facets, filters)),
        counts=_counts(shelf, facets),
        total=sum(item.count for item in facets),
        soon=sum(item.soon for item in facets) + held.count("soon"),
        late=sum(item.late for item in facets) + held.count("late"),
        questions=tuple(_questions(shelf)),
        emails=waiting_emails(shelf),
        waiting_for=() if entries else _waiting_for(shelf, facets),
        decides=bool(actor.roles & DECIDING),
    )


def shelf_of(office: ReviewDesk, brand: str, actor: Actor, at: dt.datetime) -> Shelf:
    """What the pages of one request read briefs and facts from. Raises BrandDisabled."""
    queue = ReviewQueue(office.desk.drafts.engine)
    return Shelf(office, queue, brand, actor, at, office.desk.library(brand))


def waits_for_person(shelf: Shelf) -> str | None:
    """The query of the queue that shows what waits for the person; None where nothing does."""
    found, _ = _entries(shelf, Filters(who="role"), 1)
    if found:
        return Filters(who="role").query
    if any(item.mine for item in waiting_emails(shelf)):
        return ""
    return "" if shelf.queue.asked(shelf.brand, shelf.actor.email, 1) else None


def first_waiting(shelf: Shelf) -> str | None:
    """The draft that waits for the person, the worst first; those that others have taken are left to them."""
    found, _ = _entries(shelf, Filters(who="role"))
    mine = (item for item in found if item.review.assignee in (None, shelf.actor.email))
    return next((item.review.draft_id for item in mine), None)


def _entries(shelf: Shelf, filters: Filters, size: int = PAGE) -> tuple[list[QueueEntry], bool]:
    """The reviews of a page, and whether there are more behind it."""
    wanted = filters.wanted(shelf.brand, shelf.actor.email)
    after = filters.place
    if filters.who != "role":
        found = shelf.queue.page(wanted, after, size + 1)
        return found[:size], len(found) > size
    tiers = _tiers_of(shelf, wanted.tiers)
    mine: list[QueueEntry] = []
    while tiers and len(mine) <= size:
        chunk = shelf.queue.page(wanted.of_tiers(tiers), after, _CHUNK)
        shelf.fetch([entry.review.brief_id for entry in chunk if entry.draft.receipt.approvers])
        mine += [entry for entry in chunk if waits_for_actor(shelf.unjudged(entry))]
        if len(chunk) < _CHUNK:
            break
        after = chunk[-1].place
    return mine[:size], len(mine) > size


def _tiers_of(shelf: Shelf, among: Iterable[Tier] | None) -> tuple[Tier, ...]:
    """The tiers that a role of the person approves."""
    contract, roles = shelf.library.brand.contract, shelf.actor.roles
    return tuple(tier for tier in among or TIERS if roles & set(contract.needed(tier)))


def _counts(shelf: Shelf, facets: Sequence[Facet]) -> tuple[TierCount, ...]:
    found: Counter[Tier] = Counter()
    for item in facets:
        found[item.tier] += item.count
    contract = shelf.library.brand.contract
    return tuple(
        TierCount(tier, found[tier], contract.needed(tier), Filters(approvers=tier).query)
        for tier in reversed(TIERS)
        if found[tier]
    )


def _waiting_for(shelf: Shelf, facets: Sequence[Facet]) -> tuple[tuple[str, int], ...]:
    """How many reviews each role takes part in, the busiest first."""
    found: Counter[str] = Counter()
    for item in facets:
        for role in shelf.library.brand.contract.needed(item.tier):
            found[role] += item.count
    return tuple(found.most_common())


def _choices(shelf: Shelf, facets: Sequence[Facet], filters: Filters) -> Iterator[Choice]:
    labels = load_labels()
    contract = shelf.library.brand.contract
    briefs = shelf.queue.brief_names(shelf.brand, sorted({item.brief for item in facets}))
    tiers = {
        tier: f"{labels('tier', tier)}: {', '.join(labels('role', role) for role in contract.needed(tier))}"
        for tier in TIERS
    }
    yield Choice(
        "who", tuple(Option(who, labels("queue_who", who or "all"), who == filters.who) for who in WHO)
    )
    yield _choice("brief", {item.brief: briefs.get(item.brief, item.brief) for item in facets}, filters)
    yield _choice("kind", {item.kind: named("kind", item.kind) for item in facets}, filters)
    yield _choice("audience", {item.segment: shelf.audience(item.segment) for item in facets}, filters)
    yield _choice("language", {item.locale: language_name(item.locale) for item in facets}, filters)
    yield _choice("approvers", {item.tier.value: tiers[item.tier] for item in facets}, filters)


def _choice(name: str, values: Mapping[str, str], filters: Filters) -> Choice:
    """Everything that there is, and what was chosen even where there is nothing of it any more."""
    chosen = getattr(filters, name)
    known = {chosen: chosen, **values} if chosen else values
    ordered = sorted(known.items(), key=lambda item: item[1].casefold())
    anything = Option("", load_labels()("queue_filter", "any"), not chosen)
    return Choice(name, (anything, *(Option(value, words, value == chosen) for value, words in ordered)))


def _questions(shelf: Shelf) -> Iterator[Question]:
    asked = shelf.queue.asked(shelf.brand, shelf.actor.email, _QUESTIONS)
    names = shelf.office.people.names({note.by for note, _ in asked})
    briefs = shelf.queue.brief_names(shelf.brand, {review.brief_id for _, review in asked}) if asked else {}
    for note, review in asked:
        yield Question(
            text=note.text,
            by=names.get(note.by, note.by),
            at=note.at,
            position=named("kind", review.kind),
            audience=shelf.audience(review.segment),
            brief_name=briefs.get(review.brief_id, review.brief_id),
            path=f"/brands/{shelf.brand}/drafts/{review.draft_id}",
            deadline=shelf.deadline(review),
        )
