"""Rules that begin to hold on a day: copy that is sent before it is judged without them."""

import datetime as dt

import pytest

from app.brand.models import ClaimRule, Disclosure, NeverInferRule, holds
from app.emails.mandatory import applies
from app.generation.check_door import CheckDoor
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.verdicts.reports import Verdict
from tests import factories

DAY = dt.date(2027, 1, 1)
BEFORE = dt.datetime(2026, 12, 31, 23, 59, tzinfo=dt.UTC)
SINCE = dt.datetime(2027, 1, 1, 0, 0, tzinfo=dt.UTC)
FROM = {"effective_from": "2027-01-01"}
BRAND = factories.make_brand(
    claims=(ClaimRule.model_validate({**factories.CLAIMS[0], **FROM}), *factories.make_brand().claims[1:]),
    never_infer=(NeverInferRule.model_validate({**factories.NEVER_INFER[0], **FROM}),),
    disclosures=(Disclosure.model_validate({**factories.DISCLOSURES[0], **FROM}),),
)


def rules_that_fail(text: str, as_of: dt.datetime) -> set[str]:
    report = judge(factories.make_piece(text), factories.make_context(BRAND, as_of=as_of))
    return {finding.rule for finding in report.blocking} & {"cures", "never_infer", "compliance"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It cures colds, and that is all.", "cures"),
        ("With your asthma you should walk slowly.", "never_infer"),
        ("There is a free gift for you in the shop.", "compliance"),
    ],
)
def test_a_rule_holds_from_its_day_on(text: str, rule: str) -> None:
    assert rules_that_fail(text, BEFORE) == set()
    assert rules_that_fail(text, SINCE) == {rule}
    assert rules_that_fail(text, SINCE + dt.timedelta(days=400)) == {rule}


def test_a_rule_without_a_day_always_holds() -> None:
    assert holds(None, dt.datetime.min.replace(tzinfo=dt.UTC))


def test_the_day_is_that_of_the_moment_of_sending_where_it_is_sent() -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert holds(DAY, dt.datetime(2027, 1, 1, 0, 30, tzinfo=tokyo))
    assert not holds(DAY, dt.datetime(2026, 12, 31, 23, 30, tzinfo=tokyo))


def test_a_rule_that_does_not_hold_yet_covers_no_category_of_the_check_door() -> None:
    def unchecked(as_of: dt.datetime) -> tuple[str, ...]:
        door = CheckDoor(RuleBook.of(BRAND), "en-US", None, as_of)
        return door.check('{"id": 1, "text": "A dry coat.", "facts": {}}').unchecked

    assert "health_claim" in unchecked(BEFORE)
    assert "health_claim" not in unchecked(SINCE)


def test_the_layout_prints_a_disclosure_from_its_day_on() -> None:
    printed = Disclosure.model_validate({**factories.DISCLOSURES[1], **FROM})
    assert not applies(printed, "winback", {"hero"}, BEFORE)
    assert applies(printed, "winback", {"hero"}, SINCE)


def test_a_trait_without_wording_in_a_language_is_no_gap_before_its_day() -> None:
    def verdict(as_of: dt.datetime) -> Verdict:
        context = factories.make_context(BRAND, as_of=as_of, locale="de-DE")
        report = judge(factories.make_piece("Es hilft."), context)
        return next(result.verdict for result in report.results if result.rule == "never_infer")

    assert verdict(BEFORE) is Verdict.PASS
    assert verdict(SINCE) is Verdict.NOT_RUN
