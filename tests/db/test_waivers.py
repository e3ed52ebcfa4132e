"""Revoking a waiver reads the drafts that rest on it, and no others."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from app.db.drafts import DraftChange, Drafts
from app.db.engine import open_database
from app.db.tables import Draft
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.verdicts.waivers import text_hash
from tests.db.factories import AS_OF, make_draft
from tests.db.recorder import HOUR

TEXT = 'Grüße: 50% "off", come_back'


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def read() -> Iterator[list[str]]:
    """The ids of drafts that are read."""
    found: list[str] = []

    def note(draft: Draft, _: object) -> None:
        found.append(draft.id)

    event.listen(Draft, "load", note)
    yield found
    event.remove(Draft, "load", note)


def test_only_drafts_that_rest_on_it_are_read(engine: Engine, read: list[str]) -> None:
    drafts = [make_draft(copy_fields={"label": TEXT}), *(make_draft() for _ in range(5))]
    for draft in drafts:
        Drafts(engine).add(draft)
    resting = drafts[0]
    waiver = StoredWaiver(
        brand="fernhill",
        draft_id=resting.id,
        field="label",
        rule="voice",
        category="voice",
        text=text_hash(TEXT),
        start=0,
        end=5,
        locale="en-US",
        market="US",
        by="ada@example.com",
        role="legal",
        reason="it is a name",
        at=AS_OF,
        until=AS_OF + HOUR,
    )
    receipt = resting.receipt.model_copy(update={"waivers": (waiver.given,)})
    Waivers(engine).give(waiver, [DraftChange(resting.id, 1, {"receipt": receipt})])
    assert [item.id for item in Waivers(engine).drafts_with("fernhill", "en-US", TEXT)] == [resting.id]
    read.clear()
    Waivers(engine).revoke(waiver, "ada@example.com", AS_OF)
    assert set(read) == {resting.id}
    assert Drafts(engine).find(resting.id, ["fernhill"]).receipt.waivers == ()
