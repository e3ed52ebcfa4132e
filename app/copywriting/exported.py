"""What was exported, and whether it still holds: stale is what would be exported otherwise today.

Copydesk cannot recall what was pasted elsewhere. It says what has to be exported again, and why.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brief.models import Brief
from app.copywriting.briefs import values_refused
from app.copywriting.choosing import content_of_arm, gate_over, obstacles
from app.copywriting.desk import Desk
from app.copywriting.exporting import ready_emails
from app.copywriting.handoff import names_of
from app.copywriting.stated import values_now
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot, Export, ExportedSlot
from app.db.service_tables import StoredBrief
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from app.emails.package import files_of, hashes, printed
from app.errors import ContentError, NotFound, ReleaseRefused, RenderError, UsageError
from app.generation.plan import SlotJob, jobs_of
from app.release.library import ContentLibrary

_FED = frozenset(kind.id for kind in KINDS.values() if kind.feed)
"""The kinds that show products."""
_SOURCE = "email.mjml"
"""Says nothing that the HTML does not."""


@dataclass(frozen=True)
class ExportState:
    """One export with all reasons why it may not be sent any more as it is; none where it still holds."""

    export: Export
    stale: tuple[str, ...]


def states_of(desk: Desk, exports: Exports, stored: StoredBrief, now: dt.datetime) -> list[ExportState]:
    """The exports of a brief, the newest first."""
    return _states(desk, exports.of_brief(stored.brand, stored.id), stored, now)


def state_of(desk: Desk, export: Export, now: dt.datetime) -> ExportState:
    """One export. A brief that is gone, or names what does not exist any more, makes it stale."""
    stored = desk.briefs.find(export.brand, export.brief_id)
    if stored is None:
        return ExportState(export, (f"the brief '{export.brief_id}' is not stored any more",))
    try:
        return _states(desk, [export], stored, now)[0]
    except UsageError as error:
        return ExportState(export, (f"the brief cannot be used as it is: {error.message}",))


def stale_after(desk: Desk, stored: StoredBrief, after: Brief) -> list[ExportState]:
    """The exports of a brief that a change of it would make stale, with the reasons that it brings. Raises
    UsageError when the changed brief names what does not exist.
    """
    made = Exports(desk.drafts.engine).of_brief(stored.brand, stored.id)
    if not made:
        return []
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    changed_brief = StoredBrief(**{**stored.model_dump(exclude={"content"}), "content": after})
    before = _states(desk, made, stored, never)
    changed = _states(desk, made, changed_brief, never)
    found = [
        ExportState(new.export, tuple(words for words in new.stale if words not in old.stale))
        for old, new in zip(before, changed, strict=True)
    ]
    return [state for state in found if state.stale]


def _states(desk: Desk, made: Sequence[Export], stored: StoredBrief, now: dt.datetime) -> list[ExportState]:
    library = desk.library(stored.brand)
    jobs = {job.key: job for job in jobs_of(stored.content, library)}
    chosen = Exports(desk.drafts.engine).chosen(stored.brand, stored.id)
    held = values_refused(stored.content, library)
    states = []
    for export in made:
        reasons = [*held, *_stale(desk, export, jobs, chosen, library, now)]
        reasons = reasons or [*_otherwise(desk, export, stored, library)]
        states.append(ExportState(export, tuple(dict.fromkeys(reasons))))
    return states


def _otherwise(desk: Desk, export: Export, stored: StoredBrief, library: ContentLibrary) -> Iterator[str]:
    """What the package would hold otherwise: it is made again, of the same slots for the same account."""
    account = library.brand.accounts[export.account]
    try:
        emails = ready_emails(
            desk,
            Exports(desk.drafts.engine),
            stored,
            account,
            by=export.exported_by,
            locale=export.locale,
            segments=export.segments,
            together=len(export.segments) > 1,
        )
        email = next((item for item in emails if item.arm == export.arm), None)
        if email is None:
            yield "it would not be exported any more"
            return
        out = printed(email.template, Printer(dialect(account.platform), names_of(account)))
        files = hashes(files_of(email.template, out, {}))
    except ReleaseRefused as error:
        yield from error.reasons
        return
    except (ContentError, NotFound, RenderError, UsageError) as error:
        yield f"it would not be exported any more: {error.message}"
        return
    other = [name for name in files if name != _SOURCE and export.content.files.get(name) != files[name]]
    if other:
        names = ", ".join(other)
        yield f"exported today it would have another {names}: brand, brief or account changed since"


def _stale(  # noqa: PLR0917
    desk: Desk,
    export: Export,
    jobs: dict[tuple[str, str, str], SlotJob],
    chosen: Mapping[tuple[str, str, str], ChosenSlot],
    library: ContentLibrary,
    now: dt.datetime,
) -> Iterator[str]:
    if export.do_not_send_after is not None and now > export.do_not_send_after:
        yield f"it may not be sent after {export.do_not_send_after:%Y-%m-%d %H:%M %Z}"
    if export.account not in library.brand.accounts:
        yield f"the brand has no account '{export.account}' any more"
    for slot in export.content.slots:
        segment = slot.segment or export.segments[0]  # an evergreen block stands in the same slots
        job = jobs.get((export.locale, segment, slot.kind))
        where = f"{slot.readers} {slot.kind}"
        if job is None:
            yield f"{where}: the brief has no such slot any more"
            continue
        apart = not slot.segment or slot.block in {job.request.otherwise} - {None}
        choice = chosen.get(job.key) if not apart else None  # nobody chooses what others see instead
        if choice is not None and (slot.draft, slot.block) not in _in(choice, desk, library):
            yield f"{where}: {choice.chosen_by} has chosen something else since"
        yield from (f"{where}: {words}" for words in _changed(desk, slot, job, library))
        yield from (f"{where}: {words}" for words in _values(slot, job))
        link = job.target.links[job.request.link] if job.request.link else None
        before = export.content.links.get(f"{slot.segment} {slot.kind}")
        if before is not None and before != link:
            yield f"{where}: leads to {link or 'nothing'} now and led to {before}"
        came, comes = export.content.lists.get(where), job.request.products_from
        if came != comes and slot.kind in _FED:
            yield f"{where}: its products come from {comes or 'a feed'} now and came from {came or 'a feed'}"


def _in(choice: ChosenSlot, desk: Desk, library: ContentLibrary) -> set[tuple[str | None, str | None]]:
    """The draft or the block of each arm, as an export names it."""
    found: set[tuple[str | None, str | None]] = set()
    for arm in choice.arms:
        with suppress(NotFound):
            content = content_of_arm(desk, library, arm)
            source = content.source if content is not None else None
            if source is not None:
                is_block = isinstance(source, ApprovedBlock)
                found.add((None, source.id) if is_block else (source.id, None))
    return found


def _changed(desk: Desk, slot: ExportedSlot, job: SlotJob, library: ContentLibrary) -> Iterator[str]:
    try:
        content = content_of_arm(desk, library, Arm(name=SINGLE, draft=slot.draft, block=slot.block))
    except NotFound:
        content = None
    if content is None:
        yield "what was exported is not there any more"
    elif dict(content.copy_fields) != slot.copy_fields:
        yield "the copy was changed since"
    else:
        yield from obstacles(content, job, library, gate_over([content]))


def _values(slot: ExportedSlot, job: SlotJob) -> Iterator[str]:
    now = values_now(job, slot.facts)
    for name in dict.fromkeys([*slot.facts, *now]):
        before, after = slot.facts.get(name), now.get(name)
        if before != after:
            yield f"{name} was {before or 'not shown'} and is {after or 'not given'} now"
