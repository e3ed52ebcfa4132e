"""Whole emails at work: each email of a brief as it is composed now, and actions on it in one transaction."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.copywriting.anybody_else import contents_for_anybody_else
from app.copywriting.choosing import arms_of, gate_over
from app.copywriting.composition import Composition, composed
from app.copywriting.desk import Desk
from app.copywriting.places import place_of
from app.db.audit import AuditNote, note
from app.db.email_tables import EmailClosed, EmailReview, EmailVersion
from app.db.emails import Emails, change_email, end_email_approvals
from app.db.exports import Exports
from app.db.outbox import Announcement, announce
from app.db.people import People
from app.db.release_tables import ANYBODY_ELSE, ChosenSlot
from app.db.service_tables import StoredBrief
from app.errors import Conflict, NotFound, NotPermitted, OutOfDate, ReleaseRefused
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob, jobs_of
from app.release.approvals import Obstacle, Place
from app.release.authors import Authors
from app.release.content import SlotContent
from app.release.gate import Gate
from app.release.library import ContentLibrary
from app.release.values import commercial_values
from app.release.whole import lacking_as_a_whole, part_of, version_digest, whole_tiering, writers_of
from app.review.action import Order
from app.review.emails.registry import EMAIL_ACTIONS
from app.review.emails.situation import EmailSituation, WholeEmail
from app.review.emails.writing import require_seen
from app.review.situation import CLOCK, Actor

Key = tuple[str, str]
SlotKey = tuple[str, str, str]


@dataclass(frozen=True)
class Composed:
    """One email with what its slots and its approval are judged by. `place` is what the gate looks at."""

    whole: WholeEmail
    contents: Composition
    place: Place


@dataclass(frozen=True)
class EmailOffice:
    """The desk with reviews of whole emails, and people."""

    desk: Desk
    emails: Emails
    people: People

    @classmethod
    def over(cls, desk: Desk) -> "EmailOffice":
        """The office over the desk's database."""
        engine = desk.drafts.engine
        return cls(desk, Emails(engine), People(engine))

    def situations(
        self,
        stored: StoredBrief,
        actor: Actor,
        at: dt.datetime,
        *,
        locale: str | None = None,
        segment: str | None = None,
    ) -> list[tuple[Composed, EmailSituation]]:
        """Each email of a brief whose slots have all been chosen, by locale, segment and arm."""
        members = self.people.members(stored.brand)
        latest = self.emails.latest(stored.brand, stored.id)
        found = []
        for item in composed_emails(self.desk, stored, locale=locale, segment=segment):
            email = item.whole
            review = latest.get((email.locale, email.segment, email.arm))
            approvals = tuple(self.emails.approvals(review.id)) if review is not None else ()
            found.append((item, EmailSituation(email, review, approvals, members, actor, at)))
        return found

    def situation(
        self, stored: StoredBrief, place: tuple[str, str, str], actor: Actor, at: dt.datetime
    ) -> EmailSituation:
        """One email, by locale, segment (id or alias) and arm. Raises NotFound."""
        locale, segment, arm = place
        found = self.situations(stored, actor, at, locale=locale, segment=segment)
        for _, situation in found:
            if situation.email.arm == arm:
                return situation
        words = f"brief '{stored.id}' has no email {locale} {segment} {arm} with every slot chosen"
        raise NotFound(words, "its emails are those of GET /v1/briefs/{id}/emails")

    def act(self, name: str, situation: EmailSituation, order: Order | None = None, *, seen: str) -> None:
        """Do an action on the email as it was seen: `seen` is what `seen_of` said of it.

        Raises OutOfDate when it has changed since, NotPermitted, Conflict.
        """
        if seen != seen_of(situation):
            words = f"{situation.email.name} is not what you saw: its contents or its review have changed"
            raise OutOfDate(words, "read it again")
        action = EMAIL_ACTIONS[name]
        try:
            action.check(situation)
        except (Conflict, NotPermitted):  # perhaps since somebody decided while the situation was read
            with self.emails.writing() as session:
                require_seen(session, situation)
            raise
        with self.emails.writing() as session:
            action.execute(session, situation, order if order is not None else action.order())


def seen_of(situation: EmailSituation) -> str:
    """Names an email with its review as somebody sees them: any change gives another name."""
    review = situation.review
    digests = "".join(item.digest[:12] for item in situation.email.versions)
    return f"{digests}.{review.id[:12]}.{review.revision}" if review is not None else f"{digests}.0"


def composed_emails(
    desk: Desk, stored: StoredBrief, *, locale: str | None = None, segment: str | None = None
) -> Iterator[Composed]:
    """The emails of a brief whose slots were all chosen; for several segments also what anybody else gets."""
    library = desk.library(stored.brand)
    names = library.brand.aliases
    wanted = names.get(segment, segment) if segment else segment
    chosen = Exports(desk.drafts.engine).chosen(stored.brand, stored.id)
    authors = Authors(Emails(desk.drafts.engine).people())
    by_locale: dict[str, list[SlotJob]] = {}
    for (where, who), jobs in _groups(stored, library).items():
        if locale not in (None, where) or not all(job.key in chosen for job in jobs):
            continue
        by_locale.setdefault(where, []).extend(jobs)
        if wanted in (None, who):
            yield from _of_segment(desk, library, jobs, chosen, authors)
    for jobs in by_locale.values():
        if wanted in (None, ANYBODY_ELSE) and len({job.segment.id for job in jobs}) > 1:
            yield from _anybody_else(library, jobs, authors)


def lacking_emails(
    desk: Desk, stored: StoredBrief, library: ContentLibrary, jobs: Sequence[SlotJob]
) -> dict[Key, list[Obstacle]]:
    """What the emails of a brief lack as a whole, by locale and segment. Nothing where slots wait for a
    choice.
    """
    emails = Emails(desk.drafts.engine)
    chosen = Exports(desk.drafts.engine).chosen(stored.brand, stored.id)
    groups: dict[Key, list[SlotJob]] = {}
    for job in jobs:
        if job.suppressed is None:
            groups.setdefault(job.key[:2], []).append(job)
    found: dict[Key, list[Obstacle]] = {}
    for key, mine in groups.items():
        if not all(job.key in chosen for job in mine):
            continue
        place = place_of(mine[0], library, mine)
        for composition in _compositions(desk, library, mine, chosen).values():
            for slots in composition.versions:
                found.setdefault(key, []).extend(lacking_as_a_whole(slots, place, emails))
    return {key: list(dict.fromkeys(items)) for key, items in found.items()}


def expire_overdue(office: EmailOffice, at: dt.datetime) -> int:
    """End the reviews of emails whose deadline has passed; those are not released. Returns how many."""
    ended = 0
    for review in office.emails.overdue(at):
        words = f"nobody decided by {review.due_at:%Y-%m-%d %H:%M %Z}: the email is not released"
        with office.emails.writing() as session:
            try:
                change_email(session, review, closed_at=at, closed_as=EmailClosed.EXPIRED, note=words)
            except OutOfDate:
                continue  # somebody decided at the last moment
            end_email_approvals(session, review, at, "the deadline of the review passed")
            _tell_expired(session, office, review, words)
        ended += 1
    return ended


def _tell_expired(session: Session, office: EmailOffice, review: EmailReview, words: str) -> None:
    owners = [n for n, roles in office.people.members(review.brand).items() if "brand owner" in roles]
    data = {"brief": review.brief_id, "locale": review.locale, "segment": review.segment, "arm": review.arm}
    subject, people = f"email {review.id}", tuple(dict.fromkeys([review.submitted_by, *sorted(owners)]))
    note(session, AuditNote(review.brand, CLOCK.person_id, "email.expire", subject, data))
    announce(session, Announcement(review.brand, "email.expired", subject, data, people, words))


def _groups(stored: StoredBrief, library: ContentLibrary) -> dict[Key, list[SlotJob]]:
    groups: dict[Key, list[SlotJob]] = {}
    for job in jobs_of(stored.content, library):
        if job.suppressed is None:
            groups.setdefault(job.key[:2], []).append(job)
    return groups


def _compositions(
    desk: Desk,
    library: ContentLibrary,
    jobs: Sequence[SlotJob],
    chosen: Mapping[SlotKey, ChosenSlot],
) -> dict[str, Composition]:
    """By arm; none where the slots belong to different tests, or what was chosen is gone."""
    try:
        arms = arms_of([chosen[job.key] for job in jobs])
        return {arm: composed(desk, library, jobs, chosen, arm) for arm in arms}
    except (NotFound, ReleaseRefused):
        return {}


def _of_segment(
    desk: Desk,
    library: ContentLibrary,
    jobs: Sequence[SlotJob],
    chosen: Mapping[SlotKey, ChosenSlot],
    authors: Authors,
) -> Iterator[Composed]:
    place = place_of(jobs[0], library, jobs)
    for arm, composition in _compositions(desk, library, jobs, chosen).items():
        yield Composed(_whole(jobs[0], arm, composition, place, authors), composition, place)


def _anybody_else(library: ContentLibrary, jobs: Sequence[SlotJob], authors: Authors) -> Iterator[Composed]:
    by_kind, contents = contents_for_anybody_else(library, jobs)
    job = jobs[0]
    place = place_of(job, library, list(by_kind.values()), segment=ANYBODY_ELSE)
    composition = Composition({kind: by_kind[kind] for kind in contents}, contents)
    if contents:
        yield Composed(_whole(job, "only", composition, place, authors), composition, place)


def _whole(job: SlotJob, arm: str, composition: Composition, place: Place, authors: Authors) -> WholeEmail:
    library, versions = place.library, composition.versions
    everything = list({id(item): item for slots in versions for item in slots}.values())
    texts = [text for content in everything for text in content.copy_fields.values()]
    stated = commercial_values(texts, place.facts)
    return WholeEmail(
        brand=library.brand.id,
        brief_id=job.brief.id,
        journey=job.brief.journey.value,
        locale=job.target.locale,
        market=job.target.market,
        segment=place.segment,
        arm=arm,
        contract=library.brand.contract,
        send_at=job.target.window.send_at,
        tierings=tuple(whole_tiering(slots, place) for slots in versions),
        versions=tuple(
            EmailVersion(digest=version_digest(slots, place), parts=tuple(map(part_of, slots)))
            for slots in versions
        ),
        shown={name: place.facts.render(name) for name in stated},
        writers=writers_of(everything, authors),
        obstacles=tuple(_obstacles(everything, job, place)),
    )


def _obstacles(slots: Sequence[SlotContent], job: SlotJob, place: Place) -> Iterator[str]:
    """What keeps slots from going out, each by itself."""
    gate: Gate = gate_over(slots)
    judge = judge_of(job, place.library)
    for content in slots:
        report = judge(content, facts=place.facts, as_of=place.as_of)
        yield from (f"{content.kind}: {item.words}" for item in gate.obstacles(content, place, report))
