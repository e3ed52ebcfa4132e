"""Invariant 6: no recipient data reaches the model, because no request has a place for it."""

import asyncio
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from app.generation.judging import JudgeModel
from app.generation.service import Generation
from app.llm.protocol import Message, Purpose, Request
from app.llm.scripted import ScriptedModel
from app.main import plan_brief
from app.prompts.context import JudgeContext, PromptContext, TurnContext
from app.prompts.library import PromptLibrary
from tests import factories
from tests.generation.desk import LINES, Desk, answering, slot
from tests.generation.small_model import SmallModel

EXPECTED = {
    "PromptContext": "brand campaign kind fields tokens products examples variants refused keep draft wish",
    "BrandView": "name sells summary guide tone avoid never",
    "CampaignView": "journey objective message must_say avoid notes audience purpose locale language"
    " language_code formality",
    "FieldView": "name label rule min_chars max_chars",
    "TokenView": "name meaning value",
    "TurnContext": "brand sells summary label thought",
    "JudgeContext": "nonce texts",  # copy as it is stored, with tokens; of a check, the text that was sent
    "Request": "messages max_tokens choices temperature top_p min_p top_k seed grammar json_schema purpose",
    "Message": "role content",
    "Purpose": "kind field journey segment language variants nonce texts",
}


def models_in(annotation: Any) -> set[type[BaseModel]]:
    """Every model that a value of this type can hold, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = {annotation}
        for info in annotation.model_fields.values():
            found |= models_in(info.annotation)
        return found
    return {model for part in get_args(annotation) for model in models_in(part)}


def test_invariant_6_every_field_that_a_model_can_be_told_is_listed_here() -> None:
    """A new field breaks this test: whoever adds one has to say that no recipient's data can be in it."""
    models = models_in(PromptContext | TurnContext | JudgeContext | Request)
    assert {model.__name__: set(model.model_fields) for model in models} == {
        name: set(fields.split()) for name, fields in EXPECTED.items()
    }


@pytest.mark.parametrize("model", [PromptContext, TurnContext, JudgeContext, Request, Message, Purpose])
def test_invariant_6_nothing_can_be_added_to_a_context(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"]


@pytest.fixture
def personal(tmp_path: Path) -> Desk:
    """A desk whose copy may use the reader's first name, with names that nothing else holds."""
    desk = Desk.at(tmp_path)
    variable = {**factories.VARIABLES[0], "fallback": "zebulon", "examples": ["Qi", "Wilhelmina-Xanthe"]}
    desk.content.files["variables.yaml"] = {"variables": [variable]}
    return desk


@pytest.mark.parametrize("model", [lambda: ScriptedModel(answering()), SmallModel])
def test_invariant_6_no_request_of_a_brief_holds_a_value_of_a_person(personal: Desk, model: Any) -> None:
    asked = model()
    kinds = ("cta", "subject") if isinstance(asked, SmallModel) else ("subject", "hero", "cta")
    personal.only(*kinds).run(asked)
    assert asked.requests
    text = " ".join(request.model_dump_json() for request in asked.requests).casefold()
    for value in ("zebulon", '"qi"', "wilhelmina", "xanthe"):
        assert value not in text


def test_invariant_6_a_judge_reads_tokens_and_no_value_of_a_person(personal: Desk) -> None:
    named = {"headline": "Come outside, {person.first_name}", "body": LINES["hero"][0]["body"]}
    asked = ScriptedModel(lambda _: "no answer")
    planned = plan_brief(personal.settings, personal.only("hero").write())
    store = personal.store()

    async def answered() -> None:
        writer = ScriptedModel(answering({"hero": [named]}))
        judge = JudgeModel(asked, None, seconds=5)
        generation = Generation((writer,), store, samples=4, engine="test", judge=judge)
        await generation.run(planned.library, PromptLibrary(personal.root / "prompts"), planned.jobs)

    asyncio.run(answered())
    store.close()
    text = " ".join(request.model_dump_json() for request in asked.requests).casefold()
    assert "{person.first_name}" in text
    for value in ("zebulon", '"qi"', "wilhelmina", "xanthe"):
        assert value not in text


def test_the_token_of_a_variable_is_shown_with_its_meaning_and_without_a_value(personal: Desk) -> None:
    model = ScriptedModel(answering())
    personal.only("hero").run(model)
    text = model.requests[0].messages[1].content
    assert '"token": "{person.first_name}"' in text
    assert '"meaning": "the reader\\u0027s first name", "shown_as": null' in text


def test_copy_with_a_variable_is_kept_as_a_token(personal: Desk) -> None:
    named = {"headline": "Come outside, {person.first_name}", "body": LINES["hero"][0]["body"]}
    settled = slot(personal.only("hero").run(ScriptedModel(answering({"hero": [named]}))), "hero")
    assert [kept.variant.copy_fields for kept in settled.answer.kept] == [named]
