"""A receipt replays from what is stored: same verdicts, or which rule and which bytes stand against it."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.copywriting.editing import edit_draft
from app.copywriting.human_copy import write_draft
from app.copywriting.places import place_for
from app.copywriting.reviewing import ReviewDesk
from app.db.blobs import BlobStore
from app.db.briefs import Briefs
from app.db.drafts import DraftChange
from app.db.service_tables import Blob, BriefRevision
from app.db.tables import Draft, now
from app.generation.hashing import facts_blob
from app.generation.replaying import Outcome, Replay, Replayed
from app.review.situation import Actor
from app.verdicts.judgements import Judged, Judgement, Judgements, text_hash
from app.verdicts.reports import Verdict
from tests.copywriting.office import BY, Office

ENGINE = "0.1.0"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose brief was answered."""
    office = Office.at(tmp_path)
    office.generate()
    yield office
    office.store.close()


def replay(office: Office, draft: Draft, engine: str = "") -> Replayed:
    engines = office.store.engine
    return Replay(BlobStore(engines), Briefs(engines), engine or draft.receipt.engine)(office.draft(draft.id))


def drafts(office: Office) -> list[Draft]:
    return office.store.drafts()


def change_blob(office: Office, digest: str, **values: Any) -> None:
    which = col(Blob.hash) == digest
    with Session(office.store.engine) as session, session.begin():
        session.execute(update(Blob).where(which).values(**values) if values else delete(Blob).where(which))


def test_everything_generated_from_a_folder_replays_without_the_folder(office: Office) -> None:
    for path in (office.desk.root / "brand").rglob("*.yaml"):
        path.write_text("broken: [")
    found = [replay(office, draft) for draft in drafts(office)]
    assert {item.outcome for item in found} == {Outcome.SAME}
    assert len(found) == 7
    assert all(item.notes == () and item.verdict_now is Verdict.PASS and item.rules for item in found)
    assert "rules judge the same; pass then, pass now" in found[0].lines[0]


def test_what_people_edit_and_write_replays_with_what_blocks_it(office: Office) -> None:
    draft = office.chosen("hero")
    edit_draft(
        office.copydesk, draft, {"headline": "Save 50% with our miracle coat"}, seen=draft.revision, by=BY
    )
    found = replay(office, draft)
    assert (found.outcome, found.verdict_then, found.verdict_now) == (
        Outcome.SAME,
        Verdict.FAIL,
        Verdict.FAIL,
    )
    assert any(rule.findings_now and rule.findings_now == rule.findings_then for rule in found.rules)
    place = place_for(office.copydesk, office.stored(), locale="en-US", segment="weekend_hikers", kind="cta")
    written = write_draft(office.copydesk, place, {"label": "See the Ridgeline Coat"}, by=BY, engine=ENGINE)
    assert replay(office, written.draft).outcome is Outcome.SAME


def test_it_takes_the_brief_and_the_facts_that_judged_last(office: Office) -> None:
    """A revision that avoids a word and has another price judges the drafts anew, and so does the replay."""
    old = office.chosen("cta")
    office.brief["avoid"] = ["outside"]
    office.brief["targets"][0]["facts"]["product.price"]["value"] = "99.00"
    office.keep()
    found = replay(office, old)
    assert office.draft(old.id).receipt.hashes.facts != old.receipt.hashes.facts
    assert (found.outcome, found.notes) == (Outcome.SAME, ())


def test_a_later_revision_with_the_same_facts_is_not_taken_for_the_one_that_judged(office: Office) -> None:
    """What was judged again for a new price was not judged for the word that a later revision avoids."""
    old = office.chosen("cta")
    office.brief["targets"][0]["facts"]["product.price"]["value"] = "99.00"
    office.keep()
    office.brief["avoid"] = ["outside"]
    office.keep()
    assert "outside" in " ".join(old.copy_fields.values())
    found = replay(office, old)
    assert (found.outcome, found.verdict_then, found.verdict_now) == (
        Outcome.SAME,
        Verdict.PASS,
        Verdict.PASS,
    )


def test_a_report_over_other_rules_than_had_to_judge_is_not_the_same(office: Office) -> None:
    draft = office.chosen("hero")
    report = draft.receipt.verdicts
    forged = report.model_copy(update={"required": (*report.required, "another_rule")})
    receipt = draft.receipt.model_copy(update={"verdicts": forged})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    found = replay(office, draft)
    assert (found.outcome, found.verdict_then, found.verdict_now) == (
        Outcome.DIFFERENT,
        Verdict.NOT_RUN,
        Verdict.PASS,
    )
    assert "had to judge then" in found.notes[0]


def test_the_verdict_of_an_approval_replays(office: Office) -> None:
    """An approver saw the verdict of that moment, and not the one from when the copy was written."""
    draft = office.chosen("cta")
    report = draft.receipt.verdicts
    old = report.model_copy(update={"results": report.results[:-1]})
    hashes = draft.receipt.hashes.model_copy(update={"contract": "", "asked": ""})
    receipt = draft.receipt.model_copy(update={"verdicts": old, "hashes": hashes})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    desk = ReviewDesk.over(office.copydesk)
    for name, role in (("submit", "copywriter"), ("approve", "brand reviewer")):
        actor = Actor(f"{role[:5]}@example.com", role, frozenset({role}))
        stored = office.draft(draft.id)
        desk.act(name, stored, actor, seen=stored.revision, at=stored.receipt.as_of - dt.timedelta(days=2))
    approved = office.draft(draft.id)
    assert [item.role for item in approved.receipt.approvers] == ["brand reviewer"]
    assert len(approved.receipt.verdicts.results) == len(report.results)
    assert approved.receipt.hashes.asked
    assert replay(office, approved).outcome is Outcome.SAME


def test_a_verdict_that_does_not_follow_is_named_rule_by_rule(office: Office) -> None:
    draft = office.chosen("hero")
    report = draft.receipt.verdicts
    first = report.results[0].model_copy(update={"verdict": Verdict.FAIL})
    forged = report.model_copy(update={"results": (first, *report.results[1:])})
    receipt = draft.receipt.model_copy(update={"verdicts": forged})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    found = replay(office, draft)
    assert found.outcome is Outcome.DIFFERENT
    assert [rule.rule for rule in found.rules if not rule.same] == [first.rule]
    assert f"  {first.rule}: fail then, pass now" in found.lines


def test_copy_that_was_changed_past_copydesk_does_not_replay(office: Office) -> None:
    draft = office.chosen("cta")
    values = {"copy_fields": {"label": "Buy now"}}
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, values)])
    found = replay(office, draft)
    assert (found.outcome, found.notes) == (
        Outcome.CANNOT,
        ("the copy is not the one that its hash was made of",),
    )


def test_another_engine_is_said(office: Office) -> None:
    found = replay(office, office.chosen("cta"), engine="9.9.9")
    assert found.outcome is Outcome.SAME
    assert "the engine has changed since: Copydesk " in found.lines[1]
    assert "9.9.9 now" in found.lines[1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"pruned_at": now(), "data": b""}, "by retention"),
        ({"data": b"nothing"}, "damaged"),
        ({}, "never stored"),
    ],
)
def test_bytes_that_are_not_there_are_named(office: Office, values: dict[str, Any], words: str) -> None:
    draft = office.chosen("cta")
    listing = json.loads(BlobStore(office.store.engine).read(draft.receipt.hashes.brand))
    change_blob(office, listing["brand/fernhill/voice.yaml"], **values)
    found = replay(office, draft)
    assert found.outcome is Outcome.CANNOT
    ((lost),) = found.lost
    assert (lost.what, words in lost.words) == ("brand/fernhill/voice.yaml", True)
    assert any(lost.hash[:12] in line for line in found.lines)
    change_blob(office, draft.receipt.hashes.brand, **values)
    assert [item.what for item in replay(office, draft).lost] == ["the brand's files"]


def test_facts_that_are_gone_come_from_the_brief_as_long_as_that_is_there(office: Office) -> None:
    draft = office.chosen("hero")
    change_blob(office, draft.receipt.hashes.facts)
    assert replay(office, draft).outcome is Outcome.SAME
    with Session(office.store.engine) as session, session.begin():
        session.execute(delete(BriefRevision))
    found = replay(office, draft)
    assert found.outcome is Outcome.CANNOT
    assert [item.what for item in found.lost] == ["the facts and values"]


def test_without_the_brief_the_facts_of_the_receipt_do(office: Office) -> None:
    draft = office.chosen("hero")
    with Session(office.store.engine) as session, session.begin():
        session.execute(delete(BriefRevision))
    found = replay(office, draft)
    assert found.outcome is Outcome.SAME
    assert "judged for the locale's own market" in found.notes[0]


def test_answers_of_a_model_that_judged_are_taken_from_the_receipt(office: Office) -> None:
    """Nothing could be asked here: there is no model."""
    asked: list[str] = []

    def asking(texts: Any) -> Judgements:
        asked.extend(texts)
        clean = Judgement(verdict=Judged.CLEAN)
        return Judgements(
            judge="a judge", prompt="p" * 64, answers={text_hash(text): clean for text in texts}
        )

    desk = replace(office.copydesk, asking=asking)
    draft = office.chosen("hero")
    edit_draft(desk, draft, {"headline": "Come outside again"}, seen=draft.revision, by=BY)
    assert len(asked) == 2
    found = replay(office, draft)
    assert found.outcome is Outcome.SAME
    assert "model_judge" in [rule.rule for rule in found.rules]
    assert len(asked) == 2


def test_the_facts_of_the_receipt_are_those_of_the_slot(office: Office) -> None:
    draft = office.chosen("hero")
    job = office.slots()["en-US", "weekend_hikers", "hero"].job
    assert facts_blob(job.facts).hash == draft.receipt.hashes.facts
