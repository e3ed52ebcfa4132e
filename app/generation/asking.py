"""One place through which every model call of a run passes: concurrency, budget, and the record of it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.brand.contract import Budgets
from app.db.blobs import NewBlob
from app.db.service_tables import BlobKind
from app.errors import CopydeskError, ModelError, ModelNotInstalled
from app.generation.plan import SlotJob
from app.generation.results import CallRecord, Refused
from app.llm.breaker import BreakerOpen, reason_name
from app.llm.protocol import Completion, LanguageModel, Request
from app.manifest import json_bytes
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary


class BudgetSpent(CopydeskError):
    """The contract's budget for the brief is used up; no further call is made."""

    status_code = 429
    retryable = True


@dataclass
class Budget:
    """What a brief may still cost. Counted when calls end, so calls in flight may pass it slightly."""

    limits: Budgets
    tokens: int = 0
    usd: Decimal = Decimal(0)

    def check(self) -> None:
        """Raise BudgetSpent when a limit is reached."""
        if self.tokens >= self.limits.brief_tokens:
            raise BudgetSpent(f"the budget of {self.limits.brief_tokens} tokens is spent")
        if self.limits.brief_usd and self.usd >= self.limits.brief_usd:
            raise BudgetSpent(f"the budget of {self.limits.brief_usd} US dollars is spent")

    def add(self, completion: Completion) -> None:
        """Count one answered call."""
        self.tokens += completion.prompt_tokens + completion.completion_tokens
        self.usd += Decimal(str(completion.cost_usd or 0))


@dataclass(frozen=True)
class Order:
    """What one slot asks of one model now: so many variants, given what was refused and what is kept.

    `turn` counts re-asks from 1; 0 is the first time.
    """

    job: SlotJob
    library: ContentLibrary
    prompts: PromptLibrary
    asker: "Asker"
    count: int
    refused: Sequence[Refused] = ()
    kept: Sequence[dict[str, str]] = ()
    turn: int = 0


@dataclass
class Asker:
    """Asks one model on behalf of one slot, at most so many calls at once over all slots."""

    model: LanguageModel
    budget: Budget
    gate: asyncio.Semaphore
    calls: list[CallRecord]

    async def ask(self, request: Request) -> Completion:
        """One call. Raises ModelError or BudgetSpent; every call that was made is recorded."""
        async with self.gate:
            self.budget.check()
            sent = NewBlob.of(BlobKind.REQUEST, json_bytes(self.model.as_sent(request)))
            started = time.monotonic()
            try:
                completion = await self.model.complete(request)
            except ModelError as error:
                seconds = time.monotonic() - started
                self.calls.append(_failed(self.model.name, error, seconds, sent))
                raise
            except asyncio.CancelledError:
                seconds = time.monotonic() - started
                self.calls.append(CallRecord(self.model.name, "cancelled", seconds, request=sent))
                raise
        self.budget.add(completion)
        answer = NewBlob.of(BlobKind.ANSWER, _raw(completion))
        self.calls.append(
            CallRecord(
                completion.model,
                "answered",
                completion.seconds,
                completion.prompt_tokens,
                completion.completion_tokens,
                completion.cost_usd,
                sent,
                answer,
            )
        )
        return completion.model_copy(update={"request_hash": sent.hash, "answer_hash": answer.hash})


def _failed(model: str, error: ModelError, seconds: float, sent: NewBlob) -> CallRecord:
    """The record of a call that gave nothing usable. Nothing was sent to a model that is not there."""
    reached = not isinstance(error, BreakerOpen | ModelNotInstalled)
    answer = NewBlob.of(BlobKind.ANSWER, error.raw.encode("utf-8", "surrogatepass")) if error.raw else None
    return CallRecord(model, reason_name(error), seconds, request=sent if reached else None, answer=answer)


def _raw(completion: Completion) -> bytes:
    """The answer as it came; of a model that gives nothing more, its choices."""
    if completion.raw:
        return completion.raw.encode("utf-8", "surrogatepass")
    return json_bytes([choice.model_dump(mode="json") for choice in completion.choices])
