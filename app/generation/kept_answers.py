"""Which drafts of an earlier answer may still be used: copy is kept, and judged with the values of today."""

from collections.abc import Sequence

from app.db.tables import Draft
from app.generation.hashing import facts_blob
from app.generation.plan import SlotJob
from app.release.content import SlotContent
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary
from app.verdicts.reports import GuardReport, Verdict


def judge_of(job: SlotJob, library: ContentLibrary) -> LibraryJudge:
    """The judge of approved and stored content for the email that the slot belongs to, as the gate has it."""
    return LibraryJudge(
        library,
        job.target.locale,
        job.brief.journey.value,
        job.target.market,
        job.avoid,
        job.segment.id,
    )


def still_passing(drafts: Sequence[Draft], job: SlotJob, library: ContentLibrary) -> dict[str, GuardReport]:
    """The drafts that pass with the facts of this job and as of its moment, by id, with their reports.

    A verdict that was given for the same facts and moment stands: the rules are part of the fingerprint
    under which the answer was found.
    """
    facts = facts_blob(job.facts).hash
    judge = judge_of(job, library)
    found = {}
    for draft in drafts:
        receipt = draft.receipt
        if receipt.hashes.facts == facts and receipt.as_of == job.as_of:
            report = receipt.verdicts
        else:
            report = judge(content_of(draft, library), facts=job.facts, as_of=job.as_of)
        if report.verdict is Verdict.PASS:
            found[draft.id] = report
    return found


def content_of(draft: Draft, library: ContentLibrary) -> SlotContent:
    """A draft as the gate takes it: approved content that it is word for word, or the draft itself."""
    placed = library.find(draft.block) if draft.block else None
    if placed is not None and dict(placed.block.copy_) == draft.copy_fields:
        return SlotContent.of_block(placed.block)
    return SlotContent.of_draft(draft)
