"""What another state of a brief's facts does to the copy that exists: judged again, never asked anew.

Everything that stores a new revision of a brief goes through here, so that no approval outlives the values
that it was given for, whichever way they changed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.copywriting.desk import Desk
from app.copywriting.ground import ground_of
from app.copywriting.models import Strict
from app.copywriting.slots import Candidate, SlotNow
from app.db.blobs import NewBlob
from app.db.drafts import Deed, DraftChange
from app.db.receipts import DraftApproval, Ending, Receipt
from app.db.tables import Draft, DraftState
from app.generation.hashing import Named, name_slot
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob
from app.release.library import ContentLibrary
from app.release.matching import feed_missing, missing_facts
from app.release.values import SLOT, changed_since, keeps_slot
from app.review.following import after_new_values
from app.tokens import fill_mapped
from app.verdicts.reports import Finding, GuardReport, Severity, Verdict

OTHER_VALUES = "other values of"
FALSE_NOW = "a value that it writes out is not true any more"
"""Why a change of facts ends an approval."""


class DraftEffect(Strict):
    """What happens to one draft. `findings` are those that it gets now and did not get before."""

    id: str
    locale: str
    segment: str
    kind: str
    state: DraftState
    copy_fields: dict[str, str]
    verdict_before: Verdict
    verdict: Verdict
    findings: tuple[Finding, ...]
    without_value: tuple[str, ...]
    """Tokens of its copy that have no valid value any more."""
    approval_ends: bool
    why: str
    """Why the approval ends; empty when it does not."""


class EmailChange(Strict):
    """An email that would read otherwise. `approved` says that copy of these slots is approved."""

    locale: str
    segment: str
    kinds: tuple[str, ...]
    approved: bool
    what: tuple[str, ...]


class Consequences(Strict):
    """All that a new revision does to existing copy; drafts that stay as they are do not appear."""

    drafts: tuple[DraftEffect, ...]
    approvals_ended: tuple[str, ...]
    emails_changed: tuple[EmailChange, ...]


@dataclass(frozen=True)
class Judged:
    """A draft of a slot whose facts or moment changed, judged with what was and with what is to be."""

    item: Candidate
    before: SlotJob
    after: SlotJob
    report_before: GuardReport
    report: GuardReport
    ended: Mapping[int, str]
    """Why approvals end, by their place on the receipt."""


def judge_again(slots: Sequence[SlotNow], jobs: Sequence[SlotJob], library: ContentLibrary) -> list[Judged]:
    """The drafts of `slots` whose facts, moment or surroundings are others in `jobs`, the slots of the new
    revision.
    """
    after = {job.key: job for job in jobs}
    found = []
    for slot in slots:
        job = after.get(slot.job.key)
        if job is None or _as_it_was(job, slot.job):
            continue
        found += [_judged(item, slot.job, job, library) for item in slot.candidates]
    return found


def _as_it_was(job: SlotJob, before: SlotJob) -> bool:
    return (job.facts, job.as_of, job.around) == (before.facts, before.as_of, before.around)


def _judged(item: Candidate, before: SlotJob, after: SlotJob, library: ContentLibrary) -> Judged:
    judge = judge_of(after, library)
    old = judge(item.content, facts=before.facts, as_of=before.as_of)
    new = judge(item.content, facts=after.facts, as_of=after.as_of)
    false_now = item.content.by_a_person and old.verdict is Verdict.PASS and new.verdict is not Verdict.PASS
    ended = {}
    for number, approval in enumerate(item.draft.receipt.approvers):
        if not approval.stands:
            continue
        changed = changed_since(approval, item.draft, after.facts, after.around)
        if not keeps_slot(approval):
            changed |= {name for name in SLOT if before.around.get(name) != after.around.get(name)}
        if changed:
            ended[number] = f"{OTHER_VALUES}: {', '.join(sorted(changed))}"
        elif false_now:
            ended[number] = FALSE_NOW
    return Judged(item, before, after, old, new, ended)


def consequences(
    judged: Sequence[Judged], slots: Sequence[SlotNow], jobs: Sequence[SlotJob], library: ContentLibrary
) -> Consequences:
    """What people are shown before and after a change."""
    effects = [effect for item in judged if (effect := _effect(item)) is not None]
    return Consequences(
        drafts=tuple(effects),
        approvals_ended=tuple(effect.id for effect in effects if effect.approval_ends),
        emails_changed=tuple(_emails(slots, jobs, library)),
    )


def _effect(item: Judged) -> DraftEffect | None:
    draft, copy = item.item.draft, item.item.content.copy_fields
    known = set(item.report_before.findings)
    findings = tuple(
        finding
        for finding in item.report.findings
        if finding not in known and finding.severity is not Severity.INFO
    )
    missing = tuple(missing_facts(copy.values(), item.after.facts, item.after.as_of))
    if not findings and not missing and not item.ended and item.report.verdict is item.report_before.verdict:
        return None
    return DraftEffect(
        id=draft.id,
        locale=draft.locale,
        segment=item.after.segment.id,
        kind=draft.kind,
        state=draft.state,
        copy_fields=dict(copy),
        verdict_before=item.report_before.verdict,
        verdict=item.report.verdict,
        findings=findings,
        without_value=missing,
        approval_ends=bool(item.ended),
        why="; ".join(dict.fromkeys(item.ended.values())),
    )


def draft_changes(
    desk: Desk,
    judged: Sequence[Judged],
    library: ContentLibrary,
    content: Named,
    *,
    by: str,
    at: dt.datetime,
) -> list[DraftChange]:
    """The drafts' new receipts and states: judged as of the new facts, with ended approvals marked. What was
    approved is in review again.

    `content` is what judged them.
    """
    changes = []
    for item in judged:
        changed, blobs = _changed(item, content, by, at)
        follow = None
        if item.ended or changed.state is DraftState.IN_REVIEW:
            ground = ground_of(desk, item.after, library, changed, item.report)
            changed.tier = ground.tiering.tier
            follow = after_new_values(changed, ground, by=by, at=at, ended=bool(item.ended))
        names = ("receipt", "state", "tier", "approved_at", "review_by")
        values = {name: getattr(changed, name) for name in names}
        changes.append(
            DraftChange(changed.id, changed.revision, values, blobs, _deed(item, changed, by), follow)
        )
    return changes


def _deed(item: Judged, changed: Draft, by: str) -> Deed | None:
    """What the record says where approvals end; nothing else is anybody's deed."""
    if not item.ended:
        return None
    told = {
        "approvals_ended": len(item.ended),
        "verdict": item.report.verdict.value,
        "state": changed.state.value,
    }
    return Deed(changed.brand, by, "draft.end_approvals", told)


def _changed(item: Judged, content: Named, by: str, at: dt.datetime) -> tuple[Draft, tuple[NewBlob, ...]]:
    """The draft as it will be, and the bytes that its receipt names."""
    draft = Draft(**{name: getattr(item.item.draft, name) for name in Draft.model_fields})
    named = name_slot(content, item.after)
    receipt = draft.receipt.model_copy(
        update={
            "verdicts": item.report,
            "as_of": item.after.as_of,
            "hashes": named.hashes.model_copy(update={"prompt": draft.receipt.hashes.prompt}),
        }
    )
    endings = {number: Ending(at=at, by=by, why=why) for number, why in item.ended.items()}
    draft.receipt = end_approvals(receipt, endings)
    if item.ended and draft.state is DraftState.APPROVED:
        draft.state, draft.approved_at, draft.review_by = DraftState.IN_REVIEW, None, None
    return draft, named.blobs


def end_approvals(receipt: Receipt, endings: Mapping[int, Ending]) -> Receipt:
    """The receipt with some approvals ended; they stay where they are, with the reason."""
    approvers: list[DraftApproval] = list(receipt.approvers)
    for number, ending in endings.items():
        approvers[number] = approvers[number].model_copy(update={"ended": ending})
    return receipt.model_copy(update={"approvers": tuple(approvers)})


def _emails(
    slots: Sequence[SlotNow], jobs: Sequence[SlotJob], library: ContentLibrary
) -> Iterator[EmailChange]:
    after = {job.key: job for job in jobs}
    found: dict[tuple[str, str], dict[str, tuple[list[str], bool]]] = {}
    for slot in slots:
        job, chosen = after.get(slot.job.key), slot.chosen
        if job is None or chosen is None:
            continue
        what = list(_differences(chosen, slot.job, job, library))
        if what:
            email = found.setdefault((job.target.locale, job.segment.id), {})
            email[job.kind.id] = (what, chosen.block is not None or chosen.draft.state is DraftState.APPROVED)
    for (locale, segment), kinds in found.items():
        yield EmailChange(
            locale=locale,
            segment=segment,
            kinds=tuple(kinds),
            approved=any(approved for _, approved in kinds.values()),
            what=tuple(dict.fromkeys(words for what, _ in kinds.values() for words in what)),
        )


def _differences(
    chosen: Candidate, before: SlotJob, after: SlotJob, library: ContentLibrary
) -> Iterator[str]:
    for text in chosen.content.copy_fields.values():
        old, new = shown(text, before, library), shown(text, after, library)
        if old != new:
            yield f"'{old}' becomes '{new}'"
    link = after.request.link
    if link is not None and before.target.links.get(link) != after.target.links.get(link):
        yield f"the link '{link}' leads elsewhere"
    if before.request.products_from != after.request.products_from:
        yield f"the products come from {after.request.products_from or 'the feed'}"
    elif before.feed != after.feed:
        stale = feed_missing(after.kind.id, after.facts, after.as_of)
        yield "the product feed is missing or stale" if stale else "the products of the feed are others"


def shown(text: str, job: SlotJob, library: ContentLibrary) -> str:
    """Copy as a reader of this target sees it, with fallbacks for variables; a token without value stays."""

    def value(name: str) -> str:
        variable = library.localised(job.target.locale, job.target.market).brand.variables.get(name)
        if variable is not None:
            return variable.fallback
        return job.facts.render(name) if name in job.facts.facts else "{" + name + "}"

    return fill_mapped(text, value).text


def standing_approvals(draft: Draft) -> int:
    """How many approvals count still, as far as the receipt says."""
    return sum(approval.stands for approval in draft.receipt.approvers)
