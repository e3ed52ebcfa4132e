"""The fallback chain: every step answers when it can, and says why when it cannot."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.blocks.registry import KINDS
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState
from app.release.chain import ChainAnswer, answer, reuse
from app.release.content import NoDrafts, SlotQuery
from app.release.library import ContentLibrary
from app.release.samples import sample_sheet
from app.release.values import commercial_values
from app.verdicts.decisions import Outcome, Reason, Step, TraceStep
from app.verdicts.reports import Verdict
from tests.db.factories import make_draft, make_receipt
from tests.release.content import AS_OF, COPY, Content, ScriptedJudge, item, query, with_feed


class Drafts:
    """Approved drafts held in a list."""

    def __init__(self, *drafts: Draft) -> None:
        self.drafts = drafts
        self.asked: dict[str, Any] = {}

    def last_approved(self, **place: Any) -> Sequence[Draft]:
        self.asked = place
        return self.drafts


def label(text: str) -> dict[str, str]:
    return {"label": text}


def approved_draft(text: str, values: dict[str, str] | None = None, **overrides: Any) -> Draft:
    draft = make_draft(copy_fields=label(text), state=DraftState.APPROVED, **overrides)
    approval = DraftApproval(
        by="Rae Reviewer",
        role="brand reviewer",
        at=AS_OF,
        content_hash=draft.content_hash,
        values=values or {},
    )
    draft.receipt = make_receipt(approval)
    return draft


@pytest.fixture
def content(tmp_path: Path) -> Content:
    content = Content(tmp_path)
    content.blocks["cta/winback"] = [item("cta_winback", "cta", copy=label("Come back outside"))]
    content.blocks["recommendations/winback"] = [item("picks_winback", "recommendations")]
    return content


@pytest.fixture
def library(content: Content) -> ContentLibrary:
    return content.write().load()


def ask(library: ContentLibrary, wanted: SlotQuery | None = None, **options: Any) -> ChainAnswer:
    given = {"because": Reason.LOW_CONFIDENCE, "judge": ScriptedJudge(), "drafts": NoDrafts()}
    return answer(library, wanted or query(), **{**given, **options})


def steps(found: ChainAnswer) -> list[tuple[Step, bool, Reason]]:
    return [(step.step, step.answered, step.reason) for step in found.decision.trace]


def test_the_last_approved_variant_comes_first(library: ContentLibrary) -> None:
    drafts = Drafts(approved_draft("See the new trails"))
    found = ask(library, query(segment="hikers"), drafts=drafts)
    assert found.draft is drafts.drafts[0]
    assert found.block is None
    assert found.decision.outcome is Outcome.FELL_BACK
    assert steps(found) == [(Step.LAST_APPROVED, True, Reason.APPROVED_BLOCK_USED)]
    assert drafts.asked == {
        "brand": "fernhill",
        "segment": "weekend_hikers",
        "kind": "cta",
        "locale": "en-US",
        "journey": "winback",
    }


def test_then_the_block_of_the_journey(library: ContentLibrary) -> None:
    found = ask(library)
    assert found.decision.block == "cta_winback"
    assert found.block is not None
    assert found.content is not None
    assert found.content.copy_fields == label("Come back outside")
    assert found.report is not None
    assert found.report.verdict is Verdict.PASS
    assert steps(found) == [
        (Step.LAST_APPROVED, False, Reason.NOTHING_APPROVED),
        (Step.JOURNEY_BLOCK, True, Reason.APPROVED_BLOCK_USED),
    ]


def test_then_the_evergreen_block(library: ContentLibrary) -> None:
    found = ask(library, query(journey="welcome"))
    assert found.decision.block == "cta_evergreen"
    assert [step for step, *_ in steps(found)] == [
        Step.LAST_APPROVED,
        Step.JOURNEY_BLOCK,
        Step.EVERGREEN_BLOCK,
    ]


def test_an_optional_kind_without_content_is_left_out(library: ContentLibrary) -> None:
    found = ask(library, query("educational"))
    assert found.content is None
    assert found.decision.outcome is Outcome.LEFT_OUT
    assert not found.decision.held
    assert steps(found)[-1] == (Step.LEFT_OUT, True, Reason.OPTIONAL_LEFT_OUT)


def test_the_reason_of_a_fallback_is_why_generation_failed(library: ContentLibrary) -> None:
    tried = (TraceStep(step=Step.GENERATED, answered=False, reason=Reason.MODEL_TIMEOUT, detail="9 s"),)
    found = ask(library, because=Reason.MODEL_TIMEOUT, tried=tried)
    assert found.decision.reason is Reason.MODEL_TIMEOUT
    assert found.decision.transient
    assert found.decision.trace[0] == tried[0]
    assert not ask(library, because=Reason.GUARDRAIL_REFUSED).decision.transient


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.FAIL, Reason.GUARDRAIL_REFUSED),
        (Verdict.ERROR, Reason.GUARDRAIL_ERROR),
        (Verdict.NOT_RUN, Reason.GUARDRAIL_ERROR),
    ],
)
def test_invariant_2_only_pass_answers(library: ContentLibrary, verdict: Verdict, reason: Reason) -> None:
    judge = ScriptedJudge({"Come back outside": verdict, "See the new trails": verdict})
    found = ask(library, judge=judge, drafts=Drafts(approved_draft("See the new trails")))
    assert found.decision.block == "cta_evergreen"
    assert steps(found)[:2] == [(Step.LAST_APPROVED, False, reason), (Step.JOURNEY_BLOCK, False, reason)]
    assert "cta_winback" in found.decision.trace[1].detail


def test_candidates_are_judged_with_the_facts_and_the_moment_of_the_target(library: ContentLibrary) -> None:
    judge, wanted = ScriptedJudge(), query()
    ask(library, wanted, judge=judge)
    assert judge.judged == [("block 'cta_winback'", wanted.facts, AS_OF)]


@pytest.mark.parametrize("kind", [kind.id for kind in KINDS.values() if kind.required])
def test_invariant_4_a_required_kind_always_gets_an_answer(library: ContentLibrary, kind: str) -> None:
    found = ask(library, query(kind, locale="en-GB", segment="campers", journey="newsletter"))
    assert found.decision.block == f"{kind}_evergreen"
    assert all(step.reason in Reason for step in found.decision.trace)


def test_invariant_4_even_when_the_evergreen_block_is_overdue(library: ContentLibrary) -> None:
    late = AS_OF + dt.timedelta(days=400)
    found = ask(library, query(as_of=late))
    assert found.decision.block == "cta_evergreen"
    assert "export refuses it" in found.decision.trace[-1].detail


def test_a_required_kind_whose_evergreen_fails_now_waits_for_a_person(library: ContentLibrary) -> None:
    judge = ScriptedJudge({"See our kit": Verdict.FAIL, "Come back outside": Verdict.FAIL})
    found = ask(library, judge=judge)
    assert found.content is None
    assert found.decision.held
    assert steps(found)[-1] == (Step.LEFT_OUT, False, Reason.NOTHING_APPROVED)


def test_a_brief_may_hold_a_kind(library: ContentLibrary) -> None:
    found = ask(library, hold=True, because=Reason.MODEL_TIMEOUT)
    assert found.content is None
    assert found.decision.held
    assert found.decision.transient, "a retry still asks it"
    assert steps(found) == [(Step.LEFT_OUT, False, Reason.HELD)]


def test_recommendations_need_a_fresh_feed(library: ContentLibrary) -> None:
    wanted = query("recommendations")
    without = ask(library, wanted)
    assert (without.decision.outcome, without.decision.reason) == (Outcome.LEFT_OUT, Reason.FEED_MISSING)
    stale = query("recommendations", facts=with_feed(wanted.facts, dt.timedelta(days=30)))
    assert ask(library, stale).decision.reason is Reason.FEED_MISSING
    fresh = query("recommendations", facts=with_feed(wanted.facts))
    assert ask(library, fresh).decision.block == "picks_winback"


def test_a_block_whose_fact_is_missing_or_over_is_passed_by(content: Content) -> None:
    content.blocks["cta/winback"] = [item("cta_deal", "cta", copy=label("Take {offer.discount} off"))]
    library = content.write().load()
    assert ask(library).decision.block == "cta_deal"
    facts = query().facts
    none = ask(library, query(facts=facts.model_copy(update={"facts": {}})))
    assert steps(none)[1] == (Step.JOURNEY_BLOCK, False, Reason.FACT_MISSING)
    assert none.decision.trace[1].detail == "block 'cta_deal' needs offer.discount"
    over = facts.facts["offer.discount"].model_copy(update={"valid_until": AS_OF - dt.timedelta(days=1)})
    expired = facts.model_copy(update={"facts": {**facts.facts, "offer.discount": over}})
    assert ask(library, query(facts=expired)).decision.block == "cta_evergreen"


def test_a_block_past_its_review_date_is_passed_by(content: Content) -> None:
    content.blocks["cta/winback"][0]["approval"]["review_by"] = dt.date(2026, 11, 19)
    found = ask(content.write().load())
    assert found.decision.block == "cta_evergreen"
    assert "had to be reviewed by 2026-11-19" in found.decision.trace[1].detail


def test_invariant_5_a_draft_approved_with_other_values_does_not_answer(library: ContentLibrary) -> None:
    text, wanted = "Take {offer.discount} off", query()
    values = commercial_values([text], wanted.facts)
    draft = approved_draft(text, values)
    assert ask(library, wanted, drafts=Drafts(draft)).draft is draft
    dearer = wanted.facts.facts["offer.discount"].model_copy(update={"value": 10})
    facts = wanted.facts.model_copy(update={"facts": {**wanted.facts.facts, "offer.discount": dearer}})
    found = ask(library, query(facts=facts), drafts=Drafts(draft))
    assert found.decision.block == "cta_winback"
    assert "approved with other values: offer.discount" in found.decision.trace[0].detail


def test_a_draft_past_its_review_date_or_without_its_fact_does_not_answer(library: ContentLibrary) -> None:
    late = approved_draft("See the new trails", review_by=dt.date(2026, 11, 1))
    bare = approved_draft("See {event.venue_name} now")
    found = ask(library, drafts=Drafts(late, bare))
    assert found.decision.block == "cta_winback"
    assert "reviewed by 2026-11-01" in found.decision.trace[0].detail
    assert "needs event.venue_name" in found.decision.trace[0].detail


class TestOrder:
    def test_blocks_for_the_segment_come_before_general_ones(self, content: Content) -> None:
        content.blocks["cta/winback"] += [item("cta_z_campers", "cta", segments=["campers"])]
        library = content.write().load()
        assert ask(library, query(segment="campers")).decision.block == "cta_z_campers"
        assert ask(library).decision.block == "cta_winback"

    def test_an_alias_in_a_block_means_its_segment(self, content: Content) -> None:
        content.blocks["cta/winback"] += [item("cta_z_hikers", "cta", segments=["hikers"])]
        assert ask(content.write().load()).decision.block == "cta_z_hikers"

    def test_general_blocks_are_taken_in_turns(self, content: Content) -> None:
        content.blocks["cta/winback"] = [
            item(f"cta_{n}", "cta", copy=label(f"See our kit {n}")) for n in "abc"
        ]
        library = content.write().load()
        taken = [ask(library, query(turn=turn)).decision.block for turn in range(4)]
        assert taken == ["cta_a", "cta_b", "cta_c", "cta_a"]

    def test_the_same_message_comes_first(self, content: Content) -> None:
        blocks = [item("cta_a", "cta"), item("cta_b", "cta", message="Come back  outside.")]
        content.blocks["cta/winback"] = blocks
        assert ask(content.write().load()).decision.block == "cta_b"

    def test_between_other_messages_one_that_names_the_same_facts_comes_first(self, content: Content) -> None:
        named = item("cta_b", "cta", message="the {product.name} again", copy=label("See the {product.name}"))
        content.blocks["cta/winback"] = [item("cta_a", "cta", message="our kit again"), named]
        library = content.write().load()
        facts = sample_sheet(("product.name",), "en-US", AS_OF)
        about = query(message="the {product.name} for walks", facts=facts)
        assert ask(library, about).decision.block == "cta_b"
        assert ask(library, query(message="kit for walks", facts=facts)).decision.block == "cta_a"
        assert ask(library, query(message="the {product.name} for walks")).decision.block == "cta_a"


class TestReuse:
    @pytest.fixture
    def library(self, content: Content) -> ContentLibrary:
        deal = item("cta_deal", "cta", message="take the offer", copy=label("Take {offer.discount} off"))
        other = item("cta_welcome", "cta", message="come back outside", copy=label("Come on in"))
        content.blocks["cta/winback"][0]["message"] = "Come back outside"
        content.blocks["cta/winback"].append(deal)
        content.blocks["cta/welcome"] = [other]
        return content.write().load()

    def test_the_same_message_is_reused(self, library: ContentLibrary) -> None:
        found = reuse(library, query(), judge=ScriptedJudge())
        assert found is not None
        assert found.decision.outcome is Outcome.REUSED
        assert found.decision.block == "cta_winback"
        assert steps(found) == [(Step.REUSE, True, Reason.MATCHED_APPROVED)]

    def test_another_message_is_not(self, library: ContentLibrary) -> None:
        assert reuse(library, query(message="winter is near"), judge=ScriptedJudge()) is None
        assert reuse(library, query(message=""), judge=ScriptedJudge()) is None

    def test_nor_is_what_cannot_be_sent_now(self, library: ContentLibrary) -> None:
        facts = query().facts.model_copy(update={"facts": {}})
        wanted = query(message="take the offer", facts=facts)
        assert reuse(library, wanted, judge=ScriptedJudge()) is None
        late = query(as_of=AS_OF + dt.timedelta(days=400))
        assert reuse(library, late, judge=ScriptedJudge()) is None

    def test_invariant_2_nor_what_the_guardrails_do_not_pass(self, library: ContentLibrary) -> None:
        judge = ScriptedJudge({"Come back outside": Verdict.NOT_RUN})
        assert reuse(library, query(), judge=judge) is None


def test_the_offer_block_answers_with_its_facts(content: Content) -> None:
    content.blocks["offer/winback"] = [item("offer_winback", "offer", copy=COPY["offer"])]
    assert ask(content.write().load(), query("offer")).decision.block == "offer_winback"
