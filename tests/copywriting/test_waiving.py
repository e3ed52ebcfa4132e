"""Waivers: what they let pass and for how long, who gives them, and what no waiver lets pass."""

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.roles import PersonRole
from app.copywriting.editing import edit_draft
from app.copywriting.places import place_of, place_of_draft
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.stated import last_moment
from app.copywriting.waiving import WaiverOrder, give, revoke
from app.db.audit_log import AuditFilter, AuditLog
from app.db.blobs import BlobStore
from app.db.drafts import DraftChange
from app.db.people import People
from app.db.tables import Draft
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.errors import Conflict, ContentError, NotPermitted, OutOfDate
from app.generation.kept_answers import content_of, judge_of
from app.generation.replaying import Outcome, Replay
from app.guardrails.registry import GUARDRAILS
from app.release.gate import Gate
from app.release.lease import lease_end
from app.release.receipt_story import ReceiptReader
from app.review.situation import Actor
from app.verdicts.reports import (
    Family,
    Finding,
    GuardReport,
    RuleResult,
    Severity,
    Verdict,
)
from app.verdicts.waivers import (
    NEVER,
    NEVER_GUARDRAILS,
    NEVER_KINDS,
    Waiver,
    never,
    text_hash,
    with_waivers,
    without_waivers,
)
from tests.copywriting.office import BY, NOW, Office

LOUD = "COME BACK OUTSIDE NOW"
UNTIL = NOW + dt.timedelta(days=30)
WAIVABLE = {
    "health_claim",
    "earnings_claim",
    "guarantee",
    "superlative_unsubstantiated",
    "deceptive_subject",
    "green_claim",
    "competitor_disparagement",
    "claim_not_as_approved",
    "other_company",
    "shouting_spam",
    "voice",
    "wrong_language",
    "brief_avoid",
    "length",
    "broken_copy",
    "agreement",
    "misspelt",
    "duplicate",
}


def actor(name: str = "lea", *roles: str) -> Actor:
    return Actor(f"{name}@fernhill.example", name, frozenset(roles or ("legal",)))


def order(draft: Draft, **changes: Any) -> WaiverOrder:
    given: dict[str, Any] = {
        "field": "label",
        "rule": "voice",
        "reason": "the name of the campaign",
        "until": UNTIL,
        "seen": draft.revision,
    }
    return WaiverOrder(**{**given, **changes})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.at(tmp_path)
    office.desk.contract["review"] = {"may_waive": ["legal"]}
    office.desk.only("cta")
    office.generate()
    people = People(office.store.engine)
    people.add("lea@fernhill.example", "Lea")
    people.grant("lea@fernhill.example", "fernhill", [PersonRole.LEGAL])
    return office


def desk_of(office: Office) -> ReviewDesk:
    return ReviewDesk.over(office.copydesk)


def refused(office: Office, label: str = LOUD) -> Draft:
    """The draft with words that one rule refuses."""
    draft = office.chosen("cta")
    edited = edit_draft(office.copydesk, draft, {"label": label}, seen=draft.revision, by=BY)
    assert edited.report.verdict is Verdict.FAIL
    return edited.draft


def waived(office: Office, draft: Draft, **changes: Any) -> StoredWaiver:
    return give(desk_of(office), draft, actor(), order(draft, **changes), at=NOW)


def report_at(office: Office, draft: Draft, moment: dt.datetime) -> GuardReport:
    place = place_of_draft(office.copydesk, draft)
    judge = judge_of(place.job, place.library)
    return judge(content_of(draft, place.library), facts=place.job.facts, as_of=moment)


def test_a_waived_finding_stays_and_does_not_block(office: Office) -> None:
    draft = refused(office)
    row = waived(office, draft)
    stored = office.draft(draft.id)
    assert stored.receipt.verdicts.verdict is Verdict.PASS
    assert [item.id for item in stored.receipt.waivers] == [row.id]
    (finding,) = [item for item in stored.receipt.verdicts.findings if item.waived]
    assert finding.severity is Severity.BLOCK
    assert finding.waived is not None
    assert (finding.waived.by, finding.waived.reason) == ("lea@fernhill.example", "the name of the campaign")
    assert finding.waived.until == UNTIL
    assert stored.revision == draft.revision + 1


def test_it_is_on_the_receipt_and_in_the_audit(office: Office) -> None:
    draft = refused(office)
    row = waived(office, draft)
    revoke(desk_of(office), row, actor(), NOW)
    notes = AuditLog(office.store.engine).records(AuditFilter())
    done = {item.action: item for item in notes if item.action.startswith("waiver.")}
    assert set(done) == {"waiver.give", "waiver.revoke"}
    assert done["waiver.give"].subject == f"draft {draft.id}"
    assert done["waiver.give"].data["rule"] == "voice"
    again = waived(office, office.draft(draft.id))
    story = ReceiptReader(BlobStore(office.store.engine)).story(office.draft(draft.id)).lines
    assert any("waived by lea@fernhill.example" in line for line in story), again.id


def test_the_gate_honours_it_until_it_ends(office: Office) -> None:
    draft = refused(office)
    waived(office, draft)
    stored = office.draft(draft.id)
    assert report_at(office, stored, UNTIL - dt.timedelta(seconds=1)).verdict is Verdict.PASS
    assert report_at(office, stored, UNTIL).verdict is Verdict.FAIL
    content = content_of(stored, office.copydesk.library("fernhill"))
    job = place_of_draft(office.copydesk, stored).job
    assert last_moment([(job, content)]) == UNTIL
    judge = judge_of(job, office.copydesk.library("fernhill"))
    assert lease_end(content, judge, job.facts, job.as_of) == UNTIL


def test_another_text_market_or_locale_is_not_covered(office: Office) -> None:
    draft = refused(office)
    waived(office, draft)
    stored = office.draft(draft.id)
    edited = edit_draft(office.copydesk, stored, {"label": LOUD + "!"}, seen=stored.revision, by=BY)
    assert edited.report.verdict is Verdict.FAIL
    assert edited.draft.receipt.waivers == ()
    back = edit_draft(office.copydesk, edited.draft, {"label": LOUD}, seen=edited.draft.revision, by=BY)
    assert back.report.verdict is Verdict.PASS, "the same text is covered again"
    place = place_of_draft(office.copydesk, back.draft)
    for changes in ({"market": "DE"}, {"locale": "de-DE"}):
        judge = judge_of(place.job, place.library)
        judge = type(judge)(**{**vars(judge), **changes})
        content = content_of(back.draft, place.library)
        assert judge.waivers(content, place.job.as_of) == ()


def test_every_draft_that_says_the_text_has_it(office: Office) -> None:
    first = refused(office)
    others = [item.draft for item in office.slots()["en-US", "weekend_hikers", "cta"].candidates]
    other = next(item for item in others if item.id != first.id)
    edit_draft(office.copydesk, other, {"label": LOUD}, seen=other.revision, by=BY)
    row = waived(office, office.draft(first.id))
    assert office.draft(other.id).receipt.verdicts.verdict is Verdict.PASS
    revoke(desk_of(office), row, actor(), NOW)
    for draft_id in (first.id, other.id):
        stored = office.draft(draft_id)
        assert stored.receipt.verdicts.verdict is Verdict.FAIL
        assert stored.receipt.waivers == ()
        assert report_at(office, stored, NOW).verdict is Verdict.FAIL
    with pytest.raises(Conflict, match="revoked already"):
        revoke(desk_of(office), row, actor(), NOW)


def test_what_was_read_before_a_revocation_is_not_released(office: Office) -> None:
    draft = refused(office)
    row = waived(office, draft)
    seen = office.draft(draft.id)
    library = office.copydesk.library("fernhill")
    content, job = content_of(seen, library), place_of_draft(office.copydesk, seen).job
    revoke(desk_of(office), row, actor(), NOW)
    report = judge_of(job, library)(content, facts=job.facts, as_of=job.as_of)
    found = Gate(office.store).obstacles(content, place_of(job, library), report)
    assert any("revoked meanwhile" in item.words for item in found)


def test_a_write_that_rests_on_a_revoked_waiver_is_refused(office: Office) -> None:
    draft = refused(office)
    row = waived(office, draft)
    receipt = office.draft(draft.id).receipt
    revoke(desk_of(office), row, actor(), NOW)
    current = office.draft(draft.id)
    with pytest.raises(OutOfDate, match="revoked meanwhile"):
        office.copydesk.drafts.change([DraftChange(draft.id, current.revision, {"receipt": receipt})])


def test_a_receipt_with_a_waiver_replays(office: Office) -> None:
    draft = refused(office)
    waived(office, draft)
    replay = Replay(BlobStore(office.store.engine), office.copydesk.briefs, "0.1.0")
    found = replay(office.draft(draft.id))
    assert found.outcome is Outcome.SAME, found.lines
    assert found.verdict_now is Verdict.PASS


def test_who_may(office: Office) -> None:
    draft = refused(office)
    for who in (actor("rae", "brand reviewer"), actor("ada", "brand owner"), actor("cal", "copywriter")):
        with pytest.raises(NotPermitted, match="waived by: legal"):
            give(desk_of(office), draft, who, order(draft), at=NOW)
    with pytest.raises(NotPermitted, match="nobody waives findings in what they wrote"):
        give(desk_of(office), draft, Actor(BY, "cal", frozenset({"legal"})), order(draft), at=NOW)
    row = waived(office, draft)
    with pytest.raises(NotPermitted):
        revoke(desk_of(office), row, actor("rae", "brand reviewer"), NOW)


def test_nobody_may_where_the_contract_names_nobody(office: Office) -> None:
    draft = refused(office)
    office.desk.contract["review"] = {}
    office.write()
    with pytest.raises(NotPermitted, match="nobody may waive"):
        waived(office, draft)


def test_who_edits_the_copy_afterwards_loses_their_waiver(office: Office) -> None:
    """Nobody lets pass what they had a hand in, whichever came first."""
    draft = refused(office)
    waived(office, draft)
    stored = office.draft(draft.id)
    lea = actor().email
    there = edit_draft(office.copydesk, stored, {"label": "Plan a walk"}, seen=stored.revision, by=lea)
    back = edit_draft(office.copydesk, there.draft, {"label": LOUD}, seen=there.draft.revision, by=BY)
    assert back.report.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"seen": 1}, OutOfDate, "not at 1"),
        ({"field": "lable"}, ContentError, "no field 'lable'"),
        ({"rule": "shouting"}, ContentError, "no finding of 'shouting'"),
        ({"start": 4000}, ContentError, "no finding"),
        ({"until": NOW}, ContentError, "within 180 days"),
        ({"until": NOW + dt.timedelta(days=180, seconds=1)}, ContentError, "within 180 days"),
        ({"until": dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)}, ContentError, "would not hold any more"),
    ],
)
def test_what_cannot_be_asked_for(
    office: Office, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    draft = refused(office)
    with pytest.raises(error, match=words):
        waived(office, draft, **changes)
    assert Waivers(office.store.engine).page(["fernhill"]) == []


def test_the_longest_waiver(office: Office) -> None:
    row = waived(office, refused(office), until=NOW + dt.timedelta(days=180))
    assert row.holds(NOW)


@pytest.mark.parametrize(
    ("label", "rule"),
    [
        ("See it for $5", "values"),
        ("Write to jo@example.com", "personal_data"),
        ("{{ person.secret }}", "template_syntax"),
    ],
)
def test_real_copy_that_is_never_waived(office: Office, label: str, rule: str) -> None:
    draft = office.chosen("cta")
    edited = edit_draft(office.copydesk, draft, {"label": label}, seen=draft.revision, by=BY)
    found = [item for item in edited.report.findings if item.blocks and item.rule == rule]
    assert found, edited.report.reasons
    with pytest.raises(Conflict, match="never waived"):
        waived(office, edited.draft, rule=rule, start=found[0].start)


# what no waiver lets pass, one by one


def finding(rule: str, category: str, text: str = "It is so") -> Finding:
    return Finding(
        rule=rule,
        category=category,
        family=Family.LEGAL,
        severity=Severity.BLOCK,
        field="body",
        start=0,
        end=len(text),
        message="no",
    )


def forged(item: Finding, text: str = "It is so") -> Waiver:
    """A waiver that fits the finding, as if one had been given."""
    return Waiver(
        id="w1",
        rule=item.rule,
        category=item.category,
        text=text_hash(text),
        start=item.start,
        end=item.end,
        locale="en-US",
        market="US",
        by="lea@fernhill.example",
        role="legal",
        reason="because",
        at=NOW,
        until=UNTIL,
    )


def report_of(*results: RuleResult) -> GuardReport:
    return GuardReport(required=tuple(item.rule for item in results), results=results)


def refusing(item: Finding) -> GuardReport:
    return report_of(RuleResult(rule=item.rule, verdict=Verdict.FAIL, findings=(item,)))


@pytest.mark.parametrize("category", sorted(NEVER))
def test_never_by_category(category: str) -> None:
    item = finding("some_rule", category)
    assert never(item, "some_rule") == NEVER[category]
    assert with_waivers(refusing(item), "It is so", [forged(item)]).verdict is Verdict.FAIL


@pytest.mark.parametrize("rule", sorted(NEVER_GUARDRAILS))
def test_never_by_guardrail(rule: str) -> None:
    item = finding("a_brands_own", "a_brands_own")
    assert never(item, rule) == NEVER_GUARDRAILS[rule]
    refused_by_it = report_of(RuleResult(rule=rule, verdict=Verdict.FAIL, findings=(item,)))
    assert with_waivers(refused_by_it, "It is so", [forged(item)]).verdict is Verdict.FAIL


@pytest.mark.parametrize("kind", sorted(NEVER_KINDS))
def test_never_by_kind(kind: str) -> None:
    item = finding("voice", "voice")
    assert never(item, "voice", kind)
    assert with_waivers(refusing(item), "It is so", [forged(item)], kind=kind).verdict is Verdict.FAIL
    assert with_waivers(refusing(item), "It is so", [forged(item)], kind="hero").verdict is Verdict.PASS


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.NOT_RUN])
def test_a_rule_that_gave_no_verdict_is_never_waived(verdict: Verdict) -> None:
    item = finding("voice", "voice")
    odd = report_of(RuleResult(rule="voice", verdict=verdict, findings=(item,), detail="it raised"))
    assert with_waivers(odd, "It is so", [forged(item)]).verdict is verdict
    beside = report_of(
        RuleResult(rule="voice", verdict=Verdict.FAIL, findings=(item,)),
        RuleResult(rule="language", verdict=verdict, detail="it raised"),
    )
    assert with_waivers(beside, "It is so", [forged(item)]).verdict is verdict


@pytest.mark.parametrize("category", sorted(WAIVABLE))
def test_the_rest_can_be_waived(category: str) -> None:
    item = finding("some_rule", category)
    assert never(item, "some_rule") is None
    assert with_waivers(refusing(item), "It is so", [forged(item)]).verdict is Verdict.PASS


def test_every_category_is_in_one_of_the_two_lists() -> None:
    known = {category for guardrail in GUARDRAILS for category in guardrail.categories}
    assert known <= WAIVABLE | NEVER.keys()
    assert not WAIVABLE & NEVER.keys()


def test_every_guardrail_of_the_list_exists() -> None:
    assert NEVER_GUARDRAILS.keys() <= {guardrail.id for guardrail in GUARDRAILS}


FIELDS = ("rule", "category", "text", "start", "end")


@given(
    changed=st.sets(st.sampled_from(FIELDS)),
    severity=st.sampled_from(list(Severity)),
    others=st.lists(st.sampled_from(["voice", "length"]), max_size=3),
)
def test_a_waiver_lets_exactly_its_finding_pass(
    changed: set[str], severity: Severity, others: list[str]
) -> None:
    item = finding("shouting", "shouting_spam").model_copy(update={"severity": severity})
    other = {"rule": "voice", "category": "voice", "text": text_hash("other"), "start": 1, "end": 2}
    waiver = forged(item).model_copy(update={name: other[name] for name in changed})
    rest = tuple(finding(rule, rule) for rule in others)
    report = report_of(
        RuleResult(rule="shouting", verdict=Verdict.FAIL, findings=(item, *rest)),
        RuleResult(rule="agreement", verdict=Verdict.PASS),
    )
    found = with_waivers(report, "It is so", [waiver])
    marked = [each for each in found.findings if each.waived]
    assert len(marked) == (not changed and severity is Severity.BLOCK)
    assert [each.model_copy(update={"waived": None}) for each in found.findings] == list(report.findings)
    if marked:
        assert found.verdict is (Verdict.FAIL if rest else Verdict.PASS)
        assert without_waivers(found, [waiver.id]).findings == report.findings
        assert without_waivers(found, ["another"]) == found
    else:
        assert found == report


def test_json_of_findings_is_as_before_where_nothing_is_waived() -> None:
    assert "waived" not in finding("voice", "voice").model_dump(mode="json")
    assert copy.deepcopy(finding("voice", "voice")) == finding("voice", "voice")
