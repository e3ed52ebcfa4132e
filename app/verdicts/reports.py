"""What the guardrails say: findings, one result a rule, and the report that decides.

Only `pass` releases. A report that lacks a required rule is `not_run`, a rule that raised is `error`, and
neither is ever counted as a pass.
"""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Verdict(StrEnum):
    """Four answers, of which one lets copy through."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    NOT_RUN = "not_run"


class Family(StrEnum):
    """The three families of verdict; they are never blended into one score."""

    BRAND = "brand"
    FACT = "fact"
    LEGAL = "legal"


class Severity(StrEnum):
    """`block` refuses the copy, `warn` lowers its confidence, `info` is for the reader only."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Waived(BaseModel):
    """Who let a finding pass, why, and until when; `waiver` is the id of the waiver."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    waiver: str
    by: str
    reason: str
    until: AwareDatetime


class Finding(BaseModel):
    """One thing that a rule found, pointing at the words in the original text of one field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    category: str
    family: Family
    severity: Severity
    field: str
    start: int
    end: int
    message: str
    suggestion: str = ""
    waived: Waived | None = Field(default=None, exclude_if=lambda value: value is None)
    """Set where somebody let it pass: its severity stays, and it does not block."""

    @property
    def blocks(self) -> bool:
        """Whether it refuses the copy."""
        return self.severity is Severity.BLOCK and self.waived is None


class RuleResult(BaseModel):
    """What one required rule answered for one piece of copy; `detail` says why it is error or not_run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    detail: str = ""


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """`fail` when any finding blocks, else `pass`."""
    return Verdict.FAIL if any(item.blocks for item in findings) else Verdict.PASS


class GuardReport(BaseModel):
    """All results for one piece of copy, and the rules that had to answer.

    `unchecked` names what was not judged at all because nothing was supplied to judge it with, such as
    `grounding` without facts. The gate does not take such a report for a pass.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    required: tuple[str, ...]
    results: tuple[RuleResult, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Required rules that gave no result."""
        answered = {result.rule for result in self.results}
        return tuple(rule for rule in self.required if rule not in answered)

    @property
    def verdict(self) -> Verdict:
        """The worst answer: fail, then error, then not_run; `pass` only when every required rule passed."""
        verdicts = {result.verdict for result in self.results}
        if Verdict.FAIL in verdicts:
            return Verdict.FAIL
        if Verdict.ERROR in verdicts:
            return Verdict.ERROR
        if self.missing or not self.required or Verdict.NOT_RUN in verdicts:
            return Verdict.NOT_RUN
        return Verdict.PASS

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every rule."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse the copy."""
        return tuple(item for item in self.findings if item.blocks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why this is no pass, one sentence a cause, for people and for the re-ask."""
        troubles = [
            f"{result.rule} could not judge this: {result.detail}"
            for result in self.results
            if result.verdict in (Verdict.ERROR, Verdict.NOT_RUN)
        ]
        absent = [f"{rule} did not run" for rule in self.missing]
        return (*(item.message for item in self.blocking), *troubles, *absent)
