"""What was exported, and whether it still holds: stale is what would be exported otherwise today.

Copydesk cannot recall what was pasted elsewhere. It says what has to be exported again, and why.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.copywriting.choosing import content_of_arm, gate_over, obstacles
from app.copywriting.desk import Desk
from app.copywriting.stated import facts_in
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, Export, ExportedSlot
from app.db.service_tables import StoredBrief
from app.errors import NotFound
from app.generation.plan import SlotJob, jobs_of
from app.release.content import SlotContent
from app.release.library import ContentLibrary


@dataclass(frozen=True)
class ExportState:
    """One export with all reasons why it may not be sent any more as it is; none where it still holds."""

    export: Export
    stale: tuple[str, ...]


def states_of(desk: Desk, exports: Exports, stored: StoredBrief, now: dt.datetime) -> list[ExportState]:
    """The exports of a brief, the newest first."""
    library = desk.library(stored.brand)
    jobs = {job.key: job for job in jobs_of(stored.content, library)}
    return [
        ExportState(export, tuple(dict.fromkeys(_stale(desk, export, jobs, library, now))))
        for export in exports.of_brief(stored.brand, stored.id)
    ]


def _stale(
    desk: Desk,
    export: Export,
    jobs: dict[tuple[str, str, str], SlotJob],
    library: ContentLibrary,
    now: dt.datetime,
) -> Iterator[str]:
    if export.do_not_send_after is not None and now > export.do_not_send_after:
        yield f"it may not be sent after {export.do_not_send_after:%Y-%m-%d %H:%M %Z}"
    if export.account not in library.brand.accounts:
        yield f"the brand has no account '{export.account}' any more"
    for slot in export.content.slots:
        job = jobs.get((export.locale, slot.segment, slot.kind))
        where = f"{slot.segment} {slot.kind}"
        if job is None:
            yield f"{where}: the brief has no such slot any more"
            continue
        yield from (f"{where}: {words}" for words in _changed(desk, slot, job, library))
        yield from (f"{where}: {words}" for words in _values(slot, job, export))


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


def _values(slot: ExportedSlot, job: SlotJob, export: Export) -> Iterator[str]:
    now = facts_in(job, SlotContent(slot.kind, slot.copy_fields, None))
    for name, value in now.items():
        before = export.content.facts.get(name)
        if before is not None and before != value and len(export.segments) == 1:
            yield f"{name} was {before} and is {value} now"
