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
from app.errors import Conflict, CopydeskError, OutOfDate
from app.review.action import Order
from app.review.actions.reject import RejectOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.room import Room, Template, contract

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
    # the loser read the draft before the winner wrote, or found its review ended already
    assert [item for item in found if not isinstance(item, DraftState)] in ([OutOfDate], [Conflict])
    assert len(states) == 1
    after = anywhere.draft("plain")
    assert (after.state, after.revision) == (states[0], draft.revision + 1)
    assert len(after.receipt.approvers) == (after.state is DraftState.APPROVED)


def test_two_who_submit_at_once_open_one_review(anywhere: Room) -> None:
    draft = anywhere.draft("plain")
    found = at_once(anywhere, draft, ("submit", "cal", None), ("submit", "rae", None))
    assert sorted(map(str, found)) == sorted(map(str, [DraftState.IN_REVIEW, OutOfDate]))
    assert len(anywhere.reviews(draft)) == 1
