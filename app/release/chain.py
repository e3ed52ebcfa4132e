"""The fallback chain over approved content: every slot gets an answer, and every step says why.

last approved variant for the segment > approved block for the journey > evergreen block > left out. Each
candidate is judged before it is used, with the target's facts and as of its moment; only `pass` answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brand.consents import lacks, unconsented
from app.db.tables import Draft
from app.release.content import ApprovedDrafts, Judge, SlotContent, SlotQuery
from app.release.library import ContentLibrary
from app.release.matching import (
    evergreen_blocks,
    feed_missing,
    journey_blocks,
    missing_facts,
    obstacle,
    overdue,
    reuse_candidates,
)
from app.release.values import changed_values
from app.verdicts.decisions import GENERIC_TWIN, Decision, Outcome, Reason, Step, TraceStep
from app.verdicts.reports import GuardReport, Verdict

Refused = tuple[Reason, str]
"""Why content that was tried does not answer, and the particulars in words."""


class Objector(Protocol):
    """What else may keep content from answering, where it is about to be sent."""

    def before(self, content: SlotContent) -> Refused | None:
        """What stands against the content before it is judged."""
        ...

    def after(self, content: SlotContent, report: GuardReport) -> Refused | None:
        """What stands against content that the guardrails pass."""
        ...


class _Nobody:
    """Nothing else: for previews, whose content is judged again before it is sent."""

    def before(self, content: SlotContent) -> Refused | None:
        return None

    def after(self, content: SlotContent, report: GuardReport) -> Refused | None:
        return None


APPROVED_STEPS = (Step.LAST_APPROVED, Step.JOURNEY_BLOCK, Step.EVERGREEN_BLOCK)
"""The steps over approved content, in their order."""


@dataclass(frozen=True)
class ChainAnswer:
    """How a slot was answered. `content` is None when it is left out or held. `refused` is what was tried
    before, in order.
    """

    decision: Decision
    content: SlotContent | None = None
    report: GuardReport | None = None
    refused: tuple[Refused, ...] = ()

    @property
    def block(self) -> ApprovedBlock | None:
        """The approved block that answers, if one does."""
        source = self.content.source if self.content else None
        return source if isinstance(source, ApprovedBlock) else None

    @property
    def draft(self) -> Draft | None:
        """The approved draft that answers, if one does."""
        source = self.content.source if self.content else None
        return source if isinstance(source, Draft) else None


@dataclass(frozen=True)
class _Tried:
    trace: TraceStep
    content: SlotContent | None = None
    report: GuardReport | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    """Variables of content that was passed over, with the consents that the segment lacks."""
    refused: tuple[Refused, ...] = ()


def reuse(library: ContentLibrary, query: SlotQuery, *, judge: Judge) -> ChainAnswer | None:
    """The answer from approved content with the same message that is still valid; None when there is none.

    With `reuse: offer` only the name of the block is shown; with `prefer` it answers the slot.
    """
    blocks = reuse_candidates(library, query)
    contents = [SlotContent.of_block(block) for block in blocks]
    tried = _Trying(library, query, judge).first(Step.REUSE, contents)
    if tried.content is None:
        return None
    step = _noted(tried.trace, tried.missing, query)
    if step.reason is not Reason.CONSENT_MISSING:
        step = step.model_copy(update={"reason": Reason.MATCHED_APPROVED})
    decision = Decision(
        outcome=Outcome.REUSED, reason=step.reason, trace=(step,), block=_block_id(tried.content)
    )
    return ChainAnswer(decision, tried.content, tried.report)


def answer(
    library: ContentLibrary,
    query: SlotQuery,
    *,
    because: Reason,
    judge: Judge,
    drafts: ApprovedDrafts,
    tried: tuple[TraceStep, ...] = (),
    hold: bool = False,
    steps: Sequence[Step] = APPROVED_STEPS,
    objector: Objector | None = None,
) -> ChainAnswer:
    """Answer the slot without a model. `because` says why generation did not, `tried` what came before.

    With `hold` (the brief's `on_fallback: hold`) no fallback is used and the slot waits for a person.
    `steps` are those of the approved content to take, and `objector` may refuse what they find.
    """
    if hold:
        return _nothing(query, because, tried, held=True)
    if feed_missing(query.kind, query.facts, query.as_of):
        because = Reason.FEED_MISSING
        if not KINDS[query.kind].required:
            return _nothing(query, because, tried)
    trace = list(tried)
    missing: dict[str, str] = {}
    refused: list[Refused] = []
    trying = _Trying(library, query, judge, objector or _Nobody())
    for step in steps:
        found = trying.step(step, drafts)
        missing |= found.missing
        refused += found.refused
        trace.append(_noted(found.trace, missing, query))
        if found.content is not None:
            decision = Decision(
                outcome=Outcome.FELL_BACK, reason=because, trace=tuple(trace), block=_block_id(found.content)
            )
            return ChainAnswer(decision, found.content, found.report, tuple(refused))
    return replace(_nothing(query, because, tuple(trace)), refused=tuple(refused))


@dataclass(frozen=True)
class _Trying:
    """One slot's way along the chain: what it is judged by, and what else may refuse."""

    library: ContentLibrary
    query: SlotQuery
    judge: Judge
    objector: Objector = field(default_factory=_Nobody)

    def step(self, step: Step, drafts: ApprovedDrafts) -> _Tried:
        """What one step over approved content gives."""
        library, query = self.library, self.query
        if step is Step.LAST_APPROVED:
            stored = drafts.last_approved(
                brand=library.brand.id,
                segment=library.brand.aliases.get(query.segment, query.segment),
                kind=query.kind,
                locale=query.locale,
                journey=query.journey,
            )
            return self.first(step, [SlotContent.of_draft(draft) for draft in stored])
        blocks = journey_blocks if step is Step.JOURNEY_BLOCK else evergreen_blocks
        found = blocks(library, query)
        tried = self.first(step, [SlotContent.of_block(block) for block in found])
        if tried.content is None and step is Step.EVERGREEN_BLOCK and KINDS[query.kind].required:
            return self._overdue_evergreen(found, tried.refused) or tried
        return tried

    def first(self, step: Step, contents: Iterable[SlotContent]) -> _Tried:
        """The first content that nothing stands against and that the guardrails pass."""
        brand, segment = self.library.brand, self.query.segment
        against: list[Refused] = []
        passed_over: dict[str, str] = {}
        for content in contents:
            missing = unconsented(brand, segment, content.copy_fields.values())
            if missing:
                passed_over |= missing
                against.append((Reason.CONSENT_MISSING, f"{content.label}: {lacks(segment, missing)}"))
                continue
            report = self._judged(content, against)
            if report is not None:
                answered = _answered(step, content.label)
                return _Tried(answered, content, report, passed_over, tuple(against))
        reason = against[0][0] if against else Reason.NOTHING_APPROVED
        detail = " | ".join(words for _, words in against)
        trace = TraceStep(step=step, answered=False, reason=reason, detail=detail)
        return _Tried(trace, missing=passed_over, refused=tuple(against))

    def _judged(self, content: SlotContent, against: list[Refused]) -> GuardReport | None:
        """The report over content that may answer; else None, and why not is added to `against`."""
        stopped = self.objector.before(content) or _obstacle(content, self.query)
        if stopped is None:
            report = self.judge(content, facts=self.query.facts, as_of=self.query.as_of)
            if report.verdict is not Verdict.PASS:
                stopped = _refusal(report), f"{content.label}: {'; '.join(report.reasons)}"
            else:
                stopped = self.objector.after(content, report)
            if stopped is None:
                return report
        against.append(stopped)
        return None

    def _overdue_evergreen(
        self, blocks: Sequence[ApprovedBlock], refused: tuple[Refused, ...]
    ) -> _Tried | None:
        """For a required kind an evergreen block past its review date is better than a hole: the preview
        shows it and says so, and export refuses it until somebody has looked at it again.
        """
        for block in blocks:
            content = SlotContent.of_block(block)
            if not overdue(block, self.query):
                continue
            report = self.judge(content, facts=self.query.facts, as_of=self.query.as_of)
            if report.verdict is Verdict.PASS and self.objector.after(content, report) is None:
                day = block.approval.review_by
                detail = f"{content.label} had to be reviewed by {day}: export refuses it"
                return _Tried(_answered(Step.EVERGREEN_BLOCK, detail), content, report, refused=refused)
        return None


def _obstacle(content: SlotContent, query: SlotQuery) -> tuple[Reason, str] | None:
    source = content.source
    if isinstance(source, ApprovedBlock):
        return obstacle(source, query)
    if not isinstance(source, Draft):
        return Reason.NOTHING_APPROVED, "a preview is not approved"
    if source.review_by is not None and source.review_by < query.as_of.date():
        return Reason.REVIEW_OVERDUE, f"{content.label} had to be reviewed by {source.review_by}"
    missing = missing_facts(content.copy_fields.values(), query.facts, query.as_of)
    if missing:
        return Reason.FACT_MISSING, f"{content.label} needs {', '.join(missing)}"
    changed = changed_values(source, query.facts, query.around)
    if changed:
        return (
            Reason.VALUES_CHANGED,
            f"{content.label} was approved with other values: {', '.join(changed)}",
        )
    return None


def _refusal(report: GuardReport) -> Reason:
    return Reason.GUARDRAIL_REFUSED if report.verdict is Verdict.FAIL else Reason.GUARDRAIL_ERROR


def _noted(step: TraceStep, missing: Mapping[str, str], query: SlotQuery) -> TraceStep:
    """The step, which says so where it answers with the generic twin of content that lacks a consent."""
    if not (step.answered and missing):
        return step
    detail = f"{step.detail}, {GENERIC_TWIN}: {lacks(query.segment, missing)}"
    return step.model_copy(update={"reason": Reason.CONSENT_MISSING, "detail": detail})


def _answered(step: Step, detail: str) -> TraceStep:
    return TraceStep(step=step, answered=True, reason=Reason.APPROVED_BLOCK_USED, detail=detail)


def _block_id(content: SlotContent) -> str | None:
    return content.source.id if isinstance(content.source, ApprovedBlock) else None


def _nothing(
    query: SlotQuery, because: Reason, trace: tuple[TraceStep, ...], *, held: bool = False
) -> ChainAnswer:
    """An optional kind is left out; a held slot, or a required one without any content, stays open."""
    required = KINDS[query.kind].required
    if held:
        reason, detail = Reason.HELD, ""
    elif required:
        reason, detail = Reason.NOTHING_APPROVED, "the kind is required: the gate refuses the email"
    else:
        reason, detail = Reason.OPTIONAL_LEFT_OUT, ""
    step = TraceStep(step=Step.LEFT_OUT, answered=not (held or required), reason=reason, detail=detail)
    decision = Decision(outcome=Outcome.LEFT_OUT, reason=because, trace=(*trace, step), held=held or required)
    return ChainAnswer(decision)
