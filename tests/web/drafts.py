"""A stored brief with drafts of it, for tests of the pages about them."""

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.brief.models import Brief
from app.copywriting.desk import Desk
from app.copywriting.human_copy import write_draft
from app.copywriting.places import place_for
from app.copywriting.reviewing import ReviewDesk
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.tables import Draft
from app.review.action import Order
from app.review.situation import Actor
from app.service import Service
from tests.api.house import OURS, PEOPLE, email_of
from tests.generation.desk import BRIEF, LINES

SEND_AT = "2027-03-01T09:00:00+00:00"
"""When the brief's email goes out: long after every test's now."""
HERO = {
    "headline": "Come back outside",
    "body": "The {product.name} is {product.price} and made for days like these. Take your time.",
}
"""Copy that passes and states a price."""


def office_of(service: Service) -> ReviewDesk:
    """The review desk over the service's database, with what serves now."""
    return ReviewDesk.over(Desk(service.briefs, service.drafts, service.contents.now()))


def store_brief(service: Service, **changes: Any) -> None:
    """Store the brief of the tests."""
    brief = copy.deepcopy(BRIEF)
    brief["targets"][0]["window"]["send_at"] = SEND_AT
    service.briefs.create(Brief.model_validate({**brief, **changes}), author=email_of("cal"))


def write(service: Service, kind: str = "hero", fields: Mapping[str, str] = HERO, by: str = "cal") -> Draft:
    """Somebody's copy for a position of the brief, which is stored first where it is not there."""
    if service.briefs.find(OURS, BRIEF["id"]) is None:
        store_brief(service)
    desk = office_of(service).desk
    stored = service.briefs.find(OURS, BRIEF["id"])
    assert stored is not None
    place = place_for(desk, stored, locale="en-US", segment="weekend_hikers", kind=kind)
    return write_draft(desk, place, fields, by=email_of(by), engine="0.1.0").draft


def write_email(service: Service) -> list[Draft]:
    """Copy for every position that a model may write."""
    return [write(service, kind, lines[0]) for kind, lines in LINES.items()]


def actor(service: Service, name: str) -> Actor:
    """Somebody of the house as actions see them."""
    roles = frozenset(role.value for role in PEOPLE[name][1])
    return Actor(email_of(name), service.people.get(email_of(name)).person.id, roles)


def act(
    service: Service,
    name: str,
    draft: Draft,
    by: str,
    order: Order | None = None,
    *,
    at: dt.datetime | None = None,
) -> Draft:
    """One step of review, taken by somebody of the house."""
    office = office_of(service)
    now = service.drafts.find(draft.id, [OURS])
    moment = at or dt.datetime.now(dt.UTC)
    return office.act(name, now, actor(service, by), order, seen=now.revision, at=moment)


def page_of(draft: Draft) -> str:
    """Where the page of a draft is."""
    return f"/brands/{draft.brand}/drafts/{draft.id}"


def choose_evergreens(service: Service, brief_id: str) -> None:
    """Choose always-safe copy for every position of a brief's email to weekend hikers."""
    rows = [
        ChosenSlot(
            brand=OURS,
            brief_id=brief_id,
            locale="en-US",
            segment="weekend_hikers",
            kind=kind,
            arms=(Arm(name=SINGLE, block=f"{kind}_evergreen"),),
            chosen_by=email_of("cal"),
        )
        for kind in ("subject", "hero", "cta", "footer")
    ]
    Exports(service.store.engine).choose(rows)
