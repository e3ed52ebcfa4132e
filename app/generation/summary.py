"""The summary of a run: one line a slot, the refusals by rule, and what a person should know."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from app.generation.engine import Settled
from app.scoring.confidence import content_words
from app.tokens import token_names
from app.verdicts.decisions import GENERIC_TWIN, Outcome, Reason
from app.verdicts.reports import Family, Finding, Severity


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SlotLine(_Strict):
    """One slot: how it was answered, and what it took: model seconds, tokens of prompts and answers."""

    locale: str
    segment: str
    kind: str
    outcome: Outcome
    reason: Reason
    sentence: str
    who_acts: str
    held: bool
    generic: str
    """Which consent the segment lacks, where the copy does without a variable; else empty."""
    suppressed: str = ""
    """Which suppression flag keeps the block or the email from these readers, and why; else empty."""
    block: str | None
    offered: tuple[str, ...]
    confidence: float | None
    variants: tuple[dict[str, str], ...]
    wanted: int
    asked: int
    refused: int
    refused_by: dict[str, int]
    seconds: float
    tokens: int
    stored: bool


class Summary(_Strict):
    """A whole run. `wall_seconds` is what the caller waited."""

    brief: str
    brand: str
    journey: str
    model: str
    slots: tuple[SlotLine, ...]
    outcomes: dict[str, int]
    refused_by: dict[str, int]
    findings: tuple[Finding, ...]
    """What is wrong with a whole email, such as a missed must_say."""
    warnings: tuple[str, ...]
    wall_seconds: float
    model_seconds: float
    tokens: int
    calls: int


def summarise(
    settled: Sequence[Settled], model: str, wall_seconds: float, *, thin: Sequence[str] = ()
) -> Summary:
    """The summary of all slots, in the order of the brief.

    `thin` says where approved examples are too few for the model; it explains why most slots fell back.
    """
    lines = tuple(_line(item) for item in settled)
    refused: Counter[str] = Counter()
    for line in lines:
        refused.update(line.refused_by)
    brief = settled[0].job.brief
    unsaid = tuple(_unsaid(settled))
    return Summary(
        brief=brief.id,
        brand=brief.brand,
        journey=brief.journey.value,
        model=model,
        slots=lines,
        outcomes=dict(Counter(line.outcome.value for line in lines)),
        refused_by=dict(refused.most_common()),
        findings=unsaid,
        warnings=(
            *_identical(settled),
            *_mostly_fallbacks(settled, thin),
            *(item.message for item in unsaid),
            *_open(settled),
            *_generic(lines),
            *_suppressed(lines),
        ),
        wall_seconds=round(wall_seconds, 1),
        model_seconds=round(sum(line.seconds for line in lines), 1),
        tokens=sum(line.tokens for line in lines),
        calls=sum(len(item.answer.calls) for item in settled),
    )


def _line(item: Settled) -> SlotLine:
    job, answer = item.job, item.answer
    decision = answer.decision
    by_rule: Counter[str] = Counter()
    for refused in answer.refused:
        rules = {finding.rule for finding in refused.findings}
        by_rule.update(rules or {refused.reason.value})
    return SlotLine(
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        outcome=decision.outcome,
        reason=decision.reason,
        sentence=decision.sentence,
        who_acts=decision.who_acts.value,
        held=decision.held,
        generic=decision.generic,
        suppressed=decision.suppressed,
        block=decision.block,
        offered=answer.offered,
        confidence=decision.confidence.score if decision.confidence else None,
        variants=tuple(kept.variant.copy_fields for kept in answer.kept),
        wanted=job.request.variants,
        asked=answer.asked,
        refused=len(answer.refused),
        refused_by=dict(by_rule.most_common()),
        seconds=round(answer.seconds, 2),
        tokens=answer.tokens,
        stored=answer.stored,
    )


def _identical(settled: Sequence[Settled]) -> list[str]:
    """Segments that would read the same: personalization that is none."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item in settled:
        if not item.answer.kept or not item.job.kind.generated:
            continue
        first = item.answer.kept[0].variant
        text = " | ".join(first.copy_fields.values())
        key = (item.job.target.locale, item.job.kind.id, text)
        groups.setdefault(key, []).append(item.job.segment.id)
    return [
        f"{locale} {kind}: the segments {', '.join(names)} get the same copy"
        for (locale, kind, _), names in groups.items()
        if len(names) > 1
    ]


def _mostly_fallbacks(settled: Sequence[Settled], thin: Sequence[str]) -> list[str]:
    writable = [item for item in settled if item.job.kind.generated and item.job.suppressed is None]
    fell = [
        item for item in writable if item.answer.decision.outcome in (Outcome.FELL_BACK, Outcome.LEFT_OUT)
    ]
    if not fell or len(fell) * 2 <= len(writable):
        return []
    common, count = Counter(item.answer.decision.sentence for item in fell).most_common(1)[0]
    return [
        f"{len(fell)} of {len(writable)} slots fell back to approved content; most often ({count}): {common}",
        *thin,
    ]


def _unsaid(settled: Sequence[Settled]) -> Iterator[Finding]:
    """A missed must_say, for each email: nowhere in it do the words or the token stand."""
    emails: dict[tuple[str, str], list[Settled]] = {}
    for item in settled:
        emails.setdefault((item.job.target.locale, item.job.segment.id), []).append(item)
    for (locale, segment), items in emails.items():
        if any(item.job.stopped for item in items):
            continue
        text = " ".join(words for item in items for words in _chosen(item).values())
        for wanted in items[0].job.must_say:
            has_words = content_words(wanted) <= content_words(text)
            if has_words and token_names(wanted) <= token_names(text):
                continue
            yield Finding(
                rule="must_say",
                category="brief_must_say",
                family=Family.BRAND,
                severity=Severity.WARN,
                field=f"{locale}/{segment}",
                start=0,
                end=0,
                message=f"{locale} {segment}: nothing says '{wanted}', which the brief asks for",
                suggestion="edit a variant, or reword must_say",
            )


def _chosen(item: Settled) -> dict[str, str]:
    """The copy that the preview shows for the slot."""
    return item.answer.kept[0].variant.copy_fields if item.answer.kept else {}


def _generic(lines: Sequence[SlotLine]) -> Iterator[str]:
    """The generic twins by segment and reason: what a person can change is the same for all their slots."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        if line.generic:
            why = line.generic[line.generic.index(GENERIC_TWIN) :]
            groups.setdefault((line.locale, line.segment, why), []).append(line.kind)
    for (locale, segment, why), kinds in groups.items():
        yield f"{locale} {segment} {', '.join(kinds)}: {why}"


def _suppressed(lines: Sequence[SlotLine]) -> Iterator[str]:
    """What suppression flags keep from readers, an email or a block a line."""
    emails: dict[tuple[str, str, str, Reason], list[str]] = {}
    for line in lines:
        if line.suppressed:
            emails.setdefault((line.locale, line.segment, line.suppressed, line.reason), []).append(line.kind)
    for (locale, segment, why, reason), kinds in emails.items():
        whole = reason is Reason.EMAIL_SUPPRESSED
        what = "no email is made" if whole else f"{', '.join(kinds)} left out"
        yield f"{locale} {segment}: {what}. {why[0].upper()}{why[1:]}"


def _open(settled: Sequence[Settled]) -> list[str]:
    return [
        f"{item.job.target.locale} {item.job.segment.id} {item.job.kind.id}: held for a person. "
        f"{item.answer.decision.sentence}"
        for item in settled
        if item.answer.decision.held
    ]
