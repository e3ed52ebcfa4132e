"""A recorded answer of the real embedded model goes through litellm and the whole slot, without the model.

Record anew with `COPYDESK_RECORD=1 pytest tests/llm/test_recorded.py` on a machine that has the model. The
requests are fixed here, so that tuning prompts does not age the recording.
"""

import asyncio
from pathlib import Path
from typing import Any

from app.blocks.registry import KINDS
from app.llm.embedded import PROFILE, EmbeddedModel
from app.llm.grammar import Lexicon, build_grammar
from app.llm.litellm_model import LitellmModel
from app.llm.protocol import Completion, Message, Purpose, Request
from app.verdicts.reports import Verdict
from tests.conftest import RECORDING, Cassette
from tests.generation.desk import Desk, slot

WORDS = frozenset(
    word
    for text in (
        "a and back big boots coat come day for find good have in is long made make morning new of on our",
        "out outside pack path quiet ready see take the time to trail walk warm we what with you your",
    )
    for word in text.split()
)
LEXICON = Lexicon(
    WORDS, frozenset({"a", "come", "find", "have", "make", "ready", "see", "take", "walk", "your"})
)
TURNS = {
    "subject": ("Find a quiet path", "Your boots and a good day", "Make time for a long walk"),
    "preheader": (
        "See what we made for a day outside and find your path.",
        "Take a good coat and come with us on the trail.",
        "We have a warm coat ready for your long walk.",
    ),
}


def fixed(field: str, choices: int) -> Request:
    """The request for one field of the subject."""
    spec = KINDS["subject"].schema.specs()[field]
    messages = [Message(role="system", content="You write short emails for Fernhill. No numbers.")]
    for line in TURNS[field]:
        messages.append(Message(role="user", content=f"Write a {spec.label} about walking."))
        messages.append(Message(role="assistant", content=line))
    messages.append(Message(role="user", content=f"Write a {spec.label} about a walk outside."))
    return Request(
        messages=tuple(messages),
        max_tokens=32,
        choices=choices,
        temperature=0.75,
        min_p=0.05,
        top_k=60,
        seed=20261120,
        grammar=build_grammar(spec, (), LEXICON),
        purpose=Purpose(kind="subject", field=field),
    )


class Recorded:
    """The embedded model behind litellm, asked with the fixed requests whatever the slot asks."""

    name = "SmolLM2-135M-Instruct (recorded)"
    profile = PROFILE

    def __init__(self, address: str) -> None:
        self._inner = LitellmModel("openai/embedded", PROFILE, api_base=address, api_key="none")
        self.answers: dict[str, Completion] = {}

    def as_sent(self, request: Request) -> dict[str, Any]:
        return self._inner.as_sent(request)

    async def complete(self, request: Request) -> Completion:
        field = str(request.purpose.field)
        if field not in self.answers:
            self.answers[field] = await self._inner.complete(fixed(field, 4))
        return self.answers[field]

    async def close(self) -> None:
        await self._inner.close()


async def _address(server: EmbeddedModel) -> str:
    inner = await server._running()
    return str(inner._api_base)


def test_recorded_lines_of_the_real_model_fill_a_subject_slot(
    desk: Desk, cassette: Cassette, recorded: Path
) -> None:
    server = EmbeddedModel(streams=4)
    address = asyncio.run(_address(server)) if RECORDING else "http://localhost/v1"
    model = Recorded(address)
    desk.contract["reasks"] = 0
    desk.settings_["samples"] = 8
    desk.only("subject").write()
    with cassette("llm/subject") as played:
        settled = slot(desk.run(model), "subject")
    asyncio.run(server.close())
    assert len(played) == len(model.answers) >= 1
    lines = [choice for answer in model.answers.values() for choice in answer.choices]
    assert len(lines) == 4 * len(model.answers)
    assert all(choice.logprobs and choice.mean_logprob is not None for choice in lines)
    assert not any(character.isdigit() for choice in lines for character in choice.text)
    assert len({choice.text for choice in lines}) > len(model.answers), "the samples differ"
    assert settled.answer.kept
    assert all(kept.report.verdict is Verdict.PASS for kept in settled.answer.kept)
    saved = (recorded / "llm" / "subject.yaml").read_text()
    assert "127.0.0.1" not in saved
    assert "authorization" not in saved.lower()
