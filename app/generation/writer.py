"""Writing one slot: reuse, generate, re-ask, second model, and then the chain over approved content."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app.blocks.variant import Variant
from app.errors import ModelError
from app.generation.asking import Asker, Budget, BudgetSpent, Order
from app.generation.capable import ask_capable
from app.generation.cutoff import Cutoff
from app.generation.judging import JudgeModel
from app.generation.kept_answers import judge_of
from app.generation.material import approved_vocabulary, rivals_for
from app.generation.plan import SlotJob
from app.generation.results import CallRecord, Candidate, Kept, Refused, SlotAnswer
from app.generation.small import ask_small
from app.generation.traces import failed, step_result, why, without
from app.guardrails.frame import Context, Piece
from app.guardrails.suite import add_judgement, merge
from app.llm.breaker import reason_name
from app.llm.protocol import LanguageModel
from app.prompts.library import PromptLibrary
from app.release.chain import ChainAnswer, answer, reuse
from app.release.content import ApprovedDrafts, SlotQuery
from app.release.kept_back import kept_back
from app.release.library import ContentLibrary
from app.release.matching import feed_missing
from app.scoring.confidence import Evidence, confidence
from app.verdicts.decisions import Decision, Outcome, Reason, Step, TraceStep
from app.verdicts.judgements import Judgements
from app.verdicts.reports import GuardReport, Severity, Verdict

JudgePieces = Callable[[Sequence[Piece], Context], list[GuardReport]]
STEPS = (Step.GENERATED, Step.SECOND_MODEL)


@dataclass(frozen=True)
class Tools:
    """What every slot of a run shares. `models` are asked in their order."""

    library: ContentLibrary
    prompts: PromptLibrary
    models: tuple[LanguageModel, ...]
    gates: tuple[asyncio.Semaphore, ...]
    judge: JudgePieces
    drafts: ApprovedDrafts
    budget: Budget
    samples: int
    cutoff: Cutoff
    second_opinion: JudgeModel | None = None


@dataclass
class _Attempt:
    """What one model brought for one slot."""

    kept: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    trace: list[TraceStep] = field(default_factory=list)
    asked: int = 0
    reasked: bool = False
    step: Step = Step.GENERATED
    """What is being done now."""

    @property
    def reason(self) -> Reason:
        """Why this attempt did not answer: the reason of its last step."""
        return self.trace[-1].reason


class SlotWriter:
    """Answers slots one by one; `write` never raises for what a model or a guardrail did."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @property
    def library(self) -> ContentLibrary:
        """The brand and its approved content that this writer works with."""
        return self._tools.library

    async def write(self, job: SlotJob, turn: int, calls: list[CallRecord]) -> SlotAnswer:
        """The answer of one slot. `turn` is the segment's place in the brief.

        Every call is noted in `calls` as it ends, so that a run that is cut off knows what was asked.
        """
        if job.suppressed is not None:
            return SlotAnswer(kept_back(job.suppressed), (), facts=job.facts)
        query = query_of(job, turn)
        judge = judge_of(job, self._tools.library)
        reusable = reuse(self._tools.library, query, judge=judge) if job.request.reuse != "never" else None
        offered = (reusable.block.id,) if reusable is not None and reusable.block is not None else ()
        if reusable is not None and job.request.reuse == "prefer":
            return self._from_chain(reusable, job, [], offered, calls)
        attempts: list[_Attempt] = []
        blocked = self._not_generated(job, query)
        if blocked is None:
            attempts = await self._generate(job, calls)
            winner = next((item for item in attempts if item.kept), None)
            if winner is not None:
                return self._generated(job, winner, attempts, offered, calls)
            blocked = attempts[0].reason if attempts else Reason.NOT_ASKED
        first = [] if attempts else [TraceStep(step=Step.GENERATED, answered=False, reason=blocked)]
        chained = answer(
            self._tools.library,
            query,
            because=blocked,
            judge=judge,
            drafts=self._tools.drafts,
            tried=(*first, *(step for item in attempts for step in item.trace)),
            hold=job.request.on_fallback == "hold" and job.kind.generated,
        )
        if blocked is Reason.APPROVED_ONLY and chained.content is not None:
            approved = chained.decision.model_copy(update={"outcome": Outcome.REUSED})
            chained = replace(chained, decision=approved)  # nothing failed: this kind is never written anew
        return self._from_chain(chained, job, attempts, offered, calls)

    def _not_generated(self, job: SlotJob, query: SlotQuery) -> Reason | None:
        if not job.kind.generated:
            return Reason.APPROVED_ONLY
        if job.kind.id not in job.brand.contract.may_generate:
            return Reason.CONTRACT_FORBIDS
        if feed_missing(job.kind.id, job.facts, job.as_of):
            return Reason.FEED_MISSING
        return self._tools.cutoff.reached

    async def _generate(self, job: SlotJob, calls: list[CallRecord]) -> list[_Attempt]:
        attempts: list[_Attempt] = []
        deadline = asyncio.get_running_loop().time() + job.brand.contract.budgets.slot_seconds
        for index, model in enumerate(self._tools.models):
            asker = Asker(model, self._tools.budget, self._tools.gates[index], calls)
            step = STEPS[min(index, 1)]
            attempt = _Attempt(step=step)
            attempts.append(attempt)
            if not model.profile.writes(job.language):
                attempt.trace.append(failed(step, Reason.LOCALE_NOT_WRITTEN, model.name))
                continue
            try:
                async with asyncio.timeout_at(deadline) as limit:
                    with self._tools.cutoff.limit(limit):
                        await self._ask(job, asker, attempt, step)
            except TimeoutError:
                attempt.trace.append(self._out_of_time(job, attempt.step))
            except BudgetSpent as error:
                attempt.trace.append(failed(attempt.step, Reason.BUDGET_SPENT, error.message))
            if attempt.kept:
                break
        return attempts

    def _out_of_time(self, job: SlotJob, step: Step) -> TraceStep:
        ended = self._tools.cutoff.reached
        if ended is not None:
            return failed(step, ended, "")
        seconds = job.brand.contract.budgets.slot_seconds
        return failed(step, Reason.MODEL_TIMEOUT, f"the slot's {seconds:g} s are over")

    async def _ask(self, job: SlotJob, asker: Asker, attempt: _Attempt, step: Step) -> None:
        """Ask, judge, and ask again for what was refused, as often as the contract lets."""
        wanted = job.request.variants
        for turn in range(job.brand.contract.reasks + 1):
            missing = wanted - len(attempt.kept)
            if missing <= 0:
                return
            attempt.step = this = step if turn == 0 else Step.REASKED
            before = len(attempt.kept)
            try:
                candidates = await self._candidates(job, asker, attempt, missing, turn)
            except ModelError as error:
                attempt.trace.append(failed(this, Reason(reason_name(error)), error.message))
                return
            for candidate in candidates:
                await self._consider(job, candidate, attempt, asker.calls)
            found = len(attempt.kept) - before
            attempt.reasked = attempt.reasked or (turn > 0 and found > 0)
            attempt.trace.append(step_result(this, attempt.refused, found, asker.model.name))

    async def _candidates(
        self, job: SlotJob, asker: Asker, attempt: _Attempt, missing: int, turn: int
    ) -> list[Candidate]:
        kept = [item.variant.copy_fields for item in attempt.kept]
        library, prompts = self._library(job), self._tools.prompts
        order = Order(job, library, prompts, asker, missing, attempt.refused, kept, turn)
        if asker.model.profile.style == "capable":
            attempt.asked += missing
            return await ask_capable(order)
        found = await ask_small(order, self._judge_line, self._tools.samples)
        attempt.asked += found.asked
        attempt.refused += found.refused
        return found.candidates

    async def _consider(
        self, job: SlotJob, candidate: Candidate, attempt: _Attempt, calls: list[CallRecord]
    ) -> None:
        """Keep the candidate if every guardrail passes it and its confidence suffices."""
        if len(attempt.kept) >= job.request.variants:
            return
        others = [item.variant.copy_fields for item in attempt.kept]
        pieces = [
            self._piece(job, name, text, candidate.fields, others) for name, text in candidate.fields.items()
        ]
        report = merge(self._tools.judge(pieces, job.context))
        judgements = await self._second_opinion(pieces, report, calls)
        if judgements is not None:
            report = add_judgement(report, pieces, replace(job.context, judgements=judgements))
        if report.verdict is not Verdict.PASS:
            refused_by_rule = report.verdict is Verdict.FAIL
            reason = why(report) if refused_by_rule else Reason.GUARDRAIL_ERROR
            detail = "" if refused_by_rule else "; ".join(report.reasons)
            attempt.refused.append(Refused(candidate.fields, report.blocking, detail, reason))
            return
        texts = list(candidate.fields.values())
        tier = job.tier(texts)
        score = confidence(
            self._evidence(job, candidate, report, others), job.brand.contract.threshold(job.kind.id, tier)
        )
        if not score.sufficient:
            detail = f"confidence {score.score:.2f} is under {score.threshold:.2f}"
            attempt.refused.append(Refused(candidate.fields, (), detail, Reason.LOW_CONFIDENCE))
            return
        variant = Variant(
            kind=job.kind.id,
            segment=job.segment.id,
            locale=job.target.locale,
            copy_fields=candidate.fields,
            model=candidate.model,
            mean_logprob=candidate.mean_logprob,
        )
        attempt.kept.append(Kept(variant, report, score, candidate.parameters, candidate.calls, judgements))

    async def _second_opinion(
        self, pieces: Sequence[Piece], report: GuardReport, calls: list[CallRecord]
    ) -> Judgements | None:
        """What a model answers about copy that every rule passes; None where none is set up to be asked."""
        judge = self._tools.second_opinion
        if judge is None or report.verdict is not Verdict.PASS:
            return None
        asker = Asker(judge.model, self._tools.budget, judge.gate(), calls)
        return await judge.reading(self._tools.prompts, asker.ask).ask([piece.text for piece in pieces])

    def _judge_line(
        self, job: SlotJob, name: str, text: str, others: Sequence[dict[str, str]]
    ) -> GuardReport:
        return self._tools.judge([self._piece(job, name, text, {}, others)], job.context)[0]

    def _piece(
        self,
        job: SlotJob,
        name: str,
        text: str,
        siblings: dict[str, str],
        others: Sequence[dict[str, str]],
    ) -> Piece:
        spec = job.kind.schema.specs()[name]
        rivals = [(f"variant {n + 1}", fields[name]) for n, fields in enumerate(others) if name in fields]
        if job.redo is not None:
            known = [("the draft that is written anew", job.redo.copy_fields)]
            known += [("another draft of this slot", fields) for fields in job.redo.others]
            rivals += [(label, fields[name]) for label, fields in known if name in fields]
        return Piece(
            text=text,
            field=spec.field,
            name=name,
            kind=job.kind.id,
            spec=spec,
            siblings={other: words for other, words in siblings.items() if other != name},
            rivals=(*rivals, *self._approved(job, name)),
        )

    def _approved(self, job: SlotJob, name: str) -> tuple[tuple[str, str], ...]:
        return rivals_for(self._tools.library, job.kind.id, job.target.locale, name)

    def _library(self, job: SlotJob) -> ContentLibrary:
        """The brand's content in the words and under the rules of the job's language and market."""
        return self._tools.library.localised(job.target.locale, job.target.market)

    def _evidence(
        self, job: SlotJob, candidate: Candidate, report: GuardReport, others: Sequence[dict[str, str]]
    ) -> Evidence:
        rivals = [text for name in candidate.fields for _, text in self._approved(job, name)]
        rivals += [text for fields in others for text in fields.values()]
        return Evidence(
            fields=candidate.fields,
            mean_logprob=candidate.mean_logprob,
            message=job.message if job.briefed_in_its_language else "",
            must_say=job.must_say,
            vocabulary=approved_vocabulary(self._library(job), job.kind.id, job.language),
            rivals=tuple(rivals),
            warnings=sum(finding.severity is Severity.WARN for finding in report.findings),
        )

    def _generated(
        self,
        job: SlotJob,
        winner: _Attempt,
        attempts: list[_Attempt],
        offered: tuple[str, ...],
        calls: list[CallRecord],
    ) -> SlotAnswer:
        kept = sorted(winner.kept, key=lambda item: -(item.confidence.score if item.confidence else 0))
        decision = Decision(
            outcome=Outcome.REASKED if winner.reasked else Outcome.GENERATED,
            reason=Reason.PASSED if len(kept) >= job.request.variants else Reason.TOO_FEW_VARIANTS,
            trace=(*without(job), *(step for item in attempts for step in item.trace)),
            confidence=kept[0].confidence,
        )
        return SlotAnswer(
            decision,
            tuple(kept),
            tuple(item for attempt in attempts for item in attempt.refused),
            tuple(calls),
            sum(attempt.asked for attempt in attempts),
            offered,
            job.request.image,
            job.facts,
        )

    def _from_chain(
        self,
        chained: ChainAnswer,
        job: SlotJob,
        attempts: list[_Attempt],
        offered: tuple[str, ...],
        calls: list[CallRecord],
    ) -> SlotAnswer:
        kept: tuple[Kept, ...] = ()
        if chained.content is not None and chained.report is not None:
            variant = Variant(
                kind=job.kind.id,
                segment=job.segment.id,
                locale=job.target.locale,
                copy_fields=dict(chained.content.copy_fields),
                block=chained.decision.block,
                author=_author(chained),
            )
            stored = chained.draft
            judgements = stored.receipt.judgements if stored is not None else None
            kept = (Kept(variant, chained.report, None, judgements=judgements),)
        return SlotAnswer(
            chained.decision,
            kept,
            tuple(item for attempt in attempts for item in attempt.refused),
            tuple(calls),
            sum(attempt.asked for attempt in attempts),
            offered,
            job.request.image or (chained.content.image if chained.content else None),
            job.facts,
        )


def _author(chained: ChainAnswer) -> str:
    source = chained.block or chained.draft
    return source.author if source is not None else ""


def query_of(job: SlotJob, turn: int = 0) -> SlotQuery:
    """What the chain over approved content is asked for the slot."""
    return SlotQuery(
        kind=job.kind.id,
        locale=job.target.locale,
        segment=job.segment.id,
        journey=job.brief.journey.value,
        message=job.message,
        facts=job.facts,
        as_of=job.as_of,
        turn=turn,
        market=job.target.market,
        brief=job.brief.id,
    )
