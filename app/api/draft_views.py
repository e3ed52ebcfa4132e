"""How drafts are shown over HTTP: lean in lists, whole by themselves."""

import datetime as dt
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.answers import ConfidenceView
from app.api.examples import DRAFT, DRAFT_LINE
from app.api.paging import encode_cursor
from app.brand.tiers import Tier
from app.db.draft_pages import DraftPage as Listed
from app.db.receipts import CallHashes, DraftApproval, Edit, Hashes
from app.db.review_tables import Review
from app.db.tables import Draft, DraftState, Origin, SlotRecord
from app.verdicts.decisions import Outcome, Reason, WhoActs
from app.verdicts.reports import Finding, Verdict
from app.verdicts.waivers import Waiver


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DraftSummary(_View):
    """A draft in a list, without its receipt and its findings."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [DRAFT_LINE]})

    id: str
    brand: str
    brief: str
    journey: str
    locale: str
    segment: str
    kind: str
    copy_fields: dict[str, str] = Field(description="Copy with tokens, by the fields of the kind")
    state: DraftState
    origin: Origin
    author: str = Field(description="Who wrote the words: a model, or a person by email")
    requested_by: str
    revision: int
    parent: str | None = Field(description="The draft that this one was written anew from")
    note: str = Field(description="What was wished for when it was written anew")
    block: str | None = Field(description="The approved block that the copy was taken from")
    content_hash: str
    tier: Tier | None = Field(description="The highest that it was ever in; null before it was in review")
    created_at: dt.datetime
    updated_at: dt.datetime


class DraftPage(_View):
    """One page of drafts, the newest first."""

    items: tuple[DraftSummary, ...]
    next: str | None = Field(default=None, description="Cursor of the next page; null on the last one")


class DecisionView(_View):
    """How the slot was answered that the draft belongs to."""

    outcome: Outcome
    reason: Reason
    sentence: str = Field(description="The reason in words for people")
    who_acts: WhoActs


class ReceiptView(_View):
    """What the copy and its verdict came from; each hash resolves to stored bytes while they are kept."""

    engine: str = Field(description="Version of Copydesk")
    hashes: Hashes
    calls: tuple[CallHashes, ...]
    model: str
    seed: int | None
    parameters: dict[str, JsonValue]
    as_of: dt.datetime = Field(description="The moment that the verdict is for: that of sending")
    edits: tuple[Edit, ...]
    waivers: tuple[Waiver, ...] = Field(description="Findings that somebody let pass in this copy")
    approvals: tuple[DraftApproval, ...] = Field(description="Also those that have ended, with the reason")


class DraftView(DraftSummary):
    """A draft with what the guardrails say about it, how sure Copydesk is, and its receipt."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [DRAFT]})

    message: str = Field(description="The one thought that it was written for")
    image: str | None
    tier_reasons: tuple[str, ...] = Field(
        description="What demands the tier while it is in review; GET .../review says it of any draft"
    )
    verdict: Verdict
    why_not: tuple[str, ...] = Field(description="What blocks it, in words; empty when the verdict is pass")
    findings: tuple[Finding, ...] = Field(
        description="Each with its field, and the characters `start` to `end` of that field's text"
    )
    confidence: ConfidenceView | None = Field(description="Null for copy that a person wrote or edited")
    decision: DecisionView | None = Field(description="Null for copy that was written by hand")
    receipt: ReceiptView
    approved_at: dt.datetime | None
    review_by: dt.date | None = Field(description="When somebody has to look at approved copy again")


@lru_cache(maxsize=256)  # a page that did not change since is the same object
def page_json(page: Listed) -> bytes:
    """A DraftPage as JSON: the database has written the drafts."""
    cursor = "null"
    if page.next is not None:
        cursor = f'"{encode_cursor(page.next.created_at.isoformat(), page.next.id)}"'
    return f'{{"items":[{",".join(page.items)}],"next":{cursor}}}'.encode()


def draft_view(draft: Draft, record: SlotRecord | None, review: Review | None = None) -> DraftView:
    """A whole draft; `record` is the answer of the slot that it belongs to, `review` the one it is in."""
    receipt, score = draft.receipt, draft.confidence
    report = receipt.verdicts
    decision = record.decision if record is not None else None
    return DraftView(
        id=draft.id,
        brand=draft.brand,
        brief=draft.brief_id,
        journey=draft.journey,
        locale=draft.locale,
        segment=draft.segment,
        kind=draft.kind,
        copy_fields=draft.copy_fields,
        state=draft.state,
        origin=draft.origin,
        author=draft.author,
        requested_by=draft.requested_by,
        revision=draft.revision,
        parent=draft.parent_id,
        note=draft.note,
        block=draft.block,
        content_hash=draft.content_hash,
        tier=draft.tier,
        created_at=draft.created_at,
        updated_at=draft.updated_at,
        message=draft.message,
        image=draft.image,
        tier_reasons=review.why if review is not None else (),
        verdict=report.verdict,
        why_not=() if report.verdict is Verdict.PASS else report.reasons,
        findings=report.findings,
        confidence=ConfidenceView(score=score.score, threshold=score.threshold, parts=dict(score.parts))
        if score
        else None,
        decision=DecisionView(
            outcome=decision.outcome,
            reason=decision.reason,
            sentence=decision.sentence,
            who_acts=decision.who_acts,
        )
        if decision
        else None,
        receipt=_receipt(draft),
        approved_at=draft.approved_at,
        review_by=draft.review_by,
    )


def _receipt(draft: Draft) -> ReceiptView:
    receipt = draft.receipt
    return ReceiptView(
        engine=receipt.engine,
        hashes=receipt.hashes,
        calls=receipt.calls,
        model=receipt.model,
        seed=receipt.seed,
        parameters=receipt.parameters,
        as_of=receipt.as_of,
        edits=receipt.edits,
        waivers=receipt.waivers,
        approvals=receipt.approvers,
    )
