"""Reports: only a whole set of passes is a pass, whatever else the report says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails.suite import merge
from app.verdicts.reports import Family, Finding, GuardReport, RuleResult, Severity, Verdict, verdict_of

RULES = ("claims", "voice", "values", "other")
WORST = (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_RUN, Verdict.PASS)


def finding(severity: Severity = Severity.BLOCK, message: str = "is wrong") -> Finding:
    return Finding(
        rule="voice",
        category="voice",
        family=Family.BRAND,
        severity=severity,
        field="body",
        start=0,
        end=1,
        message=message,
    )


def result(rule: str, verdict: Verdict, *findings: Finding, detail: str = "") -> RuleResult:
    return RuleResult(rule=rule, verdict=verdict, findings=findings, detail=detail)


RESULTS = st.lists(
    st.builds(
        RuleResult,
        rule=st.sampled_from(RULES),
        verdict=st.sampled_from(Verdict),
        findings=st.lists(st.builds(finding, st.sampled_from(Severity)), max_size=2).map(tuple),
        detail=st.sampled_from(["", "no luck"]),
    ),
    max_size=6,
).map(tuple)
REQUIRED = st.lists(st.sampled_from(RULES), max_size=4, unique=True).map(tuple)
REPORTS = st.builds(GuardReport, required=REQUIRED, results=RESULTS)


@given(REPORTS)
def test_invariant_2_pass_is_a_pass_of_every_required_rule_and_nothing_else(report: GuardReport) -> None:
    passed = {item.rule for item in report.results if item.verdict is Verdict.PASS}
    clean = all(item.verdict is Verdict.PASS for item in report.results)
    whole = bool(report.required) and passed.issuperset(report.required)
    assert (report.verdict is Verdict.PASS) == (clean and whole)


@given(REPORTS)
def test_invariant_2_a_result_less_is_never_better(report: GuardReport) -> None:
    for rule in report.required:
        rest = tuple(item for item in report.results if item.rule != rule)
        assert report.model_copy(update={"results": rest}).verdict is not Verdict.PASS


@given(REPORTS)
def test_the_worst_answer_counts(report: GuardReport) -> None:
    verdicts = {item.verdict for item in report.results}
    if Verdict.FAIL in verdicts:
        assert report.verdict is Verdict.FAIL
    elif Verdict.ERROR in verdicts:
        assert report.verdict is Verdict.ERROR
    elif Verdict.NOT_RUN in verdicts or report.missing:
        assert report.verdict is Verdict.NOT_RUN


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.ERROR, Verdict.NOT_RUN])
def test_invariant_2_one_rule_that_did_not_pass_is_enough(verdict: Verdict) -> None:
    results = (result("claims", Verdict.PASS), result("voice", verdict, detail="no luck"))
    assert GuardReport(required=("claims", "voice"), results=results).verdict is verdict


def test_invariant_2_a_missing_required_rule_is_not_run() -> None:
    report = GuardReport(required=("claims", "voice"), results=(result("claims", Verdict.PASS),))
    assert report.missing == ("voice",)
    assert report.verdict is Verdict.NOT_RUN
    assert report.reasons == ("voice did not run",)


def test_invariant_2_a_report_that_requires_nothing_passes_nothing() -> None:
    assert GuardReport(required=(), results=()).verdict is Verdict.NOT_RUN
    assert GuardReport(required=(), results=(result("voice", Verdict.PASS),)).verdict is Verdict.NOT_RUN


def test_a_rule_that_nobody_required_can_only_make_it_worse() -> None:
    passed = result("claims", Verdict.PASS)
    extra = result("other", Verdict.FAIL, finding())
    assert GuardReport(required=("claims",), results=(passed,)).verdict is Verdict.PASS
    assert GuardReport(required=("claims",), results=(passed, extra)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ((), Verdict.PASS),
        ((Severity.INFO, Severity.WARN), Verdict.PASS),
        ((Severity.WARN, Severity.BLOCK), Verdict.FAIL),
    ],
)
def test_findings_decide_by_their_severity(severities: tuple[Severity, ...], verdict: Verdict) -> None:
    assert verdict_of(finding(severity) for severity in severities) is verdict


def test_reasons_name_what_blocks_what_broke_and_what_is_absent() -> None:
    results = (
        result("claims", Verdict.FAIL, finding(message="is a claim"), finding(Severity.WARN, "is odd")),
        result("values", Verdict.ERROR, detail="KeyError: x"),
        result("other", Verdict.NOT_RUN, detail="no rules in 'fr'"),
    )
    report = GuardReport(required=("claims", "values", "voice"), results=results)
    assert report.reasons == (
        "is a claim",
        "values could not judge this: KeyError: x",
        "other could not judge this: no rules in 'fr'",
        "voice did not run",
    )
    assert [item.message for item in report.blocking] == ["is a claim"]
    assert [item.message for item in report.findings] == ["is a claim", "is odd"]


@given(st.lists(REPORTS, min_size=1, max_size=4))
def test_invariant_2_a_merged_report_passes_only_when_every_part_does(reports: list[GuardReport]) -> None:
    merged = merge(reports)
    relevant = [
        report.model_copy(
            update={"results": tuple(r for r in report.results if r.rule in merged.required)}
        ).verdict
        for report in reports
        if report.required
    ]
    if merged.verdict is Verdict.PASS:
        assert set(relevant) == {Verdict.PASS}
    if relevant and set(relevant) == {Verdict.PASS}:
        assert merged.verdict is Verdict.PASS


def test_merging_keeps_the_worst_verdict_and_every_finding() -> None:
    one = GuardReport(
        required=("voice",),
        results=(result("voice", Verdict.PASS, finding(Severity.WARN, "first")),),
        unchecked=("grounding",),
    )
    two = GuardReport(
        required=("voice",), results=(result("voice", Verdict.FAIL, finding(message="second")),)
    )
    merged = merge([one, two])
    assert merged.verdict is Verdict.FAIL
    assert [item.message for item in merged.findings] == ["first", "second"]
    assert merged.unchecked == ("grounding",)


def test_merging_a_report_that_lacks_a_rule_lacks_it() -> None:
    whole = GuardReport(required=("voice",), results=(result("voice", Verdict.PASS),))
    lacking = GuardReport(required=("voice",), results=())
    assert merge([whole, lacking]).missing == ("voice",)
    assert merge([]).verdict is Verdict.NOT_RUN
