"""Stored briefs: revisions, who was faster, pages."""

import copy
import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.brief.models import Brief
from app.db.briefs import BriefFilter, Briefs
from app.db.drafts import DraftChange, Drafts
from app.db.store import Store, open_store
from app.db.tables import DraftState
from app.errors import Conflict, OutOfDate
from tests.db.factories import make_draft
from tests.generation.desk import BRIEF


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    yield store
    store.close()


@pytest.fixture
def briefs(store: Store) -> Briefs:
    return Briefs(store.engine)


def make_brief(**overrides: Any) -> Brief:
    return Brief.model_validate({**copy.deepcopy(BRIEF), **overrides})


def test_every_revision_is_kept_with_who_made_it(briefs: Briefs) -> None:
    briefs.create(make_brief(), author="cal@fernhill.example")
    later = make_brief(message="walk with us again")
    stored = briefs.change(later, seen=1, author="nora@fernhill.example", change="changed message")
    assert (stored.revision, stored.content, stored.owner) == (2, later, "cal@fernhill.example")
    seen = [
        (item.revision, item.author, item.change) for item in briefs.revisions("fernhill", "fernhill_hello")
    ]
    assert seen == [(2, "nora@fernhill.example", "changed message"), (1, "cal@fernhill.example", "stored")]
    first = briefs.revision("fernhill", "fernhill_hello", 1)
    assert first is not None
    assert first.content == make_brief()
    assert briefs.revision("fernhill", "fernhill_hello", 3) is None


def test_who_saw_an_older_revision_changes_nothing(briefs: Briefs) -> None:
    briefs.create(make_brief(), author="cal")
    briefs.change(make_brief(notes="Be brief."), seen=1, author="cal", change="notes")
    with pytest.raises(OutOfDate, match="at revision 2, not at revision 1"):
        briefs.change(make_brief(notes="Be long."), seen=1, author="nora", change="notes")
    stored = briefs.find("fernhill", "fernhill_hello")
    assert stored is not None
    assert (stored.revision, stored.content.notes) == (2, "Be brief.")
    assert len(briefs.revisions("fernhill", "fernhill_hello")) == 2


def test_a_draft_that_changed_meanwhile_keeps_the_brief_as_it_was(store: Store, briefs: Briefs) -> None:
    drafts = Drafts(store.engine)
    first, second = (drafts.add(make_draft(id=name * 32)) for name in "ab")
    briefs.create(make_brief(), author="cal")
    changes = [
        DraftChange(first.id, 1, {"state": DraftState.IN_REVIEW}),
        DraftChange(second.id, 7, {"state": DraftState.IN_REVIEW}),
    ]
    with pytest.raises(OutOfDate, match=second.id):
        briefs.change(make_brief(notes="x"), seen=1, author="cal", change="notes", drafts=changes)
    assert drafts.find(first.id, ["fernhill"]).state is DraftState.DRAFT
    assert len(briefs.revisions("fernhill", "fernhill_hello")) == 1


def test_an_id_belongs_to_one_brief_of_a_brand_and_to_others_elsewhere(briefs: Briefs) -> None:
    briefs.create(make_brief(), author="cal")
    with pytest.raises(Conflict, match="has a brief 'fernhill_hello' already, at revision 1"):
        briefs.create(make_brief(), author="cal")
    briefs.create(make_brief(brand="oatmere"), author="cal")
    assert briefs.brands_with("fernhill_hello") == ["fernhill", "oatmere"]
    assert [item.brand for item in briefs.named("fernhill_hello", ["oatmere", "larkfell"])] == ["oatmere"]


def test_pages_show_the_newest_first_and_each_once(briefs: Briefs) -> None:
    for number in range(7):
        briefs.create(make_brief(id=f"brief_{number}"), author="cal")
    seen: list[str] = []
    after = None
    while page := briefs.page(BriefFilter(["fernhill"], after=after, limit=3)):
        seen += [line.id for line in page]
        last = page[-1]
        after = (last.created_at, last.brand, last.id)
        briefs.create(make_brief(id=f"later_{len(seen)}"), author="cal")
    assert seen == [f"brief_{number}" for number in reversed(range(7))]


def test_a_list_is_narrowed_by_journey_owner_and_time_of_sending(briefs: Briefs) -> None:
    briefs.create(make_brief(id="one"), author="cal")
    briefs.create(make_brief(id="two", journey="welcome"), author="nora")
    sent = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)

    def ids(**wanted: Any) -> list[str]:
        return [line.id for line in briefs.page(BriefFilter(["fernhill", "oatmere"], **wanted))]

    assert ids(journey="welcome") == ["two"]
    assert ids(owner="cal") == ["one"]
    assert ids(sends_from=sent, sends_until=sent) == ["two", "one"]
    assert ids(sends_from=sent + dt.timedelta(seconds=1)) == []
    assert [line.id for line in briefs.page(BriefFilter(["oatmere"]))] == []


def test_of_many_who_store_or_change_one_brief_at_once_one_wins(briefs: Briefs) -> None:
    """Whoever loses is told, and every revision that was stored is there once."""

    def create(number: int) -> bool:
        try:
            briefs.create(make_brief(notes=f"first of {number}"), author=f"{number}")
        except Conflict:
            return False
        return True

    def change(number: int) -> bool:
        try:
            briefs.change(make_brief(notes=f"second of {number}"), seen=1, author=f"{number}", change="notes")
        except OutOfDate:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(create, range(6))) == 1
        assert sum(pool.map(change, range(6))) == 1
    assert [item.revision for item in briefs.revisions("fernhill", "fernhill_hello")] == [2, 1]
