"""Erasing a person: nothing that is stored names them any more, and everything that is hashed still holds."""

import dataclasses
import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, ForeignKey

from app.brand.roles import PersonRole, Scope
from app.brief.models import Brief
from app.db.audit_log import AuditLog
from app.db.blobs import BlobStore, NewBlob
from app.db.briefs import Briefs
from app.db.checkup import check_up
from app.db.content import ContentStore
from app.db.drafts import Drafts
from app.db.engine import DEFAULT_OPTIONS, make_engine, open_database
from app.db.erasing import ENDED, KEPT_COLUMNS, KEPT_TABLES, Erasing
from app.db.exports import Exports
from app.db.kept_answers import Asked, KeptAnswers
from app.db.naming import NAMING, Mentions, is_alias
from app.db.people import People
from app.db.receipts import DraftApproval, Edit, Ending
from app.db.release_tables import Arm, ChosenSlot, Export, ExportContent
from app.db.schema import METADATA
from app.db.service_tables import BlobKind
from app.db.sign_in import OutsideRows
from app.db.store import Store
from app.db.tables import DraftState
from app.errors import NotFound, UsageError
from tests.db.factories import AS_OF, make_draft, make_receipt, make_run
from tests.db.history import everything
from tests.db.left_behind import ISSUER, sign_in_every_way, write_freely
from tests.generation.desk import BRIEF

ADA, NAME = "ada@fernhill.example", "Ada Ünal"
SAID = f"Ask ADA\u00a0ünal, or write to {ADA}"
"""A full name in other capitals and with another space, and an address."""
OTHERS = ("pada@fernhill.example", "ada@fernhill.example.org", "x.ada@fernhill.example")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """A database in which Ada did everything that there is to do, beside people with similar addresses."""
    engine = open_database(database)
    people = People(engine)
    for email in (ADA, *OTHERS):
        people.add(email, NAME if email == ADA else "Ada")
        people.grant(email, "fernhill", [PersonRole.COPYWRITER])
        people.create_key(email, f"laptop of {email}", [Scope.READ], None)
    for by in (ADA, *OTHERS):
        _work(engine, by)
    yield engine
    engine.dispose()


def _work(engine: Engine, by: str) -> None:
    """What one person leaves behind."""
    ending = Ending(at=AS_OF, by=by, why="the copy was edited")
    approval = DraftApproval(by=by, role="legal", at=AS_OF, content_hash="a" * 64, ended=ending)
    receipt = make_receipt(approval).model_copy(
        update={"edits": (Edit(by=by, at=AS_OF, before="a" * 64, after="b" * 64),)}
    )
    note = f"as {by.upper()} said, shorter"
    fields = {"label": f"Write to {by}"}
    drafts, store = Drafts(engine), Store(engine)
    drafts.add(
        make_draft(
            author=by,
            requested_by=by,
            note=note,
            receipt=receipt,
            copy_fields=fields,
            state=DraftState.APPROVED,
            approved_at=AS_OF,
        )
    )
    drafts.add(make_draft(author=NAME if by == ADA else by))
    store.start_run(make_run(requested_by=by))
    write_freely(engine, SAID if by == ADA else f"Ask Ada, or write to {by}", by)
    sign_in_every_way(engine, by)
    author = f"{NAME} " if by == ADA else "Somebody"
    brief = Brief.model_validate(
        {**BRIEF, "id": f"brief_{len(by)}", "author": author, "notes": f"ask {author}: {by}!"}
    )
    Briefs(engine).create(brief, author=by)
    Briefs(engine).change(brief, seen=1, author="", change="again")
    content = ExportContent(subject=f"Write to {by}", slots=(), facts={})
    exported = Export(
        brand="fernhill",
        brief_id="b",
        brief_revision=1,
        locale="en-US",
        segments=("all",),
        account="a",
        platform="jinja",
        template_hash="f" * 64,
        content=content,
        exported_by=by,
    )
    Exports(engine).keep([exported], ())
    chosen = ChosenSlot(
        brand="fernhill",
        brief_id="b",
        locale="en-US",
        segment="all",
        kind="cta",
        arms=(Arm(name="only"),),
        chosen_by=by,
    )
    Exports(engine).choose([chosen])
    published = {f"blocks/fernhill/{len(by)}.yaml": f"author: {by}".encode()}
    serving = ContentStore(engine).serving()
    expected = serving.version if serving is not None else None
    ContentStore(engine).publish(published, author=by, note=f"for {by}", expected=expected)
    kept = KeptAnswers(engine)
    person = People(engine).get(by).person
    for who, key in ((person.id, "mine"), (People(engine).get(OTHERS[0]).person.id, f"about {len(by)}")):
        claim = kept.claim(Asked(who, key, "POST /v1/drafts", "h" * 64), dt.timedelta(minutes=1))
        kept.finish(claim, 201, {}, f'{{"author": "{by}"}}'.encode())


def rows(engine: Engine) -> dict[str, str]:
    """All rows by table, as text, without what is kept on purpose."""
    return {
        table: json.dumps(
            [
                {name: value for name, value in row.items() if (table, name) not in KEPT_COLUMNS}
                for row in found
            ],
            ensure_ascii=False,
        )
        for table, found in everything(engine).items()
        if table not in KEPT_TABLES or table in ("audit_record", "kept_answer")
    }


def count(text: str, what: str) -> int:
    """How often a whole address stands in a text."""
    return text.lower().replace(OTHERS[0], "").replace(OTHERS[1], "").replace(OTHERS[2], "").count(what)


def test_nothing_names_them_any_more(engine: Engine) -> None:
    before = rows(engine)
    named = {table for table, text in before.items() if count(text, ADA) or NAME in text}
    expected = {"person", "api_key", "draft", "run", "brief", "brief_revision", "export", "chosen_slot"}
    assert expected | {"serving_move"} <= named
    others = {other: sum(text.lower().count(other) for text in before.values()) for other in OTHERS}
    person = People(engine).get(ADA).person
    erased = Erasing(engine).erase(ADA)
    after = rows(engine)
    assert {table for table, text in after.items() if count(text, ADA) or "ünal" in text.lower()} == set()
    assert erased.alias == f"erased-{person.id[:12]}"
    assert {table for table, text in after.items() if erased.alias in text} >= expected
    for other in OTHERS[1:]:
        found = sum(text.lower().count(other) for text in after.values())
        assert found == others[other], other
    assert {"draft": 3, "run": 1, "kept_answer": 2}.items() <= erased.rows.items()


def test_what_is_hashed_still_holds(engine: Engine, database: str) -> None:
    chain = AuditLog(engine).records()
    erased = Erasing(engine).erase(ADA)
    assert [checked.problems for checked in check_up(database, DEFAULT_OPTIONS)] == [[]] * 10
    newest, *before = AuditLog(engine).records()
    assert before == chain[: len(before)]
    assert (newest.action, newest.subject) == ("person.erase", f"person {erased.person_id}")
    draft = next(item for item in Store(engine).drafts() if item.author == erased.alias)
    assert draft.actual_hash() == draft.content_hash
    assert ADA in draft.copy_fields["label"], "copy is the brand's"
    assert draft.note == f"as {erased.alias} said, shorter"
    (edit,), (approval,) = draft.receipt.edits, draft.receipt.approvers
    assert {edit.by, approval.by, approval.ended.by if approval.ended else ""} == {erased.alias}


def test_who_is_erased_has_no_way_in_and_cannot_be_named_again(engine: Engine) -> None:
    person = People(engine).get(ADA).person
    (key,) = People(engine).keys(ADA)
    erased = Erasing(engine).erase(ADA)
    known = People(engine).find_key(key.key.id)
    assert known is not None
    assert known.key.revoked_at is not None
    assert known.key.name == known.person.name == known.person.email == erased.alias
    assert (known.person.id, known.grants) == (person.id, ())
    assert known.person.disabled_at is not None
    with pytest.raises(NotFound):
        Erasing(engine).erase(ADA)
    with pytest.raises(UsageError):
        People(engine).get(erased.alias)
    assert People(engine).add(ADA, "Another Ada").id != person.id, "the address is free again"


def test_no_way_in_is_left_and_they_can_come_back(engine: Engine) -> None:
    person, other = People(engine).get(ADA).person, People(engine).get(OTHERS[0]).person
    erased = Erasing(engine).erase(ADA)
    after = everything(engine)
    assert dict.fromkeys((str(table.__tablename__) for table in ENDED), 1).items() <= erased.rows.items()
    for table in ENDED:
        left = {row["person_id"] for row in after[str(table.__tablename__)]}
        assert (person.id in left, other.id in left) == (False, True), table
    again = People(engine).add(ADA, NAME)
    bound = OutsideRows(engine).bind(ISSUER, f"subject {ADA}", ADA, AS_OF)
    assert (bound.id, bound.disabled_at) == (again.id, None)


def test_every_table_about_a_person_is_ended_or_known() -> None:
    about = {
        name for name, table in METADATA.tables.items() if "person.id" in map(_target, table.foreign_keys)
    }
    assert about == {"api_key", "kept_answer"} | {str(table.__tablename__) for table in ENDED}


def stored_brief(engine: Engine, brief_id: str) -> Brief:
    found = Briefs(engine).find("fernhill", brief_id)
    assert found is not None
    return found.content


def _target(key: ForeignKey) -> str:
    return key.target_fullname


def test_names_in_what_people_wrote_give_way_and_copy_stays(engine: Engine) -> None:
    copy = {"label": f"Made by {NAME}"}
    draft = make_draft(copy_fields=copy, note=f"{NAME}'s own words")
    Drafts(engine).add(draft)
    erased = Erasing(engine).erase(ADA)
    stored = Drafts(engine).find(draft.id, ["fernhill"])
    assert (stored.copy_fields, stored.note) == (copy, f"{erased.alias}'s own words")
    assert stored.actual_hash() == stored.content_hash
    (said,) = (row["text"] for row in everything(engine)["review_note"] if row["by"] == erased.alias)
    assert said == f"Ask {erased.alias}, or write to {erased.alias}"


def test_words_that_would_not_fit_hold_a_sign_instead(engine: Engine) -> None:
    People(engine).add("b@x.io", "Bo Ek")
    draft = make_draft(note=f"Bo Ek {'x' * 490}")
    Drafts(engine).add(draft)
    brief = Brief.model_validate({**BRIEF, "id": "long", "notes": f"{'x' * 1990} Bo Ek"})
    Briefs(engine).create(brief, author=OTHERS[0])
    Erasing(engine).erase("b@x.io")
    assert Drafts(engine).find(draft.id, ["fernhill"]).note == f"… {'x' * 490}"
    assert stored_brief(engine, "long").notes == f"{'x' * 1990} …"


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("Ada Ünal", "ask ADA ÜNAL", True),
        ("Ada Ünal", "ask Ada\n  U\u0308nal.", True),
        ("Ada Ünal", "ask Ada Ünalan or Mada Ünal", False),
        ("Ada Ünal", "ask Ada or Ünal", False),
        ("Ada Ünal", '{"by": "Ada \\u00dcnal"}', True),
        ("Will", "Will asked, and WILL waits", True),
        ("Will", "this will do, Willow", False),
        ("李明", "请问李明吧", True),
        ("Иван Петров", "ИВАН ПЕТРОВ", True),
    ],
)
def test_a_name_is_found_as_a_phrase(name: str, text: str, named: bool) -> None:
    assert Mentions("a@example.com", name).stand_in(text.encode()) is named


@pytest.mark.parametrize("name", ["Ada Ünal", "李明", "Иван Петров", "100% _/O'Brien"])
def test_the_first_look_in_the_database_misses_no_spelling(engine: Engine, name: str) -> None:
    People(engine).add("odd@example.com", name)
    notes = [f"ask {said}" for said in (name, name.upper(), name.lower(), name.replace(" ", "\n"))]
    drafts = [make_draft(note=note) for note in notes]
    brief = Brief.model_validate({**BRIEF, "id": "odd", "notes": "; ".join(notes)})
    for draft in drafts:
        Drafts(engine).add(draft)
    Briefs(engine).create(brief, author=OTHERS[0])
    alias = Erasing(engine).erase("odd@example.com").alias
    assert is_alias(alias)
    assert {Drafts(engine).find(draft.id, ["fernhill"]).note for draft in drafts} == {f"ask {alias}"}
    assert stored_brief(engine, "odd").notes == "; ".join([f"ask {alias}"] * 4)


def test_the_log_of_writes_holds_them_no_longer(engine: Engine) -> None:
    Erasing(engine).erase(ADA)
    erasing = Erasing(engine)
    if engine.dialect.name != "sqlite":
        assert erasing.empty_log()
        return
    files = [Path(f"{engine.url.database}{ending}") for ending in ("", "-wal")]
    assert ADA.encode() in files[1].read_bytes()
    held = sqlite3.connect(files[0])
    held.execute("BEGIN")
    held.execute("SELECT count(*) FROM person").fetchone()
    short = make_engine(engine.url, dataclasses.replace(DEFAULT_OPTIONS, lock_seconds=0.1))
    People(engine).add("last@example.com", "Last")
    assert not Erasing(short).empty_log()
    held.close()
    short.dispose()
    assert erasing.empty_log()
    assert files[1].stat().st_size == 0


def test_a_draft_that_somebody_has_open_is_out_of_date(engine: Engine) -> None:
    seen = {draft.id: draft.revision for draft in Store(engine).drafts()}
    Erasing(engine).erase(ADA)
    moved = [draft for draft in Store(engine).drafts() if draft.revision == seen[draft.id] + 1]
    assert len(moved) == 3


def test_it_is_all_or_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(engine)

    def stop(*_: object) -> None:
        raise RuntimeError("the power went away")

    monkeypatch.setattr("app.db.erasing._forget_answers", stop)
    with pytest.raises(RuntimeError):
        Erasing(engine).erase(ADA)
    assert everything(engine) == before


def test_stored_files_that_name_them_are_listed(engine: Engine) -> None:
    BlobStore(engine).add([NewBlob.of(BlobKind.RECEIPT, b'{"source": "ADA@fernhill.example"}')])
    BlobStore(engine).add([NewBlob.of(BlobKind.RECEIPT, f"asked {NAME}".encode())])
    found = Erasing(engine).still_naming(ADA)
    assert f"blocks/fernhill/{len(ADA)}.yaml" in found
    assert len([item for item in found if item.startswith("bytes ")]) == 2
    with pytest.raises(UsageError):
        Erasing(engine).still_naming("nobody")


def test_what_is_kept_exists() -> None:
    assert set(KEPT_TABLES) <= set(METADATA.tables)
    assert all(name in METADATA.tables[table].columns for table, name in KEPT_COLUMNS)
    columns = {column.name for table in METADATA.tables.values() for column in table.columns}
    assert NAMING - {"by"} <= columns
