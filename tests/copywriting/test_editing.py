"""Edits, whatever they are: no approval outlives the words that it was given for (invariant 5)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copywriting.consequences import standing_approvals
from app.copywriting.desk import Desk as Copydesk
from app.copywriting.editing import edit_draft
from app.copywriting.places import place_of_draft
from app.db.audit_log import AuditLog
from app.db.drafts import DraftChange
from app.db.judgements import KeptJudgements
from app.db.people import People
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState, Origin
from app.errors import Conflict, OutOfDate
from app.generation.judging import JudgeModel
from app.generation.kept_answers import judge_of
from app.llm.scripted import Answer, Script, ScriptedModel, judging
from app.release.approvals import lacking
from app.release.content import SlotContent
from app.settings import content_root
from app.verdicts.judgements import Judgements
from app.verdicts.reports import Verdict
from tests.copywriting.office import BY, NOW, REVIEWER, Office
from tests.generation.desk import LINES

LABELS = [
    "Come back outside",
    "Plan a walk",
    "Find a quiet path",
    "It heals colds",
    "Only $5",
    "{product.name}",
]
STATES = [DraftState.APPROVED, DraftState.IN_REVIEW, DraftState.CHANGES_REQUESTED, DraftState.DRAFT]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.at(tmp_path)
    office.desk.only("cta")
    office.generate()
    return office


def test_no_approval_outlives_the_words_it_was_given_for(office: Office) -> None:
    desk = office.copydesk
    first, place = office.chosen("cta"), office.place("cta")

    @given(
        steps=st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(STATES)), min_size=1, max_size=5)
    )
    def holds(steps: list[tuple[str, DraftState]]) -> None:
        for label, state in steps:
            before = office.draft(first.id)
            approved = _approved(office, before)
            desk.drafts.change([DraftChange(first.id, approved.revision, {"state": state})])
            seen = office.draft(first.id)
            edited = edit_draft(desk, seen, {"label": label}, seen=seen.revision, by=BY).draft
            stored = office.draft(first.id)
            assert stored.revision == edited.revision
            if label == before.copy_fields["label"]:
                assert stored.state is state
                continue
            assert standing_approvals(stored) == 0
            assert stored.state in (DraftState.DRAFT, DraftState.IN_REVIEW)
            assert stored.state is DraftState.DRAFT or stored.receipt.verdicts.verdict is Verdict.PASS
            assert stored.content_hash == stored.actual_hash()
            assert (stored.origin, stored.confidence, stored.approved_at) == (Origin.EDITED, None, None)
            assert stored.receipt.edits[-1].after == stored.content_hash
            assert lacking(SlotContent.of_draft(stored), place, office.store)
        last = office.draft(first.id)
        fresh = last.receipt.model_copy(update={"approvers": (), "edits": ()})  # or they grow and grow
        desk.drafts.change([DraftChange(last.id, last.revision, {"receipt": fresh})])

    holds()


def _approved(office: Office, draft: Draft) -> Draft:
    approval = DraftApproval(by=REVIEWER, role="brand reviewer", at=NOW, content_hash=draft.content_hash)
    receipt = draft.receipt.model_copy(update={"approvers": (*draft.receipt.approvers, approval)})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    return office.draft(draft.id)


def test_who_edited_cannot_approve(office: Office) -> None:
    draft = office.chosen("cta")
    edited = edit_draft(office.copydesk, draft, {"label": "Find a quiet path"}, seen=1, by=REVIEWER).draft
    office.approve(edited, by=REVIEWER)
    words = [item.words for item in lacking(SlotContent.of_draft(edited), office.place("cta"), office.store)]
    assert any("lacks an approval of this copy" in item for item in words)
    office.approve(office.draft(draft.id), by="lea@fernhill.example")
    assert lacking(SlotContent.of_draft(office.draft(draft.id)), office.place("cta"), office.store) == []


def test_of_two_who_edit_at_once_the_second_is_told(office: Office) -> None:
    draft = office.chosen("cta")
    edit_draft(office.copydesk, draft, {"label": "Find a quiet path"}, seen=1, by=BY)
    with pytest.raises(OutOfDate):
        edit_draft(office.copydesk, draft, {"label": "Walk with us today"}, seen=1, by=REVIEWER)
    assert office.draft(draft.id).copy_fields == {"label": "Find a quiet path"}


def test_an_edit_is_judged_with_the_facts_of_now(office: Office) -> None:
    draft = office.chosen("cta")
    edited = edit_draft(office.copydesk, draft, {"label": "See it for $129"}, seen=1, by=BY)
    assert edited.report.verdict is Verdict.PASS, edited.report.reasons
    office.desk.target["facts"]["product.price"]["value"] = "119"
    office.keep()
    again = office.draft(draft.id)
    assert again.receipt.verdicts.verdict is Verdict.FAIL
    edited = edit_draft(office.copydesk, again, {"label": "See it for $119"}, seen=again.revision, by=BY)
    assert edited.report.verdict is Verdict.PASS, edited.report.reasons


def test_copy_from_an_approved_block_becomes_a_draft_of_its_own(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.desk.only("footer")
    office.generate()
    block = office.chosen("footer")
    assert block.block == "footer_evergreen"
    edit_draft(office.copydesk, block, {"closing": "Thank you. See you outside."}, seen=1, by=BY)
    edited = office.draft(block.id)
    assert (edited.block, edited.origin) == (None, Origin.EDITED)
    words = [i.words for i in lacking(SlotContent.of_draft(edited), office.place("footer"), office.store)]
    assert any("is not approved but draft" in item for item in words)


def test_a_draft_whose_brief_was_never_stored(office: Office) -> None:
    draft = office.chosen("cta")
    other = type(draft)(**{name: getattr(draft, name) for name in type(draft).model_fields})
    other.id, other.brief_id, other.slot_fingerprint = "9" * 32, "long_gone", None
    office.copydesk.drafts.add(other)
    with pytest.raises(Conflict, match="'long_gone' of this draft is not stored"):
        edit_draft(office.copydesk, other, LINES["cta"][2], seen=1, by=BY)


CONTROLS = (content_root() / "prompts" / "judge" / "controls.jinja").read_text("utf-8").splitlines()
JUDGE = judging({**dict.fromkeys(CONTROLS, "health_claim"), "the quiet path": "health_claim"})


def _asking(office: Office, script: Script) -> tuple[Copydesk, ScriptedModel]:
    """The desk with a model that judges what comes in."""
    model = ScriptedModel(script)
    judge = JudgeModel(model, KeptJudgements(office.store.engine), seconds=5)
    prompts = office.copydesk.serving.prompts

    def asking(texts: Sequence[str]) -> Judgements:
        return asyncio.run(judge.reading(prompts).ask(texts))

    return replace(office.copydesk, asking=asking), model


def test_a_model_that_judges_refuses_an_edit_for_good(office: Office) -> None:
    desk, model = _asking(office, JUDGE)
    draft = office.chosen("cta")
    edited = edit_draft(desk, draft, {"label": "Find the quiet path"}, seen=draft.revision, by=BY).draft
    assert edited.receipt.verdicts.verdict is Verdict.FAIL
    assert {item.rule for item in edited.receipt.verdicts.blocking} == {"model_judge"}
    assert edited.receipt.judgements is not None
    assert len(model.requests) == 1
    place = place_of_draft(desk, edited)
    again = judge_of(place.job, place.library)(
        SlotContent.of_draft(edited), facts=place.job.facts, as_of=place.job.as_of
    )
    assert again == edited.receipt.verdicts  # as the gate judges it, without any call
    assert len(model.requests) == 1


def test_an_edit_without_a_judge_drops_answers_about_other_words(office: Office) -> None:
    desk, _ = _asking(office, JUDGE)
    draft = office.chosen("cta")
    judged = edit_draft(desk, draft, {"label": "Find a path to walk"}, seen=draft.revision, by=BY).draft
    assert judged.receipt.judgements is not None
    assert judged.receipt.verdicts.verdict is Verdict.PASS
    plain = edit_draft(
        office.copydesk, judged, {"label": "Find a path outside"}, seen=judged.revision, by=BY
    ).draft
    assert plain.receipt.judgements is None
    assert "model_judge" not in plain.receipt.verdicts.required


def test_where_the_judge_failed_the_same_words_are_asked_about_again(office: Office) -> None:
    answers: list[Answer] = ["no answer"]
    desk, model = _asking(office, lambda request: answers.pop() if answers else JUDGE(request))
    draft = office.chosen("cta")
    words = {"label": "Find a path to walk"}
    failed = edit_draft(desk, draft, words, seen=draft.revision, by=BY).draft
    assert failed.receipt.verdicts.verdict is Verdict.ERROR
    asked = edit_draft(desk, failed, words, seen=failed.revision, by=BY).draft
    assert asked.receipt.verdicts.verdict is Verdict.PASS
    assert edit_draft(desk, asked, words, seen=asked.revision, by=BY).change is None
    assert len(model.requests) == 2


def test_an_edit_is_recorded_without_its_words(office: Office) -> None:
    cal = People(office.store.engine).add(BY, "Cal").id
    draft = office.approve(office.chosen("cta"))
    edited = edit_draft(office.copydesk, draft, {"label": "It heals colds"}, seen=draft.revision, by=BY).draft
    newest, *_ = AuditLog(office.store.engine).records()
    assert (newest.action, newest.actor, newest.subject) == ("draft.edit", cal, f"draft {draft.id}")
    assert newest.data == {
        "before": draft.content_hash,
        "after": edited.content_hash,
        "verdict": "fail",
        "state": "draft",
        "approvals_ended": 1,
    }
