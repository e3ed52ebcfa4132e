"""Storing a new revision of a brief together with what it does to existing copy, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.brief.history import with_history
from app.brief.models import Brief
from app.copywriting.briefs import changes_between, patched
from app.copywriting.consequences import Consequences, Judged, consequences, draft_changes, judge_again
from app.copywriting.desk import Desk
from app.copywriting.slots import SlotNow
from app.db.runs import NewRun
from app.db.service_tables import StoredBrief
from app.db.tables import now
from app.errors import Conflict, NotPermitted, OutOfDate, UsageError
from app.generation.hashing import name_content
from app.generation.plan import jobs_of
from app.release.library import ContentLibrary

ATTEMPTS = 3
"""How often a change is worked out again because a draft changed while it was."""
NOTHING = Consequences(drafts=(), approvals_ended=(), emails_changed=())


@dataclass(frozen=True)
class Prepared:
    """A new revision that was worked out and is not stored yet."""

    before: StoredBrief
    after: Brief
    judged: tuple[Judged, ...]
    effect: Consequences


@dataclass(frozen=True)
class Revised:
    """A brief after a change; `changed` says whether there is a new revision."""

    stored: StoredBrief
    changed: bool
    effect: Consequences


def prepare(desk: Desk, stored: StoredBrief, after: Brief, library: ContentLibrary) -> Prepared:
    """Work out what the change does; nothing is stored."""
    slots, jobs = _slots(desk, stored, library), jobs_of(after, library)
    judged = judge_again(slots, jobs, library)
    return Prepared(stored, after, tuple(judged), consequences(judged, slots, jobs, library))


def _slots(desk: Desk, stored: StoredBrief, library: ContentLibrary) -> list[SlotNow]:
    """What stands in the slots of the brief as stored; nothing when its own names do not exist any more."""
    try:
        jobs = jobs_of(stored.content, library)
    except UsageError:
        return []
    return desk.slots(stored, jobs, library)


def store(
    desk: Desk,
    prepared: Prepared,
    library: ContentLibrary,
    *,
    by: str,
    change: str,
    at: dt.datetime | None = None,
) -> Revised:
    """Store the change with all that it does. Raises OutOfDate when the brief is at another revision.

    A draft that changed in the meantime is judged again.
    """
    content = name_content(library, desk.serving.prompts, desk.serving.version)
    for attempt in range(ATTEMPTS):
        seen = prepared.before.revision
        changes = draft_changes(desk, prepared.judged, library, content, by=by, at=at or now())
        try:
            stored = desk.briefs.change(prepared.after, seen=seen, author=by, change=change, drafts=changes)
        except OutOfDate:
            current = desk.briefs.find(prepared.after.brand, prepared.after.id)
            if current is None or current.revision != seen or attempt == ATTEMPTS - 1:
                raise
            prepared = prepare(desk, current, prepared.after, library)
            continue
        return Revised(stored, True, prepared.effect)
    raise AssertionError("the last attempt returns or raises")


def patch_brief(
    desk: Desk, stored: StoredBrief, patch: Mapping[str, Any], library: ContentLibrary, *, by: str
) -> Revised:
    """Apply a JSON merge patch. Raises ContentError with every problem of the result, or OutOfDate."""
    return revise_brief(desk, stored, patched(stored, patch, library).brief, library, by=by)


def revise_brief(
    desk: Desk, stored: StoredBrief, brief: Brief, library: ContentLibrary, *, by: str
) -> Revised:
    """Store a whole brief that was checked in the place of the stored one. Raises OutOfDate."""
    after = with_history(stored.content, brief)
    if after == stored.content:
        return Revised(stored, False, NOTHING)
    prepared = prepare(desk, stored, after, library)
    return store(desk, prepared, library, by=by, change=changes_between(stored.content, after))


def preview_brief(desk: Desk, stored: StoredBrief, brief: Brief, library: ContentLibrary) -> Revised:
    """What storing it would do; nothing is stored."""
    after = with_history(stored.content, brief)
    if after == stored.content:
        return Revised(stored, False, NOTHING)
    return Revised(stored, True, prepare(desk, stored, after, library).effect)


def keep_brief(
    desk: Desk,
    brief: Brief,
    library: ContentLibrary,
    *,
    by: str,
    may_change: bool = True,
    run: NewRun | None = None,
) -> Revised:
    """Store a whole brief that was checked: new, or as a new revision where it differs from the stored one.

    `run` is stored with a new brief, and left to the caller where the brief was there before. Raises
    NotPermitted when it differs and `may_change` says that the one who asks may not change it.
    """
    for attempt in range(ATTEMPTS):
        stored = desk.briefs.find(brief.brand, brief.id)
        if stored is not None:
            brief = with_history(stored.content, brief)
        if stored is not None and stored.content == brief:
            return Revised(stored, False, NOTHING)
        if stored is not None and not may_change:
            words = f"brief '{brief.id}' is stored with other content, and you may not change it"
            raise NotPermitted(words, "send it as it is stored, or under an id of its own")
        try:
            if stored is None:
                return Revised(desk.briefs.create(brief, author=by, run=run), True, NOTHING)
            change = changes_between(stored.content, brief)
            return store(desk, prepare(desk, stored, brief, library), library, by=by, change=change)
        except (Conflict, OutOfDate):  # somebody else stored it at the same moment
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")
