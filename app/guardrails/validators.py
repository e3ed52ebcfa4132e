"""The guardrails as guardrails-ai Validators, in one Guard that is built once.

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
"""What the Guard is shown for empty text, which it would skip; the validators judge the piece itself."""


def _validator(guardrail: Guardrail) -> type[Validator]:
    """A thin Validator over the guardrail's function."""

    @register_validator(name=f"copydesk/{guardrail.id}", data_type="string")
    class CopyValidator(Validator):
        def _validate(self, value: Any, metadata: dict[str, Any]) -> ValidationResult:
            result = run_one(guardrail, metadata["piece"], metadata["context"])
            metadata["results"].append(result)
            if result.verdict is Verdict.PASS:
                return PassResult()
            spans = [ErrorSpan(start=f.start, end=f.end, reason=f.message) for f in result.findings]
            words = "; ".join(f.message for f in result.findings) or result.detail
            return FailResult(error_message=words, error_spans=spans)

    CopyValidator.__name__ = f"{guardrail.id.title().replace('_', '')}Validator"
    return CopyValidator


class GuardedSuite:
    """Every registered guardrail inside one guardrails-ai Guard."""

    def __init__(self, guardrails: Sequence[Guardrail] = GUARDRAILS) -> None:
        self._guard = Guard().use(*(_validator(guardrail)(on_fail="noop") for guardrail in guardrails))
        self._guard.configure(allow_metrics_collection=False)

    def judge(self, piece: Piece, context: Context) -> GuardReport:
        """Judge one piece of copy. A Guard that says less than its validators makes the report `error`."""
        results: list[RuleResult] = []
        metadata = {"piece": piece, "context": context, "results": results}
        outcome = self._guard.validate(piece.text or EMPTY, metadata=metadata)
        report = report_of(results, context)
        if bool(outcome.validation_passed) != all(r.verdict is Verdict.PASS for r in results):
            detail = "guardrails-ai and its validators disagree"
            results.append(RuleResult(rule="guard", verdict=Verdict.ERROR, detail=detail))
            report = report_of(results, context)
        return report
