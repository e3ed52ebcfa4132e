"""Pages of drafts: the same on both databases and on both ways, never old, each draft once."""

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from app.db.draft_pages import DraftPage, DraftPages, DraftPlace, DraftWanted
from app.db.drafts import DraftChange, Drafts
from app.db.store import Store, open_store
from app.db.stored import STORED_VERSIONS
from app.db.tables import DraftState, Origin
from tests.db.factories import make_draft

BOTH = ("fernhill", "oatmere")
START = dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    yield store
    store.close()


@pytest.fixture
def drafts(store: Store) -> Drafts:
    return Drafts(store.engine)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Iterator[tuple[Drafts, Path]]:
    path = tmp_path / "pages.db"
    store = open_store(f"sqlite:///{path}")
    yield Drafts(store.engine), path
    store.close()


def read(pages: DraftPages, **wanted: Any) -> DraftPage:
    """The page, which the quick way has to give as well where it gives one."""
    asked = DraftWanted(**{"brands": ("fernhill",), **wanted})
    page = pages.read(asked)
    quick = pages.read_at_once(asked)
    assert quick is None or quick == page
    return page


def items(page: DraftPage) -> list[dict[str, Any]]:
    return [json.loads(item) for item in page.items]


def test_a_draft_as_it_is_listed(drafts: Drafts) -> None:
    copy = {"headline": 'Say "hello" \\ to \u00e9t\u00e9 \U0001f97e', "body": "Line\none"}
    made = drafts.add(
        make_draft(
            copy_fields=copy,
            created_at=START,
            updated_at=START + dt.timedelta(microseconds=7),
            parent_id="a" * 32,
            note="shorter",
        )
    )
    (shown,) = items(read(drafts.pages))
    assert shown == {
        "id": made.id,
        "brand": "fernhill",
        "brief": "autumn",
        "journey": "winback",
        "locale": "en-US",
        "segment": "weekend_hikers",
        "kind": "cta",
        "copy_fields": copy,
        "state": "draft",
        "origin": "generated",
        "author": "scripted",
        "requested_by": "",
        "revision": 1,
        "parent": "a" * 32,
        "note": "shorter",
        "block": None,
        "content_hash": made.content_hash,
        "tier": None,
        "created_at": "2026-11-18T09:00:00.000000Z",
        "updated_at": "2026-11-18T09:00:00.000007Z",
    }


def test_every_filter_narrows(drafts: Drafts) -> None:
    made = drafts.add(make_draft(author="nora", origin=Origin.HUMAN, state=DraftState.APPROVED))
    drafts.add(make_draft(kind="hero", copy_fields={"headline": "x", "body": "y"}, brief_id="other"))
    for wanted in (
        {"brief_id": "autumn"},
        {"kind": "cta"},
        {"state": DraftState.APPROVED},
        {"origin": Origin.HUMAN},
        {"author": "nora"},
        {
            "author": "nora",
            "kind": "cta",
            "locale": "en-US",
            "journey": "winback",
            "segment": "weekend_hikers",
        },
    ):
        assert [item["id"] for item in items(read(drafts.pages, **wanted))] == [made.id], wanted
    assert read(drafts.pages, locale="de-DE").items == ()
    assert read(drafts.pages, brands=("oatmere",)).items == ()


def test_stored_copy_has_one_version_so_far() -> None:
    """The list takes stored copy as it is: another version needs a step there as well."""
    assert STORED_VERSIONS["copy"].version == 1


moments = st.integers(min_value=0, max_value=3).map(lambda second: START + dt.timedelta(seconds=second))
rows = st.lists(st.tuples(st.sampled_from(BOTH), moments), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=rows, limit=st.integers(min_value=1, max_value=5))
def test_pages_show_each_draft_once_in_order(
    sqlite_file: tuple[Drafts, Path], made: list[tuple[str, dt.datetime]], limit: int
) -> None:
    """Whatever the moments and brands are, also with many drafts of one moment."""
    drafts, _ = sqlite_file
    brief = f"b{dt.datetime.now(dt.UTC).timestamp()}"
    stored = [
        drafts.add(make_draft(brand=brand, brief_id=brief, created_at=moment)) for brand, moment in made
    ]
    seen: list[str] = []
    after: DraftPlace | None = None
    while True:
        page = read(drafts.pages, brands=BOTH, brief_id=brief, limit=limit, after=after)
        seen += [item["id"] for item in items(page)]
        if page.next is None:
            break
        assert len(page.items) == limit
        after = page.next
        drafts.add(make_draft(brief_id=brief, created_at=START + dt.timedelta(days=1)))
    newest_first = sorted(stored, key=lambda draft: (draft.created_at, draft.id), reverse=True)
    assert seen == [draft.id for draft in newest_first]


def test_pages_on_postgres_too(drafts: Drafts) -> None:
    for second in (0, 0, 1, 1, 2):
        drafts.add(make_draft(created_at=START + dt.timedelta(seconds=second)))
    seen: list[str] = []
    after = None
    while True:
        page = read(drafts.pages, limit=2, after=after)
        seen += [item["created_at"] for item in items(page)]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_page_that_was_kept_is_never_old(sqlite_file: tuple[Drafts, Path]) -> None:
    drafts, path = sqlite_file
    asked = DraftWanted(("fernhill",))
    made = make_draft()
    for count, draft in enumerate((made, make_draft(), make_draft()), start=1):
        drafts.add(draft)
        for _ in range(2):
            page = drafts.pages.read_at_once(asked)
            assert page is not None
            assert len(page.items) == count
    drafts.change([DraftChange(made.id, 1, {"state": DraftState.REJECTED})])
    page = drafts.pages.read_at_once(asked)
    assert page is not None
    assert sorted(item["state"] for item in items(page)) == ["draft", "draft", "rejected"]
    with sqlite3.connect(path) as other:  # another process, as far as SQLite can tell
        other.execute("delete from draft")
    assert drafts.pages.read_at_once(asked) == DraftPage((), None)


def test_another_file_in_the_place_of_the_database_is_read_anew(
    sqlite_file: tuple[Drafts, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.draft_pages.LOOK_SECONDS", 0)
    drafts, path = sqlite_file
    drafts.add(make_draft())
    assert len((drafts.pages.read_at_once(DraftWanted(("fernhill",))) or DraftPage((), None)).items) == 1
    other = tmp_path / "other.db"
    open_store(f"sqlite:///{other}").close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    other.replace(path)
    assert drafts.pages.read_at_once(DraftWanted(("fernhill",))) == DraftPage((), None)
    path.unlink()
    assert drafts.pages.read_at_once(DraftWanted(("fernhill",))) is None


def test_a_locked_database_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    open_store(f"sqlite:///{path}").close()
    engine = create_engine(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("pragma journal_mode = delete")  # readers and the writer wait for one another then
    other.execute("begin exclusive")
    pages = DraftPages(engine)
    assert pages.read_at_once(DraftWanted(("fernhill",))) is None
    other.execute("rollback")
    other.close()
    assert pages.read_at_once(DraftWanted(("fernhill",))) == DraftPage((), None)
    engine.dispose()
