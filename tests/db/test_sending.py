"""What a fetch asks first: the pointer, the brief's revision, and the drafts that were approved last."""

import contextlib
import datetime as dt
from collections.abc import Iterator

import pytest

from app.db.briefs import Briefs
from app.db.content import ContentStore
from app.db.drafts import DraftChange, Drafts
from app.db.sending import MOST_DRAFTS, Heads, SendingHeads, SlotPlace
from app.db.store import Store, open_store
from app.db.tables import Draft, DraftState
from tests.api.sender import brief_of
from tests.db.factories import AS_OF, make_draft

PLACE = SlotPlace("fernhill", "cta", "weekend_hikers", "en-US", "winback", "fernhill_winback")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """On either database."""
    with contextlib.closing(open_store(database)) as opened:
        yield opened


def approved(name: str, hour: int = 0, **overrides: object) -> Draft:
    at = AS_OF + dt.timedelta(hours=hour)
    return make_draft(id=name, state=DraftState.APPROVED, approved_at=at, **overrides)


def test_an_empty_database_has_no_heads(store: Store) -> None:
    assert SendingHeads(store.engine).read(PLACE) == Heads("", None, frozenset())


def test_everything_that_an_answer_rests_on_moves_them(store: Store) -> None:
    heads, content, briefs = SendingHeads(store.engine), ContentStore(store.engine), Briefs(store.engine)
    drafts = Drafts(store.engine)
    seen = [heads.read(PLACE)]
    first = content.publish({"prompts/a.jinja": b"a"}, author="Ada", note="", expected=None).version.hash
    seen.append(heads.read(PLACE))
    second = content.publish({"prompts/a.jinja": b"b"}, author="Ada", note="", expected=first).version.hash
    seen.append(heads.read(PLACE))
    content.move(first, by="Ada", why="back", expected=second)
    assert heads.read(PLACE).version == first
    briefs.create(brief_of("winback"), author="Cal")
    seen.append(heads.read(PLACE))
    briefs.change(brief_of("winback", {"product.price": None}), seen=1, author="Cal", change="facts")
    seen.append(heads.read(PLACE))
    draft = drafts.add(approved("one"))
    seen.append(heads.read(PLACE))
    assert seen[-1].drafts == {("one", 1, draft.content_hash)}
    drafts.change([DraftChange("one", 1, {"state": DraftState.WITHDRAWN})])
    seen.append(heads.read(PLACE))
    assert [heads.brief for heads in seen] == [None, None, None, 1, 2, 2, 2]
    assert seen[-1].drafts == frozenset()
    assert len(set(seen[:-1])) == len(seen) - 1


def test_only_the_place_that_is_asked_for_counts_and_of_it_the_newest(store: Store) -> None:
    drafts = Drafts(store.engine)
    for number in range(MOST_DRAFTS + 2):
        drafts.add(approved(f"d{number}", number))
    drafts.add(approved("other_kind", 9, kind="hero"))
    drafts.add(approved("other_segment", 9, segment="campers"))
    drafts.add(approved("other_brand", 9, brand="moorgate"))
    drafts.add(make_draft(id="waiting"))
    found = SendingHeads(store.engine).read(PLACE).drafts
    assert {name for name, *_ in found} == {"d2", "d3", "d4"}
    newest = store.last_approved(
        brand="fernhill", segment="weekend_hikers", kind="cta", locale="en-US", journey="winback"
    )
    assert {draft.id for draft in newest} == {name for name, *_ in found}
