"""Approved content: reuse before generating, kinds that are never generated, holding, missing feeds."""

import re
from typing import Any

import pytest

from app.llm.scripted import ScriptedModel
from app.main import write_outputs
from app.verdicts.decisions import Outcome, Reason
from tests.generation.desk import LINES, Desk, answering, slot, traced, variants
from tests.release.content import COPY, item

CLAIM = {"label": "It heals colds"}
FEED = {
    "source": "export",
    "observed_at": "2026-11-20T06:00:00+00:00",
    "items": [
        {
            "name": "Ridgeline Coat",
            "price": {
                "kind": "money",
                "role": "price",
                "value": "129.00",
                "currency": "USD",
                "source": "list",
            },
            "link": "https://fernhill.example/coat",
        }
    ],
}
RECOMMENDED = {
    "heading": "Picked for your next walk",
    "intro": "Here are a few things that walkers look at together.",
}


@pytest.fixture
def desk(stored_desk: Desk) -> Desk:
    """The tests of this file run on every database."""
    return stored_desk


@pytest.fixture
def same_message(desk: Desk) -> Desk:
    """A desk where an approved button carries the brief's message."""
    block = item("cta_back", "cta", message="Come back outside.", copy={"label": "Walk with us again"})
    desk.content.blocks["cta/winback"] = [block]
    return desk.only("cta")


def test_prefer_takes_approved_copy_with_the_same_message(same_message: Desk) -> None:
    same_message.slots["cta"]["reuse"] = "prefer"
    model = ScriptedModel(answering())
    settled = slot(same_message.run(model), "cta")
    assert traced(settled) == [("reuse", True, "matched_approved")]
    decision = settled.answer.decision
    assert (decision.outcome, decision.block) == (Outcome.REUSED, "cta_back")
    assert model.requests == []


def test_offer_generates_and_names_the_block(same_message: Desk) -> None:
    same_message.slots["cta"]["reuse"] = "offer"
    generated = same_message.run(ScriptedModel(answering()))
    assert slot(generated, "cta").answer.decision.outcome is Outcome.GENERATED
    assert generated.summary.slots[0].offered == ("cta_back",)


def test_never_does_not_look(same_message: Desk) -> None:
    same_message.slots["cta"]["reuse"] = "never"
    generated = same_message.run(ScriptedModel(answering()))
    assert generated.summary.slots[0].offered == ()
    assert slot(generated, "cta").answer.decision.outcome is Outcome.GENERATED


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("message", "another thought"),
        ("segments", ["campers"]),
        ("review_by", "2026-11-01"),
        ("locales", ["en-GB"]),
    ],
)
def test_prefer_generates_when_nothing_approved_fits(desk: Desk, change: str, value: Any) -> None:
    given = {"message": "come back outside", "copy": {"label": "Walk with us again"}, change: value}
    desk.content.blocks["cta/winback"] = [item("cta_back", "cta", **given)]
    desk.slots["cta"]["reuse"] = "prefer"
    generated = desk.only("cta").run(ScriptedModel(answering()))
    assert slot(generated, "cta").answer.decision.outcome is Outcome.GENERATED


def test_a_segment_with_its_own_message_reuses_by_that_one(same_message: Desk) -> None:
    same_message.slots["cta"]["reuse"] = "prefer"
    same_message.brief["message"] = "something else"
    same_message.brief["segments"] = [
        {"id": "weekend_hikers", "message": "come back outside"},
        {"id": "campers"},
    ]
    generated = same_message.run(ScriptedModel(answering()))
    assert slot(generated, "cta").answer.decision.outcome is Outcome.REUSED
    assert slot(generated, "cta", "campers").answer.decision.outcome is Outcome.GENERATED


def test_the_footer_is_approved_only_and_no_model_is_asked(desk: Desk) -> None:
    model = ScriptedModel(answering())
    settled = slot(desk.only("footer").run(model), "footer")
    assert model.requests == []
    assert settled.answer.decision.reason is Reason.APPROVED_ONLY
    assert traced(settled)[0] == ("generated", False, "approved_only")
    assert traced(settled)[-1] == ("evergreen_block", True, "approved_block_used")
    assert settled.answer.kept[0].variant.copy_fields == COPY["footer"]


def test_holding_the_footer_does_not_open_it(desk: Desk) -> None:
    desk.slots["footer"]["on_fallback"] = "hold"
    settled = slot(desk.only("footer").run(ScriptedModel(answering())), "footer")
    assert settled.answer.kept
    assert not settled.answer.decision.held


def test_a_kind_outside_may_generate_is_approved_content(desk: Desk) -> None:
    desk.contract["may_generate"] = ["subject", "hero"]
    model = ScriptedModel(answering())
    settled = slot(desk.only("cta").run(model), "cta")
    assert model.requests == []
    assert traced(settled)[0] == ("generated", False, "contract_forbids")
    assert settled.answer.decision.block == "cta_evergreen"


def test_hold_leaves_the_slot_open_for_a_person(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    desk.slots["cta"]["on_fallback"] = "hold"
    generated = desk.only("cta").run(ScriptedModel(lambda _: variants(CLAIM)))
    settled = slot(generated, "cta")
    assert traced(settled) == [("generated", False, "guardrail_refused"), ("left_out", False, "held")]
    assert settled.answer.decision.held
    assert settled.answer.kept == ()
    assert any("held for a person" in warning for warning in generated.summary.warnings)


def test_a_held_slot_still_gives_a_preview_that_says_so(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    desk.slots["cta"]["on_fallback"] = "hold"
    script = answering({**LINES, "cta": [CLAIM]})
    generated = desk.run(ScriptedModel(script))
    write_outputs(generated, _out(desk))
    email = _out(desk) / "emails" / "en-US" / "weekend_hikers" / "email.html"
    assert "cta" in email.read_text().split("<body", 1)[1], "the open slot is named"
    assert COPY["cta"]["label"] not in email.read_text()


def _out(desk: Desk) -> Any:
    folder = desk.root / "out"
    folder.mkdir(exist_ok=True)
    return folder


def with_recommendations(desk: Desk, feed: dict[str, Any] | None) -> Desk:
    """A desk whose brief asks for recommendations too, with this feed."""
    desk.contract["may_generate"] = [*desk.contract["may_generate"], "recommendations"]
    desk.brief["slots"].insert(3, {"kind": "recommendations", "variants": 1})
    if feed is not None:
        desk.target["feed"] = feed
    return desk


@pytest.mark.parametrize(
    "feed",
    [
        None,
        {**FEED, "observed_at": "2026-11-10T06:00:00+00:00"},
        {**FEED, "observed_at": "2026-11-21T06:00:00+00:00"},
    ],
)
def test_without_a_fresh_feed_recommendations_are_left_out_and_the_email_reads_well(
    desk: Desk, feed: dict[str, Any] | None
) -> None:
    model = ScriptedModel(answering({**LINES, "recommendations": [RECOMMENDED]}))
    generated = with_recommendations(desk, feed).run(model)
    settled = slot(generated, "recommendations")
    assert traced(settled) == [("generated", False, "feed_missing"), ("left_out", True, "optional_left_out")]
    decision = settled.answer.decision
    assert (decision.outcome, decision.reason, decision.held) == (
        Outcome.LEFT_OUT,
        Reason.FEED_MISSING,
        False,
    )
    assert "recommendations" not in {request.purpose.kind for request in model.requests}
    write_outputs(generated, _out(desk))
    folder = _out(desk) / "emails" / "en-US" / "weekend_hikers"
    headline = slot(generated, "hero").answer.kept[0].variant.copy_fields["headline"]
    html, text = (folder / "email.html").read_text(), (folder / "email.txt").read_text()
    for page in (html, text):
        assert headline in page
        assert "Picked for" not in page
    assert not re.search(r"[{}]|\n\n\n", text), "no token left over, and no gap where the block would stand"


def test_with_a_fresh_feed_recommendations_are_generated(desk: Desk) -> None:
    model = ScriptedModel(answering({**LINES, "recommendations": [RECOMMENDED]}))
    settled = slot(with_recommendations(desk, FEED).run(model), "recommendations")
    assert traced(settled) == [("generated", True, "passed")]
