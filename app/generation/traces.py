"""The steps on the trace of a slot, and the reasons on them."""

from collections.abc import Iterator, Sequence

from app.brand.consents import lacks
from app.generation.plan import SlotJob
from app.generation.results import Refused
from app.guardrails import duplicate
from app.verdicts.decisions import GENERIC_TWIN, Reason, Step, TraceStep
from app.verdicts.reports import GuardReport

DUPLICATE = duplicate.GUARDRAIL.id


def without(job: SlotJob) -> Iterator[TraceStep]:
    """What copy of this kind could have used, had the segment's members consented to it."""
    variables = job.brand.variables
    missing = {name: item for name, item in job.withheld.items() if job.kind.id in variables[name].kinds}
    if missing:
        detail = f"{GENERIC_TWIN}: {lacks(job.segment.id, missing)}"
        yield TraceStep(step=Step.CONSENT, answered=False, reason=Reason.CONSENT_MISSING, detail=detail)


def failed(step: Step, reason: Reason, detail: str) -> TraceStep:
    """A step that gave no answer."""
    return TraceStep(step=step, answered=False, reason=reason, detail=detail)


def step_result(step: Step, refused: Sequence[Refused], found: int, model: str) -> TraceStep:
    """A step in which a model answered: how many variants were kept, or the weightiest reason for none."""
    if found:
        detail = f"{model}: {found} kept"
        return TraceStep(step=step, answered=True, reason=Reason.PASSED, detail=detail)
    reasons = [item.reason for item in refused]
    order = (
        Reason.LOW_CONFIDENCE,
        Reason.GUARDRAIL_ERROR,
        Reason.GUARDRAIL_REFUSED,
        Reason.DUPLICATE,
        Reason.MALFORMED_ANSWER,
        Reason.EMPTY_ANSWER,
    )
    reason = next((item for item in order if item in reasons), Reason.EMPTY_ANSWER)
    detail = f"{model}: {len(refused)} refused"
    return TraceStep(step=step, answered=False, reason=reason, detail=detail)


def why(report: GuardReport) -> Reason:
    """Why the guardrails refuse a variant: for what it says, or only because it was said before."""
    rules = {finding.rule for finding in report.blocking}
    return Reason.DUPLICATE if rules == {DUPLICATE} else Reason.GUARDRAIL_REFUSED
