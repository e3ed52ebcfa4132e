"""Asking a model to judge copy: one request a text, held against a control, bound to the text, and kept.

In each request the copy stands twice, once with a line added that has to be found. Words in the copy that
talk the judge into answering "clean" make it miss that line too, and then the answer is thrown away.
"""

import asyncio
import contextlib
import hashlib
import json
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.blocks.approved import digest
from app.db.judgements import KeptJudgements
from app.errors import CopydeskError, StorageError, ValueNotStorable
from app.generation.asking import BudgetSpent
from app.guardrails.model_judge import CATEGORIES
from app.llm.protocol import Completion, LanguageModel, Message, Purpose, Request
from app.prompts.context import JudgeContext
from app.prompts.library import PromptLibrary
from app.verdicts.judgements import Judged, Judgement, Judgements, text_hash

Asks = Callable[[Request], Awaitable[Completion]]
Asking = Callable[[Sequence[str]], Judgements]
"""The judge for code that runs in a thread or in a command: it waits for the answers."""
VERSION = 1
"""Version of the way that the judge is asked; part of every key, so that a change asks anew."""
REMEMBERED = 4096
"""Answers that a process holds in memory."""
LONGEST = 12_000
"""Characters of a text that is judged; it is sent twice."""
_IDS = ("A", "B")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    verdict: str = Field(pattern="^(clean|problem)$")
    category: str
    quote: str


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    nonce: str
    answers: tuple[_Answer, _Answer] = Field(strict=False)


@dataclass(frozen=True)
class Question:
    """One text with its control: `nonce` is the code that the answer has to repeat."""

    key: str
    text: str
    control: str
    added: str
    nonce: str

    @property
    def texts(self) -> dict[str, str]:
        """What is sent, by id. Which of the two is the control follows from the hash."""
        pair = (self.text, self.control) if self.first else (self.control, self.text)
        return dict(zip(_IDS, pair, strict=True))

    @property
    def first(self) -> bool:
        """Whether the copy stands first."""
        return int(self.nonce, 16) % 2 == 0


class JudgeModel:
    """The model that judges, shared by all requests of a process. `kept` is where answers outlive it."""

    def __init__(self, model: LanguageModel, kept: KeptJudgements | None, *, seconds: float) -> None:
        self.model = model
        self.seconds = seconds
        self._kept = kept
        self._memory: OrderedDict[str, Judgement] = OrderedDict()
        self._gates: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            weakref.WeakKeyDictionary()
        )

    def identity(self, prompts: PromptLibrary) -> str:
        """What its answers depend on besides the text, for the fingerprint of a slot. Of the prompts only its
        own count.
        """
        return digest([VERSION, self.model.name, prompts.judge.hash, list(CATEGORIES)])

    def reading(self, prompts: PromptLibrary, asks: Asks | None = None) -> "ReadingJudge":
        """The Judge with these prompts. `asks` makes the calls, for whoever records them."""
        return ReadingJudge(self, prompts, asks or self.model.complete)

    async def known(self, keys: Sequence[str]) -> dict[str, Judgement]:
        """Answers that were given before, by key. A database that refuses costs a call, no verdict."""
        found = {key: self._memory[key] for key in keys if key in self._memory}
        missing = [key for key in keys if key not in found]
        if missing and self._kept is not None:
            with contextlib.suppress(StorageError, ValueNotStorable):
                found |= await asyncio.to_thread(self._kept.find, missing)
        for key, answer in found.items():
            self._remember(key, answer)
        return found

    async def keep(self, key: str, answer: Judgement, raw: str) -> None:
        """Keep an answer that counts."""
        self._remember(key, answer)
        if self._kept is not None:
            with contextlib.suppress(StorageError, ValueNotStorable):
                await asyncio.to_thread(self._kept.keep, key, self.model.name, answer, raw)

    def _remember(self, key: str, answer: Judgement) -> None:
        self._memory[key] = answer
        self._memory.move_to_end(key)
        while len(self._memory) > REMEMBERED:
            self._memory.popitem(last=False)

    def gate(self) -> asyncio.Semaphore:
        """How many calls may be in flight in this event loop."""
        loop = asyncio.get_running_loop()
        return self._gates.setdefault(loop, asyncio.Semaphore(self.model.profile.parallel))

    async def close(self) -> None:
        """Let go of the model."""
        await self.model.close()


class ReadingJudge:
    """A Judge: the model with one set of prompts."""

    def __init__(self, judge: JudgeModel, prompts: PromptLibrary, asks: Asks) -> None:
        self._judge = judge
        self._prompts = prompts
        self._asks = asks

    async def ask(self, texts: Sequence[str], *, seconds: float | None = None) -> Judgements:
        """An answer for each text, side by side; what is not answered after `seconds` has failed.

        Never raises for what the model did. Raises BudgetSpent where `asks` does.
        """
        wanted = list(dict.fromkeys(texts))
        until = asyncio.get_running_loop().time() + seconds if seconds is not None else None
        identity = self._judge.identity(self._prompts)
        keys = {text: digest([identity, text_hash(text)]) for text in wanted}
        found = await self._judge.known(list(keys.values())) if wanted else {}
        open_ = [text for text in wanted if keys[text] not in found]
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {text: group.create_task(self._answer(text, keys[text], until)) for text in open_}
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        answers = {text_hash(text): found[key] for text, key in keys.items() if key in found}
        answers |= {text_hash(text): task.result() for text, task in tasks.items()}
        return Judgements(judge=self._judge.model.name, prompt=self._prompts.judge.hash, answers=answers)

    async def _answer(self, text: str, key: str, until: float | None) -> Judgement:
        if len(text) > LONGEST:
            return _failed(f"the text is longer than the {LONGEST} characters that the judge reads")
        try:
            question = self._question(text, key)
            request = self._request(question)
            async with asyncio.timeout_at(until), self._judge.gate(), asyncio.timeout(self._judge.seconds):
                completion = await self._asks(request)
        except TimeoutError:
            return _failed("the judge did not answer in time")
        except BudgetSpent:
            raise  # the slot's decision says so
        except CopydeskError as error:
            return _failed(error.message)
        answer = read_reply(question, completion)
        if answer.verdict is not Judged.FAILED:
            await self._judge.keep(key, answer, completion.text)
        return answer

    def _question(self, text: str, key: str) -> Question:
        nonce = digest([key, "nonce"])[:16]
        controls = self._prompts.render("judge/controls", JudgeContext()).splitlines()
        added = controls[int(nonce[-4:], 16) % len(controls)]
        return Question(key, text, f"{text}\n{added}", added, nonce)

    def _request(self, question: Question) -> Request:
        texts = question.texts
        context = JudgeContext(nonce=question.nonce, texts=texts)
        names = ("system", "request")
        system, user = (self._prompts.render(f"judge/{name}", context) for name in names)
        return Request(
            messages=(Message(role="system", content=system), Message(role="user", content=user)),
            max_tokens=600,
            temperature=0.0,
            top_p=1.0,
            seed=1,
            json_schema=SCHEMA,
            purpose=Purpose(kind="judge", nonce=question.nonce, texts=tuple(texts.items())),
        )


_ENTRY = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "enum": list(_IDS)},
        "verdict": {"type": "string", "enum": ["clean", "problem"]},
        "category": {"type": "string", "enum": [*CATEGORIES, ""]},
        "quote": {"type": "string"},
    },
    "required": ["id", "verdict", "category", "quote"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {
        "nonce": {"type": "string"},
        "answers": {"type": "array", "items": _ENTRY, "minItems": 2, "maxItems": 2},
    },
    "required": ["nonce", "answers"],
    "additionalProperties": False,
}
"""The shape of a reply."""


def read_reply(question: Question, completion: Completion) -> Judgement:
    """The answer about the copy, where the whole reply can be believed; else `failed` with the reason."""
    raw = completion.text
    answer_hash = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        reply = _Reply.model_validate(json.loads(raw))
    except (ValueError, ValidationError, RecursionError):
        return _failed("the judge's answer does not have the shape that was asked for", answer_hash)
    answers = {item.id: item for item in reply.answers}
    if reply.nonce != question.nonce or set(answers) != set(_IDS):
        return _failed("the judge answered about something else", answer_hash)
    copy, control = (answers[name] for name in (_IDS if question.first else _IDS[::-1]))
    if not (_consistent(copy, question.text) and _consistent(control, question.control)):
        words = "the judge named a category that is not known, or words that the copy does not have"
        return _failed(words, answer_hash)
    if not _controlled(copy, control, question.added):
        return _failed("the judge did not find the control line, so its answer does not count", answer_hash)
    return Judgement(
        verdict=Judged(copy.verdict), category=copy.category, quote=copy.quote, answer_hash=answer_hash
    )


def _consistent(answer: _Answer, text: str) -> bool:
    if answer.verdict == "clean":
        return not answer.category and not answer.quote
    return answer.category in CATEGORIES and bool(answer.quote.strip()) and answer.quote in text


def _controlled(copy: _Answer, control: _Answer, added: str) -> bool:
    """Whether the judge saw the control line. Beside copy that has a problem itself, either may be named."""
    if control.verdict != "problem":
        return False
    return copy.verdict == "problem" or control.quote in added or added in control.quote


def _failed(why: str, answer_hash: str = "") -> Judgement:
    return Judgement(verdict=Judged.FAILED, detail=why, answer_hash=answer_hash)


def from_threads(
    judge: JudgeModel, prompts: PromptLibrary, loop: asyncio.AbstractEventLoop, seconds: float
) -> Asking:
    """The judge for code in threads beside the running `loop`, and not in the loop's own thread, where
    this is called. All that it is asked together may take `seconds`.
    """
    until = time.monotonic() + seconds
    here = threading.get_ident()

    def asking(texts: Sequence[str]) -> Judgements:
        if threading.get_ident() == here:
            raise RuntimeError("waiting for the judge here would stop the loop that has to ask it")
        asked = judge.reading(prompts).ask(texts, seconds=max(0.0, until - time.monotonic()))
        return asyncio.run_coroutine_threadsafe(asked, loop).result()

    return asking


@contextlib.contextmanager
def in_command(judge: JudgeModel, prompts: PromptLibrary) -> Iterator[Asking]:
    """The judge for the length of a command, with an event loop of its own."""
    with asyncio.Runner() as runner:
        try:
            yield lambda texts: runner.run(judge.reading(prompts).ask(texts))
        finally:
            runner.run(judge.close())
