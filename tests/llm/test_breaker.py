"""The circuit breaker, with a clock of its own."""

import asyncio
from collections.abc import Sequence

import pytest

from app.errors import ModelAnswerUnusable, ModelError, ModelNotInstalled, ModelTimeout, ModelUnavailable
from app.llm.breaker import Breaker, BreakerOpen, reason_name
from app.llm.protocol import Message, ModelProfile, Purpose, Request
from app.llm.scripted import Answer, ScriptedModel
from app.verdicts.decisions import TRANSIENT, Reason

REQUEST = Request(messages=(Message(role="user", content="Hi"),), max_tokens=8, purpose=Purpose(kind="cta"))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def made(answers: Sequence[Answer], clock: Clock) -> tuple[Breaker, ScriptedModel]:
    """A breaker of 60 s around a model with these answers."""
    left = list(answers)
    inner = ScriptedModel(lambda _: left.pop(0) if len(left) > 1 else left[0])
    return Breaker(inner, 60, clock), inner


def ask(breaker: Breaker) -> str:
    return asyncio.run(breaker.complete(REQUEST)).text


@pytest.mark.parametrize("error", [ModelTimeout("slow"), ModelUnavailable("gone"), ModelNotInstalled("none")])
def test_it_opens_after_one_failure_and_says_why(error: ModelError) -> None:
    breaker, inner = made([error], Clock())
    with pytest.raises(type(error)):
        ask(breaker)
    with pytest.raises(BreakerOpen, match=error.message):
        ask(breaker)
    assert len(inner.requests) == 1


def test_after_its_time_one_trial_decides() -> None:
    clock = Clock()
    breaker, inner = made([ModelTimeout("slow"), ModelTimeout("slow"), "hello"], clock)
    for at, error in ((0, ModelTimeout), (59, BreakerOpen), (61, ModelTimeout), (90, BreakerOpen)):
        clock.now = 1000.0 + at
        with pytest.raises(error):
            ask(breaker)
    clock.now = 1000.0 + 122
    assert ask(breaker) == "hello"
    assert ask(breaker) == "hello"
    assert len(inner.requests) == 4


def test_only_one_trial_at_a_time() -> None:
    clock = Clock()
    breaker, inner = made([ModelTimeout("slow"), "hello"], clock)
    with pytest.raises(ModelTimeout):
        ask(breaker)
    clock.now += 61
    inner._seconds = 0.05

    async def three() -> list[object]:
        return await asyncio.gather(*(breaker.complete(REQUEST) for _ in range(3)), return_exceptions=True)

    results = asyncio.run(three())
    assert [isinstance(item, BreakerOpen) for item in results] == [False, True, True]


def test_a_malformed_answer_closes_it() -> None:
    """The model is there: after a malformed trial other slots are not refused."""
    clock = Clock()
    breaker, inner = made([ModelTimeout("slow"), ModelAnswerUnusable("odd"), "hello"], clock)
    with pytest.raises(ModelTimeout):
        ask(breaker)
    clock.now += 61
    with pytest.raises(ModelAnswerUnusable):
        ask(breaker)
    inner._seconds = 0.02

    async def two() -> list[str]:
        answers = await asyncio.gather(*(breaker.complete(REQUEST) for _ in range(2)))
        return [answer.text for answer in answers]

    assert asyncio.run(two()) == ["hello", "hello"]


@pytest.mark.parametrize(("patience", "opens"), [(0.05, True), (30.0, False), (None, False)])
def test_a_call_that_the_caller_cut_off_counts_once_it_took_long(patience: float | None, opens: bool) -> None:
    breaker = Breaker(ScriptedModel(lambda _: "hello", seconds=5), 60, patience=patience)

    async def cut_off() -> None:
        async with asyncio.timeout(0.1):
            await breaker.complete(REQUEST)

    with pytest.raises(TimeoutError):
        asyncio.run(cut_off())
    breaker._model._seconds = 0  # type: ignore[attr-defined]
    if opens:
        with pytest.raises(BreakerOpen, match="gave no answer"):
            ask(breaker)
    else:
        assert ask(breaker) == "hello"


def test_it_looks_like_the_model_it_guards() -> None:
    inner = ScriptedModel(lambda _: "hello", ModelProfile(style="small"), name="tiny")
    breaker = Breaker(inner, 60)
    assert (breaker.name, breaker.profile) == ("tiny", inner.profile)


@pytest.mark.parametrize(
    "error",
    [
        BreakerOpen("open"),
        ModelNotInstalled("none"),
        ModelTimeout("slow"),
        ModelUnavailable("gone"),
        ModelAnswerUnusable("odd"),
    ],
)
def test_every_error_has_a_reason_code_and_what_passes_by_itself_is_transient(error: ModelError) -> None:
    reason = Reason(reason_name(error))
    assert (reason in TRANSIENT) is (error.retryable or isinstance(error, ModelNotInstalled))
