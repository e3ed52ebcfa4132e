"""Every rule finds what it is for, and nothing else speaks up; the clean email has no finding to mend."""

from collections import Counter

import pytest

from app.brand.brand import Brand
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.models import Severity
from app.emails.qa.registry import RULES
from app.emails.qa.report import check_email
from tests.emails.qa.clean import preview_email, sent_email
from tests.emails.qa.planted import PLANTED
from tests.emails.qa.planting import Planted


@pytest.fixture(scope="module")
def clean(brand: Brand) -> EmailUnderTest:
    return sent_email(brand)


def found(email: EmailUnderTest) -> Counter[tuple[str, str]]:
    """Rules with what they say, how often aside."""
    findings = check_email(email).findings
    return Counter((item.rule, item.message.partition(", used ")[0]) for item in findings)


def test_the_clean_email_is_clean_and_every_rule_ran(clean: EmailUnderTest, brand: Brand) -> None:
    for email in (clean, preview_email(brand)):
        report = check_email(email)
        assert [item for item in report.findings if item.severity is not Severity.INFO] == []
    assert check_email(clean).unchecked == ()


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.rule}: {planted.what}")
def test_a_planted_defect_is_found_by_its_rule_alone(planted: Planted, clean: EmailUnderTest) -> None:
    new = found(planted.change(clean)) - found(clean)
    assert {rule for rule, _ in new} == {planted.rule}, new


def test_every_rule_has_a_planted_defect() -> None:
    assert {rule.id for rule in RULES} == {planted.rule for planted in PLANTED}
    assert len(PLANTED) >= 60
