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
from app.guardrails.registry import GUARDRAILS, on_request
from app.guardrails.suite import report_of, run_one
from app.verdicts.reports import GuardReport, RuleResult, Verdict

settings.disable_tracing = True

EMPTY = " "
"""What the Guard is shown for empty text, which it would skip; the validator judges the piece itself."""


@register_validator(name="copydesk/guardrails", data_type="string")
class CopyValidator(Validator):
    """Every guardrail, over the pieces and in the context that the metadata hold.

    One Validator and one pass for all: the framework's own work takes as long as the rules do.
    """

    def __init__(self, guardrails: Sequence[Guardrail] = GUARDRAILS, **given: Any) -> None:
        super().__init__(**given)
        self._guardrails = guardrails

    def _validate(self, value: Any, metadata: dict[str, Any]) -> ValidationResult:
        context = metadata["context"]
        asked = (*self._guardrails, *on_request(context))
        for piece in metadata["pieces"]:
            results = [run_one(guardrail, piece, context) for guardrail in asked]
            metadata["results"].append(results)
        found = [item for results in metadata["results"] for item in results]
        failed = [item for item in found if item.verdict is not Verdict.PASS]
        if not failed:
            return PassResult()
        findings = [finding for result in failed for finding in result.findings]
        spans = [ErrorSpan(start=item.start, end=item.end, reason=item.message) for item in findings]
        words = [item.message for item in findings] or [result.detail for result in failed]
        return FailResult(error_message="; ".join(words), error_spans=spans)


class GuardedSuite:
    """Every registered guardrail inside one guardrails-ai Guard."""

    def __init__(self, guardrails: Sequence[Guardrail] = GUARDRAILS) -> None:
        self._guard = Guard().use(CopyValidator(guardrails, on_fail="noop"))
        self._guard.configure(allow_metrics_collection=False)

    def judge(self, piece: Piece, context: Context) -> GuardReport:
        """Judge one piece of copy."""
        return self.judge_all([piece], context)[0]

    def judge_all(self, pieces: Sequence[Piece], context: Context) -> list[GuardReport]:
        """Judge pieces of copy, such as the fields of a variant; a report for each, in their order.

        A Guard that says something else than its validator makes every report an error; what it skipped
        is missing from them.
        """
        results: list[list[RuleResult]] = []
        metadata = {"pieces": pieces, "context": context, "results": results}
        shown = "\n".join(piece.text for piece in pieces) or EMPTY
        outcome = self._guard.validate(shown, metadata=metadata)
        passed = all(item.verdict is Verdict.PASS for found in results for item in found)
        faults = []
        if bool(outcome.validation_passed) != passed:
            words = "guardrails-ai and its validator disagree"
            faults.append(RuleResult(rule="guard", verdict=Verdict.ERROR, detail=words))
        skipped: list[list[RuleResult]] = [[] for _ in pieces[len(results) :]]
        return [report_of([*found, *faults], context) for found in (*results, *skipped)]
