"""Asking a capable model: one call with structured output for all variants of a slot."""

import functools
import json

from pydantic import BaseModel, ValidationError, create_model

from app.blocks.kind import BlockCopy
from app.errors import ModelAnswerEmpty, ModelAnswerUnusable
from app.generation.asking import Order
from app.generation.material import examples_for, prompt_context
from app.generation.plan import SlotJob
from app.generation.results import Candidate, Refused, call_of
from app.llm.protocol import Message, Purpose, Request
from app.tokens import token_names

EXAMPLES = 4
TOKENS_A_CHARACTER = 0.6
"""Room for an answer: most tokenizers need a third of a token a character, and JSON adds to it."""


async def ask_capable(order: Order) -> list[Candidate]:
    """The variants in one call; after a refusal only the replacements, with the findings in words.

    Raises ModelError; an answer of another shape is ModelAnswerUnusable.
    """
    job, prompts, count = order.job, order.prompts, order.count
    context = prompt_context(job, examples_for(job, order.library)[:EXAMPLES], count)
    messages = [
        Message(role="system", content=prompts.render("capable/system", context)),
        Message(role="user", content=prompts.render("capable/request", context)),
    ]
    if job.redo is not None:
        known = {name: job.said(text) for name, text in job.redo.copy_fields.items()}
        draft = json.dumps(known, ensure_ascii=False)
        anew = context.model_copy(update={"draft": draft, "wish": job.said(job.redo.note)})
        messages.append(Message(role="user", content=prompts.render("capable/redo", anew)))
    if order.turn:
        last = [item for item in order.refused[-count:] if not _names_withheld(job, item)]
        pairs = tuple((json.dumps(item.fields, ensure_ascii=False), item.why) for item in last)
        keep = tuple(json.dumps(fields, ensure_ascii=False) for fields in order.kept)
        again = context.model_copy(update={"refused": pairs, "keep": keep})
        messages.append(Message(role="user", content=prompts.render("capable/reask", again)))
    request = Request(
        messages=tuple(messages),
        max_tokens=_room(job, count),
        temperature=0.9,
        json_schema=_schema(job),
        purpose=Purpose(
            kind=job.kind.id,
            journey=job.brief.journey.value,
            segment=job.segment.id,
            language=job.language,
            variants=count,
        ),
    )
    completion = await order.asker.ask(request)
    variants = parse_variants(completion.text, job.kind.schema)
    parameters: dict[str, str | int | float | bool | None] = {
        "temperature": request.temperature,
        "top_p": request.top_p,
    }
    calls = (call_of(completion),)
    return [
        Candidate(item.texts(), completion.model, completion.choices[0].mean_logprob, parameters, calls)
        for item in variants[:count]
    ]


def _names_withheld(job: SlotJob, refused: Refused) -> bool:
    """Whether the line uses a variable that lacks its consent: no prompt holds one, not even as refused."""
    return any(token_names(text) & job.withheld.keys() for text in refused.fields.values())


def parse_variants(text: str, schema: type[BlockCopy]) -> list[BlockCopy]:
    """The variants in a JSON answer. Raises ModelAnswerUnusable when it is not what was asked for."""
    if not text.strip():
        raise ModelAnswerEmpty("the model answered with no text")
    model = _answer_model(schema)
    try:
        answer = model.model_validate_json(_without_fence(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ModelAnswerUnusable(
            f"the answer is not the JSON that was asked for: {where}: {first['msg']}"
        ) from error
    return [schema.model_validate(item) for item in dict(answer)["variants"]]


def _without_fence(text: str) -> str:
    """Some models wrap JSON in a code fence even when asked for JSON alone."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.split("\n", 1)[-1].rsplit("```", 1)[0]
    return stripped


@functools.cache  # building a model takes longer than reading an answer with it
def _answer_model(schema: type[BlockCopy]) -> type[BaseModel]:
    fields: dict[str, object] = {"variants": (list[schema], ...)}  # type: ignore[valid-type]
    return create_model("Variants", **fields)  # type: ignore[call-overload, no-any-return]


def _schema(job: SlotJob) -> dict[str, object]:
    """The schema in the strict form that hosted models ask for: no open objects, every field required."""
    names = list(job.kind.schema.specs())
    item = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": names,
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"variants": {"type": "array", "items": item}},
        "required": ["variants"],
        "additionalProperties": False,
    }


def _room(job: SlotJob, count: int) -> int:
    characters = sum(spec.max_chars + len(name) + 10 for name, spec in job.kind.schema.specs().items())
    return int(characters * count * TOKENS_A_CHARACTER) + 64
