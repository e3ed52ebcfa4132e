"""Submit, take, comment and escalate: who may, what changes, who is told."""

import datetime as dt

import pytest

from app.brand.tiers import Tier
from app.db.review_tables import NoteSort
from app.errors import Conflict, NotFound, NotPermitted
from app.review.actions.comment import CommentOrder
from app.review.actions.escalate import EscalateOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.room import REFUSED, SEND, START, Heard, Room, email_of


def test_submit_opens_a_review_with_tier_deadline_and_place(room: Room, heard: Heard) -> None:
    draft = room.submitted("priced")
    review = room.review(draft)
    assert (draft.tier, review.tier, review.submitted_by) == (Tier.ELEVATED, Tier.ELEVATED, email_of("cal"))
    assert review.why[0] == "elevated: it states a fact of the role price"
    assert (review.due_at, review.latest_at) == (START + dt.timedelta(hours=48), SEND - dt.timedelta(hours=1))
    assert (review.market, review.send_at, review.words) == ("US", SEND, 12)
    assert heard.notes[0].data["why"] == list(review.why)
    assert heard.notes[0].data["tier"] == "elevated"
    with pytest.raises(Conflict, match="is in review already"):
        room.act("submit", draft, "cal")


def test_what_does_not_pass_or_comes_too_late_is_not_submitted(room: Room) -> None:
    refused = room.edit(room.draft("plain"), REFUSED, "cal")
    with pytest.raises(Conflict, match="the guardrails do not pass it"):
        room.act("submit", refused, "cal")
    room.now = SEND - dt.timedelta(minutes=30)
    with pytest.raises(Conflict, match="had to end by 2026-11-20 08:00"):
        room.submitted("priced")


def test_somebody_takes_a_draft_gives_it_and_lets_it_go(room: Room, heard: Heard) -> None:
    draft = room.act("take", room.submitted("plain"), "rae", TakeOrder())
    assert (room.review(draft).assignee, heard.to("draft.assigned")) == (email_of("rae"), [])
    draft = room.act("take", draft, "rae", TakeOrder(assignee=email_of("eve")))
    assert (room.review(draft).assignee, heard.to("draft.assigned")) == (email_of("eve"), ["eve"])
    draft = room.act("take", draft, "ada", TakeOrder(release=True))
    assert room.review(draft).assignee is None
    assert heard.actions == ["draft.submit", "draft.take", "draft.take", "draft.take"]


def test_it_is_given_only_to_people_who_may_decide(room: Room) -> None:
    draft = room.submitted("plain")
    with pytest.raises(NotFound, match="has no role for brand 'fernhill'"):
        room.act("take", draft, "rae", TakeOrder(assignee="nobody@fernhill.example"))
    with pytest.raises(NotPermitted, match="has none of the roles: brand reviewer"):
        room.act("take", draft, "rae", TakeOrder(assignee=email_of("lea")))
    with pytest.raises(NotPermitted, match="had a hand in this copy"):
        room.act("take", draft, "rae", TakeOrder(assignee=email_of("cal")))
    with pytest.raises(NotPermitted, match="tier low is decided by"):
        room.act("take", draft, "per", TakeOrder())


def test_who_may_take_it_may_be_given_it(room: Room) -> None:
    """A brand owner decides about every tier, though the roles of this one are others."""
    draft = room.act("take", room.submitted("plain"), "ada", TakeOrder())
    assert room.review(draft).assignee == email_of("ada")
    draft = room.act("take", room.act("take", draft, "ada", TakeOrder(release=True)), "rae", TakeOrder())
    draft = room.act("take", draft, "rae", TakeOrder(assignee=email_of("ada")))
    assert room.review(draft).assignee == email_of("ada")


def test_a_comment_changes_nothing_and_is_told_to_those_involved(room: Room, heard: Heard) -> None:
    draft = room.submitted("plain")
    draft = room.act("take", draft, "rae", TakeOrder())
    after = room.act("comment", draft, "lea", CommentOrder(text="Nice."), seen=draft.revision - 1)
    assert after.revision == draft.revision
    assert heard.to("draft.commented") == ["cal", "rae"]
    assert [(item.sort, item.text) for item in room.notes(draft)] == [(NoteSort.COMMENT, "Nice.")]


def test_a_reviewer_raises_the_tier_and_nobody_lowers_it(room: Room, heard: Heard) -> None:
    draft = room.submitted("plain")
    harm = room.review(draft).harm
    draft = room.act("escalate", draft, "rae", EscalateOrder(tier=Tier.RESTRICTED, text="Delicate."))
    review = room.review(draft)
    assert (draft.tier, review.tier, review.harm) == (Tier.RESTRICTED, Tier.RESTRICTED, 27 * harm)
    assert review.why[0] == "restricted: rae@fernhill.example raised it"
    assert heard.to("draft.escalated") == ["ada", "bob", "lea"]
    with pytest.raises(NotPermitted, match="it waits for an approval by: legal or brand owner"):
        room.act("approve", draft, "eve")
    with pytest.raises(Conflict, match="in the highest tier already"):
        room.act("escalate", draft, "ada", EscalateOrder(tier=Tier.LOW, text="No."))


def test_it_is_raised_by_those_who_decide_and_only_upwards(room: Room) -> None:
    draft = room.submitted("priced")
    with pytest.raises(Conflict, match="the tier is elevated and can only be raised"):
        room.act("escalate", draft, "rae", EscalateOrder(tier=Tier.STANDARD, text="No."))
    with pytest.raises(NotPermitted):
        room.act("escalate", draft, "per", EscalateOrder(tier=Tier.RESTRICTED, text="Yes."))
    draft = room.act("withdraw", draft, "cal", WithdrawOrder())
    with pytest.raises(Conflict, match="not in review"):
        room.act("escalate", draft, "rae", EscalateOrder(tier=Tier.RESTRICTED, text="Yes."))
