"""Approved content through the real guardrails: what the chain picks is what the gate lets out."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.blocks.registry import REQUIRED
from app.guardrails import suite
from app.guardrails.frame import Context, Piece
from app.guardrails.registry import GUARDRAILS
from app.release.chain import answer
from app.release.content import NoDrafts, SlotContent
from app.release.gate import Gate
from app.release.judging import LibraryJudge, pieces
from app.release.library import ContentLibrary
from app.verdicts.decisions import Reason
from app.verdicts.reports import Finding, GuardReport, Verdict
from tests.release.content import AS_OF, COPY, Content, item, query


@pytest.fixture
def library(tmp_path: Path) -> ContentLibrary:
    content = Content(tmp_path)
    content.blocks["offer/winback"] = [item("offer_winback", "offer")]
    content.blocks["cta/winback"] = [item("cta_cures", "cta", copy={"label": "See what cures it"})]
    return content.write().load()


@pytest.fixture
def judge(library: ContentLibrary) -> LibraryJudge:
    return LibraryJudge(library, "en-US", journey="winback")


def test_chain_and_gate_agree_from_end_to_end(library: ContentLibrary, judge: LibraryJudge) -> None:
    slots: list[SlotContent] = []
    for kind in (*REQUIRED, "offer"):
        found = answer(library, query(kind), because=Reason.LOW_CONFIDENCE, judge=judge, drafts=NoDrafts())
        assert found.content is not None
        slots.append(found.content)
    assert [slot.label for slot in slots if slot.kind == "cta"] == ["block 'cta_evergreen'"]
    released = Gate(NoDrafts()).release(
        slots, library, query().facts, AS_OF, judge, journey="winback", segment="weekend_hikers"
    )
    assert [slot.kind for slot in released.slots] == ["subject", "hero", "cta", "offer", "footer"]
    assert all(slot.report.verdict is Verdict.PASS and not slot.report.unchecked for slot in released.slots)


def test_every_field_of_a_slot_is_judged(library: ContentLibrary, judge: LibraryJudge) -> None:
    content = SlotContent("hero", {**COPY["hero"], "body": "Our boots, we say, are what cures a cold."}, None)
    report = judge(content, facts=query().facts, as_of=AS_OF)
    assert report.verdict is Verdict.FAIL
    assert {finding.field for finding in report.blocking if finding.rule == "cures"} == {"body"}


def test_pieces_know_their_field_limits_and_neighbours() -> None:
    first, second = pieces(SlotContent("subject", COPY["subject"], None))
    assert (first.name, first.field, second.field) == ("subject", "subject", "preheader")
    assert first.spec is not None
    assert first.spec.max_chars == 60
    assert first.siblings == {"preheader": COPY["subject"]["preheader"]}


def test_only_facts_that_hold_and_variables_of_the_kind_are_allowed(judge: LibraryJudge) -> None:
    facts = query().facts
    over = facts.facts["offer.code"].model_copy(update={"valid_until": AS_OF.replace(year=2025)})
    facts = facts.model_copy(update={"facts": {**facts.facts, "offer.code": over}})
    hero = judge.context(SlotContent("hero", COPY["hero"], None), facts, AS_OF)
    assert hero.allowed_tokens == {"offer.discount", "offer.ends", "person.first_name"}
    assert judge.context(SlotContent("cta", COPY["cta"], None), facts, AS_OF).variables == {}
    placed = judge.library.find("hero_evergreen")
    assert placed is not None
    evergreen = judge.context(SlotContent.of_block(placed.block), facts, AS_OF)
    assert evergreen.evergreen
    assert evergreen.allowed_tokens == frozenset()


def test_invariant_2_a_guardrail_that_raises_is_an_error_for_the_whole_slot(
    judge: LibraryJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(piece: Piece, context: Context) -> Iterator[Finding]:
        raise ZeroDivisionError

    def broken(piece: Piece, context: Context) -> GuardReport:
        first, *rest = GUARDRAILS
        return suite.judge(piece, context, (dataclasses.replace(first, check=fault), *rest))

    monkeypatch.setattr("app.release.judging.judge", broken)
    content = SlotContent("cta", COPY["cta"], None)
    assert judge(content, facts=query().facts, as_of=AS_OF).verdict is Verdict.ERROR
