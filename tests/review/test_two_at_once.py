"""Two people act on one draft at the same moment: one wins, the other is told that it has changed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.backup import back_up, restore
from app.db.engine import DEFAULT_OPTIONS, open_database
from app.db.review_tables import RejectReason
from app.db.store import open_store
from app.db.tables import Draft, DraftState
from app.errors import CopydeskError, NoneOfThem, OutOfDate
from app.review.action import Order
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.room import Room, Template, contract, email_of

Deed = tuple[str, str, Order | None]


@pytest.fixture
def anywhere(template: Template, empty_database: str, tmp_path: Path) -> Iterator[Room]:
    """A room on SQLite, and on Postgres."""
    before = open_database(f"sqlite:///{template.database}")
    archive = tmp_path / "template.archive"
    back_up(before, archive, portable=True, made_by="tests")
    before.dispose()
    restore(empty_database, archive, DEFAULT_OPTIONS)
    store = open_store(empty_database)
    yield Room(template, store, contract())
    store.close()


def at_once(room: Room, draft: Draft, *deeds: Deed) -> list[object]:
    """What came of each deed, all begun with the draft as it is now and judged before any is written."""
    ready = threading.Barrier(len(deeds))
    actors = [room.actor(who) for _, who, _ in deeds]
    desk, found = room.desk, [object()] * len(deeds)

    def act(number: int) -> None:
        name, _, order = deeds[number]
        ready.wait(20)
        try:
            found[number] = desk.act(
                name, draft, actors[number], order, seen=draft.revision, at=room.now
            ).state
        except CopydeskError as error:
            found[number] = type(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("approve", "rae", None), ("approve", "eve", None)),
        (("approve", "rae", None), ("reject", "eve", RejectOrder(reason=RejectReason.UNTRUE))),
        (("take", "rae", TakeOrder()), ("take", "eve", TakeOrder())),
        (("withdraw", "cal", WithdrawOrder()), ("approve", "rae", None)),
    ],
    ids=["both approve", "approve and reject", "both take", "withdraw and approve"],
)
def test_one_wins_and_the_other_is_told(anywhere: Room, first: Deed, second: Deed) -> None:
    draft = anywhere.submitted("plain")
    found = at_once(anywhere, draft, first, second)
    states = [item for item in found if isinstance(item, DraftState)]
    assert [item for item in found if not isinstance(item, DraftState)] == [OutOfDate]
    assert len(states) == 1
    after = anywhere.draft("plain")
    assert (after.state, after.revision) == (states[0], draft.revision + 1)
    assert len(after.receipt.approvers) == (after.state is DraftState.APPROVED)


def test_two_who_submit_at_once_open_one_review(anywhere: Room) -> None:
    draft = anywhere.draft("plain")
    found = at_once(anywhere, draft, ("submit", "cal", None), ("submit", "rae", None))
    assert sorted(map(str, found)) == sorted(map(str, [DraftState.IN_REVIEW, OutOfDate]))
    assert len(anywhere.reviews(draft)) == 1


FIRST: dict[str, Deed] = {
    "approves": ("approve", "rae", None),
    "rejects": ("reject", "rae", RejectOrder(reason=RejectReason.UNTRUE)),
    "withdraws": ("withdraw", "cal", WithdrawOrder()),
    "asks": ("ask", "rae", AskOrder(person=email_of("cal"), text="Why?")),
}


@pytest.mark.parametrize("first", sorted(FIRST))
@pytest.mark.parametrize("second", ["approve", "take", "submit"])
def test_who_read_the_draft_before_another_acted_is_told_so(room: Room, first: str, second: str) -> None:
    """The review is read after the draft: it is the other's already, and refuses what this one wants."""
    read = room.submitted("plain")
    action, who, order = FIRST[first]
    room.act(action, read, who, order)
    given = TakeOrder() if second == "take" else None
    with pytest.raises(OutOfDate):
        room.desk.act(second, read, room.actor("eve"), given, seen=read.revision, at=room.now)


def test_an_answer_to_what_another_has_answered(room: Room) -> None:
    draft = room.submitted("plain")
    for who in ("rae", "eve"):
        draft = room.act("ask", draft, who, AskOrder(person=email_of("cal"), text="Why?"))
    first = AnswerOrder(question=room.notes(draft)[0].id, text="So.")
    room.act("answer", draft, "ada", first)
    with pytest.raises(OutOfDate):
        room.desk.act("answer", draft, room.actor("cal"), first, seen=draft.revision, at=room.now)


def test_of_several_the_one_that_another_acted_on_is_named(room: Room) -> None:
    room.contract = contract(review={"tiers": {"low": {"several_at_once": True}}})
    read = [room.submitted("plain"), room.submitted("cta")]
    now = room.act("withdraw", read[0], "cal", WithdrawOrder()).revision
    with pytest.raises(NoneOfThem) as error:
        room.desk.approve_together(
            [(draft, draft.revision) for draft in read], lambda _: room.actor("rae"), room.now
        )
    words = f"draft {read[0].id} is at revision {now}, not at {now - 1}"
    assert error.value.reasons == (f"draft {read[0].id}: {words}",)
