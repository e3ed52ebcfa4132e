"""Whoever approves does so with the values that they read: those of an offer change without the brief."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.brand.roles import PersonRole
from app.copywriting.reviewing import ReviewDesk
from app.db.people import People
from app.db.tables import Draft, DraftState
from app.errors import NoneOfThem, OutOfDate
from app.review.actions.approve import ApproveOrder
from app.review.situation import Actor, Situation
from tests.copywriting.office import NOW, Office
from tests.generation.desk import LINES, answering

HERO = {
    "headline": "Come back outside",
    "body": "Take {offer.discount} off the {product.name}. Take your time.",
}
CAL = Actor("cal@fernhill.example", "cal", frozenset({"copywriter"}))
RAE = Actor("rae@fernhill.example", "rae", frozenset({"brand reviewer"}))


def ladder(percent: int) -> dict[str, Any]:
    offer = {
        "id": "autumn_walks",
        "name": "Autumn walks",
        "starts": "2026-11-01T00:00:00+00:00",
        "ends": "2026-12-01T12:00:00+00:00",
        "cap_percent": 30,
        "code": "AUTUMN",
        "ladder": [{"tier": "standard", "percent": percent}],
    }
    return {"offers": [offer]}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A hero that states an offer, submitted."""
    office = Office.at(tmp_path)
    office.desk.contract["review"] = {"tiers": {"low": {"several_at_once": True}}}
    office.desk.only("hero")
    office.brief["offer"] = "autumn_walks"
    office.desk.content.files["offers.yaml"] = ladder(10)
    office.generate(answering({**LINES, "hero": [HERO]}))
    people = People(office.store.engine)
    for who in (CAL, RAE):
        people.add(who.email, who.person_id.title())
        people.grant(who.email, "fernhill", [PersonRole(role) for role in who.roles])
    draft = office.chosen("hero")
    ReviewDesk.over(office.copydesk).act("submit", draft, CAL, seen=draft.revision, at=NOW)
    return office


def read(office: Office, draft: Draft) -> Situation:
    return ReviewDesk.over(office.copydesk).situation(draft, RAE, NOW)


def alone(desk: ReviewDesk, draft: Draft, seen: str) -> object:
    return desk.act("approve", draft, RAE, ApproveOrder(seen=seen), seen=draft.revision, at=NOW)


def together(desk: ReviewDesk, draft: Draft, seen: str) -> object:
    return desk.approve_together([(draft, draft.revision)], lambda _: RAE, NOW, {draft.id: seen})


@pytest.mark.parametrize("approve", [alone, together])
def test_invariant_5_values_that_changed_without_the_brief_are_read_before_they_are_approved(
    office: Office, approve: Callable[[ReviewDesk, Draft, str], object]
) -> None:
    draft = office.chosen("hero")
    before = read(office, draft)
    office.desk.content.files["offers.yaml"] = ladder(20)
    office.write()
    now = read(office, draft)
    assert office.draft(draft.id).revision == draft.revision
    assert (before.shown["offer.discount"], now.shown["offer.discount"]) == ("10%", "20%")
    desk = ReviewDesk.over(office.copydesk)
    with pytest.raises((OutOfDate, NoneOfThem)) as error:
        approve(desk, draft, before.seen)
    reasons = error.value.reasons if isinstance(error.value, NoneOfThem) else (error.value.message,)
    assert "states other values than those that you saw" in reasons[0]
    assert office.draft(draft.id).receipt.approvers == ()
    approve(desk, draft, now.seen)
    assert office.draft(draft.id).state is DraftState.APPROVED
