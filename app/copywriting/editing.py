"""Editing a draft: the guardrails judge the new words, and an approval ends with the words it was for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from app.blocks.approved import digest
from app.copywriting.consequences import end_approvals
from app.copywriting.desk import Desk
from app.copywriting.ground import ground_of
from app.copywriting.places import SlotPlace, judged, named_now, place_of_draft, whole_copy
from app.db.drafts import Deed, DraftChange
from app.db.receipts import Edit, Ending, Receipt
from app.db.tables import Draft, DraftState, Origin, now
from app.errors import Conflict, OutOfDate
from app.generation.hashing import Named, copy_blob
from app.guardrails import model_judge
from app.review.following import after_edit
from app.review.situation import CLOSED
from app.verdicts.reports import GuardReport, Verdict


@dataclass(frozen=True)
class Edited:
    """A draft after an edit that may not be stored yet. `change` is None when nothing changed."""

    draft: Draft
    report: GuardReport
    change: DraftChange | None


def edit_draft(
    desk: Desk, draft: Draft, copy: Mapping[str, str], *, seen: int, by: str, at: dt.datetime | None = None
) -> Edited:
    """Store new text for some fields of a draft. Also copy that the guardrails refuse is kept: the draft
    then says what blocks it.

    Raises OutOfDate when the draft has another revision, Conflict when it is over, past the deadline of its
    review or its brief is gone, ContentError for fields that its kind does not have.
    """
    edited = prepare_edit(desk, place_of_draft(desk, draft), draft, copy, seen=seen, by=by, at=at)
    if edited.change is None:
        return edited
    desk.drafts.change([edited.change])
    return Edited(desk.drafts.find(draft.id, [draft.brand]), edited.report, edited.change)


def prepare_edit(
    desk: Desk,
    place: SlotPlace,
    draft: Draft,
    copy: Mapping[str, str],
    *,
    seen: int,
    by: str,
    at: dt.datetime | None = None,
) -> Edited:
    """Judge an edit without storing it. The same words are judged anew where the model that judges gave no
    answer about them.
    """
    if draft.revision != seen:
        raise OutOfDate(f"draft {draft.id} is at revision {draft.revision}, not at {seen}", "read it again")
    if draft.state in CLOSED:
        raise Conflict(f"draft {draft.id} is {draft.state.value}", "write a new one, or edit a sibling")
    fields = whole_copy(draft.kind, {**draft.copy_fields, **copy})
    if fields == draft.copy_fields and not _unanswered(desk, draft):
        return Edited(draft, draft.receipt.verdicts, None)
    changed = Draft(**{name: getattr(draft, name) for name in Draft.model_fields})
    changed.copy_fields, changed.content_hash = fields, digest([draft.kind, draft.locale, fields])
    changed.origin, changed.block, changed.confidence = Origin.EDITED, None, None
    report = judged(desk, place, changed)
    edit = Edit(by=by, at=at or now(), before=draft.content_hash, after=changed.content_hash)
    named = named_now(desk, place)
    judged_by = {"judgements": changed.receipt.judgements, "waivers": changed.receipt.waivers}
    changed.receipt = _receipt(named, place, draft, report, edit).model_copy(update=judged_by)
    changed.state = _state(draft.state, report)
    changed.approved_at = changed.review_by = None
    before = place.job.tiering(draft.copy_fields.values())
    changed.tier = before.at_least(draft.tier).tier  # which the edit may not lower
    ground = ground_of(desk, place.job, place.library, changed, report)
    changed.tier = ground.tiering.tier
    names = ("copy_fields", "content_hash", "origin", "block", "confidence", "receipt", "state", "tier")
    values = {name: getattr(changed, name) for name in (*names, "approved_at", "review_by")}
    copies = [copy_blob(draft.kind, draft.locale, text) for text in (draft.copy_fields, fields)]
    blobs = (*named.blobs, *copies)
    follow = after_edit(changed, ground, by=by, at=edit.at)
    deed = Deed(draft.brand, by, "draft.edit", _told(draft, changed, report))
    return Edited(changed, report, DraftChange(draft.id, seen, values, blobs, deed, follow))


def _told(draft: Draft, changed: Draft, report: GuardReport) -> dict[str, JsonValue]:
    """What the record says of an edit."""
    return {
        "before": draft.content_hash,
        "after": changed.content_hash,
        "verdict": report.verdict.value,
        "state": changed.state.value,
        "approvals_ended": sum(approval.stands for approval in draft.receipt.approvers),
    }


def _state(before: DraftState, report: GuardReport) -> DraftState:
    """An edited draft starts anew; one that reviewers look at stays with them as long as it passes."""
    stays = before is DraftState.IN_REVIEW and report.verdict is Verdict.PASS
    return DraftState.IN_REVIEW if stays else DraftState.DRAFT


def _unanswered(desk: Desk, draft: Draft) -> bool:
    """Whether the model that judges should be asked again: it failed when the draft was judged."""
    gave_none = (Verdict.ERROR, Verdict.NOT_RUN)
    found = [item.verdict for item in draft.receipt.verdicts.results if item.rule == model_judge.GUARDRAIL.id]
    return desk.asking is not None and any(verdict in gave_none for verdict in found)


def _receipt(named: Named, place: SlotPlace, draft: Draft, report: GuardReport, edit: Edit) -> Receipt:
    old = draft.receipt
    ending = Ending(at=edit.at, by=edit.by, why="the copy was edited")
    standing = {n: ending for n, approval in enumerate(old.approvers) if approval.stands}
    hashes = named.hashes.model_copy(update={"prompt": old.hashes.prompt})
    judged_anew = {
        "hashes": hashes,
        "verdicts": report,
        "as_of": place.job.as_of,
        "edits": (*old.edits, edit),
    }
    return end_approvals(old, standing).model_copy(update=judged_anew)
