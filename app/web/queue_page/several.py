"""Several drafts at once: taken or given back one by one, approved all or none."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.brand.tiers import Tier
from app.copywriting.places import place_of_draft
from app.db.tables import Draft
from app.errors import Conflict, CopydeskError, NotFound
from app.http.errors import InvalidRequest
from app.review.actions.take import TakeOrder
from app.review.registry import ACTIONS
from app.review.situation import Situation
from app.web.labels import load_labels
from app.web.queue_page.lines import Deadline, Shelf
from app.web.queue_page.reading import Bit, as_seen, bits_of
from app.web.queue_page.words import from_now, language_name, named, reason_words, tiers_in_words

MOST = 50
"""Drafts in one action."""


@dataclass(frozen=True)
class Seen:
    """A draft as a page showed it: its revision, and a mark of its copy with all values."""

    id: str
    revision: int
    mark: str = ""

    @property
    def reference(self) -> str:
        """As forms name it."""
        return f"{self.id}.{self.revision}.{self.mark}"

    @classmethod
    def of(cls, text: str) -> "Seen":
        """From a form. Raises InvalidRequest."""
        id_, _, rest = text.partition(".")
        revision, _, mark = rest.partition(".")
        if not (id_ and revision.isascii() and revision.isdigit() and len(revision) < 10) or len(text) > 100:
            raise InvalidRequest("the form names no drafts that were seen", "load the page again")
        return cls(id_, int(revision), mark)


@dataclass(frozen=True)
class Refused:
    """A draft that something cannot be done with, and why. A draft that is gone has no `copy`."""

    name: str
    path: str
    why: str


@dataclass(frozen=True)
class Approvable:
    """A draft as it would be approved; `why_not` says in words why it would be refused."""

    id: str
    reference: str
    path: str
    name: str
    language: str
    market: str
    brief_name: str
    tier: Tier
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, tuple[Bit, ...]], ...]
    """By the name of each field of the copy, as readers would see it."""
    sends: str
    deadline: Deadline | None
    warnings: tuple[str, ...]
    why_not: str
    seen: str
    """As the review names what an approver reads."""


def seen_in(texts: Sequence[str]) -> list[Seen]:
    """The drafts that a form names, each once. Raises InvalidRequest."""
    found = {item.id: item for item in map(Seen.of, texts)}
    if not found:
        raise InvalidRequest("nothing is chosen", "choose one or more drafts of the queue")
    if len(found) > MOST:
        raise InvalidRequest(f"{len(found)} drafts are too many at once", f"at most {MOST}")
    return list(found.values())


def take(shelf: Shelf, seen: Sequence[Seen], *, release: bool) -> list[Refused]:
    """Take drafts, or give them back; those for which it cannot be done are answered, with why."""
    order = TakeOrder(release=release)

    def act(draft: Draft, revision: int) -> None:
        shelf.office.act("take", draft, shelf.actor, order, seen=revision, at=shelf.at)

    return list(_refused(shelf, seen, act))


def approvable(shelf: Shelf, seen: Sequence[Seen]) -> list[Approvable]:
    """The drafts as they are now, judged with the rules and facts of now. Raises NotFound."""
    drafts = [shelf.office.desk.drafts.find(item.id, [shelf.brand]) for item in seen]
    shelf.fetch([draft.brief_id for draft in drafts])
    members = shelf.office.people.members(shelf.brand)
    return [_approvable(shelf, draft, members) for draft in drafts]


def approve(shelf: Shelf, seen: Sequence[Seen]) -> list[Approvable]:
    """Approve all or none. Answers nothing when it is done, else every draft, with why for those that are
    refused: also one of which a word or a value is another since it was seen. Raises NotFound.
    """
    found = approvable(shelf, seen)
    by_id = {item.id: item for item in found}
    changed = {item.id for item in seen if by_id[item.id].reference != item.reference}
    if changed or any(item.why_not for item in found):
        return [_changed(item) if item.id in changed else item for item in found]
    drafts = [(shelf.office.desk.drafts.find(item.id, [shelf.brand]), item.revision) for item in seen]
    try:
        read = {item.id: item.seen for item in found}
        shelf.office.approve_together(drafts, lambda _: shelf.actor, shelf.at, read)
    except CopydeskError:
        again = approvable(shelf, seen)
        if any(item.why_not for item in again):
            return again
        raise
    return []


def _changed(item: Approvable) -> Approvable:
    if item.why_not:
        return item
    words = load_labels()("queue_why_not", "changed")
    return Approvable(**{**item.__dict__, "why_not": words})


def _approvable(shelf: Shelf, draft: Draft, members: dict[str, frozenset[str]]) -> Approvable:
    situation = shelf.office.situation(draft, shelf.actor, shelf.at, members)
    facts = shelf.facts(draft)
    read = f"{as_seen(draft.copy_fields, facts)}\n{situation.seen}"
    mark = hashlib.sha256(read.encode()).hexdigest()[:16]
    review = situation.review
    return Approvable(
        id=draft.id,
        reference=Seen(draft.id, draft.revision, mark).reference,
        path=f"/brands/{draft.brand}/drafts/{draft.id}",
        name=name_of(shelf, draft),
        language=language_name(draft.locale),
        market=situation.ground.market,
        brief_name=shelf.brief_name(draft.brief_id),
        tier=situation.tier,
        reasons=tuple(map(reason_words, situation.ground.tiering.reasons)),
        fields=tuple(
            (_field_name(shelf, draft, name), bits_of(text, facts))
            for name, text in draft.copy_fields.items()
        ),
        sends=from_now(situation.ground.send_at, shelf.at),
        deadline=shelf.deadline(review) if review is not None else None,
        warnings=tuple(finding.message for finding in situation.report.findings),
        why_not=_why_not(situation),
        seen=situation.seen,
    )


def name_of(shelf: Shelf, draft: Draft) -> str:
    """A draft as people call it: its position and its audience."""
    return f"{named('kind', draft.kind).capitalize()} for {shelf.audience(draft.segment)}"


def _field_name(shelf: Shelf, draft: Draft, name: str) -> str:
    try:
        spec = place_of_draft(shelf.office.desk, draft).job.kind.schema.specs().get(name)
    except Conflict:
        spec = None
    return spec.label if spec is not None else name.replace("_", " ")


def _why_not(situation: Situation) -> str:
    if not situation.terms.several_at_once:
        return load_labels()("queue_why_not", "one_by_one")
    try:
        ACTIONS["approve"].check(situation)
    except CopydeskError as error:
        return in_words(error, situation.draft)
    return ""


def in_words(error: CopydeskError, draft: Draft) -> str:
    """What an action of review refuses, without the draft's id: its name stands beside it."""
    return tiers_in_words(error.message.replace(f"draft {draft.id}", "it"))


def _refused(shelf: Shelf, seen: Sequence[Seen], act: Callable[[Draft, int], None]) -> Iterator[Refused]:
    for item in seen:
        try:
            draft = shelf.office.desk.drafts.find(item.id, [shelf.brand])
        except NotFound as error:
            yield Refused(load_labels()("queue_why_not", "a_draft"), "", error.message)
            continue
        try:
            act(draft, item.revision)
        except CopydeskError as error:
            path = f"/brands/{draft.brand}/drafts/{draft.id}"
            yield Refused(name_of(shelf, draft), path, in_words(error, draft))
