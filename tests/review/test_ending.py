"""The ways in which a review ends without an approval: changes, a rejection, a withdrawal, an edit."""

import pytest

from app.db.review_tables import Closed, NoteSort, RejectReason
from app.db.tables import DraftState
from app.errors import Conflict, NotPermitted
from app.review.action import Order
from app.review.actions.comment import CommentOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.room import PLAIN, REFUSED, Heard, Room, email_of

CHANGES = ChangesOrder(text="Say less.")
REJECTED = RejectOrder(reason=RejectReason.OFF_BRAND)


@pytest.mark.parametrize(
    ("action", "order", "state", "closed"),
    [
        ("request_changes", CHANGES, DraftState.CHANGES_REQUESTED, Closed.CHANGES_REQUESTED),
        ("reject", REJECTED, DraftState.REJECTED, Closed.REJECTED),
        ("withdraw", WithdrawOrder(text="Not now."), DraftState.WITHDRAWN, Closed.WITHDRAWN),
    ],
)
def test_an_end_takes_the_approvals_with_it(
    room: Room, heard: Heard, *, action: str, order: Order, state: DraftState, closed: Closed
) -> None:
    draft = room.act("approve", room.submitted("priced"), "rae")
    draft = room.act(action, draft, "lea", order)
    assert draft.state is state
    assert [item.stands for item in draft.receipt.approvers] == [False]
    (review,) = room.reviews(draft)
    assert (review.closed_as, review.closed_at) == (closed, room.now)
    (said,) = room.notes(draft)
    assert (said.sort, said.by) == (NoteSort.REASON, email_of("lea"))
    assert heard.actions == ["draft.submit", "draft.approve", f"draft.{action}"]
    assert heard.notes[-1].data["note"] == said.id
    assert said.text not in str(heard.notes[-1].data)
    told = {"request_changes": "changes_requested", "reject": "rejected", "withdraw": "withdrawn"}[action]
    people = ["bob", "eve", "rae"] if action == "withdraw" else ["cal"]
    assert heard.to(f"draft.{told}") == people
    assert "not approved" in "; ".join(room.obstacles(draft))


def test_only_who_decides_may_send_back(room: Room) -> None:
    draft = room.submitted("plain")
    for action, order in (("request_changes", CHANGES), ("reject", REJECTED)):
        with pytest.raises(NotPermitted, match="tier low is decided by: brand reviewer"):
            room.act(action, draft, "per", order)
    with pytest.raises(NotPermitted, match="its writers withdraw it"):
        room.act("withdraw", draft, "per", WithdrawOrder())


def test_a_rejection_has_its_reason_and_another_one_needs_words(room: Room) -> None:
    draft = room.submitted("plain")
    with pytest.raises(Conflict, match="words say which one it is"):
        room.act("reject", draft, "rae", RejectOrder(reason=RejectReason.OTHER))
    draft = room.act(
        "reject", draft, "rae", RejectOrder(reason=RejectReason.OTHER, text="We did this in May.")
    )
    assert room.reviews(draft)[0].reason is RejectReason.OTHER
    assert room.notes(draft)[0].text == "We did this in May."


def test_what_is_over_is_not_acted_on(room: Room) -> None:
    draft = room.act("withdraw", room.submitted("plain"), "cal", WithdrawOrder())
    for action, order in (
        ("submit", None),
        ("approve", None),
        ("reject", REJECTED),
        ("withdraw", WithdrawOrder()),
    ):
        with pytest.raises(Conflict, match="is withdrawn"):
            room.act(action, draft, "ada", order)
    with pytest.raises(Conflict, match="is withdrawn"):
        room.edit(draft, {"headline": "Walk"}, "cal")
    room.act("comment", draft, "rae", CommentOrder(text="A pity."))
    assert [item.text for item in room.notes(draft)] == ["A pity."]


def test_approved_content_can_be_withdrawn(room: Room) -> None:
    draft = room.approved("plain", "rae")
    assert room.obstacles(draft) == []
    draft = room.act("withdraw", draft, "lea", WithdrawOrder(text="A recall."))
    assert (draft.approved_at, draft.review_by) == (None, None)
    assert room.obstacles(draft)


def test_after_changes_were_requested_an_edit_is_a_draft_to_be_submitted(room: Room) -> None:
    draft = room.act("request_changes", room.submitted("plain"), "rae", CHANGES)
    room.wait(1)
    draft = room.edit(draft, {"headline": "Leave early"}, "cal")
    assert draft.state is DraftState.DRAFT
    draft = room.act("submit", draft, "cal")
    assert [item.closed_as for item in room.reviews(draft)] == [Closed.CHANGES_REQUESTED, None]


def test_an_edit_that_passes_stays_in_review_without_its_approvals(room: Room, heard: Heard) -> None:
    draft = room.act("approve", room.submitted("priced"), "rae")
    words = room.review(draft).words
    draft = room.edit(draft, {"headline": "Come back"}, "cal")
    review = room.review(draft)
    assert (draft.state, review.words) == (DraftState.IN_REVIEW, words - 1)
    assert review.harm == 3000  # nothing says how good words are that a person wrote
    assert [item.stands for item in draft.receipt.approvers] == [False]
    assert heard.to("draft.edited") == ["rae"]
    assert heard.actions[-1] == "draft.edit"
    draft = room.act("approve", draft, "lea")
    assert draft.state is DraftState.IN_REVIEW


def test_an_edit_that_the_guardrails_refuse_ends_the_review(room: Room, heard: Heard) -> None:
    draft = room.edit(room.submitted("plain"), REFUSED, "eve")
    assert draft.state is DraftState.DRAFT
    (review,) = room.reviews(draft)
    assert (review.closed_as, review.closed_at) == (Closed.EDITED, room.now)
    assert heard.to("draft.edited") == ["cal"]
    with pytest.raises(Conflict, match="the guardrails do not pass it"):
        room.act("submit", draft, "cal")


def test_an_edit_raises_the_tier_and_none_lowers_it(room: Room) -> None:
    draft = room.submitted("plain")
    draft = room.edit(
        draft, {"body": "The {product.name} is yours for {product.price}. Take your time."}, "cal"
    )
    assert (draft.tier, room.review(draft).tier) == ("elevated", "elevated")
    draft = room.edit(draft, PLAIN, "cal")
    assert (draft.tier, room.review(draft).tier) == ("elevated", "elevated")
    assert "never lowered" in room.review(draft).why[0]
    draft = room.act("approve", draft, "rae")
    assert draft.state is DraftState.IN_REVIEW
