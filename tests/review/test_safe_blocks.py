"""Past a deadline a slot takes the safe block, unless other copy can go out there or may yet; later, too."""

import pytest

from app.copywriting.places import place_of_draft
from app.copywriting.review_clock import Swept
from app.copywriting.safe_blocks import order_of
from app.db.exports import Exports
from app.db.release_tables import Arm, ChosenSlot
from app.db.review_tables import RejectReason
from app.db.tables import Draft, DraftState
from app.review.action import Order
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.room import Heard, Room, contract, email_of


@pytest.fixture(autouse=True)
def rules(room: Room) -> None:
    review = {"tiers": {"low": {"hours": 10}, "elevated": {"hours": 10}}, "before_send_hours": 6}
    room.contract = contract(review=review)


def chosen(room: Room) -> ChosenSlot | None:
    """What is chosen for the hero."""
    found = Exports(room.store.engine).chosen("fernhill", "fernhill_hello")
    return found.get(("en-US", "weekend_hikers", "hero"))


def test_past_it_people_still_comment_and_withdraw_and_the_slot_takes_the_safe_block(room: Room) -> None:
    draft = room.submitted("plain")
    room.wait(10)
    room.act("comment", draft, "rae", CommentOrder(text="Too late."))
    room.wait(1)
    draft = room.act("withdraw", draft, "cal", WithdrawOrder())
    assert (draft.state, room.sweep()) == (DraftState.WITHDRAWN, Swept(filled=1))
    assert taken(room) == "hero_evergreen"
    assert room.notes(draft)[-1].text == (
        "nothing else of the slot can go out; the slot takes the block 'hero_evergreen'"
    )
    assert room.sweep() == Swept()


def test_one_that_is_withdrawn_in_time_leaves_the_slot_to_people(room: Room) -> None:
    draft = room.act("ask", room.submitted("plain"), "rae", AskOrder(person=email_of("cal"), text="Why?"))
    room.wait(11)
    room.act("withdraw", draft, "cal", WithdrawOrder())
    assert (room.sweep(), chosen(room)) == (Swept(), None)


def taken(room: Room) -> str | None:
    """The block that the clock chose for the hero."""
    choice = chosen(room)
    return choice.arms[0].block if choice is not None and choice.chosen_by == "clock" else None


def choose(room: Room, *drafts: Draft) -> None:
    """What people chose for the hero: one draft, or several in a test."""
    arms = tuple(Arm(name=f"arm_{number}", draft=draft.id) for number, draft in enumerate(drafts))
    row = ChosenSlot(
        brand="fernhill",
        brief_id="fernhill_hello",
        locale="en-US",
        segment="weekend_hikers",
        kind="hero",
        test="two" if len(drafts) > 1 else "",
        arms=arms,
        chosen_by=email_of("cal"),
        chosen_at=room.now,
    )
    Exports(room.store.engine).choose([row])


@pytest.mark.parametrize("tested", [False, True], ids=["alone", "in a test"])
def test_a_choice_of_what_expired_gives_way_to_the_safe_block(room: Room, tested: bool) -> None:
    plain = room.approved("plain", "rae")
    priced = room.approved("priced", "rae", "lea")
    choose(room, priced, *([plain] if tested else []))
    room.revise(price="119.00")
    room.wait(10)
    assert (room.sweep().expired, room.draft("priced").state) == (1, DraftState.EXPIRED)
    assert taken(room) == "hero_evergreen"
    assert room.notes(priced)[-1].text.endswith("the slot takes the block 'hero_evergreen'")


def test_a_choice_of_other_copy_stays(room: Room) -> None:
    plain = room.approved("plain", "rae")
    choose(room, plain)
    priced = room.submitted("priced")
    room.wait(10)
    assert (room.sweep().expired, taken(room)) == (1, None)
    assert room.notes(priced)[-1].text.endswith("the slot has other copy")


REJECT = ("reject", "rae", RejectOrder(reason=RejectReason.UNCLEAR))
SEND_BACK = ("request_changes", "rae", ChangesOrder(text="Shorter."))
WITHDRAW = ("withdraw", "cal", WithdrawOrder())


@pytest.mark.parametrize(
    ("sibling", "end"),
    [
        ("in review", REJECT),
        ("in review", SEND_BACK),
        ("in review", WITHDRAW),
        ("approved", WITHDRAW),
        ("chosen", WITHDRAW),
    ],
    ids=["rejected", "sent back", "withdrawn", "approved and withdrawn", "chosen and withdrawn"],
)
def test_the_slot_takes_it_once_the_last_other_copy_is_gone(
    room: Room, heard: Heard, sibling: str, end: tuple[str, str, Order]
) -> None:
    priced = room.submitted("priced")
    room.wait(5)
    plain = room.submitted("plain")
    if sibling != "in review":
        plain = room.act("approve", plain, "rae")
    if sibling == "chosen":
        choose(room, plain)
    room.wait(5)
    assert (room.sweep().expired, room.sweep().filled, taken(room)) == (1, 0, None)
    action, who, order = end
    room.act(action, plain, who, order)
    room.wait(1)
    assert (room.sweep().filled, room.sweep().filled) == (1, 0)
    assert taken(room) == "hero_evergreen"
    assert [item.text for item in room.notes(priced)] == [
        "nobody decided by 2026-11-18 10:00 UTC; the slot has other copy",
        "nothing else of the slot can go out; the slot takes the block 'hero_evergreen'",
    ]
    assert (heard.actions[-1], heard.to("draft.safe_block")) == ("draft.safe_block", ["cal", "ada"])


def test_the_last_of_several_that_expire_brings_it(room: Room) -> None:
    room.submitted("priced")
    room.wait(5)
    room.submitted("plain")
    room.wait(5)
    assert (room.sweep(), taken(room)) == (Swept(expired=1), None)
    room.wait(5)
    assert (room.sweep(), taken(room)) == (Swept(expired=1), "hero_evergreen")


def test_two_processes_that_look_at_once_choose_once(room: Room) -> None:
    priced = room.submitted("priced")
    room.wait(5)
    plain = room.submitted("plain")
    room.wait(5)
    room.sweep()
    room.act("reject", plain, "rae", RejectOrder(reason=RejectReason.UNCLEAR))
    place = place_of_draft(room.desk.desk, priced)
    first, second = (order_of(room.desk.desk, place, priced, None, room.now) for _ in range(2))
    assert first.choice is not None
    assert second.choice is not None
    assert first.choice.id == second.choice.id
