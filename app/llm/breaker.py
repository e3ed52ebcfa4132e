"""A circuit breaker around a model, so that a dead one costs one timeout and not one a slot."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from app.errors import (
    ModelAnswerEmpty,
    ModelAnswerUnusable,
    ModelError,
    ModelNotInstalled,
    ModelTimeout,
    ModelUnavailable,
)
from app.llm.protocol import Completion, LanguageModel, ModelProfile, Request


class BreakerOpen(ModelUnavailable):
    """The model failed a moment ago; it was not asked."""


class Breaker:
    """Passes requests on until one times out or finds nobody; then refuses for `seconds`.

    After that one request is let through as a trial, and its success closes the breaker again. Calls that
    were in flight when the breaker opened end by themselves. A malformed answer closes it: the model is
    there. A call that the caller cuts off (a slot's deadline) counts as a timeout once it took `patience`
    seconds; None means that it never does.
    """

    def __init__(
        self,
        model: LanguageModel,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        *,
        patience: float | None = None,
    ) -> None:
        self._model = model
        self._seconds = seconds
        self._patience = patience
        self._clock = clock
        self._open_until: float | None = None
        self._trial = False
        self._why = ""

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def profile(self) -> ModelProfile:
        """The model's profile."""
        return self._model.profile

    def as_sent(self, request: Request) -> dict[str, Any]:
        """What the model sends."""
        return self._model.as_sent(request)

    async def complete(self, request: Request) -> Completion:
        """Ask the model. Raises BreakerOpen without asking while the breaker is open."""
        trial = self._open_until is not None
        if self._open_until is not None:
            wait = self._open_until - self._clock()
            if wait > 0 or self._trial:
                raise BreakerOpen(f"{self.name} is left alone for {max(wait, 0):.0f} s: {self._why}")
            self._trial = True
        started = self._clock()
        try:
            answer = await self._model.complete(request)
        except (ModelTimeout, ModelUnavailable, ModelNotInstalled) as error:
            self._open(error.message)
            raise
        except ModelAnswerUnusable:
            self._open_until = None
            raise
        except asyncio.CancelledError:
            seconds = self._clock() - started
            if self._patience is not None and seconds >= self._patience:
                self._open(f"it gave no answer in {seconds:.0f} s")
            raise
        finally:
            if trial:
                self._trial = False
        self._open_until = None
        return answer

    def _open(self, why: str) -> None:
        self._open_until = self._clock() + self._seconds
        self._why = why

    async def close(self) -> None:
        """Close the model."""
        await self._model.close()


def reason_name(error: ModelError) -> str:
    """A stable code for why a call gave nothing; the names are those of the reason codes."""
    if isinstance(error, BreakerOpen):
        return "breaker_open"
    if isinstance(error, ModelNotInstalled):
        return "model_not_installed"
    if isinstance(error, ModelTimeout):
        return "model_timeout"
    if isinstance(error, ModelUnavailable):
        return "model_unavailable"
    return "empty_answer" if isinstance(error, ModelAnswerEmpty) else "malformed_answer"
