"""Measurements that docs and notes quote, each from one command."""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from app.db.store import open_store
from app.generation.engine import Demand, Retry, Settled
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.guardrails.values import GUARDRAIL as VALUES
from app.llm.embedded import EmbeddedModel
from app.llm.protocol import Completion, ModelProfile, Request
from app.main import answer_brief, example_brief, plan_brief
from app.settings import Settings
from scripts.bench_api import api
from scripts.bench_blocks import blocks
from scripts.bench_emails import emails
from scripts.bench_fetch import fetch
from scripts.bench_guardrails import guardrails
from scripts.bench_pages import pages

BRIEFS = ("larkfell_browse_abandonment", "larkfell_welcome", "oatmere_welcome")


class Recorder:
    """The embedded model, with every request and its answers kept."""

    def __init__(self) -> None:
        self._model = EmbeddedModel(call_seconds=300)
        self.calls: list[tuple[Request, Completion]] = []

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
        """Ask, and keep request and answer."""
        answer = await self._model.complete(request)
        self.calls.append((request, answer))
        return answer

    async def close(self) -> None:
        """End the model's process."""
        await self._model.close()

    @property
    def lines(self) -> int:
        """How many lines were written so far."""
        return sum(len(answer.choices) for _, answer in self.calls)


def samples(count: int) -> int:
    """Run example briefs until `count` lines are written; returns 1 when any holds a raw value."""
    recorder, settled, everything = Recorder(), list[Settled](), Demand(retry=Retry.ALL)
    started = time.monotonic()
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        while recorder.lines < count:
            settings = Settings(samples=16 + 8 * (number // len(BRIEFS)))
            planned = plan_brief(settings, example_brief(settings, BRIEFS[number % len(BRIEFS)]))
            store = open_store(f"sqlite:///{folder}/bench.db")
            generated = asyncio.run(answer_brief(settings, planned, store, (recorder,), demand=everything))
            store.close()
            settled += generated.settled
            number += 1
    wrong = _raw_values(recorder, settled)
    tokens = sum(answer.prompt_tokens + answer.completion_tokens for _, answer in recorder.calls)
    print(f"lines written by the model: {recorder.lines} in {len(recorder.calls)} calls")
    print(f"lines with a raw value: {len(wrong)}")
    for line in wrong[:10]:
        print(f"  {line}")
    slots = [item for item in settled if item.answer.calls]
    seconds = (time.monotonic() - started) / len(slots)
    print(f"seconds a slot: {seconds:.1f}; tokens a slot: {tokens / len(slots):.0f}")
    kept = [k.variant for item in slots for k in item.answer.kept if k.variant.model]
    print(f"20 of {len(kept)} variants that passed, at random:")
    for variant in random.Random(0).sample(kept, min(20, len(kept))):
        print(f"  {variant.segment} {variant.kind}: {' | '.join(variant.copy_fields.values())}")
    return 1 if wrong else 0


def _raw_values(recorder: Recorder, settled: Sequence[Settled]) -> list[str]:
    """Lines, before any guardrail, in which the value rule finds a figure that is no token."""
    contexts = {item.job.kind.id: item.job.context for item in settled}
    found = []
    for request, answer in recorder.calls:
        context = contexts[request.purpose.kind]
        for choice in answer.choices:
            result = run_one(VALUES, Piece(choice.text, name=request.purpose.field or ""), context)
            digits = any(character.isdigit() for character in choice.text)
            if digits or any("written out" in finding.message for finding in result.findings):
                found.append(f"{choice.text}  ({'; '.join(f.message for f in result.findings)})")
    return found


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("samples", help="raw values in lines of the embedded model")
    command.add_argument("--count", type=int, default=1000)
    commands.add_parser("api", help="what the service costs, with a scripted model of 200 ms")
    commands.add_parser("fetch", help="how long fetching content takes at 200 requests a second")
    commands.add_parser("guardrails", help="what judging copy costs, and how it grows")
    commands.add_parser("blocks", help="what judging 10,000 approved blocks again costs")
    commands.add_parser("emails", help="what composing, checking and rendering an email costs")
    commands.add_parser("pages", help="what the pages cost with 2,000 drafts in review")
    arguments = parser.parse_args()
    measures = {"api": api, "fetch": fetch, "guardrails": guardrails, "blocks": blocks, "emails": emails}
    measures["pages"] = pages
    return measures[arguments.command]() if arguments.command in measures else samples(arguments.count)


if __name__ == "__main__":
    raise SystemExit(main())
