"""Running a brief: no transaction during a model call, what is stored, what is asked again."""

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from app.db.engine import DatabaseOptions, make_engine, parse
from app.db.store import DraftFilter, Store
from app.db.tables import CallOutcome, DraftState, Origin
from app.errors import ModelAnswerUnusable, ModelTimeout, ModelUnavailable, StorageError
from app.generation import engine as engine_module
from app.generation.engine import Retry
from app.llm.protocol import ModelProfile, Request
from app.llm.scripted import Answer, ScriptedModel
from app.verdicts.decisions import Outcome, Reason
from tests.db.disk import fill_disk, free_disk
from tests.generation.desk import LINES, Desk, answering, slot, variants
from tests.release.content import item

GENERATED_KINDS = {"subject", "hero", "cta"}


@pytest.fixture
def desk(stored_desk: Desk) -> Desk:
    """The tests of this file run on every database."""
    return stored_desk


def silent() -> ScriptedModel:
    """A model that must not be asked."""

    def script(request: Request) -> Answer:
        pytest.fail(f"the model was asked for {request.purpose.kind}")

    return ScriptedModel(script)


def kinds(model: ScriptedModel) -> list[str]:
    """The kinds that a model was asked for."""
    return [request.purpose.kind for request in model.requests]


OPEN = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


def nothing_is_open(desk: Desk, seconds: float = 5) -> None:
    """Fail when a transaction stays open; one that is just being ended is waited for."""
    engine = make_engine(parse(desk.database), DatabaseOptions(lock_seconds=seconds))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            until = time.monotonic() + seconds
            while connection.exec_driver_sql(OPEN).scalar():
                assert time.monotonic() < until, "a transaction is open"
                connection.rollback()
                time.sleep(0.01)
        connection.rollback()
    engine.dispose()


def test_no_transaction_is_open_while_a_model_is_asked(desk: Desk) -> None:
    script = answering()
    looked = 0

    def looks(request: Request) -> Answer:
        nonlocal looked
        nothing_is_open(desk)
        looked += 1
        return script(request)

    generated = desk.run(ScriptedModel(looks, ModelProfile(style="capable", parallel=1)))
    assert looked == 3
    assert {item.answer.decision.outcome for item in generated.settled} == {
        Outcome.GENERATED,
        Outcome.REUSED,
    }


def test_a_rerun_asks_nothing_and_gives_the_same_answer(desk: Desk) -> None:
    first = desk.run(ScriptedModel(answering()))
    again = desk.run(silent())
    for one, two in zip(first.settled, again.settled, strict=True):
        assert two.answer.stored
        assert two.answer.decision == one.answer.decision
        assert [k.variant.copy_fields for k in two.answer.kept] == [
            k.variant.copy_fields for k in one.answer.kept
        ]
        assert [k.report for k in two.answer.kept] == [k.report for k in one.answer.kept]
        assert two.answer.image == one.answer.image
    assert again.summary.calls == 0
    assert all(line.stored for line in again.summary.slots)


def test_a_rerun_keeps_the_picture_of_an_approved_block(desk: Desk) -> None:
    block = item("hero_back", "hero", image="logo")
    desk.content.blocks["hero/winback"] = [block]
    dead = ScriptedModel(lambda _: ModelAnswerUnusable("nonsense"))
    first = slot(desk.only("hero").run(dead), "hero").answer
    again = slot(desk.run(silent()), "hero").answer
    assert first.image == "logo"
    assert again.image == "logo"


def test_retry_transient_asks_only_for_what_failed_for_a_passing_reason(desk: Desk) -> None:
    script = answering()
    answers: dict[str, Answer] = {"subject": ModelTimeout("slow"), "hero": "nonsense"}
    desk.run(ScriptedModel(lambda r: answers.get(r.purpose.kind) or script(r)))
    model = ScriptedModel(answering())
    again = desk.run(model, retry=Retry.TRANSIENT)
    assert kinds(model) == ["subject"]
    assert slot(again, "subject").answer.decision.outcome is Outcome.GENERATED
    assert slot(again, "hero").answer.decision.reason is Reason.MALFORMED_ANSWER
    assert not slot(again, "subject").answer.stored
    assert slot(again, "cta").answer.stored


def test_what_a_retry_replaced_is_not_part_of_the_answer_any_more(desk: Desk) -> None:
    desk.only("cta").run(ScriptedModel(lambda _: ModelUnavailable("gone")))
    desk.run(ScriptedModel(answering()), retry=Retry.TRANSIENT)
    kept = slot(desk.run(silent()), "cta").answer.kept
    assert {k.variant.copy_fields["label"] for k in kept} == {line["label"] for line in LINES["cta"][:2]}


def test_refusals_of_a_replaced_answer_are_not_shown_again(desk: Desk) -> None:
    desk.contract["reasks"] = 0
    desk.only("cta").run(ScriptedModel(lambda _: variants({"label": "It heals colds"})))
    desk.run(ScriptedModel(answering()), retry=Retry.ALL)
    assert slot(desk.run(silent()), "cta").answer.refused == ()


def test_without_retry_a_fallback_stays(desk: Desk) -> None:
    desk.run(ScriptedModel(lambda _: ModelTimeout("slow")))
    again = desk.run(silent())
    assert {item.answer.decision.reason for item in again.settled if item.job.kind.generated} == {
        Reason.MODEL_TIMEOUT
    }


def test_retry_all_asks_for_everything_and_withdraws_the_old_drafts(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    model = ScriptedModel(answering({kind: lines[1:] for kind, lines in LINES.items()}))
    desk.run(model, retry=Retry.ALL)
    assert set(kinds(model)) == GENERATED_KINDS
    store = desk.store()
    drafts = [d for d in store.drafts(DraftFilter(kind="cta")) if d.origin is Origin.GENERATED]
    store.close()
    states = [draft.state for draft in drafts]
    assert (states.count(DraftState.WITHDRAWN), states.count(DraftState.DRAFT)) == (2, 2)


WAS_PRICE = {"kind": "money", "role": "was_price", "value": "159", "currency": "USD", "source": "catalog"}
CHANGES: list[tuple[tuple[str | int, ...], object, set[str]]] = [
    (("message",), "walk with us again", GENERATED_KINDS),
    (("notes",), "Be brief.", GENERATED_KINDS),
    (("must_say",), ["walk"], GENERATED_KINDS),
    (("avoid",), ["rain"], GENERATED_KINDS),
    (("objective",), "Say hello", GENERATED_KINDS),
    (("targets", 0, "facts", "product.old_price"), WAS_PRICE, GENERATED_KINDS),
    (("targets", 0, "facts", "product.name", "value"), "Fernhill Coat", set()),
    (("targets", 0, "window", "send_at"), "2026-11-21T09:00:00+00:00", set()),
    (("targets", 0, "links", "home"), "https://fernhill.example/coats", set()),
    (("slots", 2, "variants"), 3, {"cta"}),
    (("name",), "Another name for people", set()),
    (("author",), "Nora Copywriter", set()),
]


def test_a_changed_brief_asks_for_what_depends_on_it(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    original = copy.deepcopy(desk.brief)
    for path, value, asked in CHANGES:
        desk.brief = copy.deepcopy(original)
        place: Any = desk.brief
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        model = ScriptedModel(answering())
        desk.run(model)
        assert set(kinds(model)) == asked, path


def test_another_segment_is_asked_for_alone(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    desk.brief["segments"].append("campers")
    model = ScriptedModel(answering())
    desk.run(model)
    assert {request.purpose.segment for request in model.requests} == {"campers"}


def test_another_model_another_sample_size_or_another_engine_version_asks_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.only("cta").run(ScriptedModel(answering()))
    other = ScriptedModel(answering(), name="other")
    desk.run(other)
    assert kinds(other) == ["cta"]
    desk.settings_["samples"] = 24
    sampled = ScriptedModel(answering())
    desk.run(sampled)
    assert kinds(sampled) == ["cta"]
    monkeypatch.setattr(engine_module, "VERSION", engine_module.VERSION + 1)
    newer = ScriptedModel(answering())
    desk.run(newer)
    assert kinds(newer) == ["cta"]


def _prompt(desk: Desk) -> None:
    path = desk.root / "prompts" / "capable" / "system.jinja"
    path.write_text(path.read_text() + "\n- Be kind.")


def _brand(desk: Desk) -> None:
    desk.content.files["brand.yaml"] = {**_identity(desk.root), "sells": "hats"}


def _block(desk: Desk) -> None:
    desk.content.blocks["cta/winback"] = [item("cta_back", "cta", copy={"label": "Walk with us again"})]


def _identity(root: Path) -> dict[str, Any]:
    from app.yaml12 import read

    found: dict[str, Any] = dict(read(root / "brand" / "fernhill" / "brand.yaml").data)
    return found


@pytest.mark.parametrize("change", [_prompt, _brand, _block])
def test_changed_content_asks_anew(desk: Desk, change: Any) -> None:
    desk.only("cta").run(ScriptedModel(answering()))
    change(desk)
    model = ScriptedModel(answering())
    desk.run(model)
    assert kinds(model) == ["cta"]


def test_the_run_and_every_call_are_recorded(desk: Desk) -> None:
    script = answering()
    gone = ModelUnavailable("gone")
    desk.run(ScriptedModel(lambda r: gone if r.purpose.kind == "hero" else script(r)))
    (run,) = desk.rows("select brand, model, finished_at is not null from run")
    assert run == ("fernhill", "scripted", 1)
    calls = desk.rows(
        "select outcome, prompt_tokens > 0, length(request_hash), length(answer_hash) from model_call"
    )
    assert sorted(calls) == [("answered", 1, 64, 64), ("answered", 1, 64, 64), ("unavailable", 0, 64, 0)]


def test_a_full_disk_in_the_middle_keeps_what_was_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    script = answering()
    full = False

    def fills_up(request: Request) -> Answer:
        nonlocal full
        full = full or request.purpose.kind == "hero"
        return script(request)

    opened = desk.store

    def store() -> Store:
        found = opened()
        fill_disk(found.engine, lambda: full)
        return found

    monkeypatch.setattr(desk, "store", store)
    desk.brief["slots"] = [desk.slots["cta"], {**desk.slots["hero"], "variants": 3}]
    desk.brief["notes"] = "x " * 900
    slow = ScriptedModel(fills_up, ModelProfile(style="capable", parallel=1))
    monkeypatch.setattr("app.generation.service.SLOTS_A_STREAM", 1)
    with pytest.raises(StorageError, match="disk is full"):
        desk.run(slow)
    assert desk.rows("select kind from slot_record") == [("cta",)]
    monkeypatch.undo()
    free_disk(desk.database)
    model = ScriptedModel(answering())
    desk.run(model)
    assert set(kinds(model)) == {"hero"}


def test_calls_of_a_slot_that_was_cut_off_are_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(BaseException):
        pass

    model = ScriptedModel(lambda _: variants({"label": "It heals colds"}))
    desk.contract["reasks"] = 1

    def stop(request: Request) -> Answer:
        if len(model.requests) == 2:
            raise Stop
        return variants({"label": "It heals colds"})

    model._script = stop
    with pytest.raises(Stop):
        desk.only("cta").run(model)
    assert desk.rows("select outcome from model_call") == [(CallOutcome.ANSWERED.value,)]
    assert desk.rows("select count(*) from slot_record") == [(0,)]
    assert desk.rows("select finished_at from run") == [(None,)]


def test_the_answers_come_in_the_order_of_the_brief(desk: Desk) -> None:
    desk.brief["segments"] = ["campers", "weekend_hikers"]
    generated = desk.run(ScriptedModel(answering()))
    places = [(item.job.segment.id, item.job.kind.id) for item in generated.settled]
    order = ["subject", "hero", "cta", "footer"]
    assert places == [(segment, kind) for segment in ("campers", "weekend_hikers") for kind in order]


def test_progress_is_told_slot_by_slot(desk: Desk) -> None:
    seen: list[tuple[int, int]] = []
    desk.run(ScriptedModel(answering()), on_done=lambda event: seen.append((event.done, event.total)))
    assert seen == [(n, 4) for n in range(1, 5)]
