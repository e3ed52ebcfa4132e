"""What is stored of a generated draft, and that the gate lets none of it out."""

import json
from typing import Any

import pytest

from app.blocks.approved import digest
from app.db.blobs import BlobStore
from app.db.retention import Retention
from app.db.store import DraftFilter
from app.db.tables import Draft, DraftState, Origin
from app.errors import ModelUnavailable, ReleaseRefused
from app.generation.engine import Retry
from app.guardrails.registry import GUARDRAILS
from app.llm.breaker import Breaker
from app.llm.litellm_model import LitellmModel
from app.llm.protocol import ModelProfile
from app.llm.scripted import ScriptedModel
from app.main import Generated, version
from app.prompts.library import PromptLibrary
from app.release.content import SlotContent
from app.release.gate import Gate
from app.release.judging import LibraryJudge
from app.verdicts.reports import Verdict
from tests.db.resolving import named_hashes, unresolved
from tests.generation.desk import Desk, answering
from tests.generation.small_model import SmallModel


@pytest.fixture
def desk(stored_desk: Desk) -> Desk:
    """The tests of this file run on every database."""
    return stored_desk


def drafts_of(desk: Desk, **wanted: Any) -> list[Draft]:
    """What the desk's database holds."""
    store = desk.store()
    found = store.drafts(DraftFilter(**wanted))
    store.close()
    return found


def test_invariant_10_a_receipt_names_all_that_the_copy_came_from(desk: Desk) -> None:
    generated = desk.run(ScriptedModel(answering()))
    drafts = drafts_of(desk, kind="hero")
    assert len(drafts) == 2
    brand = generated.library.brand
    job = generated.settled[1].job
    for draft in drafts:
        receipt = draft.receipt
        assert receipt.engine == version()
        assert receipt.model == draft.author == "scripted"
        assert receipt.as_of.isoformat() == "2026-11-20T09:00:00+00:00"
        assert receipt.hashes.brand == brand.hash
        assert receipt.hashes.prompt == PromptLibrary(desk.root / "prompts").hash
        assert receipt.hashes.contract == digest(brand.contract.model_dump(mode="json"))
        assert receipt.hashes.facts == digest(job.facts.model_dump(mode="json"))
        assert receipt.hashes.blocks == generated.library.blocks_hash
        assert receipt.parameters == {"temperature": 0.9, "top_p": 0.95}
        assert receipt.verdicts.verdict is Verdict.PASS
        assert {result.rule for result in receipt.verdicts.results} == {rule.id for rule in GUARDRAILS}
        assert (receipt.edits, receipt.approvers) == ((), ())


def test_the_receipt_of_a_small_model_has_its_sampling_parameters(desk: Desk) -> None:
    desk.only("cta").run(SmallModel())
    parameters = drafts_of(desk, kind="cta")[0].receipt.parameters
    assert {"temperature", "top_p", "min_p", "top_k"} <= parameters.keys()


def test_generated_copy_is_stored_as_a_draft_with_the_hash_of_its_content(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    for draft in drafts_of(desk):
        assert draft.state is DraftState.DRAFT
        assert draft.content_hash == draft.actual_hash()
        assert (draft.brand, draft.brief_id, draft.journey) == ("fernhill", "fernhill_hello", "winback")
    written = {draft.kind for draft in drafts_of(desk) if draft.origin is Origin.GENERATED}
    assert written == {"subject", "hero", "cta"}


def test_invariant_1_no_stored_copy_holds_a_value(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    texts = [text for draft in drafts_of(desk) for text in draft.copy_fields.values()]
    assert any("{product.name}" in text for text in texts)
    assert not any(character.isdigit() for text in texts for character in text)
    assert not any("Ridgeline" in text for text in texts)


def _contents(desk: Desk, generated: Generated, *, stored: bool) -> list[SlotContent]:
    if not stored:
        return [
            SlotContent(item.job.kind.id, item.answer.kept[0].variant.copy_fields, None, item.answer.image)
            for item in generated.settled
        ]
    best = [draft for draft in drafts_of(desk) if draft.ordinal == 0]
    return [SlotContent.of_draft(draft) for draft in best]


@pytest.mark.parametrize("stored", [True, False])
def test_invariant_3_the_gate_refuses_everything_that_a_run_wrote(desk: Desk, stored: bool) -> None:
    generated = desk.run(ScriptedModel(answering()))
    contents = _contents(desk, generated, stored=stored)
    judge = LibraryJudge(generated.library, "en-US", "winback", "US")
    facts = generated.settled[0].job.facts
    store = desk.store()
    with pytest.raises(ReleaseRefused) as caught:
        Gate(store).release(
            contents,
            generated.library,
            facts,
            generated.as_of,
            judge,
            journey="winback",
            segment="weekend_hikers",
        )
    store.close()
    refused = {reason.split(":")[0] for reason in caught.value.reasons}
    assert {"subject", "hero", "cta"} <= refused
    assert all("approved" in reason for reason in caught.value.reasons)


def test_invariant_3_nor_does_it_release_what_fell_back_in_a_run(desk: Desk) -> None:
    generated = desk.run(ScriptedModel(lambda _: ModelUnavailable("gone")))
    judge = LibraryJudge(generated.library, "en-US", "winback", "US")
    store = desk.store()
    with pytest.raises(ReleaseRefused) as caught:
        Gate(store).release(
            _contents(desk, generated, stored=True),
            generated.library,
            generated.settled[0].job.facts,
            generated.as_of,
            judge,
            journey="winback",
            segment="weekend_hikers",
        )
    store.close()
    assert len(caught.value.reasons) == 4


def test_the_same_run_twice_gives_the_same_verdicts(desk: Desk) -> None:
    """Invariant 10: same inputs and versions, same verdicts."""
    first = desk.run(ScriptedModel(answering()))
    other = Desk.at(desk.root / "other").run(ScriptedModel(answering()))
    for one, two in zip(first.settled, other.settled, strict=True):
        assert one.answer.decision.model_dump() == two.answer.decision.model_dump()
        assert [k.report for k in one.answer.kept] == [k.report for k in two.answer.kept]


MODELS: dict[str, Any] = {
    "capable": lambda: ScriptedModel(answering()),
    "small": SmallModel,
    "gone": lambda: ScriptedModel(lambda _: ModelUnavailable("gone")),
    "nonsense": lambda: ScriptedModel(lambda _: "no JSON at all"),
}


@pytest.mark.parametrize("model", MODELS)
def test_invariant_10_every_hash_that_a_run_stored_resolves_to_bytes_that_have_it(
    desk: Desk, model: str
) -> None:
    if model == "small":
        desk.only("cta", "footer")
    generated = desk.run(MODELS[model]())
    store = desk.store()
    named = dict(named_hashes(store))
    assert unresolved(store) == []
    store.close()
    assert len(named) > 20
    assert any(item.answer.calls for item in generated.settled)
    assert all(call.blobs == () for item in generated.settled for call in item.answer.calls)


def test_invariant_10_the_recorded_request_is_what_was_sent_and_the_answer_has_every_choice(
    desk: Desk,
) -> None:
    model = SmallModel()
    desk.only("cta").run(model)
    store = desk.store()
    draft = store.drafts(DraftFilter(kind="cta"))[0]
    blobs = BlobStore(store.engine)
    sent = [json.loads(blobs.read(call.request)) for call in draft.receipt.calls]
    answers = [json.loads(blobs.read(call.answer)) for call in draft.receipt.calls]
    store.close()
    known = [model.as_sent(request) for request in model.requests]
    assert all(item in known for item in sent)
    assert [len(answer) for answer in answers] == [item["choices"] for item in sent]
    assert draft.copy_fields["label"] in {choice["text"] for answer in answers for choice in answer}


def test_what_was_asked_is_kept_when_no_answer_came_in_time(desk: Desk) -> None:
    desk.contract["budgets"] = {**desk.contract["budgets"], "slot_seconds": 0.05}
    desk.only("cta").run(ScriptedModel(answering(), seconds=30))
    store = desk.store()
    calls = [digest for where, digest in named_hashes(store) if where == "call cancelled: request"]
    assert len(calls) == 1
    assert unresolved(store) == []
    store.close()


def test_nothing_is_recorded_as_sent_to_a_model_that_is_left_alone(desk: Desk) -> None:
    model = Breaker(
        ScriptedModel(lambda _: ModelUnavailable("gone"), ModelProfile(style="capable", parallel=1)), 60
    )
    desk.run(model)
    store = desk.store()
    sent = [digest for where, digest in named_hashes(store) if where == "call unavailable: request"]
    assert [bool(digest) for digest in sorted(sent)] == [False, False, True]
    store.close()


def test_the_same_bytes_are_stored_once_over_many_runs(desk: Desk) -> None:
    desk.run(ScriptedModel(answering()))
    store = desk.store()
    before = sum(item.blobs for item in Retention(store.engine).held().values())
    store.close()
    desk.run(ScriptedModel(answering()), retry=Retry.ALL)
    store = desk.store()
    assert sum(item.blobs for item in Retention(store.engine).held().values()) == before
    assert unresolved(store) == []
    store.close()


def test_no_key_is_in_what_is_recorded(desk: Desk) -> None:
    model = LitellmModel(
        "openai/gpt-4o-mini",
        ModelProfile(style="capable"),
        api_base="https://user:secret@models.example/v1",
        api_key="sk-very-secret",
    )
    asked = ScriptedModel(answering())
    desk.only("cta").run(asked)
    sent = json.dumps(model.as_sent(asked.requests[0]))
    assert "secret" not in sent
    assert "models.example" not in sent
    assert '"gpt-4o-mini"' in sent.replace("openai/", "")
