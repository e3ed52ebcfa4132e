"""The order of the queue: what an error would do, times how likely one is.

The weights are ours and say an order, not an amount: each tier counts three times the one below. How likely
an error is comes from the confidence score (1 - score); of copy without one, which people wrote or edited, a
third is assumed. Each warning of the guardrails adds a twentieth.
"""

from app.brand.tiers import Tier
from app.verdicts.reports import GuardReport, Severity

WEIGHTS = {Tier.LOW: 1, Tier.STANDARD: 3, Tier.ELEVATED: 9, Tier.RESTRICTED: 27}
UNKNOWN = 1 / 3
WARNING = 0.05
LEAST = 0.05


def expected_harm(tier: Tier, confidence: float | None, report: GuardReport) -> int:
    """In thousandths, from 50 to 27,000."""
    doubt = UNKNOWN if confidence is None else 1 - confidence
    warned = sum(finding.severity is Severity.WARN for finding in report.findings)
    likely = min(1.0, max(LEAST, doubt + WARNING * warned))
    return round(1000 * WEIGHTS[tier] * likely)
