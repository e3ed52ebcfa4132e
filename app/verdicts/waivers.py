"""Waivers: somebody whom the contract names lets one finding about one text pass, for a while in one market.

A waiver is an input of the verdict like facts and rules. The finding stays, with its severity and with who
waived it; it only stops blocking. What no waiver can let pass is listed here and nowhere else.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict

from app.verdicts.reports import Finding, GuardReport, RuleResult, Verdict, Waived, verdict_of

LONGEST = dt.timedelta(days=180)
"""How long a waiver may hold at most."""
NEVER: dict[str, str] = {
    "ungrounded_number": "values that no fact supports",
    "price_discount_ungrounded": "values that no fact supports",
    "ungrounded_statement": "statements that no fact supports",
    "false_scarcity": "stock and deadlines that no fact supports",
    "url_not_allowed": "links that no fact supports",
    "free_without_terms": "offers that no terms support",
    "testimonial_fabricated": "words of customers that nobody supplied",
    "pii_leak": "personal data",
    "unapproved_variable": "data about the reader that may not be used here",
    "sensitive_inference": "what is never inferred about a reader",
    "injection_markup": "markup and template syntax",
    "prompt_leak": "words of the prompt",
    "missing_disclosure": "parts that belong to the layout",
}
"""Categories that cannot be waived, each with what it is about."""
NEVER_GUARDRAILS: dict[str, str] = {
    "values": "values that no fact supports",
    "links": "links that no fact supports",
    "urgency": "stock and deadlines that no fact supports",
    "free_offer": "offers that no terms support",
    "testimonials": "words of customers that nobody supplied",
    "ungrounded_statement": "statements that no fact supports",
    "variables": "data about the reader that may not be used here",
    "personal_data": "personal data",
    "never_infer": "what is never inferred about a reader",
    "sensitive_inference": "what is never inferred about a reader",
    "template_syntax": "markup and template syntax",
    "prompt_leak": "words of the prompt",
    "compliance": "parts that belong to the layout",
}
"""Guardrails none of whose findings can be waived, whatever category a brand gives them."""
NEVER_KINDS: dict[str, str] = {"footer": "parts that belong to the layout"}
"""Kinds of blocks in whose copy nothing can be waived."""


class Waiver(BaseModel):
    """One waived finding: which rule said it, about which words of which text, where, by whom, until when.

    `text` is the SHA-256 of the field's text: an edit of the text ends the waiver. The finding is the one of
    this rule and category about the characters `start` to `end`. It does not hold at `until` any more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    rule: str
    category: str
    text: str
    start: int
    end: int
    locale: str
    market: str
    by: str
    role: str
    reason: str
    at: AwareDatetime
    until: AwareDatetime

    def covers(self, finding: Finding) -> bool:
        """Whether this is the finding that was waived."""
        mine = (self.rule, self.category, self.start, self.end)
        return mine == (finding.rule, finding.category, finding.start, finding.end)


def text_hash(text: str) -> str:
    """How a waiver names a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def never(finding: Finding, guardrail: str, kind: str = "") -> str | None:
    """What a finding of a guardrail is about that can never be waived, in words; None where it can."""
    return NEVER.get(finding.category) or NEVER_GUARDRAILS.get(guardrail) or NEVER_KINDS.get(kind)


def in_force(
    waivers: Iterable[Waiver], *, locale: str, market: str, as_of: dt.datetime
) -> tuple[Waiver, ...]:
    """The waivers that hold for a market and locale at a moment."""
    return tuple(
        item for item in waivers if (item.locale, item.market) == (locale, market) and as_of < item.until
    )


def with_waivers(report: GuardReport, text: str, waivers: Sequence[Waiver], *, kind: str = "") -> GuardReport:
    """The report on one text in which findings that a waiver in force covers are marked and do not block.

    A rule that did not run or raised stays as it is.
    """
    mine = [item for item in waivers if item.text == text_hash(text)] if waivers else []

    def marked(finding: Finding, guardrail: str) -> Finding:
        found = next((item for item in mine if item.covers(finding)), None)
        if found is None or not finding.blocks or never(finding, guardrail, kind) is not None:
            return finding
        waived = Waived(waiver=found.id, by=found.by, reason=found.reason, until=found.until)
        return finding.model_copy(update={"waived": waived})

    return _changed(report, marked) if mine else report


def without_waivers(report: GuardReport, ids: Iterable[str]) -> GuardReport:
    """The report as it is without these waivers: what they let pass blocks again."""
    gone = frozenset(ids)

    def plain(finding: Finding, _: str) -> Finding:
        ended = finding.waived is not None and finding.waived.waiver in gone
        return finding.model_copy(update={"waived": None}) if ended else finding

    return _changed(report, plain)


def counted(report: GuardReport) -> frozenset[str]:
    """The ids of the waivers that let something in the report pass."""
    return frozenset(item.waived.waiver for item in report.findings if item.waived is not None)


def _changed(report: GuardReport, change: Callable[[Finding, str], Finding]) -> GuardReport:
    results = tuple(_result(result, change) for result in report.results)
    return report.model_copy(update={"results": results}) if results != report.results else report


def _result(result: RuleResult, change: Callable[[Finding, str], Finding]) -> RuleResult:
    findings = tuple(change(finding, result.rule) for finding in result.findings)
    if findings == result.findings:
        return result
    judged = result.verdict in (Verdict.PASS, Verdict.FAIL)
    verdict = verdict_of(findings) if judged else result.verdict
    return result.model_copy(update={"findings": findings, "verdict": verdict})
