"""Facts that change: the effect before it is applied, approvals that end, copy that stays."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.facts import DeadlineFact, FactSheet
from app.copywriting.consequences import standing_approvals
from app.copywriting.fact_changes import FactsEffect, TargetChange, apply_facts, preview_facts, setting
from app.copywriting.revising import patch_brief
from app.db.audit_log import AuditLog
from app.db.drafts import DraftChange
from app.db.people import People
from app.db.tables import DraftState
from app.errors import ContentError, NotFound, OutOfDate
from app.llm.scripted import ScriptedModel
from app.release.values import changed_since, changed_values
from app.verdicts.reports import Verdict
from tests.copywriting.office import BY, REVIEWER, Office
from tests.generation.desk import LINES, answering

PRICED = {
    **LINES,
    "hero": [
        {
            "headline": "Come back outside",
            "body": "The {product.name} is yours for {product.price}. Take your time.",
        },
        {
            "headline": "Leave early and walk far",
            "body": "The morning is quiet on the trail. Come outside with us.",
        },
        {"headline": "A good coat and a free hour", "body": "Look at the {product.name} and plan a walk."},
    ],
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A brief whose hero states a name and a price, answered."""
    office = Office.at(tmp_path)
    office.generate(answering(PRICED))
    return office


def change(**facts: Any) -> tuple[TargetChange, ...]:
    """New values by fact, dots written as two underscores."""
    named = {name.replace("__", "."): value for name, value in facts.items()}
    return (TargetChange(locale="en-US", facts=named),)


def preview(office: Office, *changes: TargetChange) -> FactsEffect:
    return preview_facts(office.copydesk, office.stored(), changes, office.copydesk.library("fernhill"))


def apply(office: Office, *changes: TargetChange, by: str = BY) -> FactsEffect:
    return apply_facts(office.copydesk, office.stored(), changes, office.copydesk.library("fernhill"), by=by)


def test_the_effect_is_shown_and_nothing_is_stored(office: Office) -> None:
    priced = office.approve(office.naming("product.price"))
    seen = preview(office, *change(product__price={"value": "119.00"}))
    assert [(item.what, item.before, item.after) for item in seen.values] == [
        ("product.price", "$129 (price)", "$119 (price)")
    ]
    assert seen.effect.approvals_ended == (priced.id,)
    (email,) = seen.effect.emails_changed
    assert (email.segment, email.kinds, email.approved) == ("weekend_hikers", ("hero",), True)
    assert email.what == (
        "'The Ridgeline Coat is yours for $129. Take your time.' becomes "
        "'The Ridgeline Coat is yours for $119. Take your time.'",
    )
    assert (seen.applied, seen.can_be_applied, seen.revision) == (False, True, 1)
    assert office.stored().revision == 1
    assert office.draft(priced.id).state is DraftState.APPROVED


def test_an_applied_change_ends_what_it_has_to_and_keeps_all_copy(office: Office) -> None:
    priced = office.approve(office.naming("product.price"))
    button = office.approve(office.chosen("cta"))
    words = {item.draft.id: item.draft.copy_fields for s in office.slots().values() for item in s.candidates}
    done = apply(office, *change(product__price={"value": "119.00"}))
    assert (done.applied, done.revision) == (True, 2)
    after = office.draft(priced.id)
    assert (after.state, after.revision, after.approved_at) == (DraftState.IN_REVIEW, 3, None)
    (approval,) = after.receipt.approvers
    assert approval.by == REVIEWER
    assert approval.ended is not None
    assert (approval.ended.by, approval.ended.why) == (BY, "other values of: product.price")
    assert office.draft(button.id).state is DraftState.APPROVED
    assert standing_approvals(office.draft(button.id)) == 1
    assert {draft_id: office.draft(draft_id).copy_fields for draft_id in words} == words
    newest = office.copydesk.briefs.revisions("fernhill", "fernhill_hello")[0]
    assert (newest.author, newest.change) == (BY, "facts of en-US")


def test_no_model_is_asked_for_copy_that_still_passes(office: Office) -> None:
    apply(office, *change(product__price={"value": "119.00"}, product__name={"value": "Fernhill Coat"}))
    office.brief["targets"][0]["facts"] = {
        name: fact.model_dump(mode="json") for name, fact in office.stored().content.targets[0].facts.items()
    }
    model = ScriptedModel(answering(PRICED))
    generated = office.desk.run(model)
    assert model.requests == []
    assert all(item.answer.stored for item in generated.settled)
    heroes = [
        k.variant.copy_fields
        for item in generated.settled
        if item.job.kind.id == "hero"
        for k in item.answer.kept
    ]
    assert len(heroes) == 2


def test_a_slot_is_asked_anew_when_none_of_its_copy_passes_with_the_new_values(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.desk.slots["hero"]["variants"] = 1
    body = (
        "The {product.name} is made for days like these, when the rain comes in from the hills and the path "
    )
    body += "is soft. Pack a snack, leave early and take your time on the way home with your friends."
    lines = [{"headline": "Come back outside", "body": body}, *PRICED["hero"][1:]]
    office.generate(answering({**PRICED, "hero": lines}))
    office.brief["targets"][0]["facts"]["product.name"]["value"] = "Very " * 14 + "Long Coat"
    office.keep()
    first = office.chosen("hero")
    assert first.receipt.verdicts.verdict is Verdict.FAIL
    model = ScriptedModel(answering({**PRICED, "hero": lines[1:]}))
    office.desk.run(model)
    assert [request.purpose.kind for request in model.requests] == ["hero"]
    assert office.chosen("hero").id != first.id
    assert office.draft(first.id).state is DraftState.WITHDRAWN


def test_findings_that_copy_would_get_and_tokens_that_lose_their_value(office: Office) -> None:
    seen = preview(office, *change(product__price=None))
    (priced,) = [item for item in seen.effect.drafts if "{product.price}" in str(item.copy_fields)]
    assert priced.without_value == ("product.price",)
    assert (priced.verdict_before, priced.verdict) == (Verdict.PASS, Verdict.FAIL)
    assert any("no such fact" in finding.message for finding in priced.findings)
    assert [item.kind for item in seen.effect.drafts] == ["hero"]


def test_a_contradiction_is_shown_and_not_applied(office: Office) -> None:
    was = {"kind": "money", "role": "was_price", "value": "99.00", "currency": "USD", "source": "catalog"}
    seen = preview(office, *change(product__was_price=was))
    assert not seen.can_be_applied
    assert [item.pointer for item in seen.problems] == ["/targets/0/facts/product.price"]
    assert "is not below was_price 99.00" in seen.problems[0].message
    with pytest.raises(ContentError, match="is not below was_price"):
        apply(office, *change(product__was_price=was))
    assert office.stored().revision == 1


def test_a_token_of_the_brief_itself_that_loses_its_fact(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.brief["message"] = "the {product.name} is back"
    office.keep()
    seen = preview(office, *change(product__name=None))
    assert [(item.pointer, item.message) for item in seen.problems] == [
        ("/message", "nothing declares the token '{product.name}'")
    ]


def test_values_that_make_no_fact_and_targets_that_are_not_there(office: Office) -> None:
    with pytest.raises(ContentError, match=r"facts/product\.price/value: should be greater than 0"):
        preview(office, *change(product__price={"value": "-1"}))
    with pytest.raises(
        ContentError, match=r"/targets/0/locale: there is no target 'en-GB' \(did you mean 'en-US'"
    ):
        preview(office, TargetChange(locale="en-GB"))
    with pytest.raises(NotFound, match=r"no target has a fact 'product\.prize'"):
        setting(office.stored(), {"product.prize": "1"})
    with pytest.raises(NotFound, match="the brief has no target 'de-DE'"):
        setting(office.stored(), {"product.price": "1"}, "de-DE")


def test_invariant_5_a_link_that_leads_elsewhere_ends_the_approval_of_its_button(
    office: Office,
) -> None:
    button, opening = office.approve(office.chosen("cta")), office.approve(office.chosen("hero"))
    elsewhere = TargetChange(locale="en-US", links={"home": "https://fernhill.example/coats"})
    seen = preview(office, elsewhere)
    (email,) = seen.effect.emails_changed
    assert (email.kinds, email.what) == (("cta",), ("the link 'home' leads elsewhere",))
    assert seen.effect.approvals_ended == (button.id,)
    (effect,) = [item for item in seen.effect.drafts if item.approval_ends]
    assert effect.why == "other values of: link"
    apply(office, elsewhere)
    assert office.draft(button.id).state is DraftState.IN_REVIEW
    assert office.draft(opening.id).state is DraftState.APPROVED


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("hero", {"slots": {"image": "logo"}}),
        ("hero", {"targets": {"market": "CA"}}),
        ("cta", {"targets": {"market": "CA"}}),
        ("hero", {"slots": {"shown_when": {"variable": "person.first_name"}, "otherwise": "hero_evergreen"}}),
    ],
)
def test_invariant_5_another_picture_market_or_condition_ends_the_approval(
    office: Office, kind: str, change: dict[str, dict[str, str]]
) -> None:
    approved = office.approve(office.chosen(kind))
    patch: dict[str, Any] = {}
    for name, values in change.items():
        items = copy.deepcopy(office.brief[name])
        for item in items:
            if name == "targets" or item["kind"] == kind:
                item.update(values)
        patch[name] = items
    desk = office.copydesk
    revised = patch_brief(desk, office.stored(), patch, desk.library("fernhill"), by=BY)
    assert revised.effect.approvals_ended == (approved.id,)
    assert office.draft(approved.id).state is DraftState.IN_REVIEW


def test_an_approval_from_before_links_were_kept_holds_for_its_values(office: Office) -> None:
    approved = office.approve(office.chosen("cta"))
    (given,) = approved.receipt.approvers
    old = given.model_copy(update={"values": {}})
    elsewhere = {"link": "https://fernhill.example/coats", "market": "US"}
    facts = FactSheet(locale="en-US")
    assert changed_since(old, approved, facts, elsewhere) == set()
    assert changed_since(given, approved, facts, elsewhere) == {"link"}
    assert changed_since(given, approved, facts) == set()


def test_an_approval_from_before_links_were_kept_ends_with_the_first_change_of_them(office: Office) -> None:
    approved = office.approve(office.chosen("cta"))
    (given,) = approved.receipt.approvers
    receipt = approved.receipt.model_copy(update={"approvers": (given.model_copy(update={"values": {}}),)})
    office.copydesk.drafts.change([DraftChange(approved.id, approved.revision, {"receipt": receipt})])
    elsewhere = TargetChange(locale="en-US", links={"home": "https://fernhill.example/coats"})
    assert preview(office, elsewhere).effect.approvals_ended == (approved.id,)
    apply(office, elsewhere)
    assert office.draft(approved.id).state is DraftState.IN_REVIEW
    (ended,) = office.draft(approved.id).receipt.approvers
    assert ended.ended is not None
    assert ended.ended.why == "other values of: link"


def test_the_same_facts_make_no_revision(office: Office) -> None:
    done = apply(office, *change(product__price={"value": "129.00"}))
    assert (done.applied, done.revision, done.values) == (True, 1, ())


def test_an_extended_deadline_is_reported_and_keeps_its_earlier_end(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    ends = {
        "kind": "deadline",
        "role": "ends",
        "value": "2026-11-22T23:59:00+00:00",
        "source": "offer list",
    }
    office.brief["targets"][0]["facts"]["offer.ends"] = ends
    office.keep()
    later = change(offer__ends={"value": "2026-11-29T23:59:00+00:00"})
    (seen,) = preview(office, *later).values
    assert seen.after == "November 29 (ends), announced before for 2026-11-22T23:59:00+00:00"
    apply(office, *later)
    (fact,) = [
        fact for fact in office.stored().content.targets[0].facts.values() if isinstance(fact, DeadlineFact)
    ]
    assert [moment.day for moment in fact.previously] == [22]


def test_a_merge_patch_ends_approvals_as_well(office: Office) -> None:
    priced = office.approve(office.naming("product.price"))
    targets = copy.deepcopy(office.brief["targets"])
    targets[0]["facts"]["product.price"]["value"] = "119"
    desk = office.copydesk
    revised = patch_brief(desk, office.stored(), {"targets": targets}, desk.library("fernhill"), by=BY)
    assert revised.effect.approvals_ended == (priced.id,)
    assert office.draft(priced.id).state is DraftState.IN_REVIEW


def test_a_brief_read_from_a_file_with_other_values_ends_approvals_as_well(office: Office) -> None:
    priced = office.approve(office.naming("product.price"))
    office.desk.target["facts"]["product.price"]["value"] = "119"
    office.keep()
    assert office.draft(priced.id).state is DraftState.IN_REVIEW


def test_who_looked_at_an_older_revision_applies_nothing(office: Office) -> None:
    desk, old = office.copydesk, office.stored()
    apply(office, *change(product__price={"value": "119.00"}))
    with pytest.raises(OutOfDate, match="at revision 2, not at revision 1"):
        apply_facts(desk, old, change(product__price={"value": "109.00"}), desk.library("fernhill"), by=BY)
    assert office.stored().revision == 2


def test_a_draft_that_is_approved_while_the_effect_is_worked_out_is_judged_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The approval lands after the drafts were read and before the change is stored."""
    from app.copywriting import revising

    priced = office.naming("product.price")
    worked_out = revising.prepare

    def slow(*given: Any) -> Any:
        prepared = worked_out(*given)
        if office.draft(priced.id).state is DraftState.DRAFT:
            office.approve(priced)
        return prepared

    monkeypatch.setattr(revising, "prepare", slow)
    monkeypatch.setattr("app.copywriting.fact_changes.prepare", slow)
    done = apply(office, *change(product__price={"value": "119.00"}))
    assert done.effect.approvals_ended == (priced.id,)
    assert office.draft(priced.id).state is DraftState.IN_REVIEW


NAMES = st.sampled_from(["Ridgeline Coat", "Fernhill Coat", "Fernhill Club Coat", "Ridgeline Vest"])
PRICES = st.decimals(min_value=1, max_value=999, places=2)


def test_no_approval_outlives_the_values_it_was_given_for(office: Office) -> None:
    """Invariant 5, whatever the values become: an approved draft has no value that was not approved."""
    desk = office.copydesk
    library = desk.library("fernhill")

    @given(name=NAMES, price=PRICES)
    def holds(name: str, price: Decimal) -> None:
        for kind in ("hero", "cta"):
            for item in office.slots()["en-US", "weekend_hikers", kind].candidates:
                if item.draft.state is not DraftState.APPROVED:
                    office.approve(item.draft)
        changes = setting(office.stored(), {"product.name": name, "product.price": str(price)})
        before = {d.id: d for d in desk.drafts.of_brief("fernhill", "fernhill_hello").drafts}
        apply_facts(desk, office.stored(), changes, library, by=BY)
        facts = {s.job.key: s.job.facts for s in office.slots().values()}
        for draft in desk.drafts.of_brief("fernhill", "fernhill_hello").drafts:
            assert draft.copy_fields == before[draft.id].copy_fields
            assert len(draft.receipt.approvers) == len(before[draft.id].receipt.approvers)
            sheet = facts[draft.locale, draft.segment, draft.kind]
            if draft.state is DraftState.APPROVED:
                assert changed_values(draft, sheet) == []
                assert standing_approvals(draft)
            elif before[draft.id].state is DraftState.APPROVED:
                assert draft.state is DraftState.IN_REVIEW
                assert not standing_approvals(draft)
        _clear(office)

    holds()


def _clear(office: Office) -> None:
    """Forget old approvals, so that receipts do not grow from example to example."""
    rows = office.copydesk.drafts.of_brief("fernhill", "fernhill_hello").drafts
    office.copydesk.drafts.change(
        [
            DraftChange(
                d.id,
                d.revision,
                {"receipt": d.receipt.model_copy(update={"approvers": ()}), "state": DraftState.DRAFT},
            )
            for d in rows
            if d.receipt.approvers
        ]
    )


def test_what_ends_an_approval_is_recorded_with_who_did_it(office: Office) -> None:
    ada = People(office.store.engine).add(BY, "Cal").id
    draft = office.approve(office.naming("product.price"))
    apply(office, *change(product__price={"value": "119.00"}))
    newest, *_ = AuditLog(office.store.engine).records()
    assert (newest.action, newest.actor, newest.subject) == ("draft.end_approvals", ada, f"draft {draft.id}")
    assert newest.data == {"approvals_ended": 1, "verdict": "pass", "state": "in_review"}
