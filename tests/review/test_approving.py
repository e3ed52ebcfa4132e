"""Approve: by the roles and people that the tier asks for, bound to words and values."""

import pytest

from app.brand.tiers import Tier
from app.db.drafts import DraftChange
from app.db.review_tables import Closed
from app.db.tables import DraftState
from app.errors import Conflict, NotPermitted
from app.review.actions.ask import AskOrder
from app.review.actions.escalate import EscalateOrder
from tests.review.room import PLAIN, Heard, Room, contract, email_of

IN_TURN = contract(review={"tiers": {"elevated": {"people": 2, "in_turn": True, "valid_days": 30}}})


def test_the_last_approval_that_is_asked_for_approves(room: Room, heard: Heard) -> None:
    draft = room.submitted("priced")
    draft = room.act("approve", draft, "rae")
    assert draft.state is DraftState.IN_REVIEW
    assert (heard.to("draft.submitted"), heard.to("draft.partly_approved")) == (
        ["bob", "eve", "lea", "rae"],
        ["bob", "lea"],
    )
    draft = room.act("approve", draft, "lea")
    assert draft.state is DraftState.APPROVED
    assert (draft.approved_at, str(draft.review_by)) == (room.now, "2027-05-17")
    assert [(item.by, item.role) for item in draft.receipt.approvers] == [
        (email_of("rae"), "brand reviewer"),
        (email_of("lea"), "legal"),
    ]
    assert draft.receipt.approvers[0].values.keys() == {"product.name", "product.price", "market"}
    (review,) = room.reviews(draft)
    assert (review.closed_as, review.closed_at) == (Closed.APPROVED, room.now)
    assert heard.to("draft.approved") == ["cal"]
    assert heard.actions == ["draft.submit", "draft.approve", "draft.approve"]
    assert heard.notes[-1].data["roles"] == ["legal"]
    assert heard.notes[-1].data["complete"] is True
    assert heard.notes[-1].actor == room.actor("lea").person_id
    assert room.obstacles(draft) == []


def test_nobody_approves_what_they_asked_for_wrote_or_edited(room: Room) -> None:
    draft = room.submitted("plain")
    with pytest.raises(NotPermitted, match="you had a hand in this copy"):
        room.act("approve", draft, "cal")
    draft = room.edit(draft, {"headline": "Leave early and walk"}, "eve")
    with pytest.raises(NotPermitted, match="you had a hand in this copy"):
        room.act("approve", draft, "eve")
    with pytest.raises(NotPermitted, match="it waits for an approval by: brand reviewer"):
        room.act("approve", draft, "lea")
    assert room.act("approve", draft, "rae").state is DraftState.APPROVED


def test_two_keys_and_two_roles_of_one_person_are_one_person(room: Room) -> None:
    room.contract = contract(review={"tiers": {"elevated": {"people": 2}}})
    draft = room.act("approve", room.submitted("priced"), "bob", key=0)
    assert [item.role for item in draft.receipt.approvers] == ["brand reviewer", "legal"]
    assert draft.state is DraftState.IN_REVIEW
    with pytest.raises(NotPermitted, match="another person has to as well"):
        room.act("approve", draft, "bob", key=1)
    assert room.act("approve", draft, "eve").state is DraftState.APPROVED


def test_in_turn(room: Room, heard: Heard) -> None:
    room.contract = IN_TURN
    draft = room.submitted("priced")
    assert heard.to("draft.submitted") == ["bob", "eve", "rae"]
    with pytest.raises(NotPermitted, match="it waits for an approval by: brand reviewer"):
        room.act("approve", draft, "lea")
    draft = room.act("approve", room.act("approve", draft, "rae"), "lea")
    assert (draft.state, str(draft.review_by)) == (DraftState.APPROVED, "2026-12-18")


def test_an_approval_before_its_turn_does_not_count_in_a_higher_tier(room: Room) -> None:
    turn = {"restricted": {"people": 2, "in_turn": True}}
    approvers = {
        "low": ["brand reviewer"],
        "standard": ["brand reviewer"],
        "elevated": ["brand reviewer", "legal"],
        "restricted": ["brand reviewer", "legal"],
    }
    room.contract = contract(approvers=approvers, review={"tiers": turn})
    draft = room.act("approve", room.submitted("priced"), "lea")
    draft = room.act("escalate", draft, "rae", EscalateOrder(tier=Tier.RESTRICTED, text="Delicate."))
    draft = room.act("approve", draft, "rae")
    assert draft.state is DraftState.IN_REVIEW
    assert room.act("approve", draft, "lea").state is DraftState.APPROVED


def test_an_open_question_and_copy_that_does_not_pass_stop_it(room: Room) -> None:
    draft = room.act("ask", room.submitted("plain"), "lea", AskOrder(person=email_of("cal"), text="Why?"))
    with pytest.raises(Conflict, match=r"a question to cal@fernhill\.example is open"):
        room.act("approve", draft, "rae")
    other = room.edit(room.draft("priced"), {**PLAIN, "headline": "See it for $129"}, "cal")
    other = room.act("submit", other, "cal")
    room.revise(price="119.00")
    with pytest.raises(Conflict, match="the guardrails do not pass it as of now"):
        room.act("approve", other, "rae")


def test_a_tier_of_three_people_and_the_gate(room: Room) -> None:
    room.contract = contract(review={"tiers": {"low": {"people": 3}}})
    draft = room.act("approve", room.act("approve", room.submitted("plain"), "rae"), "bob")
    assert draft.state is DraftState.IN_REVIEW
    draft = room.act("approve", draft, "eve")
    assert (draft.state, room.obstacles(draft)) == (DraftState.APPROVED, [])
    room.contract = contract(review={"tiers": {"low": {"people": 4}}})
    assert any("tier low asks for 4 people" in words for words in room.obstacles(draft))


def test_an_approval_of_other_values_counts_for_nothing_though_nothing_ended_it(room: Room) -> None:
    draft = room.act("approve", room.submitted("priced"), "rae")
    (given,) = draft.receipt.approvers
    other = given.model_copy(update={"values": dict.fromkeys(given.values, "0" * 64)})
    receipt = draft.receipt.model_copy(update={"approvers": (other,)})
    room.desk.desk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    assert room.act("approve", room.draft("priced"), "lea").state is DraftState.IN_REVIEW
    assert room.act("approve", room.draft("priced"), "rae").state is DraftState.APPROVED
