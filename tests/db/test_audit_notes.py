"""What people do is recorded where it is stored: by whom, what, to what, and without their words."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from app.blocks.approved import digest
from app.brand.roles import PersonRole, Scope
from app.brief.models import Brief
from app.db.audit_chain import ChainCheck
from app.db.audit_log import AuditLog, check_database
from app.db.briefs import Briefs
from app.db.content import ContentStore
from app.db.drafts import Deed, DraftChange, Drafts
from app.db.engine import DEFAULT_OPTIONS, open_database
from app.db.exports import Exports
from app.db.people import People
from app.db.release_tables import Arm, ChosenSlot, Export, ExportContent, ExportedSlot
from app.db.store import Store
from app.db.tables import DraftState
from app.errors import Conflict, NotFound, OutOfDate
from tests.db.factories import make_draft, make_record, make_run
from tests.generation.desk import BRIEF

ADA = "ada@fernhill.example"
Told = tuple[str, str, str, dict[str, Any]]


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def ada(engine: Engine) -> str:
    """The id of somebody whom drafts name."""
    return People(engine).add(ADA, "Ada").id


def told(engine: Engine, after: int = 0) -> list[Told]:
    """Brand and action, actor, subject and data of each record after the first ones, oldest first."""
    found = reversed(AuditLog(engine).records())
    return [(f"{r.brand} {r.action}", r.actor, r.subject, dict(r.data)) for r in found if r.seq > after]


def test_people_roles_and_keys(engine: Engine) -> None:
    people = People(engine, actor="the admin")
    person = people.add(ADA, "Ada")
    people.grant(ADA, "fernhill", [PersonRole.LEGAL, PersonRole.COPYWRITER])
    people.grant(ADA, "fernhill", [PersonRole.LEGAL])
    people.revoke(ADA, "fernhill", [PersonRole.LEGAL])
    people.revoke(ADA, "fernhill", None)
    key = people.create_key(ADA, "laptop", [Scope.READ], None).row
    new = people.rotate_key(key.id, None, grace=key.created_at - key.created_at).row
    people.revoke_key(new.id)
    people.revoke_key(new.id)
    people.disable(ADA)
    people.disable(ADA, disabled=False)
    who = f"person {person.id}"
    assert [(what, subject, data) for what, _, subject, data in told(engine)] == [
        ("* person.add", who, {}),
        ("fernhill person.grant", who, {"roles": ["legal", "copywriter"]}),
        ("fernhill person.revoke", who, {"roles": ["legal"]}),
        ("fernhill person.revoke", who, {"roles": "all"}),
        ("* key.create", f"key {key.id}", {"person": person.id, "scopes": ["read"]}),
        ("* key.rotate", f"key {key.id}", {"person": person.id, "new": new.id}),
        ("* key.revoke", f"key {new.id}", {"person": person.id}),
        ("* person.disable", who, {}),
        ("* person.enable", who, {}),
    ]
    assert {actor for _, actor, _, _ in told(engine)} == {"the admin"}


def test_what_is_refused_is_not_recorded(engine: Engine, ada: str) -> None:
    people = People(engine)
    with pytest.raises(Conflict):
        people.add(ADA, "Another Ada")
    with pytest.raises(NotFound):
        people.revoke(ADA, "fernhill", None)
    with pytest.raises(Conflict):
        ContentStore(engine).publish({"a": b"b"}, author=ADA, note="", expected="0" * 64)
    deed = Deed("fernhill", ADA, "draft.edit")
    with pytest.raises(OutOfDate):
        Drafts(engine).change([DraftChange("0" * 32, 1, {"state": DraftState.DRAFT}, deed=deed)])
    assert [what for what, *_ in told(engine)] == ["* person.add"]


def test_publishing_and_moving_back(engine: Engine, ada: str) -> None:
    content = ContentStore(engine)
    first = content.publish({"a": b"1"}, author=ADA, note="the first", expected=None).version.hash
    second = content.publish({"a": b"2"}, author="Somebody", note="", expected=first).version.hash
    content.publish({"a": b"2"}, author=ADA, note="", expected=second)
    content.move(first, by=ADA, why="back", expected=second)
    assert told(engine, 1) == [
        ("* content.publish", ada, f"version {first}", {"version": first, "previous": None}),
        ("* content.publish", "machine", f"version {second}", {"version": second, "previous": first}),
        ("* content.move", ada, f"version {first}", {"version": first, "previous": second}),
    ]


def test_choices_and_exports(engine: Engine, ada: str) -> None:
    place: dict[str, Any] = {"locale": "en-US", "segment": "all", "kind": "cta"}
    arms = (Arm(name="a", draft="d" * 32), Arm(name="b", block="evergreen"))
    choice = ChosenSlot(brand="fernhill", brief_id="b", arms=arms, chosen_by=ADA, **place)
    Exports(engine, actor=ada).choose([choice])
    slot: dict[str, Any] = {
        "segment": "all",
        "kind": "cta",
        "source": "draft",
        "copy_fields": {"label": "x"},
        "public_id": "p",
    }
    slots = (ExportedSlot(**slot, draft="d" * 32), ExportedSlot(**slot, draft="d" * 32), ExportedSlot(**slot))
    export = Export(
        brand="fernhill",
        brief_id="b",
        brief_revision=3,
        locale="en-US",
        segments=("all",),
        account="a",
        platform="jinja",
        template_hash="f" * 64,
        content=ExportContent(subject="Come outside", slots=slots, facts={}),
        exported_by="",
    )
    Exports(engine).keep([export], ())
    sources = [
        {"draft": "d" * 32, "block": None, "control": False},
        {"draft": None, "block": "evergreen", "control": False},
    ]
    shipped = {"brief_revision": 3, "locale": "en-US", "segments": ["all"], "arm": "only", "account": "a"}
    shipped |= {"platform": "jinja", "manifest": ""}
    assert told(engine, 1) == [
        ("fernhill slot.choose", ada, f"choice {choice.id}", {"brief": "b", **place, "arms": sources}),
        ("fernhill email.export", "machine", f"export {export.id}", {"brief": "b", **shipped}),
    ]


def test_drafts_that_people_write_and_change(engine: Engine, ada: str) -> None:
    draft = make_draft(author=ADA, requested_by=ADA)
    Drafts(engine).add(draft)
    Drafts(engine).add(draft)
    deed = Deed("fernhill", ADA, "draft.withdraw", {"state": "withdrawn"})
    values = {"state": DraftState.WITHDRAWN}
    Drafts(engine).change([DraftChange(draft.id, 1, values, deed=deed)])
    Drafts(engine).change([DraftChange(draft.id, 2, values)])
    subject = f"draft {draft.id}"
    assert told(engine, 1) == [
        ("fernhill draft.write", ada, subject, {"content": draft.content_hash, "verdict": "pass"}),
        ("fernhill draft.withdraw", ada, subject, {"state": "withdrawn"}),
    ]


def test_every_revision_of_a_brief_is_noted_without_its_words(engine: Engine, ada: str) -> None:
    briefs, first = Briefs(engine), Brief.model_validate(BRIEF)
    briefs.create(first, author=ADA)
    after = first.model_copy(update={"name": "Another name"})
    briefs.change(after, seen=1, author="", change="name")
    with pytest.raises(Conflict):
        briefs.create(first, author=ADA)
    with pytest.raises(OutOfDate):
        briefs.change(first, seen=1, author=ADA, change="name")
    hashes = [digest(brief.model_dump(mode="json")) for brief in (first, after)]
    assert told(engine, 1) == [
        ("fernhill brief.create", ada, f"brief {first.id}", {"revision": 1, "content": hashes[0]}),
        ("fernhill brief.change", "machine", f"brief {first.id}", {"revision": 2, "content": hashes[1]}),
    ]


def test_a_new_answer_withdraws_what_stood_there_and_names_siblings(
    engine: Engine, database: str, ada: str
) -> None:
    store, run = Store(engine), make_run(requested_by=ADA)
    store.start_run(run)
    old, new = make_draft(), make_draft()
    store.save_slot(make_record(run), [old])
    assert told(engine, 1) == [], "what a model writes is in the runs"
    store.save_slot(make_record(run), [new], replace=True)
    redo = make_record(run, "e" * 64)
    redo.redo_of = new.id
    sibling = make_draft()
    store.save_slot(redo, [sibling])
    nothing = make_record(run, "d" * 64)
    nothing.redo_of = new.id
    store.save_slot(nothing, [])
    assert told(engine, 1) == [
        ("fernhill draft.withdraw", ada, f"draft {old.id}", {}),
        ("fernhill draft.redo", ada, f"draft {new.id}", {"siblings": [sibling.id]}),
    ]
    assert check_database(database, DEFAULT_OPTIONS, ChainCheck()).fault == ""
