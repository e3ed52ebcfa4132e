"""A model that answers from a script: for tests, for dry runs, and where no model is installed.

It ships because users need it too: a brief can be tried, and a deployment checked, without any model.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.errors import ModelAnswerUnusable
from app.llm.protocol import Choice, Completion, ModelProfile, Request
from app.yaml12 import read_as

Answer = str | Exception
Script = Callable[[Request], Answer]


Journeys = dict[str, dict[str, tuple[dict[str, str], ...]]]


class ScriptFile(BaseModel):
    """A script as a file: per journey and kind, copy by field; the variants of a slot take them in turn.

    `journeys` is in English; `languages` has the same for other languages by their code.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    journeys: Journeys
    languages: dict[str, Journeys] = {}
    judge: dict[str, str] = {}
    """What it finds as a judge: words of a text, in any case, with the category that they stand for."""


class ScriptedModel:
    """Answers each request with what `script` returns, or raises it when it is an exception."""

    def __init__(
        self,
        script: Script,
        profile: ModelProfile | None = None,
        *,
        name: str = "scripted",
        seconds: float = 0.0,
    ) -> None:
        self._script = script
        self._profile = profile or ModelProfile(style="capable")
        self._name = name
        self._seconds = seconds
        self.requests: list[Request] = []

    @property
    def name(self) -> str:
        """The name that receipts carry."""
        return self._name

    @property
    def profile(self) -> ModelProfile:
        """The profile it was made with; capable by default."""
        return self._profile

    def as_sent(self, request: Request) -> dict[str, Any]:
        """Everything that a server would get."""
        return {"model": self.name, **request.model_dump(mode="json", exclude={"purpose"}, exclude_none=True)}

    async def complete(self, request: Request) -> Completion:
        """The next scripted answer, after the scripted delay."""
        self.requests.append(request)
        if self._seconds:
            await asyncio.sleep(self._seconds)
        answer = self._script(request)
        if isinstance(answer, Exception):
            raise answer
        words = sum(len(message.content.split()) for message in request.messages)
        return Completion(
            choices=(Choice(text=answer),) * request.choices,
            model=self.name,
            prompt_tokens=words,
            completion_tokens=len(answer.split()),
            cost_usd=0.0,
            seconds=self._seconds,
        )

    async def close(self) -> None:
        """Nothing to let go of."""


def from_file(path: Path, *, seconds: float = 0.0, parallel: int = 4) -> ScriptedModel:
    """A scripted model that takes its copy from a file, and waits `seconds` before each answer.

    Raises ContentError when the file is not right.
    """
    script, _ = read_as(path, ScriptFile)
    profile = ModelProfile(style="capable", parallel=parallel)
    return ScriptedModel(_Turns({"en": script.journeys, **script.languages}), profile, seconds=seconds)


def judging(phrases: Mapping[str, str]) -> Script:
    """A script that judges: a text is a problem where one of the phrases stands in it."""

    def found(name: str, text: str) -> dict[str, str]:
        for phrase, category in phrases.items():
            start = text.casefold().find(phrase.casefold())
            if start >= 0:
                quote = text[start : start + len(phrase)]
                return {"id": name, "verdict": "problem", "category": category, "quote": quote}
        return {"id": name, "verdict": "clean", "category": "", "quote": ""}

    def script(request: Request) -> Answer:
        answers = [found(name, text) for name, text in request.purpose.texts]
        return json.dumps({"nonce": request.purpose.nonce, "answers": answers}, ensure_ascii=False)

    return script


def judge_from_file(path: Path, *, seconds: float = 0.0) -> ScriptedModel:
    """A scripted judge that finds what the file's `judge` lists. Raises ContentError."""
    script, _ = read_as(path, ScriptFile)
    return ScriptedModel(judging(script.judge), seconds=seconds)


class _Turns:
    """Hands out the copy of each journey and kind in turn, as the JSON that a capable model would give."""

    def __init__(self, languages: Mapping[str, Journeys]) -> None:
        self._languages = languages
        self._next: dict[tuple[str, str, str], int] = defaultdict(int)

    def __call__(self, request: Request) -> Answer:
        purpose = request.purpose
        key = (purpose.language, purpose.journey, purpose.kind)
        copies = self._languages.get(purpose.language, {}).get(purpose.journey, {}).get(purpose.kind, ())
        if not copies:
            return ModelAnswerUnusable(f"the script has nothing for {' '.join(key)}")
        first = self._next[key]
        self._next[key] += purpose.variants
        chosen = [copies[(first + number) % len(copies)] for number in range(purpose.variants)]
        return json.dumps({"variants": chosen}, ensure_ascii=False)
