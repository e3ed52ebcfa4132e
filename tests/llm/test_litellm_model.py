"""litellm against a real server on loopback: the right error, and exactly one upstream request each time."""

import asyncio
import time
from typing import Any

import pytest

from app.blocks.registry import KINDS
from app.errors import (
    ModelAnswerEmpty,
    ModelAnswerUnusable,
    ModelError,
    ModelTimeout,
    ModelUnavailable,
    UsageError,
)
from app.generation.capable import parse_variants
from app.llm.litellm_model import LitellmModel, check_name
from app.llm.protocol import Completion, Message, ModelProfile, Purpose, Request
from tests.generation.test_chain_steps import closed_port
from tests.llm.server import Answer, Served, breaks_off, completion, gives, hangs, serving, trickles

CAPABLE = ModelProfile(style="capable")
SMALL = ModelProfile(style="small", grammar=True, logprobs=True)
REQUEST = Request(
    messages=(Message(role="user", content="Say hello"),), max_tokens=8, purpose=Purpose(kind="cta")
)


def ask(
    address: str, request: Request = REQUEST, profile: ModelProfile = CAPABLE, seconds: float = 10
) -> Completion:
    """One request through litellm."""
    model = LitellmModel("openai/m", profile, api_base=address, api_key="secret-key", call_seconds=seconds)

    async def one() -> Completion:
        try:
            return await model.complete(request)
        finally:
            await model.close()

    return asyncio.run(one())


def refusal(answer: Answer, seconds: float = 10) -> tuple[ModelError, Served]:
    """The error that an answer of the server becomes."""
    with serving(answer) as served, pytest.raises(ModelError) as caught:
        ask(served.address, seconds=seconds)
    return caught.value, served


def test_a_good_answer_with_several_choices_and_logprobs() -> None:
    request = REQUEST.model_copy(update={"choices": 3})
    with serving(gives(200, completion("One", "Two", "Three", logprobs=[-0.5, -1.5]))) as served:
        answer = ask(served.address, request, SMALL)
    assert [choice.text for choice in answer.choices] == ["One", "Two", "Three"]
    assert [choice.mean_logprob for choice in answer.choices] == [-1.0, -1.0, -1.0]
    assert (answer.prompt_tokens, answer.completion_tokens) == (11, 7)
    assert answer.model == "openai/m"
    assert 0 < answer.seconds < 10
    assert len(served.requests) == 1
    assert served.requests[0]["n"] == 3


def test_an_answer_that_was_cut_is_not_finished() -> None:
    with serving(gives(200, completion("One", finish="length"))) as served:
        assert ask(served.address).choices[0].finished is False


def test_what_is_sent_follows_the_request_and_the_profile() -> None:
    schema = {"type": "object", "properties": {}}
    request = REQUEST.model_copy(
        update={"grammar": "root ::= [a-z]", "json_schema": schema, "seed": 7, "min_p": 0.1, "top_k": 40}
    )
    sent: list[dict[str, Any]] = []
    for profile in (SMALL, CAPABLE):
        with serving(gives(200, completion("One"))) as served:
            ask(served.address, request, profile)
        sent += served.requests
    small, capable = sent
    assert small["grammar"] == "root ::= [a-z]"
    assert (small["min_p"], small["top_k"], small["logprobs"]) == (0.1, 40, True)
    assert not {"grammar", "min_p", "top_k", "logprobs"} & capable.keys()
    assert capable["response_format"]["json_schema"]["schema"] == schema
    assert {item["seed"] for item in sent} == {7}
    assert "purpose" not in str(sent)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, ModelUnavailable),
        (500, ModelUnavailable),
        (502, ModelUnavailable),
        (503, ModelUnavailable),
        (401, ModelUnavailable),
        (403, ModelUnavailable),
        (404, ModelUnavailable),
        (400, ModelAnswerUnusable),
        (422, ModelAnswerUnusable),
    ],
)
def test_a_status_becomes_one_error_after_one_request(status: int, error: type[ModelError]) -> None:
    body = '{"error": {"message": "no luck today", "type": "x"}}'
    found, served = refusal(gives(status, body, ("Retry-After", "1")))
    assert type(found) is error
    assert "no luck today" in found.message
    assert len(served.requests) == 1, "no hidden retries"


def test_a_refused_key_says_what_to_check_and_does_not_show_the_key() -> None:
    found, _ = refusal(gives(401, '{"error": {"message": "bad key"}}'))
    assert "COPYDESK_MODEL" in found.hint
    assert "secret-key" not in str(found)


@pytest.mark.parametrize("answer", [hangs, trickles])
def test_no_complete_answer_within_the_deadline(answer: Answer) -> None:
    started = time.monotonic()
    found, served = refusal(answer, seconds=0.5)
    assert type(found) is ModelTimeout
    assert time.monotonic() - started < 3
    assert len(served.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        gives(200, "this is not JSON"),
        gives(200, '{"id": "1", "choices": ['),
        gives(200, '"a string"'),
        gives(200, "[]"),
        gives(200, "null"),
        gives(200, "{}"),
        gives(200, '{"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []}'),
        gives(200, '{"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{}]}'),
        gives(200, '{"id": "1", "model": "m", "choices": [{"message": null, "finish_reason": "stop"}]}'),
        gives(200, '{"error": {"message": "overloaded"}}'),
        gives(200, "<html>Welcome to the hotel wifi</html>", ("Content-Type", "text/html")),
        breaks_off,
    ],
)
def test_an_answer_that_is_no_completion_is_a_model_error_after_one_request(answer: Answer) -> None:
    found, served = refusal(answer)
    assert isinstance(found, ModelAnswerUnusable | ModelUnavailable)
    assert len(served.requests) == 1


def test_an_answer_without_text_is_empty() -> None:
    with serving(gives(200, completion(None))) as served:
        answer = ask(served.address)
    assert answer.text == ""
    with pytest.raises(ModelAnswerEmpty):
        parse_variants(answer.text, KINDS["cta"].schema)


def test_nobody_listens() -> None:
    started = time.monotonic()
    with pytest.raises(ModelUnavailable):
        ask(f"http://127.0.0.1:{closed_port()}/v1")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["nonsense", "gpt-4o-mimi", "embeded"])
def test_a_name_that_litellm_cannot_route_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match=f"there is no model '{name}'") as caught:
        check_name(name, None, ("embedded", "scripted"))
    assert "openai/" in caught.value.hint
    if name != "nonsense":
        assert "did you mean '" in caught.value.hint


def test_a_name_with_a_provider_is_taken_as_it_is() -> None:
    check_name("openai/whatever-we-host", "http://127.0.0.1:9/v1")
