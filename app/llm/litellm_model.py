"""Any model that litellm knows, by name. litellm translates the protocol; deadlines and retries are ours.

The library fetches a price list at import unless told otherwise, hides retries inside its clients, and has
a timeout per read only: all three are switched off here.
"""

import asyncio
import difflib
import os
import sys
import time
from typing import Any

from app.errors import ModelAnswerUnusable, ModelTimeout, ModelUnavailable, UsageError
from app.llm.protocol import Choice, Completion, ModelProfile, Request

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")


def check_name(name: str, api_base: str | None, others: tuple[str, ...] = ()) -> None:
    """Raise UsageError for a name that litellm cannot route, with the nearest of its names and `others`."""
    import litellm
    import openai

    litellm.suppress_debug_info = True
    try:
        litellm.get_llm_provider(name, api_base=api_base)
    except openai.BadRequestError as error:  # litellm's own error derives from it
        expected = "<provider>/<model> as litellm names them, such as openai/gpt-4o-mini"
        close = difflib.get_close_matches(name, [*others, *litellm.model_list], n=1)
        hint = f"did you mean '{close[0]}'? {expected}" if close else expected
        raise UsageError(f"there is no model '{name}'", hint) from error


class LitellmModel:
    """A model behind an HTTP API, asked through litellm."""

    def __init__(
        self,
        name: str,
        profile: ModelProfile,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        call_seconds: float = 45.0,
        shown_as: str | None = None,
    ) -> None:
        self._model = name
        self._profile = profile
        self._api_base = api_base
        self._api_key = api_key
        self._call_seconds = call_seconds
        self._shown_as = shown_as or name

    @property
    def name(self) -> str:
        """The name that litellm routes by, or the one given instead."""
        return self._shown_as

    @property
    def profile(self) -> ModelProfile:
        """How to ask it."""
        return self._profile

    def as_sent(self, request: Request) -> dict[str, Any]:
        """What is handed to litellm for the server. It translates that where the provider's API differs."""
        return {**self._body(request), **self._extra(request)}

    async def complete(self, request: Request) -> Completion:
        """One call, no retry. Raises ModelTimeout, ModelUnavailable or ModelAnswerUnusable."""
        import litellm
        import openai

        litellm.suppress_debug_info = True
        litellm.telemetry = False
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._call_seconds):
                answer = await litellm.acompletion(**self._arguments(request))
        except (TimeoutError, openai.APITimeoutError) as error:
            raise ModelTimeout(
                f"{self.name} gave no complete answer within {self._call_seconds:g} s"
            ) from error
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise ModelAnswerUnusable(f"{self.name} refused the request: {_first_line(error)}") from error
        except (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError) as error:
            hint = "check COPYDESK_MODEL, COPYDESK_MODEL_API_BASE and the key"
            raise ModelUnavailable(f"{self.name} cannot be used: {_first_line(error)}", hint) from error
        except openai.OpenAIError as error:  # litellm's own errors all derive from it
            raise ModelUnavailable(f"{self.name} did not answer: {_first_line(error)}") from error
        return self._completion(answer, time.monotonic() - started)

    def _body(self, request: Request) -> dict[str, Any]:
        """The fields of the request's body that every provider knows in some form."""
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [message.model_dump() for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
        }
        if request.choices > 1:
            body["n"] = request.choices
        if request.seed is not None:
            body["seed"] = request.seed
        if self._profile.logprobs:
            body["logprobs"] = True
            body["top_logprobs"] = 1  # without it some servers return none
        if request.json_schema is not None:
            schema = {"name": "variants", "strict": True, "schema": request.json_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _extra(self, request: Request) -> dict[str, Any]:
        """The fields beyond them, for backends that take a grammar."""
        if not self._profile.grammar:
            return {}
        sampling = {name: getattr(request, name) for name in ("min_p", "top_k")}
        extra = {name: value for name, value in sampling.items() if value is not None}
        if request.grammar is not None:
            extra |= {"grammar": request.grammar, "cache_prompt": True}
        return extra

    def _arguments(self, request: Request) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            **self._body(request),
            "timeout": self._call_seconds,
            "max_retries": 0,
            "num_retries": 0,
            "no-log": True,
            "drop_params": True,
        }
        if self._api_base:
            arguments["api_base"] = self._api_base
        if self._api_key:
            arguments["api_key"] = self._api_key
        extra = self._extra(request)
        if extra:
            arguments["extra_body"] = extra
        return arguments

    def _completion(self, answer: Any, seconds: float) -> Completion:
        if not getattr(answer, "choices", None):
            error = ModelAnswerUnusable(f"{self.name} answered without a choice")
            error.raw = _raw(answer)
            raise error
        usage = getattr(answer, "usage", None)
        return Completion(
            choices=tuple(_choice(item) for item in answer.choices),
            model=self.name,
            prompt_tokens=getattr(usage, "prompt_tokens", 0) or 0,
            completion_tokens=getattr(usage, "completion_tokens", 0) or 0,
            cost_usd=_cost(answer),
            seconds=seconds,
            raw=_raw(answer),
        )

    async def close(self) -> None:
        """Close the library's connection pool of this event loop, where the library was loaded at all."""
        if "litellm" not in sys.modules:
            return
        from litellm.llms.custom_httpx.async_client_cleanup import close_litellm_async_clients

        await close_litellm_async_clients()  # type: ignore[no-untyped-call]


def _raw(answer: Any) -> str:
    """The whole answer as JSON, as litellm read it."""
    return str(answer.model_dump_json(exclude_none=True))


def _choice(item: Any) -> Choice:
    logprobs = getattr(getattr(item, "logprobs", None), "content", None) or ()
    return Choice(
        text=item.message.content or "",
        finished=item.finish_reason != "length",
        logprobs=tuple(token.logprob for token in logprobs),
    )


def _cost(answer: Any) -> float | None:
    hidden = getattr(answer, "_hidden_params", None) or {}
    cost = hidden.get("response_cost")
    return float(cost) if cost else None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0][:300]
