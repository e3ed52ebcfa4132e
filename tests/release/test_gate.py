"""The gate: one way through, all reasons at once, and a type that nobody else can make."""

import copy
import dataclasses
import datetime as dt
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.db.receipts import DraftApproval, Edit
from app.db.tables import Draft, DraftState, Origin, new_id
from app.errors import ReleaseRefused
from app.guardrails.registry import GUARDRAILS
from app.release.approvals import drawn
from app.release.content import Judge, SlotContent
from app.release.gate import Gate, Released
from app.release.library import ContentLibrary
from app.release.values import commercial_values
from app.verdicts.decisions import Confidence
from app.verdicts.reports import GuardReport, RuleResult, Verdict
from tests import factories
from tests.copywriting.listing import LEFT
from tests.db.factories import make_draft, make_receipt
from tests.release.content import AS_OF, SEGMENT, Content, ScriptedJudge, item, query, report, with_feed

REQUIRED = ("subject", "hero", "cta", "footer")
FACTS = query().facts


class Drafts:
    """Stored drafts by id."""

    def __init__(self, *drafts: Draft) -> None:
        self.by_id = {draft.id: draft for draft in drafts}

    def find_draft(self, draft_id: str) -> Draft | None:
        return self.by_id.get(draft_id)


@pytest.fixture
def content(tmp_path: Path) -> Content:
    content = Content(tmp_path)
    content.blocks["recommendations/winback"] = [item("picks_winback", "recommendations")]
    content.blocks["cta/winback"] = [
        item("cta_deal", "cta", copy={"label": "Take {offer.discount} off"}, segments=["campers"])
    ]
    content.blocks["cta/welcome"] = [item("cta_us", "cta", locales=["en-GB"])]
    return content


@pytest.fixture
def library(content: Content) -> ContentLibrary:
    return content.write().load()


def block(library: ContentLibrary, block_id: str) -> SlotContent:
    placed = library.find(block_id)
    assert placed is not None
    return SlotContent.of_block(placed.block)


def email(library: ContentLibrary, **instead: SlotContent | None) -> list[SlotContent]:
    """The four required slots from evergreen blocks, with some replaced, added or (None) left out."""
    slots = {kind: block(library, f"{kind}_evergreen") for kind in REQUIRED}
    return [content for content in {**slots, **instead}.values() if content is not None]


def release(
    library: ContentLibrary,
    slots: list[SlotContent],
    *drafts: Draft,
    judge: Judge | None = None,
    **options: Any,
) -> Released:
    given = {"facts": FACTS, "as_of": AS_OF, "journey": "winback", "segment": "weekend_hikers", **options}
    return Gate(Drafts(*drafts)).release(slots, library, judge=judge or ScriptedJudge(), **given)


def refused(library: ContentLibrary, slots: list[SlotContent], *drafts: Draft, **options: Any) -> str:
    with pytest.raises(ReleaseRefused) as caught:
        release(library, slots, *drafts, **options)
    return "\n".join(caught.value.reasons)


def approval(draft: Draft, **overrides: Any) -> DraftApproval:
    given = {
        "by": "Rae Reviewer",
        "role": "brand reviewer",
        "at": AS_OF,
        "content_hash": draft.content_hash,
        "values": commercial_values(draft.copy_fields.values(), FACTS),
    }
    return DraftApproval(**{**given, **overrides})


def approved(text: str = "See the new trails", **overrides: Any) -> Draft:
    """A draft that a reviewer approved as it is."""
    draft = make_draft(**{"copy_fields": {"label": text}, "state": DraftState.APPROVED, **overrides})
    draft.receipt = make_receipt(approval(draft))
    return draft


def with_cta(library: ContentLibrary, draft: Draft) -> list[SlotContent]:
    return email(library, cta=SlotContent.of_draft(draft))


@pytest.mark.parametrize("segment", ["campers", "weekend_hikers"])
@pytest.mark.parametrize("source", ["draft", "block"])
def test_no_approval_covers_a_variable_whose_consent_is_lacking(
    content: Content, source: str, segment: str
) -> None:
    content.files["variables.yaml"] = {
        "consents": list(factories.CONSENTS),
        "variables": [*factories.VARIABLES, factories.CITY],
    }
    content.files["segments.yaml"] = {
        "segments": [
            {**SEGMENT, "consents": ["personalisation"]},
            {**SEGMENT, "id": "campers", "aliases": []},
        ]
    }
    text = "See walks near {person.city}"
    content.blocks["cta/winback"] = [item("cta_city", "cta", copy={"label": text}), item("cta_near", "cta")]
    library = content.write().load()
    draft = approved(text, segment=segment)
    slots = email(library, cta=block(library, "cta_city")) if source == "block" else with_cta(library, draft)
    if segment == "weekend_hikers":
        assert release(library, slots, draft, segment=segment).slot("cta") is not None
        return
    lacking = "segment campers lacks consent personalisation for person.city"
    assert lacking in refused(library, slots, draft, segment=segment)


def test_approved_blocks_pass_in_the_order_of_the_email(library: ContentLibrary) -> None:
    judge = ScriptedJudge()
    found = release(library, list(reversed(email(library))), judge=judge)
    assert [slot.kind for slot in found.slots] == list(REQUIRED)
    assert (found.brand, found.journey, found.segment) == ("fernhill", "winback", "weekend_hikers")
    assert len(judge.judged) == 4
    assert {(facts.locale, as_of) for _, facts, as_of in judge.judged} == {("en-US", AS_OF)}
    cta = found.slot("cta")
    assert cta is not None
    assert cta.approved_as.startswith("block cta_evergreen ")
    assert found.slot("offer") is None


def test_an_approved_draft_passes(library: ContentLibrary) -> None:
    draft = approved("Take {offer.discount} off")
    found = release(library, with_cta(library, draft), draft)
    cta = found.slot("cta")
    assert cta is not None
    assert cta.approved_as == f"draft {draft.id} {draft.content_hash}"


class TestOnlyTheGateMakesReleased:
    @pytest.fixture
    def released(self, library: ContentLibrary) -> Released:
        return release(library, email(library))

    def test_invariant_3_the_constructor_refuses_everybody_else(self, released: Released) -> None:
        for key in (None, object(), "key"):
            with pytest.raises(TypeError, match="only the gate"):
                Released(key, None, released.slots)  # type: ignore[arg-type]

    @pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickle.dumps])
    def test_invariant_3_it_is_neither_copied_nor_stored(
        self, released: Released, way: Callable[[object], object]
    ) -> None:
        with pytest.raises(TypeError, match="ask the gate again"):
            way(released)

    def test_invariant_3_it_has_no_subclasses(self) -> None:
        with pytest.raises(TypeError, match="no subclasses"):
            type("Forged", (Released,), {})

    def test_invariant_3_it_cannot_be_changed(self, released: Released) -> None:
        with pytest.raises(AttributeError):
            released.slots = ()
        with pytest.raises(AttributeError):
            del released.slots
        with pytest.raises(TypeError):
            released.slots[0].copy_fields["subject"] = "Buy now"  # type: ignore[index]
        with pytest.raises(dataclasses.FrozenInstanceError):
            released.slots[0].kind = "hero"  # type: ignore[misc]

    def test_invariant_3_what_it_was_made_from_can_change_without_it(self, library: ContentLibrary) -> None:
        slots, facts = email(library), FACTS.model_copy(deep=True)
        found = release(library, slots, facts=facts)
        slots[2].copy_fields["label"] = "Buy now"  # type: ignore[index]
        facts.facts.clear()
        assert found.slots[2].copy_fields == {"label": "See our kit"}
        assert found.facts.facts


def test_invariant_3_a_preview_is_refused(library: ContentLibrary) -> None:
    preview = SlotContent("cta", {"label": "See our kit"}, source=None)
    assert refused(library, email(library, cta=preview)) == "cta: it is a preview that nobody approved"


@pytest.mark.parametrize("state", [state for state in DraftState if state is not DraftState.APPROVED])
def test_invariant_3_a_draft_that_is_not_approved_is_refused(
    library: ContentLibrary, state: DraftState
) -> None:
    draft = make_draft(state=state)
    words = refused(library, with_cta(library, draft), draft)
    assert f"is not approved but {state.value}" in words


def test_invariant_3_the_gate_reads_the_stored_draft(library: ContentLibrary) -> None:
    draft = approved()
    assert "is not stored" in refused(library, with_cta(library, draft))
    stored = make_draft(id=draft.id, copy_fields=draft.copy_fields, state=DraftState.REJECTED)
    assert "is not approved but rejected" in refused(library, with_cta(library, draft), stored)


def test_invariant_2_only_pass_releases(library: ContentLibrary) -> None:
    for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_RUN):
        judge = ScriptedJudge({"See our kit": verdict})
        assert f"cta: {verdict.value} as of now: " in refused(library, email(library), judge=judge)


def test_invariant_2_a_guardrail_that_did_not_answer_refuses(library: ContentLibrary) -> None:
    first, *rest = (RuleResult(rule=item.id, verdict=Verdict.PASS) for item in GUARDRAILS)
    required = tuple(item.id for item in GUARDRAILS)

    def missing(content: SlotContent, **_: Any) -> GuardReport:
        return GuardReport(required=required, results=tuple(rest))

    def lenient(content: SlotContent, **_: Any) -> GuardReport:
        return GuardReport(required=required[1:], results=tuple(rest))

    def none(content: SlotContent, **_: Any) -> GuardReport:
        return GuardReport(required=(), results=())

    for judge in (missing, lenient):
        assert f"cta: not judged by: {first.rule}" in refused(library, email(library), judge=judge)
    everything = ", ".join(sorted(required))
    assert f"cta: not judged by: {everything}" in refused(library, email(library), judge=none)


def test_invariant_2_what_was_left_unchecked_refuses(library: ContentLibrary) -> None:
    def unchecked(content: SlotContent, **_: Any) -> GuardReport:
        return report(unchecked=("grounding",))

    assert "cta: unchecked: grounding" in refused(library, email(library), judge=unchecked)


def test_invariant_5_an_edit_ends_the_approval_of_a_block(library: ContentLibrary) -> None:
    original = block(library, "cta_evergreen")
    for edited in (
        replace(original, copy_fields={"label": "See our boots"}),
        replace(original, image="logo"),
    ):
        assert "an edit ends the approval" in refused(library, email(library, cta=edited))


def test_invariant_5_an_edit_ends_the_approval_of_a_draft(library: ContentLibrary) -> None:
    draft = approved()
    edited = replace(SlotContent.of_draft(draft), copy_fields={"label": "See the old trails"})
    assert "an edit ends the approval" in refused(library, email(library, cta=edited), draft)
    draft.copy_fields = {"label": "See the old trails"}
    assert "an edit ends the approval" in refused(library, with_cta(library, draft), draft)
    draft.content_hash = draft.actual_hash()
    assert "lacks an approval of this copy by: brand reviewer" in refused(
        library, with_cta(library, draft), draft
    )


def test_invariant_5_another_value_ends_the_approval(library: ContentLibrary) -> None:
    draft = approved("Take {offer.discount} off")
    same = FACTS.facts["offer.discount"].model_copy(update={"source": "another system"})
    facts = FACTS.model_copy(update={"facts": {**FACTS.facts, "offer.discount": same}})
    release(library, with_cta(library, draft), draft, facts=facts)
    other = same.model_copy(update={"value": 30})
    facts = FACTS.model_copy(update={"facts": {**FACTS.facts, "offer.discount": other}})
    words = refused(library, with_cta(library, draft), draft, facts=facts)
    assert "approved with other values of: offer.discount" in words


def test_invariant_5_another_link_or_market_than_the_approved_one_is_refused(library: ContentLibrary) -> None:
    draft = approved()
    slot = {"link": "https://fernhill.example/", "image": None, "market": "US"}
    values = commercial_values(draft.copy_fields.values(), FACTS, slot)
    draft.receipt = make_receipt(approval(draft, values=values))
    slots = with_cta(library, draft)
    release(library, slots, draft, around={"cta": slot})
    release(library, slots, draft)  # the link is not known, and the market is that of the locale
    elsewhere = {**slot, "link": "https://fernhill.example/coats"}
    for around, words in ((elsewhere, "link"), ({**slot, "image": "logo"}, "image")):
        assert f"with other values of: {words}" in refused(library, slots, draft, around={"cta": around})
    assert "with other values of: market" in refused(library, slots, draft, market="CA")


def test_invariant_5_nobody_approves_what_they_wrote(library: ContentLibrary) -> None:
    draft = approved()
    draft.author = "Rae Reviewer"
    assert "lacks an approval" in refused(library, with_cta(library, draft), draft)
    draft = approved()
    edit = Edit(by="Rae Reviewer", at=AS_OF, before="0" * 64, after=draft.content_hash)
    draft.receipt = draft.receipt.model_copy(update={"edits": (edit,)})
    assert "lacks an approval" in refused(library, with_cta(library, draft), draft)


def test_every_approver_of_the_tier_is_needed(content: Content) -> None:
    tiers = {"kinds": dict.fromkeys(REQUIRED, "low"), "facts": {"discount": "elevated"}}
    content.files["contract.yaml"] = {**factories.CONTRACT, "tiers": tiers}
    library = content.write().load()
    plain, deal = approved(), approved("Take {offer.discount} off")
    release(library, with_cta(library, plain), plain)
    assert "lacks an approval of this copy by: legal" in refused(library, with_cta(library, deal), deal)
    legal = approval(deal, by="Lee Legal", role="legal")
    deal.receipt = make_receipt(approval(deal), legal)
    release(library, with_cta(library, deal), deal)


class TestATierThatTheContractLetsPass:
    @pytest.fixture
    def library(self, content: Content) -> ContentLibrary:
        tiers = {"kinds": dict.fromkeys(REQUIRED, "low"), "facts": {"discount": "elevated"}}
        rules = {"unread_confidence": 0.8, "unread_sample": 0.5}
        unread = {"tiers": tiers, "release_without_approval": ["low"], "review": rules}
        content.files["contract.yaml"] = {**factories.CONTRACT, **unread}
        return content.write().load()

    @staticmethod
    def sure(score: float = 0.8, *, in_sample: bool = False, **changes: object) -> Draft:
        """A draft with this confidence, drawn for review or not."""
        while True:
            draft = make_draft(confidence=Confidence(score=score, parts={}, threshold=0.5), **changes)
            if drawn(draft.id, 0.5) is in_sample:
                return draft

    @pytest.mark.parametrize("state", [DraftState.DRAFT, DraftState.APPROVED])
    def test_generated_copy_passes_unread(self, library: ContentLibrary, state: DraftState) -> None:
        draft = self.sure(state=state)
        release(library, with_cta(library, draft), draft)

    def test_what_somebody_gave_to_review_is_waited_for(self, library: ContentLibrary) -> None:
        draft = self.sure(state=DraftState.IN_REVIEW)
        words = refused(library, with_cta(library, draft), draft)
        assert "is not approved but in_review, and tier low asks for: brand reviewer" in words

    def test_less_confident_ones_and_those_of_the_sample_do_not(self, library: ContentLibrary) -> None:
        for draft in (self.sure(0.79), self.sure(in_sample=True), make_draft()):
            assert "is not approved" in refused(library, with_cta(library, draft), draft)

    def test_the_sample_has_its_share(self) -> None:
        drafts = [new_id() for _ in range(2_000)]
        assert 120 < sum(drawn(draft, 0.1) for draft in drafts) < 280
        assert not any(drawn(draft, 0.0) for draft in drafts)
        assert all(drawn(draft, 1.0) for draft in drafts)

    def test_human_copy_and_refused_drafts_do_not(self, library: ContentLibrary) -> None:
        for draft in (self.sure(origin=Origin.EDITED), self.sure(state=DraftState.REJECTED)):
            assert "is not approved" in refused(library, with_cta(library, draft), draft)

    def test_a_fact_can_raise_the_tier(self, library: ContentLibrary) -> None:
        draft = make_draft(copy_fields={"label": "Take {offer.discount} off"})
        assert "tier elevated asks for: brand reviewer, legal" in refused(
            library, with_cta(library, draft), draft
        )


def test_review_dates(library: ContentLibrary) -> None:
    late = AS_OF + dt.timedelta(days=400)
    words = refused(library, email(library), as_of=late)
    assert words.count("had to be reviewed by 2027-10-01") == 4
    early = AS_OF - dt.timedelta(days=100)
    assert "is approved only from 2026-10-01" in refused(library, email(library), as_of=early)
    draft = approved(review_by=dt.date(2026, 11, 19))
    assert "had to be reviewed by 2026-11-19" in refused(library, with_cta(library, draft), draft)


def test_a_block_that_does_not_serve_any_more(content: Content, library: ContentLibrary) -> None:
    old = email(library)
    content.blocks["cta/evergreen"][0]["copy"] = {"label": "See our boots"}
    newer = content.write().load()
    assert "is not the approved content that serves now" in refused(newer, old)


def test_an_unsealed_block_is_refused(library: ContentLibrary) -> None:
    placed = library.find("cta_evergreen")
    assert placed is not None
    open_ = placed.block.approval.model_copy(update={"hash": "unsealed"})
    swapped = replace(placed, block=placed.block.model_copy(update={"approval": open_}))
    unsealed = replace(library, blocks=(*(b for b in library.blocks if b is not placed), swapped))
    assert "was never sealed" in refused(unsealed, email(unsealed))


def test_content_of_another_place_is_refused(library: ContentLibrary) -> None:
    deal = email(library, cta=block(library, "cta_deal"))
    assert "approved for other segments" in refused(library, deal)
    release(library, deal, segment="campers")
    foreign = refused(library, email(library, cta=block(library, "cta_us")))
    assert "is not approved for en-US" in foreign
    assert "is approved for the journey welcome" in foreign
    draft = approved(segment="campers")
    assert "was written for another place" in refused(library, with_cta(library, draft), draft)


def test_composition(library: ContentLibrary) -> None:
    assert refused(library, email(library, footer=None)) == "footer: is required and missing"
    twice = [*email(library), block(library, "cta_evergreen")]
    assert "cta: stands 2 times" in refused(library, twice)
    strange = replace(block(library, "cta_evergreen"), kind="banner")
    assert "banner: there is no such kind" in refused(library, [*email(library), strange])
    assert refused(library, []).count("is required and missing") == 4


def test_facts_that_are_over_and_feeds_that_are_stale(library: ContentLibrary) -> None:
    over = FACTS.facts["offer.discount"].model_copy(update={"valid_until": AS_OF - dt.timedelta(hours=1)})
    facts = FACTS.model_copy(update={"facts": {"offer.discount": over}})
    deal = email(library, cta=block(library, "cta_deal"))
    assert "no valid value for offer.discount" in refused(library, deal, facts=facts, segment="campers")
    picks = email(library, recommendations=block(library, "picks_winback"))
    assert "feed is missing or stale" in refused(library, picks)
    fed = with_feed(FACTS)
    release(library, picks, facts=fed)
    assert fed.feed is not None
    first, *others = fed.feed.items
    price = first.price.model_copy(update={"valid_until": AS_OF - dt.timedelta(minutes=1)})
    ended = fed.feed.model_copy(update={"items": (first.model_copy(update={"price": price}), *others)})
    assert ended.ends == AS_OF - dt.timedelta(minutes=1)
    assert "feed is missing or stale" in refused(library, picks, facts=fed.model_copy(update={"feed": ended}))


def test_products_of_the_readers_own_need_no_feed_and_the_consent_that_they_rest_on(
    content: Content,
) -> None:
    listed = {**LEFT, "fallbacks": {**LEFT["fallbacks"], "image": "logo"}}
    resting = {**listed, "id": "near_by", "basis": "consent", "consent": "personalisation"}
    content.files["variables.yaml"] = {
        "consents": list(factories.CONSENTS),
        "variables": list(factories.VARIABLES),
        "lists": [listed, resting],
    }
    library = content.write().load()
    picks = email(library, recommendations=block(library, "picks_winback"))
    release(library, picks, facts=FACTS.model_copy(update={"lists": {"recommendations": "left_behind"}}))
    words = refused(library, picks, facts=FACTS.model_copy(update={"lists": {"recommendations": "near_by"}}))
    assert words == (
        "recommendations: its products: segment weekend_hikers lacks consent personalisation for near_by"
    )


def test_all_reasons_come_at_once(library: ContentLibrary) -> None:
    preview = SlotContent("cta", {"label": "See our kit"}, source=None)
    judge = ScriptedJudge({"See our kit": Verdict.FAIL})
    words = refused(library, email(library, cta=preview, footer=None), judge=judge)
    assert words.splitlines() == [
        "footer: is required and missing",
        "cta: it is a preview that nobody approved",
        "cta: fail as of now: says what it may not",
    ]
