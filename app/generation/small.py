"""Asking a small model: many single lines of plain text after examples, of which the best that pass are kept.

A model of a hundred million parameters cannot fill a schema or follow rules. It can continue a pattern:
each example turn names a thought and answers with an approved line that says just that, and the last turn
names the thought of the brief. Guardrails refuse what went wrong, the log-probability ranks the rest.

Such a model mostly restates the thought, so one thought gives one line and its near copies. The segment's
thought and the brief's are therefore asked for apart, and the variants of a slot draw on both in turns.
"""

import itertools
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.blocks.approved import digest
from app.blocks.kind import FieldSpec, Shape
from app.db.receipts import CallHashes
from app.generation.asking import Order
from app.generation.lexicon import lexicon_for
from app.generation.material import Example, examples_for
from app.generation.plan import SlotJob
from app.generation.results import Candidate, Refused, call_of
from app.guardrails.duplicate import likeness
from app.llm.grammar import build_grammar
from app.llm.protocol import Choice, Message, Purpose, Request
from app.prompts.context import TurnContext
from app.scoring.confidence import content_words
from app.tokens import token_names
from app.verdicts.decisions import Reason
from app.verdicts.reports import GuardReport, Verdict

BATCH = 8
"""Lines per request: the prompt is read once and the lines are written side by side."""
PATTERN = 3
"""Examples that it takes to show a pattern."""
TURNS = 8
"""Example turns before the request; more push the thought out of a small model's attention."""
TEMPERATURE, TOP_P, MIN_P, TOP_K = 0.75, 0.95, 0.05, 60
CHARACTERS_A_TOKEN = 3.2
FORCED = -6.0
"""A token less likely than this was bent by the grammar into a word that the model did not mean."""
FLOORS = {Shape.LINE: -0.6, Shape.LABEL: -0.4, Shape.SENTENCE: -0.45, Shape.PARAGRAPH: -0.5}
"""Lowest mean log-probability a token by shape: usable lines lie above it, rambling ones below."""
APART = 80.0
"""Lines that are more alike than this, from 0 to 100, are not offered as two variants."""
WEIGHT_LEAST, WEIGHT_COVERAGE = 0.1, 0.5
"""What the least likely token and the share of the thought taken up add to the mean when lines are ranked."""
ASKING = frozenset(
    re.findall(
        r"\w+",
        "are can could did do does has have how is looking need ready should "
        "still thinking want what when where which who why will would ",
    )
)
"""Words that a question may begin with; after another one a small model's question mark is a slip."""
CROSSED = frozenset({"subject", "hero"})
"""Kinds whose second field takes up the other thought; advice keeps to the one that its heading names."""
WORDS = re.compile(r"\{[^{}]+\}|[^\W\d_]+(?:'[^\W\d_]+)?")
PAIR_LENGTH = 3
"""Two words of at most so many letters may stand together twice ("it is ... it is")."""

JudgeLine = Callable[[SlotJob, str, str, Sequence[dict[str, str]]], GuardReport]


@dataclass(frozen=True)
class _Line:
    """One line that passed. `score` ranks it in its field, `thought` is what it was asked for."""

    text: str
    thought: str
    logprob: float | None
    tokens: int
    score: float
    drawn: str
    """Seed of the request and place among its answers: asking so again gives the line again."""
    call: CallHashes


@dataclass
class Sampled:
    """What came of sampling: whole variants, the lines that were refused, how many were asked for."""

    candidates: list[Candidate] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    asked: int = 0


async def ask_small(order: Order, judge: JudgeLine, samples: int) -> Sampled:
    """Variants put together from the best lines of each field. Raises ModelError.

    A re-ask takes other seeds and another order of the examples, since a small model cannot make use of
    findings.
    """
    result = Sampled()
    examples = examples_for(order.job, order.library)
    lines: dict[str, list[_Line]] = {}
    for name, spec in order.job.kind.schema.specs().items():
        sampler = _FieldSampler(order, judge, name, spec, examples)
        crossed = order.job.kind.id in CROSSED and len(lines) % 2 == 1
        lines[name] = in_turns(await sampler.sample(samples, result), leave_first=crossed)
        if not lines[name]:
            return result
    if order.job.kind.id in CROSSED:
        result.candidates = _combine(lines, order.asker.model.name)
        return result
    for thought in dict.fromkeys(line.thought for found in lines.values() for line in found):
        same = {name: [line for line in found if line.thought == thought] for name, found in lines.items()}
        result.candidates += _combine(_answering(same), order.asker.model.name)
    return result


def in_turns(lines: Iterable[_Line], *, leave_first: bool) -> list[_Line]:
    """Lines that differ, best first within each thought, thoughts in turns.

    With `leave_first` the second thought begins, so that the second field of a variant adds something to
    its first.
    """
    ranked: dict[str, list[_Line]] = {}
    chosen: list[_Line] = []
    for line in sorted(lines, key=lambda item: -item.score):
        if all(likeness(line.text, other.text) < APART for other in chosen):
            chosen.append(line)
            ranked.setdefault(line.thought, []).append(line)
    groups = [ranked[thought] for thought in sorted(ranked, reverse=leave_first)]
    longest = max((len(group) for group in groups), default=0)
    return [group[place] for place in range(longest) for group in groups if place < len(group)]


def _answering(lines: dict[str, list[_Line]]) -> dict[str, list[_Line]]:
    """For each line of the first field the best one of every other field that takes up all its words.

    Advice under a heading has to be about the heading; a heading that no line takes up is left out.
    """
    first, *others = lines
    left = {name: list(lines[name]) for name in others}
    rows: list[dict[str, _Line]] = []
    for head in lines[first]:
        wanted = content_words(head.text)
        row = {first: head}
        for name in others:
            fitting = [line for line in left[name] if wanted <= content_words(line.text)]
            row |= {name: fitting[0]} if fitting else {}
        if len(row) == len(lines):
            rows.append(row)
            for name in others:
                left[name].remove(row[name])
    return {name: [row[name] for row in rows] for name in lines}


def _combine(lines: dict[str, list[_Line]], model: str) -> list[Candidate]:
    """The first line of every field together, then the second of every field, and so on."""
    found = []
    for chosen in zip(*lines.values(), strict=False):
        known = [(line.logprob, line.tokens) for line in chosen if line.logprob is not None]
        tokens = sum(count for _, count in known)
        mean = sum(logprob * count for logprob, count in known) / tokens if tokens else None
        fields = dict(zip(lines, (line.text for line in chosen), strict=True))
        parameters: dict[str, str | int | float | bool | None] = {
            "temperature": TEMPERATURE,
            "top_p": TOP_P,
            "min_p": MIN_P,
            "top_k": TOP_K,
            **{f"{name}.drawn": line.drawn for name, line in zip(lines, chosen, strict=True)},
        }
        calls = tuple(dict.fromkeys(line.call for line in chosen))
        found.append(Candidate(fields, model, mean, parameters, calls))
    return found


@dataclass(frozen=True)
class _FieldSampler:
    """Samples the lines of one field of one slot."""

    order: Order
    judge: JudgeLine
    name: str
    spec: FieldSpec
    examples: list[Example]

    @property
    def job(self) -> SlotJob:
        """The slot that the lines are for."""
        return self.order.job

    async def sample(self, samples: int, result: Sampled) -> list[_Line]:
        """`samples` lines in batches, the thoughts in turns; those that pass, none twice."""
        thoughts = self._thoughts()
        grammars = {thought: self._grammar(thought) for thought in thoughts}
        passed: list[_Line] = []
        seen: set[str] = set()
        rounds = math.ceil(samples / BATCH)
        for number in range(rounds):
            thought = thoughts[number % len(thoughts)]
            order = number // len(thoughts) + self.order.turn * rounds
            request = self._request(grammars[thought], thought, order)
            completion = await self.order.asker.ask(request)
            result.asked += len(completion.choices)
            for place, choice in enumerate(completion.choices):
                text = tidy(choice.text, self.spec.shape)
                if text.casefold() not in seen:
                    seen.add(text.casefold())
                    line = _scored(text, thought, choice, f"{request.seed}/{place}", call_of(completion))
                    self._sort(line, choice, passed, result)
        return passed

    def _thoughts(self) -> list[str]:
        """The segment's thought and the brief's, without one whose token no example knows what to do with."""
        known = {name for item in self.examples for name in token_names(item.thought)}
        wanted = dict.fromkeys((self.job.message, self.job.said(self.job.brief.message)))
        return [text for text in wanted if token_names(text) <= known] or [self.job.message]

    def _sort(self, line: _Line, choice: Choice, passed: list[_Line], result: Sampled) -> None:
        text = line.text
        report = self.judge(self.job, self.name, text, self.order.kept)
        if report.verdict is not Verdict.PASS:
            refused_by_rule = report.verdict is Verdict.FAIL
            reason = Reason.GUARDRAIL_REFUSED if refused_by_rule else Reason.GUARDRAIL_ERROR
            detail = "" if refused_by_rule else "; ".join(report.reasons)
            result.refused.append(Refused({self.name: text}, report.blocking, detail, reason))
            return
        slip = self._slip(text, choice)
        if slip is None:
            passed.append(line)
            return
        result.refused.append(Refused({self.name: text}, (), slip[1], slip[0]))

    def _slip(self, text: str, choice: Choice) -> tuple[Reason, str] | None:
        """What is wrong with a line that only somebody who saw it being written can say."""
        if not choice.finished:
            return Reason.MALFORMED_ANSWER, "the model did not come to an end"
        if choice.mean_logprob is None:
            return None
        if min(choice.logprobs[:-1], default=0.0) < FORCED:
            return Reason.LOW_CONFIDENCE, "the model had to be forced to one of the words"
        if choice.mean_logprob < FLOORS[self.spec.shape]:
            return Reason.LOW_CONFIDENCE, "the model was not sure of its words"
        if _repeats(text):
            return Reason.MALFORMED_ANSWER, "the model fell back into words that it had just used"
        return None

    def _alike(self, thought: str) -> list[Example]:
        """Examples whose thought has the same tokens; too few of them show no pattern, and then all."""
        named = token_names(thought)
        usable = [item for item in self.examples if item.thought]
        alike = [item for item in usable if token_names(item.thought) == named]
        return alike if len(alike) >= PATTERN else usable

    def _tokens(self, thought: str) -> tuple[str, ...]:
        """Tokens that approved copy uses in this field for such a thought; others it cannot place."""
        used = {name for item in self._alike(thought) for name in token_names(item.block.copy_[self.name])}
        return tuple(sorted(used & self.job.context.allowed_tokens))

    def _grammar(self, thought: str) -> str:
        unwanted = {word.casefold() for word in self.job.avoid}
        unwanted |= {rule.word.casefold() for rule in self.job.brand.voice.avoid}
        lexicon = lexicon_for(self.order.library, self.job.kind.id, self.name, frozenset(unwanted), thought)
        return build_grammar(self.spec, self._tokens(thought), lexicon)

    def _request(self, grammar: str, thought: str, order: int) -> Request:
        purpose = Purpose(
            kind=self.job.kind.id,
            field=self.name,
            journey=self.job.brief.journey.value,
            segment=self.job.segment.id,
            variants=BATCH,
        )
        return Request(
            messages=tuple(self._messages(thought, order)),
            max_tokens=int(self.spec.max_chars / CHARACTERS_A_TOKEN) + 8,
            choices=BATCH,
            temperature=TEMPERATURE,
            top_p=TOP_P,
            min_p=MIN_P,
            top_k=TOP_K,
            seed=self._seed(thought, order),
            grammar=grammar,
            purpose=purpose,
        )

    def _messages(self, thought: str, order: int) -> list[Message]:
        """The system line, the examples in one of a few fixed orders, and the thought to write about."""
        usable = self._alike(thought)
        start = order * 3 % len(usable) if usable else 0
        turns = [*usable[start:], *usable[:start]][:TURNS]
        messages = [Message(role="system", content=self.order.prompts.render("small/system", self._turn("")))]
        for item in turns:
            asked = self.order.prompts.render("small/turn", self._turn(item.thought))
            messages.append(Message(role="user", content=asked))
            messages.append(Message(role="assistant", content=item.block.copy_[self.name]))
        asked = self.order.prompts.render("small/turn", self._turn(thought))
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

    def _seed(self, thought: str, order: int) -> int:
        again = [self.job.redo.request_id] if self.job.redo is not None else []
        return int(digest([*self.job.key, thought, self.name, order, *again])[:7], 16)


def _repeats(text: str) -> bool:
    """Whether two words stand together twice, short ones aside: "another look ... another look"."""
    words = WORDS.findall(text.casefold())
    pairs = [pair for pair in itertools.pairwise(words) if max(map(len, pair)) > PAIR_LENGTH]
    return len(pairs) > len(set(pairs))


def _scored(text: str, thought: str, choice: Choice, drawn: str, call: CallHashes) -> _Line:
    """The line with what it is ranked by: the model's certainty, and how much of the thought it takes up."""
    wanted = content_words(thought) | token_names(thought)
    found = wanted & (content_words(text) | token_names(text))
    coverage = len(found) / len(wanted) if wanted else 0.0
    certainty = (choice.mean_logprob or 0.0) + WEIGHT_LEAST * min(choice.logprobs, default=0.0)
    score = certainty + WEIGHT_COVERAGE * coverage
    return _Line(text, thought, choice.mean_logprob, len(choice.logprobs), score, drawn, call)


def tidy(text: str, shape: Shape) -> str:
    """The line with the final mark that its shape asks for: small models put full stops everywhere."""
    line = " ".join(text.split())
    if shape in (Shape.LINE, Shape.LABEL):
        line = line.rstrip(".!")
        asks = line.split(" ", 1)[0].casefold() in ASKING
        return line if asks else line.rstrip("?")
    return line.replace("!", ".")
