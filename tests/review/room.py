"""A review room for every test: one stored brief with drafts, people with two keys each, and a clock.

The files and the database are made once; a room copies the database and may have another contract.
"""

import copy
import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from app.brand.contract import DecisionContract
from app.brand.roles import PersonRole, Scope
from app.brief.models import Brief
from app.copywriting.desk import Desk
from app.copywriting.editing import prepare_edit
from app.copywriting.places import place_of, place_of_draft
from app.copywriting.review_clock import Swept, sweep
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.revising import prepare, store
from app.copywriting.slots import InMemory
from app.db import audit, drafts, outbox
from app.db.audit import AuditNote
from app.db.briefs import Briefs
from app.db.drafts import DraftChange, Drafts
from app.db.outbox import Announcement
from app.db.people import People
from app.db.review_tables import Review, ReviewNote
from app.db.service_tables import StoredBrief
from app.db.store import Store, open_store
from app.db.tables import Draft
from app.generation.kept_answers import content_of, judge_of
from app.release.gate import Gate
from app.release.library import ContentLibrary, Libraries
from app.release.serving import Serving
from app.review import following, writing
from app.review.action import Order
from app.review.situation import Actor
from tests import factories
from tests.copywriting.office import Office
from tests.generation.desk import LINES, answering
from tests.release.content import COPY

START = dt.datetime(2026, 11, 18, 0, 0, tzinfo=dt.UTC)
SEND = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
PRICED = {
    "headline": "Come back outside",
    "body": "The {product.name} is yours for {product.price}. Take your time.",
}
PLAIN = {
    "headline": "Leave early and walk far",
    "body": "The morning is quiet on the trail. We help you to get ready and to come back outside.",
}
OTHER = {
    "headline": "A good coat and a free hour",
    "body": "Look at the {product.name} and plan a quiet walk.",
}
REFUSED = {"headline": "A walk cures colds", "body": "It heals colds. Come outside with us."}

PEOPLE: dict[str, tuple[PersonRole, ...]] = {
    "cal": (PersonRole.COPYWRITER, PersonRole.BRAND_REVIEWER),
    "rae": (PersonRole.BRAND_REVIEWER,),
    "eve": (PersonRole.BRAND_REVIEWER, PersonRole.COPYWRITER),
    "lea": (PersonRole.LEGAL,),
    "bob": (PersonRole.BRAND_REVIEWER, PersonRole.LEGAL),
    "per": (PersonRole.PERFORMANCE,),
    "ada": (PersonRole.BRAND_OWNER,),
    "neo": (PersonRole.OPERATOR,),
}
"""Who there is. Cal asked for the drafts, so that she may not approve them, whatever her roles."""


def email_of(name: str) -> str:
    """A person's address."""
    return f"{name}@fernhill.example"


def contract(**changes: Any) -> DecisionContract:
    """The contract of the small brand: a price makes elevated, everything else is low."""
    given = copy.deepcopy(factories.CONTRACT)
    given["tiers"] = {"kinds": dict.fromkeys(COPY, "low"), "facts": {"price": "elevated"}}
    given["confidence"] = dict.fromkeys(given["confidence"], 0.0)
    given["approvers"] |= {"elevated": ["brand reviewer", "legal"], "restricted": ["legal", "brand owner"]}
    return DecisionContract.model_validate({**given, **changes})


class _One(Libraries):
    """Libraries that hold one brand as it is given."""

    def __init__(self, library: ContentLibrary) -> None:
        self._serving = {library.brand.id: library}
        self._faults = {}


@dataclass(frozen=True)
class Template:
    """What every room of a test session begins with."""

    serving: Serving
    database: Path
    drafts: Mapping[str, str]
    """The ids of the drafts: two heroes, `priced` states a price and `plain` no fact, and a `cta`."""

    @classmethod
    def made(cls, root: Path) -> "Template":
        """Write the content, store the brief and its drafts, add the people."""
        office = Office.at(root)
        office.desk.only("hero", "cta")
        office.generate(answering({**LINES, "hero": [PRICED, PLAIN]}))
        people = People(office.store.engine)
        for name, roles in PEOPLE.items():
            people.add(email_of(name), name.title())
            people.grant(email_of(name), "fernhill", roles)
            for key in ("first", "second"):
                people.create_key(email_of(name), key, Scope, None)
        desk = office.copydesk
        ids = {}
        for draft in desk.drafts.of_brands(["fernhill"]):
            name = "priced" if draft.copy_fields == PRICED else "plain" if draft.kind == "hero" else "cta"
            ids[name] = draft.id
            desk.drafts.change([DraftChange(draft.id, draft.revision, {"requested_by": email_of("cal")})])
        office.store.close()
        return cls(desk.serving, root / "desk.db", ids)

    @contextmanager
    def room(self, folder: Path, contract_: DecisionContract | None = None) -> Iterator["Room"]:
        """A room of its own under `folder`, open until the block ends."""
        path = folder / "room.db"
        shutil.copyfile(self.database, path)
        store = open_store(f"sqlite:///{path}")
        try:
            yield Room(self, store, contract_ or contract())
        finally:
            store.close()


@dataclass
class Heard:
    """What was noted in the audit trail, and what people and services were told."""

    notes: list[AuditNote] = field(default_factory=list)
    told: list[Announcement] = field(default_factory=list)

    def to(self, event: str) -> list[str]:
        """The names of those who were told of an event, in order."""
        return [who.partition("@")[0] for item in self.told if item.event == event for who in item.people]

    @property
    def actions(self) -> list[str]:
        """What was noted, in order."""
        return [item.action for item in self.notes]


def listening(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Hear what review notes and announces from here on; it is kept as ever."""
    heard = Heard()

    def note(session: Session, entry: AuditNote) -> None:
        heard.notes.append(entry)
        audit.note(session, entry)

    def announce(session: Session, announcement: Announcement) -> None:
        heard.told.append(announcement)
        outbox.announce(session, announcement)

    for module in (writing, drafts):
        monkeypatch.setattr(module, "note", note)
    for module in (writing, following):
        monkeypatch.setattr(module, "announce", announce)
    return heard


@dataclass
class Room:
    """`now` is the clock; `contract` may be replaced between two steps, as a new version of it does."""

    template: Template
    store: Store
    contract: DecisionContract = field(default_factory=contract)
    now: dt.datetime = START

    _desks: dict[int, ReviewDesk] = field(default_factory=dict)

    @property
    def library(self) -> ContentLibrary:
        """The brand with the contract of now."""
        library = self.template.serving.library("fernhill")
        return replace(library, brand=replace(library.brand, contract=self.contract, views={}))

    @property
    def desk(self) -> ReviewDesk:
        """The review desk over this room's database."""
        known = self._desks.get(id(self.contract))
        if known is None:
            serving = replace(self.template.serving, libraries=_One(self.library))
            engine = self.store.engine
            known = ReviewDesk.over(Desk(Briefs(engine), Drafts(engine), serving))
            self._desks[id(self.contract)] = known
        return known

    # what is there

    def draft(self, name: str = "plain") -> Draft:
        """A draft as it is stored."""
        return self.desk.desk.drafts.find(self.template.drafts[name], ["fernhill"])

    def reviews(self, draft: Draft) -> list[Review]:
        """Every review of a draft, the first one first."""
        return self.desk.reviews.rounds(draft.id)

    def review(self, draft: Draft) -> Review:
        """The open review of a draft."""
        found = self.desk.reviews.open_of(draft.id)
        assert found is not None
        return found

    def notes(self, draft: Draft) -> list[ReviewNote]:
        """What was said about a draft."""
        return self.desk.reviews.notes(draft.id)

    @property
    def brief(self) -> StoredBrief:
        """The brief as it is stored."""
        found = self.desk.desk.briefs.find("fernhill", "fernhill_hello")
        assert found is not None
        return found

    def actor(self, name: str, key: int = 0) -> Actor:
        """A person as one of their keys names them."""
        people = self.desk.people
        known = people.find_key(people.keys(email_of(name))[key].key.id)
        assert known is not None
        roles = frozenset(grant.role.value for grant in known.grants)
        return Actor(known.person.email, known.person.id, roles)

    # what people and time do

    def act(
        self, name: str, draft: Draft, who: str, order: Order | None = None, *, key: int = 0, seen: int = 0
    ) -> Draft:
        """One action on the draft as it is stored now, or as it was `seen`."""
        current = self.desk.desk.drafts.find(draft.id, ["fernhill"])
        actor = self.actor(who, key)
        return self.desk.act(name, current, actor, order, seen=seen or current.revision, at=self.now)

    def submitted(self, name: str = "plain", by: str = "cal") -> Draft:
        """A draft that is in review."""
        return self.act("submit", self.draft(name), by)

    def approved(self, name: str, *by: str) -> Draft:
        """A draft that these people approved."""
        draft = self.submitted(name)
        for who in by:
            draft = self.act("approve", draft, who)
        return draft

    def edit(self, draft: Draft, fields: Mapping[str, str], who: str) -> Draft:
        """New words for a draft."""
        desk = self.desk.desk
        current = desk.drafts.find(draft.id, ["fernhill"])
        edited = prepare_edit(
            desk,
            place_of_draft(desk, current),
            current,
            fields,
            seen=current.revision,
            by=email_of(who),
            at=self.now,
        )
        if edited.change is not None:
            desk.drafts.change([edited.change])
        return desk.drafts.find(draft.id, ["fernhill"])

    def revise(self, who: str = "cal", *, price: str = "", send_at: dt.datetime | None = None) -> None:
        """Another price, or another moment of sending, stored as a revision of the brief."""
        stored = self.brief
        data = stored.content.model_dump(mode="json")
        for target in data["targets"]:
            if price:
                target["facts"]["product.price"]["value"] = price
            if send_at is not None:
                target["window"]["send_at"] = send_at.isoformat()
        after = Brief.model_validate(data)
        if after == stored.content:
            return
        desk = self.desk.desk
        library = desk.library("fernhill")
        prepared = prepare(desk, stored, after, library)
        store(desk, prepared, library, by=email_of(who), change="another value", at=self.now)

    def wait(self, hours: float) -> None:
        """Let time pass; nothing looks at it."""
        self.now += dt.timedelta(hours=hours)

    def sweep(self) -> Swept:
        """What time does."""
        return sweep(self.desk, self.now)

    def obstacles(self, draft: Draft) -> list[str]:
        """Why the gate keeps this draft's slot back now; empty when it releases it."""
        current = self.desk.desk.drafts.find(draft.id, ["fernhill"])
        place = place_of_draft(self.desk.desk, current)
        content = content_of(current, place.library)
        report = judge_of(place.job, place.library)(content, facts=place.job.facts, as_of=place.job.as_of)
        gate = Gate(InMemory([current]), required=report.required)
        found = gate.obstacles(content, place_of(place.job, place.library), report)
        return [item.words for item in found]
