"""New values only: old and new are shown, and one action approves what did not change its words."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.brand.roles import PersonRole
from app.copywriting.editing import edit_draft
from app.copywriting.reapproving import Offered, offered, reapprove
from app.copywriting.reviewing import ReviewDesk
from app.db.drafts import DraftChange
from app.db.people import People
from app.db.tables import Draft, DraftState
from app.errors import Conflict, CopydeskError, NotPermitted, OutOfDate
from app.review.action import Order
from app.review.actions.request_changes import ChangesOrder
from app.review.situation import Actor
from tests.copywriting.office import BY, NOW, Office
from tests.generation.desk import LINES, answering

PRICED = {
    **LINES,
    "hero": [
        {
            "headline": "Come back outside",
            "body": "The {product.name} is yours for {product.price}. Take your time.",
        },
        {
            "headline": "Leave early and walk far",
            "body": "The morning is quiet on the trail. The {product.name} is {product.price}.",
        },
    ],
}
ROLES = {
    "cal": ("copywriter",),
    "rae": ("brand reviewer",),
    "lea": ("legal",),
    "lou": ("legal", "brand reviewer"),
}
NUMBERS = itertools.count(100)


def who(name: str) -> Actor:
    return Actor(f"{name}@fernhill.example", name, frozenset(ROLES[name]))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A brief whose heroes state a price, approved, and then the price changed."""
    return made(tmp_path)


def made(root: Path, *, several: bool = True) -> Office:
    office = Office.at(root)
    terms = {"several_at_once": several}
    office.desk.contract["review"] = {"tiers": {"low": terms}}
    office.desk.only("hero")
    sent = dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    office.desk.target["window"]["send_at"] = sent.isoformat(timespec="seconds")
    office.generate(answering(PRICED))
    people = People(office.store.engine)
    for name, roles in ROLES.items():
        people.add(f"{name}@fernhill.example", name.title())
        people.grant(f"{name}@fernhill.example", "fernhill", [PersonRole(role) for role in roles])
    for item in office.slots()["en-US", "weekend_hikers", "hero"].candidates:
        act(office, item.draft, "cal", "submit")
        act(office, office.draft(item.draft.id), "rae", "approve")
    price(office, "119.00")
    return office


def price(office: Office, value: str) -> None:
    office.desk.target["facts"]["product.price"]["value"] = value
    office.keep()


def act(office: Office, draft: Draft, name: str, action: str, order: Order | None = None) -> Draft:
    return desk_of(office).act(action, draft, who(name), order, seen=draft.revision, at=NOW)


def desk_of(office: Office) -> ReviewDesk:
    return ReviewDesk.over(office.copydesk)


def listed(office: Office, name: str = "rae") -> list[Offered]:
    return offered(desk_of(office), office.stored(), who(name), NOW)


def seen(items: list[Offered]) -> dict[str, int]:
    return {item.draft.id: item.draft.revision for item in items}


def again(office: Office, name: str, items: list[Offered]) -> list[Draft]:
    return reapprove(desk_of(office), office.stored(), who(name), seen(items), NOW)


def test_old_and_new_values_are_shown(office: Office) -> None:
    found = listed(office)
    assert len(found) == 2
    for item in found:
        assert item.draft.state is DraftState.IN_REVIEW
        assert item.obstacle == ""
        assert [(v.name, v.before, v.now) for v in item.values] == [("product.price", "$129", "$119")]


def test_one_action_approves_all_of_them(office: Office) -> None:
    found = listed(office)
    done = again(office, "rae", found)
    assert {draft.state for draft in done} == {DraftState.APPROVED}
    assert listed(office) == []
    for draft in done:
        standing = [item for item in draft.receipt.approvers if item.stands]
        assert [item.shown["product.price"] for item in standing] == ["$119"]
        assert standing[0].content_hash == draft.content_hash


def test_an_approval_from_before_values_were_kept(office: Office) -> None:

    draft = listed(office)[0].draft
    old = tuple(item.model_copy(update={"shown": {}}) for item in draft.receipt.approvers)
    receipt = draft.receipt.model_copy(update={"approvers": old})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])
    (mine,) = [item for item in listed(office) if item.draft.id == draft.id]
    assert [(v.before, v.now) for v in mine.values] == [(None, "$119")]


def test_nobody_approves_what_they_wrote_nor_without_the_role(office: Office) -> None:
    found = listed(office, "lea")
    assert all("waits for an approval by: brand reviewer" in item.obstacle for item in found)
    for name in ("lea", "cal"):
        with pytest.raises(NotPermitted):
            again(office, name, found)

    for item in found:
        change = {"requested_by": who("lou").email}
        office.copydesk.drafts.change([DraftChange(item.draft.id, item.draft.revision, change)])
    with pytest.raises(NotPermitted, match="nobody approves what they wrote"):
        again(office, "lou", listed(office))


def test_all_or_none(office: Office) -> None:
    found = listed(office)
    act(office, found[1].draft, "rae", "approve")
    for name in ("rae", "lou"):
        with pytest.raises(CopydeskError):
            again(office, name, found)
    assert office.draft(found[0].draft.id).state is DraftState.IN_REVIEW
    newer = dict.fromkeys(seen(found[:1]), 99)
    with pytest.raises(OutOfDate):
        reapprove(desk_of(office), office.stored(), who("rae"), newer, NOW)


def test_who_saw_it_before_another_approved_it_is_told_so(office: Office) -> None:
    items = listed(office)
    act(office, items[0].draft, "lou", "approve")
    with pytest.raises(OutOfDate, match="is at revision"):
        again(office, "rae", items)


def test_other_values_than_those_that_were_read_are_not_approved(office: Office) -> None:
    items = listed(office)
    read: dict[str, str | None] = {item.draft.id: item.situation.seen for item in items}
    desk, stored = desk_of(office), office.stored()
    with pytest.raises(OutOfDate, match="other values than those that you saw"):
        reapprove(desk, stored, who("rae"), seen(items), NOW, {**read, items[1].draft.id: "0" * 16})
    assert {office.draft(item.draft.id).state for item in items} == {DraftState.IN_REVIEW}
    done = reapprove(desk, stored, who("rae"), seen(items), NOW, read)
    assert {draft.state for draft in done} == {DraftState.APPROVED}


def test_a_tier_may_want_them_one_by_one(tmp_path: Path) -> None:
    office = made(tmp_path, several=False)
    found = listed(office)
    with pytest.raises(Conflict, match="one by one"):
        again(office, "rae", found)
    assert again(office, "rae", found[:1])[0].state is DraftState.APPROVED


def test_edited_copy_is_not_offered(office: Office) -> None:
    first, second = listed(office)
    words = {"headline": "Walk a little further"}
    edit_draft(office.copydesk, first.draft, words, seen=first.draft.revision, by=BY)
    assert [item.draft.id for item in listed(office)] == [second.draft.id]
    edited = office.draft(first.draft.id)
    back = {"headline": first.draft.copy_fields["headline"]}
    edit_draft(office.copydesk, edited, back, seen=edited.revision, by=BY)
    assert [item.draft.id for item in listed(office)] == [second.draft.id]
    with pytest.raises(OutOfDate):
        again(office, "rae", [first])
    as_it_is = {first.draft.id: office.draft(first.draft.id).revision}
    with pytest.raises(Conflict, match="new values only"):
        reapprove(desk_of(office), office.stored(), who("rae"), as_it_is, NOW)


def test_words_that_were_approved_before_are_not_read_again(office: Office) -> None:
    for item in listed(office):
        assert item.situation.ground.approved_copy == item.draft.copy_fields
        assert item.situation.review is not None
        assert item.situation.review.words == 0
    first = listed(office)[0].draft
    act(office, first, "rae", "request_changes", ChangesOrder(text="No."))
    sent_back = act(office, office.draft(first.id), "cal", "submit")
    situation = desk_of(office).situation(sent_back, who("rae"), NOW)
    assert situation.review is not None
    assert situation.review.words > 0, "somebody objected to them meanwhile"


def test_what_the_guardrails_refuse_with_the_new_value_is_not_approved(office: Office) -> None:
    found = listed(office)
    del office.desk.target["facts"]["product.price"]
    office.keep()
    assert all(item.obstacle for item in listed(office))
    with pytest.raises(CopydeskError):
        again(office, "rae", found)


def test_sent_back_is_not_offered(office: Office) -> None:
    first = listed(office)[0]
    act(office, first.draft, "rae", "request_changes", ChangesOrder(text="No."))
    assert first.draft.id not in seen(listed(office))


STEPS = st.lists(st.sampled_from(["price", "edit", "rae", "lea", "lou", "cal"]), min_size=1, max_size=6)


def test_whatever_happens_only_new_values_are_approved_again(office: Office) -> None:
    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=STEPS)
    def holds(steps: list[str]) -> None:
        for step in steps:
            number = next(NUMBERS)
            if step == "price":
                price(office, f"{number}.00")
            elif step == "edit":
                for item in listed(office)[:1]:
                    words: dict[str, Any] = {"headline": f"Walk {'far ' * (number % 3)}outside today"}
                    edit_draft(office.copydesk, item.draft, words, seen=item.draft.revision, by=BY)
            else:
                found = listed(office, step)
                may = [item for item in found if not item.obstacle]
                if not found:
                    continue
                try:
                    done = again(office, step, found)
                except CopydeskError:
                    assert len(may) < len(found)
                    continue
                assert len(may) == len(found)
                assert "brand reviewer" in ROLES[step]
                for draft, item in zip(done, found, strict=True):
                    assert draft.copy_fields == item.draft.copy_fields
                    assert draft.receipt.approvers[-1].by == who(step).email

    holds()
