"""The guardrails as a guardrails-ai Validator, in one Guard that is built once.

Telemetry of the library is off: OpenTelemetry is disabled before the first import, metrics collection is
refused for the Guard, and tracing is switched off. Importing this module takes seconds, so it is imported
only where copy is generated.
"""

import os

os.environ["OTEL_SDK_DISABLED"] = "true"
os.environ["GUARDRAILS_RUN_SYNC"] = "true"

from collections.abc import Sequence
from typing import Any

from guardrails import Guard, settings
from guardrails.validator_base import (
    ErrorSpan,
    FailResult,
    PassResult,
    ValidationResult,
    Validator,
    register_validator,
)

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.registry import GUARDRAILS
from app.guardrails.suite import report_of, run_one
from app.verdicts.reports import GuardReport, RuleResult, Verdict

settings.disable_tracing = True

EMPTY = " "
"""What the Guard is shown for empty text, which it would skip; the validator judges the piece itself."""


@register_validator(name="copydesk/guardrails", data_type="string")
class CopyValidator(Validator):
    """Every guardrail, over the piece and the context that the metadata hold.

    One Validator for all: the framework's own work around each would take longer than the rules.
    """

    def __init__(self, guardrails: Sequence[Guardrail] = GUARDRAILS, **given: Any) -> None:
        super().__init__(**given)
        self._guardrails = guardrails

    def _validate(self, value: Any, metadata: dict[str, Any]) -> ValidationResult:
        piece, context = metadata["piece"], metadata["context"]
        results = [run_one(guardrail, piece, context) for guardrail in self._guardrails]
        metadata["results"].extend(results)
        failed = [result for result in results if result.verdict is not Verdict.PASS]
        if not failed:
            return PassResult()
        found = [finding for result in failed for finding in result.findings]
        spans = [ErrorSpan(start=item.start, end=item.end, reason=item.message) for item in found]
        words = [item.message for item in found] or [result.detail for result in failed]
        return FailResult(error_message="; ".join(words), error_spans=spans)


class GuardedSuite:
    """Every registered guardrail inside one guardrails-ai Guard."""

    def __init__(self, guardrails: Sequence[Guardrail] = GUARDRAILS) -> None:
        self._guard = Guard().use(CopyValidator(guardrails, on_fail="noop"))
        self._guard.configure(allow_metrics_collection=False)

    def judge(self, piece: Piece, context: Context) -> GuardReport:
        """Judge one piece of copy. A Guard that says less than its validator makes the report `error`."""
        results: list[RuleResult] = []
        metadata = {"piece": piece, "context": context, "results": results}
        outcome = self._guard.validate(piece.text or EMPTY, metadata=metadata)
        report = report_of(results, context)
        if bool(outcome.validation_passed) != all(r.verdict is Verdict.PASS for r in results):
            detail = "guardrails-ai and its validator disagree"
            results.append(RuleResult(rule="guard", verdict=Verdict.ERROR, detail=detail))
            report = report_of(results, context)
        return report
