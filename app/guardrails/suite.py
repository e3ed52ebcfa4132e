"""Running the guardrails: one suite, two ways in.

`judge` calls the pure functions directly. `GuardedSuite` runs the same functions as guardrails-ai
Validators inside one Guard, which is how generated copy is judged. Both give the same report: each required
guardrail answers pass, fail, error or not_run, and one that raised is an error.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from app.guardrails.frame import CannotJudge, Context, Guardrail, NotJudged, Piece
from app.guardrails.registry import GUARDRAILS, on_request
from app.verdicts.reports import GuardReport, RuleResult, Verdict, verdict_of

GROUNDING = "grounding"


def run_one(guardrail: Guardrail, piece: Piece, context: Context) -> RuleResult:
    """What one guardrail answers. Never raises: an exception inside the rule is the verdict `error`."""
    if guardrail.languages is not None and context.language not in guardrail.languages:
        detail = f"it has no rules for the language '{context.language}'"
        return RuleResult(rule=guardrail.id, verdict=Verdict.NOT_RUN, detail=detail)
    try:
        findings = tuple(guardrail.check(piece, context))
    except NotJudged as reason:
        return RuleResult(rule=guardrail.id, verdict=Verdict.NOT_RUN, detail=str(reason))
    except CannotJudge as reason:
        return RuleResult(rule=guardrail.id, verdict=Verdict.ERROR, detail=str(reason))
    except Exception as error:  # noqa: BLE001 - a rule's fault must refuse the copy, not stop the service
        return RuleResult(rule=guardrail.id, verdict=Verdict.ERROR, detail=f"{type(error).__name__}: {error}")
    if not findings:
        return _passed(guardrail.id)
    return RuleResult(rule=guardrail.id, verdict=verdict_of(findings), findings=findings)


@cache
def _passed(rule: str) -> RuleResult:
    """The answer of a rule that found nothing: by far the most frequent one, so each is made once."""
    return RuleResult(rule=rule, verdict=Verdict.PASS)


def judge(piece: Piece, context: Context, guardrails: Sequence[Guardrail] = GUARDRAILS) -> GuardReport:
    """Judge one piece of copy by calling every guardrail directly."""
    asked = (*guardrails, *on_request(context))
    return report_of((run_one(guardrail, piece, context) for guardrail in asked), context)


def report_of(results: Iterable[RuleResult], context: Context) -> GuardReport:
    """The report over `results`: every registered guardrail is required, whoever ran, and those on request
    where the context holds what they judge by.
    """
    unchecked = (GROUNDING,) if context.facts is None else ()
    required = tuple(guardrail.id for guardrail in (*GUARDRAILS, *on_request(context)))
    return GuardReport(required=required, results=tuple(results), unchecked=unchecked)


def add_judgement(report: GuardReport, pieces: Sequence[Piece], context: Context) -> GuardReport:
    """The report over `pieces` with what guardrails on request answer in this context."""
    added = merge([_only(on_request(context), piece, context) for piece in pieces])
    required = (*report.required, *(guardrail.id for guardrail in on_request(context)))
    return report.model_copy(update={"required": required, "results": (*report.results, *added.results)})


def _only(guardrails: Sequence[Guardrail], piece: Piece, context: Context) -> GuardReport:
    results = tuple(run_one(guardrail, piece, context) for guardrail in guardrails)
    return GuardReport(required=tuple(guardrail.id for guardrail in guardrails), results=results)


_WORST = (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_RUN, Verdict.PASS)


def merge(reports: Sequence[GuardReport]) -> GuardReport:
    """One report for several pieces: per rule the worst verdict and all findings.

    A rule that is missing from any of the reports is left missing, so that the whole is `not_run`.
    """
    if not reports:
        return GuardReport(required=tuple(guardrail.id for guardrail in GUARDRAILS), results=())
    required = tuple(dict.fromkeys(rule for report in reports for rule in report.required))
    absent = {rule for report in reports for rule in report.missing}
    answers: dict[str, list[RuleResult]] = {}
    for result in (result for report in reports for result in report.results):
        answers.setdefault(result.rule, []).append(result)
    merged = []
    for rule in required:
        found = answers.get(rule)
        if rule in absent or not found:
            continue
        if all(result is _passed(rule) for result in found):
            merged.append(_passed(rule))
            continue
        merged.append(
            RuleResult(
                rule=rule,
                verdict=min((result.verdict for result in found), key=_WORST.index),
                findings=tuple(finding for result in found for finding in result.findings),
                detail="; ".join(dict.fromkeys(result.detail for result in found if result.detail)),
            )
        )
    unchecked = tuple(dict.fromkeys(item for report in reports for item in report.unchecked))
    return GuardReport(required=required, results=tuple(merged), unchecked=unchecked)
