"""What time does: one reminder, then the safe block; and deadlines that go with the send window."""

import datetime as dt

import pytest

from app.brand.tiers import Tier
from app.db.exports import Exports
from app.db.release_tables import ChosenSlot
from app.db.review_tables import Closed, NoteSort, RejectReason
from app.db.tables import Draft, DraftState
from app.errors import Conflict, NoneOfThem, NotPermitted
from app.review.action import Order
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.escalate import EscalateOrder
from app.review.actions.expire import ExpireOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.actions.take import TakeOrder
from app.review.situation import CLOCK
from tests.review.room import OTHER, PRICED, REFUSED, SEND, START, Heard, Room, contract, email_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def rules(room: Room) -> None:
    review = {"tiers": {"low": {"hours": 10}, "elevated": {"hours": 10}}, "before_send_hours": 6}
    room.contract = contract(review=review)


def chosen(room: Room, kind: str) -> ChosenSlot | None:
    """What is chosen for a slot."""
    found = Exports(room.store.engine).chosen("fernhill", "fernhill_hello")
    return found.get(("en-US", "weekend_hikers", kind))


def test_people_are_reminded_once(room: Room, heard: Heard) -> None:
    draft = room.act("take", room.submitted("plain"), "rae", TakeOrder())
    room.wait(5)
    assert room.sweep().reminded == 0
    room.wait(2)
    assert (room.sweep().reminded, room.sweep().reminded) == (1, 0)
    assert heard.to("draft.deadline_near") == ["bob", "eve", "rae"]
    assert room.review(draft).reminded_at == room.now


def test_past_the_deadline_the_slot_takes_the_safe_block_and_the_draft_says_so(
    room: Room, heard: Heard
) -> None:
    draft = room.act("approve", room.submitted("priced"), "rae")
    room.wait(10)
    swept = room.sweep()
    draft = room.draft("priced")
    assert (swept.expired, draft.state) == (1, DraftState.EXPIRED)
    assert [item.stands for item in draft.receipt.approvers] == [False]
    assert room.reviews(draft)[0].closed_as is Closed.EXPIRED
    choice = chosen(room, "hero")
    assert choice is not None
    assert ([arm.block for arm in choice.arms], choice.chosen_by) == (["hero_evergreen"], "clock")
    assert choice.chosen_at == room.now
    (said,) = room.notes(draft)
    assert (said.sort, said.by) == (NoteSort.EVENT, "")
    assert said.text == "nobody decided by 2026-11-18 10:00 UTC; the slot takes the block 'hero_evergreen'"
    assert (heard.notes[-1].action, heard.notes[-1].actor) == ("draft.expire", "clock")
    assert heard.notes[-1].data["block"] == "hero_evergreen"
    assert heard.to("draft.expired") == ["cal", "ada"]
    assert room.sweep().expired == 0


@pytest.mark.parametrize("sibling", ["approved", "in review"])
def test_not_where_other_copy_is_approved_or_in_review(room: Room, sibling: str) -> None:
    room.submitted("priced")
    room.wait(5)
    if sibling == "approved":
        room.approved("plain", "rae")
    else:
        room.submitted("plain")
    room.wait(5)
    room.sweep()
    draft = room.draft("priced")
    assert draft.state is DraftState.EXPIRED
    assert chosen(room, "hero") is None
    assert room.notes(draft)[0].text.endswith("the slot has other copy")


def test_only_the_clock_expires_and_not_early(room: Room) -> None:
    draft = room.submitted("plain")
    with pytest.raises(NotPermitted, match="expires by itself"):
        room.act("expire", draft, "ada", ExpireOrder())
    with pytest.raises(Conflict, match="is due 2026-11-18 10:00 UTC only"):
        room.desk.act("expire", draft, CLOCK, ExpireOrder(), seen=draft.revision, at=room.now)


def test_one_that_cannot_end_keeps_no_other(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.submitted("priced")
    room.wait(1)
    draft = room.act("ask", room.submitted("plain"), "rae", AskOrder(person=email_of("cal"), text="Why?"))
    cta = room.submitted("cta")
    room.wait(12)
    due = room.desk.reviews.due

    def one_by_one(at: dt.datetime, *, after: object = None) -> object:
        return due(at, after=after, limit=1)  # type: ignore[arg-type]

    monkeypatch.setattr(
        type(room.desk.reviews), "due", lambda self, at, *, after=None: one_by_one(at, after=after)
    )
    assert room.sweep().expired == 2
    states = [room.draft(name).state.value for name in ("priced", "plain", "cta")]
    assert states == ["expired", "in_review", "expired"]
    assert {draft.id, cta.id} == {room.draft("plain").id, room.draft("cta").id}


def test_other_values_open_a_review_of_approved_copy(room: Room, heard: Heard) -> None:
    draft = room.approved("priced", "rae", "lea")
    room.wait(1)
    room.revise(price="119.00")
    draft = room.draft("priced")
    assert (draft.state, draft.approved_at, draft.review_by) == (DraftState.IN_REVIEW, None, None)
    assert {item.ended.why for item in draft.receipt.approvers if item.ended} == {
        "other values of: product.price"
    }
    first, second = room.reviews(draft)
    assert (first.closed_as, second.closed_at, second.due_at) == (Closed.APPROVED, None, START + 11 * HOUR)
    assert heard.actions[-1] == "draft.end_approvals"
    assert room.obstacles(draft)
    draft = room.act("approve", room.act("approve", draft, "rae"), "lea")
    assert (draft.state, room.obstacles(draft)) == (DraftState.APPROVED, [])


def test_other_values_keep_what_does_not_state_them(room: Room) -> None:
    plain = room.approved("plain", "rae")
    room.revise(price="119.00")
    assert (room.draft("plain").state, room.obstacles(plain)) == (DraftState.APPROVED, [])


def test_a_review_follows_the_send_window(room: Room) -> None:
    draft = room.submitted("plain")
    room.revise(send_at=START + 12 * HOUR)
    review = room.review(draft)
    assert (review.send_at, review.latest_at, review.due_at) == (
        START + 12 * HOUR,
        START + 6 * HOUR,
        START + 6 * HOUR,
    )
    room.revise(send_at=SEND + 24 * HOUR)
    review = room.review(draft)
    assert (review.latest_at, review.due_at) == (SEND + 18 * HOUR, START + 10 * HOUR)
    room.wait(9)
    room.revise(send_at=START + 12 * HOUR)
    assert room.review(draft).due_at == room.now
    assert room.sweep().expired == 1


def test_words_that_are_approved_already_are_not_to_be_read_again(room: Room) -> None:
    draft = room.approved("plain", "rae")
    draft = room.edit(draft, {"headline": "Leave early"}, "cal")
    draft = room.act("submit", draft, "cal")
    assert room.review(draft).words == 2
    assert room.review(room.submitted("priced")).words == sum(len(text.split()) for text in PRICED.values())


TOO_LATE = r"the deadline of draft \w+ passed at 2026-11-18 10:00 UTC; the slot takes its safe block"


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("approve", None),
        ("request_changes", ChangesOrder(text="Shorter.")),
        ("reject", RejectOrder(reason=RejectReason.UNCLEAR)),
        ("take", TakeOrder()),
        ("ask", AskOrder(person=email_of("cal"), text="Why?")),
        ("escalate", EscalateOrder(tier=Tier.RESTRICTED, text="Delicate.")),
    ],
)
def test_past_its_deadline_nobody_decides_also_where_no_sweep_has_looked(
    room: Room, action: str, order: Order | None
) -> None:
    draft = room.submitted("plain")
    room.wait(10)
    with pytest.raises(Conflict, match=TOO_LATE):
        room.act(action, draft, "rae", order)
    assert (room.draft("plain"), len(room.notes(draft))) == (draft, 0)
    assert room.sweep().expired == 1


def test_just_before_it_somebody_decides(room: Room) -> None:
    draft = room.submitted("plain")
    room.now = START + 10 * HOUR - dt.timedelta(seconds=1)
    assert room.act("approve", draft, "rae").state is DraftState.APPROVED


def test_several_are_not_approved_past_it_either(room: Room) -> None:
    terms = {"hours": 10, "several_at_once": True}
    room.contract = contract(review={"tiers": {"low": terms}, "before_send_hours": 6})
    first = room.submitted("plain")
    room.wait(5)
    second = room.submitted("cta")
    room.wait(5)
    both = [(first, first.revision), (second, second.revision)]
    with pytest.raises(NoneOfThem) as error:
        room.desk.approve_together(both, lambda _: room.actor("rae"), room.now)
    assert error.value.reasons == (
        f"draft {first.id}: the deadline of draft {first.id} passed at 2026-11-18 10:00 UTC;"
        " the slot takes its safe block",
    )
    assert room.draft("cta").state is DraftState.IN_REVIEW


def test_an_answer_comes_too_late_as_well(room: Room) -> None:
    draft = room.act("ask", room.submitted("plain"), "rae", AskOrder(person=email_of("cal"), text="Why?"))
    (question,) = room.notes(draft)
    room.wait(10 + 24)
    with pytest.raises(Conflict, match="the deadline of draft"):
        room.act("answer", draft, "cal", AnswerOrder(question=question.id, text="So."))


@pytest.mark.parametrize("words", [OTHER, REFUSED], ids=["that pass", "that the guardrails refuse"])
def test_an_edit_leads_no_way_around_it(room: Room, words: dict[str, str]) -> None:
    draft = room.submitted("plain")
    room.wait(10)
    with pytest.raises(Conflict, match=TOO_LATE):
        room.edit(draft, words, "cal")
    assert room.draft("plain") == draft


def test_nor_does_another_moment_of_sending(room: Room) -> None:
    room.contract = contract(review={"tiers": {"low": {"hours": 90}}, "before_send_hours": 6})
    draft = room.submitted("plain")
    room.now = SEND - 6 * HOUR
    room.revise(send_at=SEND + 24 * HOUR)
    assert room.review(draft).send_at == SEND + 24 * HOUR
    with pytest.raises(Conflict, match="the deadline of draft"):
        room.act("approve", draft, "rae")
    assert room.sweep().expired == 1


class TestReminders:
    def reminded(self, room: Room) -> Draft:
        """A draft that people were reminded of, seven hours after it was submitted."""
        draft = room.submitted("plain")
        room.wait(7)
        assert room.sweep().reminded == 1
        return draft

    def test_people_are_reminded_again_where_the_deadline_moves_far(self, room: Room) -> None:
        room.contract = contract(review={"tiers": {"low": {"hours": 90}}, "before_send_hours": 6})
        draft = room.submitted("plain")
        room.now = SEND - 9 * HOUR
        assert room.sweep().reminded == 1
        room.revise(send_at=SEND + 5 * HOUR)
        assert (room.review(draft).reminded_at, room.sweep().reminded) == (None, 0)
        room.wait(5)
        assert room.sweep().reminded == 1

    def test_not_where_it_moves_a_little(self, room: Room) -> None:
        room.contract = contract(review={"tiers": {"low": {"hours": 90}}, "before_send_hours": 6})
        draft = room.submitted("plain")
        room.now = SEND - 9 * HOUR
        room.sweep()
        room.revise(send_at=SEND + 4 * HOUR)
        assert room.review(draft).reminded_at == room.now
        room.wait(4)
        assert room.sweep().reminded == 0

    @pytest.mark.parametrize(("hours", "again"), [(3, 0), (6, 1)])
    def test_a_question_moves_it_too(self, room: Room, hours: int, again: int) -> None:
        draft = self.reminded(room)
        draft = room.act("ask", draft, "rae", AskOrder(person=email_of("cal"), text="Why?"))
        (question,) = room.notes(draft)
        room.wait(hours)
        room.act("answer", draft, "cal", AnswerOrder(question=question.id, text="So."))
        assert room.sweep().reminded == again
