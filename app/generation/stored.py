"""Between a slot's answer and its rows: drafts with receipts, refused lines, calls."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.blocks.variant import Variant
from app.db.blobs import NewBlob
from app.db.receipts import Receipt
from app.db.store import StoredSlot
from app.db.tables import CallOutcome, Draft, DraftState, ModelCall, Origin, Refusal, Run, SlotRecord
from app.generation.hashing import copy_blob, slot_blobs
from app.generation.plan import SlotJob
from app.generation.results import CallRecord, Kept, Refused, SlotAnswer
from app.verdicts.decisions import Reason
from app.verdicts.reports import GuardReport

_USABLE = frozenset({DraftState.DRAFT, DraftState.IN_REVIEW, DraftState.APPROVED})
_OUTCOMES = {
    "answered": CallOutcome.ANSWERED,
    "cancelled": CallOutcome.CANCELLED,
    Reason.MODEL_TIMEOUT.value: CallOutcome.TIMEOUT,
    Reason.MODEL_UNAVAILABLE.value: CallOutcome.UNAVAILABLE,
    Reason.BREAKER_OPEN.value: CallOutcome.UNAVAILABLE,
    Reason.MODEL_NOT_INSTALLED.value: CallOutcome.NOT_INSTALLED,
}


def rows_of(
    job: SlotJob, answer: SlotAnswer, run: Run, fingerprint: str, engine: str
) -> tuple[SlotRecord, list[Draft], list[Refusal], list[ModelCall]]:
    """The rows that keep an answer. Approved blocks that answer are named by the record, not copied."""
    record = SlotRecord.of(
        fingerprint,
        answer.decision,
        run=run,
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        redo_of=job.redo.draft_id if job.redo is not None else None,
    )
    drafts = [
        _draft(job, kept, run, fingerprint, engine=engine, ordinal=number, image=answer.image)
        for number, kept in enumerate(answer.kept)
    ]
    refusals = [_refusal(item, run, fingerprint) for item in answer.refused]
    return record, drafts, refusals, calls_of(answer.calls, run, fingerprint)


def blobs_of(job: SlotJob, answer: SlotAnswer) -> list[NewBlob]:
    """The bytes behind every hash that the rows of an answer name, besides those of its run."""
    copies = (kept.variant for kept in answer.kept)
    return [
        *slot_blobs(job),
        *(copy_blob(variant.kind, variant.locale, variant.copy_fields) for variant in copies),
        *(blob for call in answer.calls for blob in call.blobs),
    ]


def calls_of(calls: Iterable[CallRecord], run: Run, fingerprint: str) -> list[ModelCall]:
    """The rows of the calls that were made for a slot, finished or not."""
    return [_call(item, run, fingerprint) for item in calls]


def _draft(
    job: SlotJob, kept: Kept, run: Run, fingerprint: str, *, engine: str, ordinal: int, image: str | None
) -> Draft:
    variant = kept.variant
    contract, facts, asked = (blob.hash for blob in slot_blobs(job))
    receipt = Receipt(
        engine=engine,
        hashes=run.hashes.model_copy(update={"contract": contract, "facts": facts, "asked": asked}),
        calls=kept.calls,
        model=variant.model,
        parameters=dict(kept.parameters),
        as_of=job.as_of,
        verdicts=kept.report,
        judgements=kept.judgements,
    )
    return Draft(
        brand=job.brand.id,
        brief_id=job.brief.id,
        journey=job.brief.journey.value,
        message=job.message,
        locale=variant.locale,
        segment=variant.segment,
        kind=variant.kind,
        copy_fields=variant.copy_fields,
        content_hash=variant.content_hash,
        author=variant.model or variant.author or job.brief.author,
        origin=Origin.GENERATED if variant.model else Origin.HUMAN,
        block=variant.block,
        image=image,
        receipt=receipt,
        confidence=kept.confidence,
        slot_fingerprint=fingerprint,
        ordinal=ordinal,
        parent_id=job.redo.draft_id if job.redo is not None else None,
        note=job.redo.note if job.redo is not None else "",
        requested_by=run.requested_by,
    )


def _refusal(item: Refused, run: Run, fingerprint: str) -> Refusal:
    return Refusal(
        run_id=run.id,
        slot_fingerprint=fingerprint,
        copy_fields=item.fields,
        findings=item.findings,
        reason=item.reason,
        detail=item.detail[:2000],
    )


def _call(item: CallRecord, run: Run, fingerprint: str) -> ModelCall:
    return ModelCall(
        run_id=run.id,
        slot_fingerprint=fingerprint,
        model=item.model,
        seconds=item.seconds,
        prompt_tokens=item.prompt_tokens,
        completion_tokens=item.completion_tokens,
        cost_usd=Decimal(str(item.cost_usd or 0)),
        outcome=_OUTCOMES.get(item.outcome, CallOutcome.UNUSABLE),
        request_hash=item.request.hash if item.request is not None else "",
        answer_hash=item.answer.hash if item.answer is not None else "",
    )


def live_drafts(stored: StoredSlot) -> list[Draft]:
    """The drafts of a stored answer that may be used.

    Rows that are older than the record belong to an answer that this one took the place of.
    """
    since = stored.record.created_at
    return [draft for draft in stored.drafts if draft.created_at >= since and draft.state in _USABLE]


def load_answer(stored: StoredSlot, job: SlotJob, passing: Mapping[str, GuardReport]) -> SlotAnswer:
    """The answer as an earlier run stored it; it carries no calls, since none was made.

    `passing` holds the report of today for each of its drafts that still passes, by the draft's id.
    """
    since = stored.record.created_at
    drafts = [draft for draft in live_drafts(stored) if draft.id in passing]
    kept = tuple(
        Kept(
            Variant(
                kind=draft.kind,
                segment=draft.segment,
                locale=draft.locale,
                copy_fields=draft.copy_fields,
                model=draft.receipt.model,
                block=draft.block,
                author="" if draft.receipt.model else draft.author,
            ),
            passing[draft.id],
            draft.confidence,
        )
        for draft in drafts
    )
    refused = tuple(
        Refused(row.copy_fields, row.findings, row.detail, row.reason)
        for row in stored.refusals
        if row.created_at >= since
    )
    image = drafts[0].image if drafts else None
    return SlotAnswer(
        stored.record.decision,
        kept,
        refused,
        image=job.request.image or image,
        facts=job.facts,
        draft_ids=tuple(draft.id for draft in drafts),
        stored=True,
    )
