"""How answered slots are shown over HTTP: the decision with its reason, the variants, the refused lines."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.generation.engine import Settled
from app.generation.results import Kept, Refused
from app.generation.summary import Summary
from app.verdicts.decisions import SENTENCES, Decision, Outcome, Reason, Step, WhoActs
from app.verdicts.reports import Finding


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ConfidenceView(_View):
    """How sure Copydesk is of a variant, in 0..1, with what the score is made of."""

    score: float
    threshold: float = Field(description="The least that the decision contract asks for")
    parts: dict[str, tuple[float, float]] = Field(description="Component: value and weight")


class VariantView(_View):
    """One variant of a slot. Its copy holds tokens; values and names are filled in when it is rendered."""

    draft_id: str = Field(description="The stored draft, to read, edit or have approved")
    copy_fields: dict[str, str] = Field(examples=[{"label": "See the pack again"}])
    source: str = Field(description="The model that wrote it, or the approved block that it is")
    confidence: ConfidenceView | None = None


class RefusedView(_View):
    """A line that is not used, and why."""

    copy_fields: dict[str, str]
    reason: Reason
    why: str = Field(description="In words for people")
    findings: tuple[Finding, ...] = ()


class StepView(_View):
    """One step of the fallback chain."""

    step: Step
    answered: bool
    reason: Reason
    sentence: str
    detail: str


class SlotView(_View):
    """The answer for one slot of one segment in one locale."""

    locale: str
    segment: str
    kind: str
    outcome: Outcome
    reason: Reason
    sentence: str = Field(description="The reason in words for people")
    who_acts: WhoActs = Field(description="Who can change the outcome")
    generic: str = Field(description="Which consent the segment lacks, where copy does without a variable")
    suppressed: str = Field(
        description="Which suppression flag keeps the block or the email from these readers, and why"
    )
    held: bool = Field(description="The slot stays open until a person acts")
    block: str | None = Field(description="The approved block that answers, if one does")
    offered: tuple[str, ...] = Field(description="Approved blocks with the same message")
    wanted: int
    variants: tuple[VariantView, ...]
    refused: tuple[RefusedView, ...]
    trace: tuple[StepView, ...]
    stored: bool = Field(description="An earlier request had it answered; no model was asked now")


class TotalsView(_View):
    """What answering took: seconds of models and of the whole request, tokens of prompts and answers."""

    outcomes: dict[str, int]
    calls: int
    tokens: int
    model_seconds: float
    seconds: float


class BriefRef(_View):
    """The stored brief that the slots belong to."""

    brand: str
    id: str
    revision: int


EXAMPLE: dict[str, JsonValue] = {
    "brief": {"brand": "larkfell", "id": "larkfell_welcome_hello", "revision": 1},
    "content_version": "",
    "slots": [
        {
            "locale": "en-US",
            "segment": "new_subscribers",
            "kind": "cta",
            "outcome": "generated",
            "reason": "passed",
            "sentence": SENTENCES[Reason.PASSED][0],
            "who_acts": "nobody",
            "generic": "",
            "suppressed": "",
            "held": False,
            "block": None,
            "offered": [],
            "wanted": 1,
            "variants": [
                {
                    "draft_id": "2f9d1a4c5b6e47f0a1b2c3d4e5f60718",
                    "copy_fields": {"label": "Have a look around"},
                    "source": "openai/gpt-4o-mini",
                    "confidence": {"score": 0.71, "threshold": 0.45, "parts": {"voice_fit": [0.8, 0.36]}},
                }
            ],
            "refused": [
                {
                    "copy_fields": {"label": "Buy now!!!"},
                    "reason": "guardrail_refused",
                    "why": "has 3 exclamation marks, at most 1",
                    "findings": [],
                }
            ],
            "trace": [
                {
                    "step": "generated",
                    "answered": True,
                    "reason": "passed",
                    "sentence": SENTENCES[Reason.PASSED][0],
                    "detail": "openai/gpt-4o-mini: 1 kept",
                }
            ],
            "stored": False,
        }
    ],
    "warnings": [],
    "totals": {"outcomes": {"generated": 1}, "calls": 1, "tokens": 912, "model_seconds": 0.8, "seconds": 0.9},
}


class AnswerView(_View):
    """All slots of a brief with their answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    brief: BriefRef
    content_version: str = Field(description="The published content that answered; empty for a folder")
    slots: tuple[SlotView, ...]
    warnings: tuple[str, ...] = Field(description="What a person should know before going on")
    totals: TotalsView


def slot_view(item: Settled) -> SlotView:
    """One settled slot."""
    job, answer = item.job, item.answer
    decision = answer.decision
    ids = answer.draft_ids or ("",) * len(answer.kept)
    return SlotView(
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        outcome=decision.outcome,
        reason=decision.reason,
        sentence=decision.sentence,
        who_acts=decision.who_acts,
        generic=decision.generic,
        suppressed=decision.suppressed,
        held=decision.held,
        block=decision.block,
        offered=answer.offered,
        wanted=job.request.variants,
        variants=tuple(variant_view(kept, ids[number]) for number, kept in enumerate(answer.kept)),
        refused=tuple(_refused(entry) for entry in answer.refused),
        trace=trace_views(decision),
        stored=answer.stored,
    )


def variant_view(kept: Kept, draft_id: str) -> VariantView:
    """One variant that passed."""
    block = f"approved block {kept.variant.block}" if kept.variant.block else "approved content"
    score = kept.confidence
    shown = (
        ConfidenceView(score=score.score, threshold=score.threshold, parts=dict(score.parts))
        if score is not None
        else None
    )
    return VariantView(
        draft_id=draft_id,
        copy_fields=kept.variant.copy_fields,
        source=kept.variant.model or block,
        confidence=shown,
    )


def _refused(entry: Refused) -> RefusedView:
    return RefusedView(copy_fields=entry.fields, reason=entry.reason, why=entry.why, findings=entry.findings)


def trace_views(decision: Decision) -> tuple[StepView, ...]:
    """Every step of the chain, with its reason in words."""
    return tuple(
        StepView(
            step=step.step,
            answered=step.answered,
            reason=step.reason,
            sentence=SENTENCES[step.reason][0],
            detail=step.detail,
        )
        for step in decision.trace
    )


def answer_view(
    settled: Sequence[Settled], summary: Summary, brief: BriefRef, content_version: str
) -> AnswerView:
    """A finished run."""
    return AnswerView(
        brief=brief,
        content_version=content_version,
        slots=tuple(slot_view(item) for item in settled),
        warnings=summary.warnings,
        totals=TotalsView(
            outcomes=summary.outcomes,
            calls=summary.calls,
            tokens=summary.tokens,
            model_seconds=summary.model_seconds,
            seconds=summary.wall_seconds,
        ),
    )
