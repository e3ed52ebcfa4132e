"""The long-lived generation: the end of a request's time, stopping, writing anew, racing for a slot."""

import asyncio
import dataclasses
import json
from collections.abc import Callable

import pytest

from app.db.store import DraftFilter
from app.generation.cutoff import Cutoff
from app.generation.engine import Demand, Settled
from app.generation.plan import Redo, SlotJob
from app.generation.service import Generation
from app.llm.protocol import Completion, LanguageModel, ModelProfile, Request
from app.llm.scripted import Answer, ScriptedModel
from app.main import plan_brief
from app.prompts.library import PromptLibrary
from app.verdicts.decisions import Outcome, Reason
from tests.generation.desk import LINES, Desk, answering, variants

CutoffFor = Callable[[], Cutoff]


def run(
    desk: Desk,
    model: LanguageModel,
    *,
    cutoff: CutoffFor = Cutoff,
    change: Callable[[SlotJob], SlotJob] = lambda job: job,
    demand: Demand | None = None,
) -> list[Settled]:
    planned = plan_brief(desk.settings, desk.write())
    store = desk.store()

    async def answered() -> list[Settled]:
        generation = Generation((model,), store, samples=4, engine="test")
        prompts = PromptLibrary(desk.root / "prompts")
        jobs = [change(job) for job in planned.jobs]
        return await generation.run(planned.library, prompts, jobs, demand, cutoff=cutoff())

    try:
        return asyncio.run(answered())
    finally:
        store.close()


def outcomes(settled: list[Settled]) -> dict[str, tuple[Outcome, Reason]]:
    return {item.job.kind.id: (item.answer.decision.outcome, item.answer.decision.reason) for item in settled}


def test_at_the_deadline_every_open_slot_gets_its_approved_answer(desk: Desk) -> None:
    slow = ScriptedModel(answering(), seconds=30)
    found = outcomes(run(desk, slow, cutoff=lambda: Cutoff(0.2)))
    late = (Outcome.FELL_BACK, Reason.DEADLINE_REACHED)
    assert found == {
        "subject": late,
        "hero": late,
        "cta": late,
        "footer": (Outcome.REUSED, Reason.APPROVED_ONLY),
    }


def test_slots_that_were_answered_before_the_deadline_keep_their_answer(desk: Desk) -> None:
    script = answering()

    class OneIsSlow(ScriptedModel):
        async def complete(self, request: Request) -> Completion:
            if request.purpose.kind == "hero":
                await asyncio.sleep(30)
            return await super().complete(request)

    found = outcomes(run(desk, OneIsSlow(script), cutoff=lambda: Cutoff(1.5)))
    assert found["subject"] == found["cta"] == (Outcome.GENERATED, Reason.PASSED)
    assert found["hero"] == (Outcome.FELL_BACK, Reason.DEADLINE_REACHED)


def test_a_service_that_stops_answers_what_is_in_flight(desk: Desk) -> None:
    def stopping() -> Cutoff:
        cutoff = Cutoff(60)
        asyncio.get_running_loop().call_later(0.2, cutoff.reach, Reason.SHUTTING_DOWN)
        return cutoff

    slow = ScriptedModel(answering(), seconds=30)
    found = outcomes(run(desk, slow, cutoff=stopping))
    assert {found[kind] for kind in ("subject", "hero", "cta")} == {(Outcome.FELL_BACK, Reason.SHUTTING_DOWN)}


def test_no_model_is_asked_once_the_time_is_over(desk: Desk) -> None:
    model = ScriptedModel(answering())
    found = outcomes(run(desk, model, cutoff=lambda: Cutoff(0)))
    assert model.requests == []
    assert found["subject"] == (Outcome.FELL_BACK, Reason.DEADLINE_REACHED)


def test_the_answer_names_the_drafts_that_are_stored(desk: Desk) -> None:
    demand = Demand(requested_by="cal@fernhill.example", content_version="c" * 64)
    settled = run(desk, ScriptedModel(answering()), demand=demand)
    store = desk.store()
    drafts = {draft.id: draft for draft in store.drafts(DraftFilter())}
    store.close()
    named = [draft_id for item in settled for draft_id in item.answer.draft_ids]
    assert sorted(named) == sorted(drafts)
    for item in settled:
        assert [drafts[i].copy_fields for i in item.answer.draft_ids] == [
            kept.variant.copy_fields for kept in item.answer.kept
        ]
    assert {draft.requested_by for draft in drafts.values()} == {"cal@fernhill.example"}
    assert {draft.receipt.hashes.content for draft in drafts.values()} == {"c" * 64}
    again = run(desk, ScriptedModel(lambda request: pytest.fail("asked again")))
    assert [item.answer.draft_ids for item in again] == [item.answer.draft_ids for item in settled]


def redone(request_id: str) -> Callable[[SlotJob], SlotJob]:
    redo = Redo("d" * 32, LINES["cta"][0], "shorter, less pushy", request_id)

    def change(job: SlotJob) -> SlotJob:
        slot = job.request.model_copy(update={"variants": 1, "reuse": "never", "on_fallback": "hold"})
        return dataclasses.replace(job, request=slot, redo=redo)

    return change


def test_a_draft_is_written_anew_as_somebody_wished(desk: Desk) -> None:
    model = ScriptedModel(lambda request: variants({"label": "Find a quiet path"}))
    (settled,) = run(desk.only("cta"), model, change=redone("first"))
    told = json.loads(model.requests[0].messages[-1].content.split("<data>\n")[1].split("\n</data>")[0])
    assert json.loads(told["draft"]) == LINES["cta"][0]
    assert told["wish"] == "shorter, less pushy"
    store = desk.store()
    draft = store.find_draft(settled.answer.draft_ids[0])
    store.close()
    assert draft is not None
    assert (draft.parent_id, draft.note) == ("d" * 32, "shorter, less pushy")
    assert draft.copy_fields == {"label": "Find a quiet path"}


def test_what_only_repeats_the_draft_is_no_answer(desk: Desk) -> None:
    model = ScriptedModel(lambda request: variants(LINES["cta"][0]))
    (settled,) = run(desk.only("cta"), model, change=redone("first"))
    assert settled.answer.kept == ()
    assert settled.answer.decision.reason is Reason.DUPLICATE
    assert settled.answer.draft_ids == ()


def test_asking_twice_with_the_same_wish_asks_the_model_twice_and_a_repeat_of_one_request_does_not(
    desk: Desk,
) -> None:
    desk.only("cta")
    lines = iter(LINES["cta"][1:])

    def script(request: Request) -> Answer:
        return variants(next(lines))

    model = ScriptedModel(script)
    first = run(desk, model, change=redone("one"))
    other = run(desk, model, change=redone("two"))
    repeat = run(desk, model, change=redone("one"))
    assert first[0].answer.draft_ids == repeat[0].answer.draft_ids != other[0].answer.draft_ids
    assert len(model.requests) == 2


def test_of_two_who_answer_one_slot_at_once_the_first_stands(desk: Desk) -> None:
    desk.only("cta")
    planned = plan_brief(desk.settings, desk.write())
    store = desk.store()
    profile = ModelProfile(style="capable")
    models = [
        ScriptedModel(answering({"cta": copies}), profile, name="same", seconds=0.1)
        for copies in (LINES["cta"][:2], LINES["cta"][1:])
    ]

    async def both() -> list[list[Settled]]:
        prompts = PromptLibrary(desk.root / "prompts")
        askings = [
            Generation((model,), store, samples=4, engine="test").run(planned.library, prompts, planned.jobs)
            for model in models
        ]
        return list(await asyncio.gather(*askings))

    one, two = asyncio.run(both())
    stored = {draft.id for draft in store.drafts()}
    store.close()
    assert one[0].answer.draft_ids == two[0].answer.draft_ids
    assert set(one[0].answer.draft_ids) == stored
