"""Exporting what was chosen: each email passes the gate, becomes a template and is printed for one account.

What is written is, byte for byte, the compiled template in the platform's dialect; the previews beside it are
that template filled with synthetic people. Every export is recorded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.blocks.approved import ApprovedBlock
from app.brand.platforms import Account, Supplier
from app.brief.json_document import JsonDocument
from app.brief.models import Condition
from app.copywriting.anybody_else import for_anybody_else
from app.copywriting.briefs import values_refused
from app.copywriting.choosing import arms_of, gate_over
from app.copywriting.composition import composed
from app.copywriting.desk import Desk
from app.copywriting.places import around
from app.copywriting.stated import claims_in, facts_in, last_moment, public_id
from app.db.emails import Emails
from app.db.exports import Exports
from app.db.release_tables import ChosenSlot, Export, ExportContent, ExportedSlot
from app.db.service_tables import StoredBrief
from app.db.tables import Draft
from app.dialects.nodes import Equals, HasValue, InSegment, Test
from app.emails.links import tracked
from app.emails.models import FilledSlot
from app.emails.template import EmailTemplate, SlotChoice, Standing, compile_template
from app.errors import ContentError, ReleaseRefused
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob, jobs_of
from app.release.approvals import shown_source
from app.release.content import SlotContent
from app.release.gate import Released, ReleasedSlot
from app.release.library import ContentLibrary
from app.release.whole import EmailApprovals
from app.tokens import token_names
from app.yaml12 import nearest

Key = tuple[str, str, str]


@dataclass(frozen=True)
class ReadyEmail:
    """One email of an export: what was released for each of its segments, and the template of all."""

    locale: str
    segments: tuple[str, ...]
    arm: str
    template: EmailTemplate
    released: tuple[Released, ...]
    record: Export


@dataclass(frozen=True)
class _Part:
    """What one segment gets: the slots that passed the gate, with their jobs by kind."""

    released: Released
    jobs: Mapping[str, SlotJob]
    contents: Mapping[str, SlotContent]
    otherwise: Released | None = None
    """The email of readers for whom no condition of a slot holds; None where there are no conditions."""
    others: Mapping[str, SlotContent] = field(default_factory=dict)
    """What stands only there."""

    @property
    def segment(self) -> str:
        return self.released.segment


def ready_emails(
    desk: Desk,
    exports: Exports,
    stored: StoredBrief,
    account: Account,
    *,
    by: str,
    locale: str | None = None,
    segments: Sequence[str] = (),
    together: bool = False,
    arm: str | None = None,
) -> list[ReadyEmail]:
    """The emails of a brief for one account: one a segment and arm, or `together` one for all segments. With
    `arm` only that arm of each test; emails that test nothing have none.

    Raises ReleaseRefused for slots that nobody chose for and with every reason of the gate, ContentError for
    emails that the brief does not have, UsageError for names that the account does not map, RenderError when
    an email cannot be composed.
    """
    library = desk.library(stored.brand)
    held = values_refused(stored.content, library)
    if held:
        raise ReleaseRefused(held, "another offer or another value; or the brand's rules for offers")
    groups = _groups(stored, library, locale, segments)
    chosen, approved = exports.chosen(stored.brand, stored.id), Emails(desk.drafts.engine)
    _refuse_unchosen(groups, chosen, stored.id)
    emails: list[ReadyEmail] = []
    refused: list[str] = []
    for where, keys, name in _arms(groups, chosen, together=together, only=arm):
        parts = []
        for key in keys:
            try:
                parts.append(_part(desk, library, groups[key], chosen, name, approved))
            except ReleaseRefused as error:
                refused += [f"{key[0]} {key[1]}: {reason}" for reason in error.reasons]
        if len(parts) == len(keys):
            jobs = [job for key in keys for job in groups[key]]
            try:
                rest = _Part(*for_anybody_else(library, jobs, approved)) if len(parts) > 1 else None
            except ReleaseRefused as error:
                refused += [f"{where[0]} anybody else: {reason}" for reason in error.reasons]
                continue
            emails.append(_email(desk, library, stored, account, parts, rest, where, name, by))
    if refused:
        raise ReleaseRefused(refused)
    return emails


def receipts_of(desk: Desk, emails: Sequence[ReadyEmail]) -> dict[str, object]:
    """The receipts of the drafts that the emails show and the approvals of their blocks, by id, as plain
    data.
    """
    found: dict[str, object] = {}
    for brand, slot in ((email.record.brand, s) for email in emails for s in email.record.content.slots):
        if slot.draft is not None and slot.draft not in found:
            found[slot.draft] = desk.drafts.find(slot.draft, [brand]).receipt.model_dump(mode="json")
        placed = desk.library(brand).find(slot.block) if slot.block is not None else None
        if placed is not None:
            block = placed.block
            found[block.id] = {"author": block.author, "approval": block.approval.model_dump(mode="json")}
    return found


def not_made(desk: Desk, stored: StoredBrief) -> list[str]:
    """The emails and blocks of a brief that suppression flags keep from readers, each with the reason."""
    lines: dict[str, None] = {}
    for job in jobs_of(stored.content, desk.library(stored.brand)):
        if job.suppressed is not None:
            what = "no email" if job.suppressed.whole_email else f"no {job.kind.id}"
            lines[f"{job.key[0]} {job.key[1]}: {what}: {job.suppressed.words}"] = None
    return list(lines)


def _groups(
    stored: StoredBrief, library: ContentLibrary, locale: str | None, segments: Sequence[str]
) -> dict[tuple[str, str], list[SlotJob]]:
    wanted = {library.brand.segment(name).id for name in segments}
    groups: dict[tuple[str, str], list[SlotJob]] = {}
    stopped: dict[str, None] = {}
    for job in jobs_of(stored.content, library):
        if locale not in (None, job.target.locale) or (wanted and job.segment.id not in wanted):
            continue
        if job.suppressed is None:
            groups.setdefault(job.key[:2], []).append(job)
        elif job.suppressed.whole_email:
            stopped[f"{job.key[0]} {job.key[1]}: no email: {job.suppressed.words}"] = None
    if stopped and not groups:
        raise ReleaseRefused(list(stopped))
    if not groups:
        problem = JsonDocument.of({}).problem((), f"brief '{stored.id}' has no email like that")
        raise ContentError([problem])
    return groups


def _refuse_unchosen(
    groups: Mapping[tuple[str, str], list[SlotJob]], chosen: Mapping[Key, ChosenSlot], brief: str
) -> None:
    waiting = [
        f"{' '.join(job.key)}: nobody has chosen what ships here"
        for jobs in groups.values()
        for job in jobs
        if job.key not in chosen
    ]
    if waiting:
        raise ReleaseRefused(
            waiting, f"copydesk choose {brief} shows what there is (or its `choices` over HTTP)"
        )


def _together(
    groups: Mapping[tuple[str, str], list[SlotJob]], *, together: bool
) -> dict[tuple[str, ...], list[tuple[str, str]]]:
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for key in groups:
        found.setdefault(key[:1] if together else key, []).append(key)
    return found


def _arms(
    groups: Mapping[tuple[str, str], list[SlotJob]],
    chosen: Mapping[Key, ChosenSlot],
    *,
    together: bool,
    only: str | None,
) -> list[tuple[tuple[str, ...], list[tuple[str, str]], str]]:
    """Each email to be made: what it is named after, the locales and segments in it, and its arm."""
    found = [
        (where, keys, arm)
        for where, keys in _together(groups, together=together).items()
        for arm in arms_of([chosen[job.key] for key in keys for job in groups[key]])
    ]
    if only is None:
        return found
    known = {arm for _, _, arm in found}
    if only not in known:
        asked = JsonDocument.of({})
        raise ContentError([asked.problem(("arm",), f"no email has an arm '{only}'", nearest(only, known))])
    return [item for item in found if item[2] == only]


def _part(  # noqa: PLR0917
    desk: Desk,
    library: ContentLibrary,
    jobs: Sequence[SlotJob],
    chosen: Mapping[Key, ChosenSlot],
    arm: str,
    emails: EmailApprovals,
) -> _Part:
    found = composed(desk, library, jobs, chosen, arm)
    released = _released(list(found.contents.values()), jobs, library, emails)
    if not found.conditional:
        return _Part(released, found.jobs, found.contents)
    otherwise = _released(list(found.otherwise.values()), jobs, library, emails)
    return _Part(released, found.jobs, found.contents, otherwise, found.others)


def _released(
    contents: list[SlotContent], jobs: Sequence[SlotJob], library: ContentLibrary, emails: EmailApprovals
) -> Released:
    job = jobs[0]
    return gate_over(contents, emails).release(
        contents,
        library,
        job.facts,
        job.as_of,
        judge_of(job, library),
        journey=job.brief.journey.value,
        segment=job.segment.id,
        market=job.target.market,
        flags=job.target.flags,
        brief=job.brief.id,
        around=around(jobs),
    )


def test_of(condition: Condition, job: SlotJob) -> Test:
    """The test of a slot's condition, segments by their canonical name."""
    if condition.segment is not None:
        return InSegment(job.brand.segment(condition.segment).id)
    name = condition.variable or ""
    return HasValue(name) if condition.equals is None else Equals(name, condition.equals)


def _email(  # noqa: PLR0917
    desk: Desk,
    library: ContentLibrary,
    stored: StoredBrief,
    account: Account,
    parts: Sequence[_Part],
    rest: _Part | None,
    where: tuple[str, ...],
    arm: str,
    by: str,
) -> ReadyEmail:
    job = next(iter(parts[0].jobs.values()))
    shown = [*parts, rest] if rest is not None else parts
    template = compile_template(
        library.brand,
        job.brief.journey.value,
        job.target,
        job.facts,
        _choices(parts, rest, account, stored.id),
        partials=desk.serving.partials,
        images=account.images or library.brand.assets.hosted_base,
        own_footer=account.footer is Supplier.COPYDESK,
        preferences=account.preferences,
    )
    record = Export(
        brand=stored.brand,
        brief_id=stored.id,
        brief_revision=stored.revision,
        locale=where[0],
        segments=tuple(part.segment for part in parts),
        arm=arm,
        account=account.id,
        platform=account.platform,
        content_version=desk.serving.version,
        template_hash=template.hash,
        content=_content(shown),
        exported_by=by,
        do_not_send_after=last_moment([item for part in shown for item in _stated(part)]),
    )
    released = tuple(part.released for part in parts)
    return ReadyEmail(where[0], record.segments, arm, template, released, record)


def _stated(part: _Part) -> Iterator[tuple[SlotJob, SlotContent]]:
    for kind, content in (*part.contents.items(), *part.others.items()):
        yield part.jobs[kind], content


def _content(parts: Sequence[_Part]) -> ExportContent:
    slots = tuple(
        ExportedSlot(
            segment=part.segment,
            kind=slot.kind,
            source=slot.approved_as,
            **_source(part, slot),
            copy_fields=dict(slot.copy_fields),
            public_id=public_id(slot.kind, slot.copy_fields),
            facts=facts_in(part.jobs[slot.kind], _shown_in(part, slot)),
        )
        for part in parts
        for slot in (*part.released.slots, *_only_otherwise(part))
    )
    stated = [item for part in parts for item in _stated(part)]
    facts: dict[str, str] = {}
    for slot in slots:
        for name, value in slot.facts.items():
            known = facts.get(name, "").split(", ") if name in facts else []
            facts[name] = ", ".join(dict.fromkeys([*known, value]))
    claims = sorted({claim for job, content in stated for claim in claims_in(job, content)})
    subject = next((slot.copy_fields["subject"] for slot in slots if slot.kind == "subject"), "")
    links = {
        f"{part.segment} {kind}": job.target.links[job.request.link]
        for part in parts
        for kind, job in part.jobs.items()
        if job.request.link is not None and kind in part.contents
    }
    lists = {
        f"{part.segment} {kind}": job.request.products_from
        for part in parts
        for kind, job in part.jobs.items()
        if job.request.products_from is not None and kind in part.contents
    }
    return ExportContent(
        subject=subject, slots=slots, facts=facts, links=links, lists=lists, claims=tuple(claims)
    )


def _shown_in(part: _Part, slot: ReleasedSlot) -> SlotContent:
    """The content that a slot was released from: the segment's, or what only the others see."""
    found = (part.contents.get(slot.kind), part.others.get(slot.kind))
    return next(item for item in found if item is not None and shown_source(item) == slot.approved_as)


def _only_otherwise(part: _Part) -> list[ReleasedSlot]:
    """What only readers see for whom a condition does not hold."""
    others = part.otherwise.slots if part.otherwise is not None else ()
    return [slot for slot in others if slot.approved_as not in {s.approved_as for s in part.released.slots}]


def _source(part: _Part, slot: ReleasedSlot) -> dict[str, str | None]:
    if slot not in part.released.slots:
        return {"draft": None, "block": part.jobs[slot.kind].request.otherwise}
    source = part.contents[slot.kind].source
    return {
        "draft": source.id if isinstance(source, Draft) else None,
        "block": source.id if isinstance(source, ApprovedBlock) else None,
    }


def _choices(
    parts: Sequence[_Part], rest: _Part | None, account: Account, campaign: str
) -> dict[str, SlotChoice]:
    """The slots of one email. Where there are several segments, each gets its own under a condition, but for
    what readers of none of them get, too; an email of one segment goes to nobody else.
    """
    found = {}
    asked = next(iter(parts[0].jobs.values())).brief.slots
    for kind in [slot.kind for slot in asked if any(slot.kind in part.jobs for part in parts)]:
        filled = [(part.segment, _standing(part, kind, account, campaign)) for part in parts]
        otherwise = _standing(rest, kind, account, campaign) if rest is not None else filled.pop()[1]
        when = tuple((InSegment(segment), slot) for segment, slot in filled if not _alike(slot, otherwise))
        if when or otherwise is not None:
            found[kind] = SlotChoice(when, otherwise)
    return found


def _standing(part: _Part, kind: str, account: Account, campaign: str) -> Standing:
    """What one segment gets in a slot, with the slot's own condition; nothing where it has no such slot."""
    if kind not in part.jobs:
        return None
    slot = _filled(part, part.released, kind, account, campaign)
    condition = part.jobs[kind].request.shown_when
    if condition is None or part.otherwise is None:
        return slot
    other = _filled(part, part.otherwise, kind, account, campaign)
    return SlotChoice(((test_of(condition, part.jobs[kind]), slot),), other)


def _alike(one: Standing, other: Standing) -> bool:
    """Whether readers see the same: the same copy with the same values of the facts that it states."""
    if not isinstance(one, FilledSlot) or not isinstance(other, FilledSlot):
        return one == other
    if one.facts is None or other.facts is None:
        return one == other
    if one.model_copy(update={"facts": other.facts}) != other:
        return False
    names = {name for text in one.copy_fields.values() for name in token_names(text)}
    return all(one.facts.facts.get(name) == other.facts.facts.get(name) for name in names)


def _filled(part: _Part, released: Released, kind: str, account: Account, campaign: str) -> FilledSlot | None:
    slot = released.slot(kind)
    if slot is None:
        return None
    job = part.jobs[kind]
    link = job.target.links[job.request.link] if job.request.link else None
    feed = job.feed
    if account.tracking is not None:
        shown = public_id(kind, slot.copy_fields)
        link = tracked(link, account.tracking, campaign, shown) if link else None
        if feed is not None:
            items = tuple(
                item.model_copy(update={"link": tracked(item.link, account.tracking, campaign, shown)})
                for item in feed.items
            )
            feed = feed.model_copy(update={"items": items})
    return FilledSlot(
        kind=kind,
        copy_fields=dict(slot.copy_fields),
        link=link,
        image=job.request.image or slot.image,
        feed=feed,
        products_from=job.request.products_from,
        facts=part.released.facts,
    )
