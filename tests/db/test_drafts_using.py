"""Counting the stored drafts that use a token, on both databases."""

from app.db.drafts import Drafts
from app.db.store import open_store
from app.db.tables import DraftState
from tests.db.factories import make_draft, make_record, make_run

TOKENS = ("person.city", "person.first_name", "person.first", "offer.code")


def test_drafts_are_counted_by_the_token_that_they_hold(database: str) -> None:
    store = open_store(database)
    record = make_record(store.start_run(make_run()))
    labels = (
        "Walk in {person.city}, {person.first_name}",
        "Back to {person.city}",
        "person.city",
        "Go outside",
    )
    drafts = [make_draft(copy_fields={"label": label}) for label in labels]
    drafts += [
        make_draft(copy_fields={"label": "Go to {person.city}"}, state=DraftState.WITHDRAWN),
        make_draft(copy_fields={"label": "Go to {person.city}"}, brand="marlow"),
    ]
    store.save_slot(record, drafts)
    counted = Drafts(store.engine).count_using("fernhill", TOKENS)
    store.close()
    assert counted == {"person.city": 2, "person.first_name": 1, "person.first": 0, "offer.code": 0}


def test_an_underscore_in_a_name_stands_for_itself(database: str) -> None:
    store = open_store(database)
    record = make_record(store.start_run(make_run()))
    store.save_slot(record, [make_draft(copy_fields={"label": "Hello {person.firstXname}"})])
    counted = Drafts(store.engine).count_using("fernhill", ["person.first_name"])
    store.close()
    assert counted == {"person.first_name": 0}
