"""Asking a small model: many single lines of plain text after examples, of which the best that pass are kept.

A model of a hundred million parameters cannot fill a schema or follow rules. It can continue a pattern:
each example turn names a thought and answers with an approved line that says just that, and the last turn
names the thought of the brief. Guardrails refuse what went wrong, the log-probability ranks the rest.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.blocks.approved import digest
from app.blocks.kind import FieldSpec, Shape
from app.generation.asking import Order
from app.generation.lexicon import lexicon_for
from app.generation.material import Example, examples_for
from app.generation.plan import SlotJob
from app.generation.results import Candidate, Refused
from app.llm.grammar import build_grammar
from app.llm.protocol import Choice, Message, Purpose, Request
from app.prompts.context import TurnContext
from app.tokens import token_names
from app.verdicts.decisions import Reason
from app.verdicts.reports import GuardReport, Verdict

BATCH = 8
"""Lines per request: the prompt is read once and the lines are written side by side."""
TURNS = 8
"""Example turns before the request; more push the thought out of a small model's attention."""
ENOUGH = 2
"""Sampling of a field ends early when so many times the wanted lines have passed."""
TEMPERATURE, TOP_P, MIN_P, TOP_K = 0.8, 0.95, 0.05, 60
CHARACTERS_A_TOKEN = 3.2

JudgeField = Callable[[SlotJob, str, str, dict[str, str], Sequence[dict[str, str]]], GuardReport]


@dataclass(frozen=True)
class _Line:
    text: str
    logprob: float
    tokens: int


@dataclass
class Sampled:
    """What came of sampling: whole variants, the lines that were refused, how many were asked for."""

    candidates: list[Candidate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    asked: int = 0


async def ask_small(order: Order, judge: JudgeField, samples: int) -> Sampled:
    """Variants put together from the best lines of each field. Raises ModelError.

    A re-ask takes other seeds and another order of the examples, since a small model cannot make use of
    findings.
    """
    result = Sampled()
    examples = examples_for(order.job, order.library)
    lines: dict[str, list[_Line]] = {}
    for name, spec in order.job.kind.schema.specs().items():
        sampler = _FieldSampler(order, judge, name, spec, examples)
        lines[name] = await sampler.sample(samples, result)
        if not lines[name]:
            return result
    result.candidates = _combine(lines, order.asker.model.name)
    return result


def _combine(lines: dict[str, list[_Line]], model: str) -> list[Candidate]:
    """The best line of every field together, then the second best of every field, and so on."""
    found = []
    for chosen in zip(*lines.values(), strict=False):
        tokens = sum(line.tokens for line in chosen)
        mean = sum(line.logprob * line.tokens for line in chosen) / tokens if tokens else None
        fields = dict(zip(lines, (line.text for line in chosen), strict=True))
        parameters: dict[str, str | int | float | bool | None] = {
            "temperature": TEMPERATURE,
            "top_p": TOP_P,
            "min_p": MIN_P,
            "top_k": TOP_K,
        }
        found.append(Candidate(fields, model, mean, parameters))
    return found


@dataclass(frozen=True)
class _FieldSampler:
    """Samples the lines of one field of one slot."""

    order: Order
    judge: JudgeField
    name: str
    spec: FieldSpec
    examples: list[Example]

    @property
    def job(self) -> SlotJob:
        """The slot that the lines are for."""
        return self.order.job

    async def sample(self, samples: int, result: Sampled) -> list[_Line]:
        """Up to `samples` lines in batches; those that pass, best first, none twice."""
        grammar = self._grammar()
        passed: dict[str, _Line] = {}
        seen: set[str] = set()
        rounds = math.ceil(samples / BATCH)
        for number in range(rounds):
            completion = await self.order.asker.ask(self._request(grammar, number + self.order.turn * rounds))
            result.asked += len(completion.choices)
            for choice in completion.choices:
                self._sort(choice, seen, passed, result)
            if len(passed) >= self.order.count * ENOUGH:
                break
        return sorted(passed.values(), key=lambda line: -line.logprob)

    def _sort(self, choice: Choice, seen: set[str], passed: dict[str, _Line], result: Sampled) -> None:
        text = tidy(choice.text, self.spec.shape)
        if text.casefold() in seen:
            return
        seen.add(text.casefold())
        if not choice.finished:
            detail = "the model did not come to an end"
            result.refused.append(Refused({self.name: text}, (), detail, Reason.MALFORMED_ANSWER))
            return
        others = [*self.order.kept, *({self.name: line.text} for line in passed.values())]
        report = self.judge(self.job, self.name, text, {}, others)
        if report.verdict is Verdict.PASS:
            passed[text] = _Line(text, choice.mean_logprob or 0.0, len(choice.logprobs))
            return
        refused_by_rule = report.verdict is Verdict.FAIL
        reason = Reason.GUARDRAIL_REFUSED if refused_by_rule else Reason.GUARDRAIL_ERROR
        detail = "" if refused_by_rule else "; ".join(report.reasons)
        result.refused.append(Refused({self.name: text}, report.blocking, detail, reason))

    def _tokens(self) -> tuple[str, ...]:
        """Tokens that approved copy uses in this field; a small model does not know what to do with others."""
        used = {name for item in self.examples for name in token_names(item.block.copy_[self.name])}
        return tuple(sorted(used & self.job.context.allowed_tokens))

    def _grammar(self) -> str:
        unwanted = {word.casefold() for word in self.job.brief.avoid}
        unwanted |= {rule.word.casefold() for rule in self.job.brand.voice.avoid}
        lexicon = lexicon_for(self.order.library, self.job.kind.id, self.name, frozenset(unwanted))
        return build_grammar(self.spec, self._tokens(), lexicon)

    def _request(self, grammar: str, order: int) -> Request:
        purpose = Purpose(
            kind=self.job.kind.id,
            field=self.name,
            journey=self.job.brief.journey.value,
            segment=self.job.segment.id,
            variants=BATCH,
        )
        return Request(
            messages=tuple(self._messages(order)),
            max_tokens=int(self.spec.max_chars / CHARACTERS_A_TOKEN) + 8,
            choices=BATCH,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            min_p=MIN_P,
            top_k=TOP_K,
            seed=self._seed(order),
            grammar=grammar,
            purpose=purpose,
        )

    def _messages(self, order: int) -> list[Message]:
        """The system line, the examples in one of a few fixed orders, and the thought to write about."""
        usable = [item for item in self.examples if item.thought]
        start = order * 3 % len(usable) if usable else 0
        turns = [*usable[start:], *usable[:start]][:TURNS]
        messages = [Message(role="system", content=self.order.prompts.render("small/system", self._turn("")))]
        for item in turns:
            asked = self.order.prompts.render("small/turn", self._turn(item.thought))
            messages.append(Message(role="user", content=asked))
            messages.append(Message(role="assistant", content=item.block.copy_[self.name]))
        asked = self.order.prompts.render("small/turn", self._turn(self.job.message))
        return [*messages, Message(role="user", content=asked)]

    def _turn(self, thought: str) -> TurnContext:
        identity = self.job.brand.identity
        return TurnContext(
            brand=identity.name,
            sells=identity.sells,
            summary=self.job.brand.voice.summary,
            label=self.spec.label,
            thought=thought.rstrip("."),
        )

    def _seed(self, order: int) -> int:
        return int(digest([*self.job.key, self.job.message, self.name, order])[:7], 16)


def tidy(text: str, shape: Shape) -> str:
    """The line with the final mark that its shape asks for: small models put full stops everywhere."""
    line = " ".join(text.split())
    if shape in (Shape.LINE, Shape.LABEL):
        return line.rstrip(".!")
    return line.replace("!", ".")
