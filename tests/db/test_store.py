import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.db.store import DraftFilter, Store, open_store
from app.db.tables import CallOutcome, DraftState, Origin, Run
from app.errors import StorageError
from app.verdicts.decisions import Confidence, Outcome, Reason
from tests.db.factories import (
    AS_OF,
    make_call,
    make_decision,
    make_draft,
    make_receipt,
    make_record,
    make_refusal,
    make_run,
)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = open_store(database)
    yield store
    store.close()


@pytest.fixture
def run(store: Store) -> Run:
    return store.start_run(make_run())


def test_a_slot_comes_back_whole(store: Store, run: Run) -> None:
    confidence = Confidence(score=0.7, parts={"voice": (0.7, 1.0)}, threshold=0.4)
    drafts = [
        make_draft(ordinal=1, copy_fields={"label": "See it now"}),
        make_draft(ordinal=0, confidence=confidence),
    ]
    assert store.save_slot(make_record(run), drafts, [make_refusal(run)], [make_call(run)])
    found = store.find_slot("f" * 64)
    assert found is not None
    assert found.record.decision == make_decision()
    assert [draft.ordinal for draft in found.drafts] == [0, 1]
    assert found.drafts[0].confidence == confidence
    assert found.drafts[0].receipt == make_receipt()
    assert found.drafts[0].slot_fingerprint == "f" * 64
    assert found.refusals[0].findings[0].message == "'Unleash' is hype"
    assert found.record.created_at.tzinfo is not None


def test_an_unknown_slot_is_none(store: Store) -> None:
    assert store.find_slot("0" * 64) is None


def test_the_first_answer_of_a_slot_stands_and_the_second_pays_its_calls(store: Store, run: Run) -> None:
    assert store.save_slot(make_record(run), [make_draft()], (), [make_call(run)])
    late = make_record(run, decision=make_decision(Reason.MODEL_TIMEOUT, Outcome.FELL_BACK))
    assert not store.save_slot(late, [make_draft()], (), [make_call(run)])
    found = store.find_slot("f" * 64)
    assert found is not None
    assert found.record.outcome is Outcome.GENERATED
    assert len(found.drafts) == 1
    assert store.usage()[0].calls == 2


def test_a_retry_replaces_the_answer_and_keeps_what_people_touched(store: Store, run: Run) -> None:
    fallback = make_decision(Reason.MODEL_TIMEOUT, Outcome.FELL_BACK)
    untouched, edited = make_draft(), make_draft(origin=Origin.EDITED, ordinal=1)
    store.save_slot(make_record(run, decision=fallback), [untouched, edited])
    assert [slot.transient for slot in store.slots(run_id=run.id)] == [True]
    again = store.start_run(make_run())
    new = make_draft(copy_fields={"label": "See what is new"})
    assert store.save_slot(make_record(again), [new], replace=True)
    found = store.find_slot("f" * 64)
    assert found is not None
    assert found.record.run_id == again.id
    assert not found.record.transient
    assert {draft.id for draft in found.drafts} == {edited.id, new.id}
    withdrawn = store.find_draft(untouched.id)
    assert withdrawn is not None
    assert withdrawn.state is DraftState.WITHDRAWN


def test_a_slot_is_stored_whole_or_not_at_all(store: Store, run: Run) -> None:
    broken = make_call(run, run_id="0" * 32)  # refers to no run
    with pytest.raises(StorageError, match=r"(?i)foreign key"):
        store.save_slot(make_record(run), [make_draft()], [make_refusal(run)], [broken])
    assert store.find_slot("f" * 64) is None
    assert store.drafts() == []
    assert store.usage() == []


def test_rows_stay_readable_after_the_transaction(store: Store, run: Run) -> None:
    draft = make_draft()
    store.save_slot(make_record(run), [draft])
    assert draft.copy_fields == {"label": "See our kit"}
    assert run.brief_id == "autumn"


def test_runs_are_listed_newest_first(store: Store, run: Run) -> None:
    later = store.start_run(make_run(started_at=run.started_at + dt.timedelta(seconds=5)))
    store.finish_run(later.id)
    found = store.runs(brand="fernhill", brief_id="autumn")
    assert [item.id for item in found] == [later.id, run.id]
    assert found[0].finished_at is not None
    assert found[1].finished_at is None
    assert store.runs(brand="other") == []


def test_drafts_are_filtered_and_paged(store: Store, run: Run) -> None:
    drafts = [make_draft(ordinal=n, created_at=AS_OF, copy_fields={"label": f"See {n}"}) for n in range(5)]
    store.save_slot(make_record(run), [*drafts, make_draft(kind="hero")])
    wanted = DraftFilter(brand="fernhill", kind="cta", state=DraftState.DRAFT, limit=2)
    seen: list[str] = []
    while page := store.drafts(wanted):
        seen += [draft.id for draft in page]
        wanted = DraftFilter(brand="fernhill", kind="cta", limit=2, after=page[-1].id)
    assert sorted(seen) == sorted(draft.id for draft in drafts)
    assert store.drafts(DraftFilter(journey="welcome")) == []


def test_last_approved_is_for_the_place_and_newest_first(store: Store, run: Run) -> None:
    older = make_draft(state=DraftState.APPROVED, approved_at=AS_OF)
    newer = make_draft(state=DraftState.APPROVED, approved_at=AS_OF + dt.timedelta(days=1))
    other = make_draft(state=DraftState.APPROVED, approved_at=AS_OF, journey="welcome")
    store.save_slot(make_record(run), [older, newer, other, make_draft()])
    found = store.last_approved(
        brand="fernhill", segment="weekend_hikers", kind="cta", locale="en-US", journey="winback"
    )
    assert [draft.id for draft in found] == [newer.id, older.id]


def test_usage_adds_up_exactly_by_day_and_model(store: Store, run: Run) -> None:
    calls = [make_call(run, created_at=AS_OF, cost_usd=Decimal("0.1")) for _ in range(10)]
    calls.append(make_call(run, created_at=AS_OF + dt.timedelta(days=1), outcome=CallOutcome.TIMEOUT))
    store.save_calls(calls)
    first, second = store.usage(brand="fernhill")
    assert (first.day, first.calls, first.prompt_tokens, first.cost_usd) == (
        AS_OF.date(),
        10,
        1000,
        Decimal(1),
    )
    assert second.day == AS_OF.date() + dt.timedelta(days=1)
    assert store.usage(since=AS_OF + dt.timedelta(hours=1)) == [second]
    assert store.usage(run_id="0" * 32) == []


def test_a_moment_without_a_time_zone_is_refused(store: Store) -> None:
    with pytest.raises(StorageError, match="time zone"):
        store.start_run(make_run(started_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001
