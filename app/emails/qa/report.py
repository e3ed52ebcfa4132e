"""All rules on one email, and the result in words."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, Field

from app.emails.qa.email import EmailUnderTest
from app.emails.qa.models import QaFinding, Rule, Severity
from app.emails.qa.registry import RULES


class Unchecked(BaseModel):
    """A rule that did not run, and what it would have needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    needs: tuple[str, ...]


class QaReport(BaseModel):
    """What the rules say of one email: errors first, then warnings, then what is worth knowing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[QaFinding, ...]
    unchecked: tuple[Unchecked, ...] = Field(description="Rules that lacked what they need")

    def count(self, severity: Severity) -> int:
        """How many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def passes(self) -> bool:
        """Whether no finding is an error."""
        return not self.count(Severity.ERROR)


def check_email(email: EmailUnderTest, rules: Sequence[Rule] = RULES) -> QaReport:
    """Check an email by `rules`."""
    lacking = {rule.id: rule.missing(email) for rule in rules}
    found = [finding for rule in rules if not lacking[rule.id] for finding in rule.check(email)]
    order = {severity: place for place, severity in enumerate(Severity)}
    places = {rule.id: place for place, rule in enumerate(rules)}
    found.sort(key=lambda item: (order[item.severity], places[item.rule], item.line, item.column))
    unchecked = (Unchecked(rule=rule_id, needs=needs) for rule_id, needs in lacking.items() if needs)
    return QaReport(findings=tuple(found), unchecked=tuple(unchecked))


def lines_of(report: QaReport) -> Iterator[str]:
    """The report for people: a line a finding, what would be right below it, and a count."""
    for finding in report.findings:
        yield f"{finding.severity.value:8}{finding.where}: {finding.message} [{finding.rule}]"
        if finding.suggestion:
            yield f"        right would be: {finding.suggestion}"
    if report.unchecked:
        needs = sorted({need for item in report.unchecked for need in item.needs})
        names = ", ".join(item.rule for item in report.unchecked)
        yield f"not checked for want of {', '.join(needs)}: {names}"
    counts = ((report.count(severity), severity.value) for severity in Severity)
    yield ", ".join(f"{count} {word}{'' if count == 1 or word == 'info' else 's'}" for count, word in counts)
