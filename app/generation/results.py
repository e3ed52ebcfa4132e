"""What generation hands on: candidates, refused lines, calls, and the answer of a slot."""

from dataclasses import dataclass, field, replace

from app.blocks.variant import Variant
from app.brief.facts import FactSheet
from app.db.blobs import NewBlob
from app.db.receipts import CallHashes
from app.llm.protocol import Completion
from app.verdicts.decisions import Confidence, Decision, Reason
from app.verdicts.judgements import Judgements
from app.verdicts.reports import Finding, GuardReport


@dataclass(frozen=True)
class Candidate:
    """Copy for all fields of a kind as a model wrote it. `mean_logprob` is per token, over all fields."""

    fields: dict[str, str]
    model: str
    mean_logprob: float | None = None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    calls: tuple[CallHashes, ...] = ()
    """The calls that the copy came from."""


def call_of(completion: Completion) -> CallHashes:
    """The recorded call that gave a completion."""
    return CallHashes(request=completion.request_hash, answer=completion.answer_hash)


@dataclass(frozen=True)
class Refused:
    """A line or a variant that is not used: what the guardrails found, or `detail` when no rule was asked."""

    fields: dict[str, str]
    findings: tuple[Finding, ...] = ()
    detail: str = ""
    reason: Reason = Reason.GUARDRAIL_REFUSED

    @property
    def why(self) -> str:
        """The reasons in plain words."""
        return "; ".join([*(finding.message for finding in self.findings), *filter(None, [self.detail])])


@dataclass(frozen=True)
class Kept:
    """A variant that passed, with its report and its confidence."""

    variant: Variant
    report: GuardReport
    confidence: Confidence | None
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    calls: tuple[CallHashes, ...] = ()
    judgements: Judgements | None = None


@dataclass(frozen=True)
class CallRecord:
    """One call to a model: what it cost, how it ended ("answered" or a reason code), what went to and fro."""

    model: str
    outcome: str
    seconds: float
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    request: NewBlob | None = None
    """None when nothing was sent."""
    answer: NewBlob | None = None

    @property
    def blobs(self) -> tuple[NewBlob, ...]:
        """What was sent, and what came back."""
        return tuple(blob for blob in (self.request, self.answer) if blob is not None)

    def without_blobs(self) -> "CallRecord":
        """The record once the bytes are stored: a long run does not hold them all."""
        return replace(self, request=None, answer=None)


@dataclass(frozen=True)
class SlotAnswer:
    """How one slot was answered: the decision, the variants (best first), and what it took.

    `offered` names approved blocks that would have fitted (`reuse: offer`). `asked` counts the lines that
    models were asked for. `stored` says that the answer comes from an earlier run.
    """

    decision: Decision
    kept: tuple[Kept, ...]
    refused: tuple[Refused, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    asked: int = 0
    offered: tuple[str, ...] = ()
    image: str | None = None
    facts: FactSheet | None = None
    draft_ids: tuple[str, ...] = ()
    """The stored drafts, one for each of `kept`, once the answer is stored."""
    stored: bool = False

    @property
    def seconds(self) -> float:
        """Model time of all calls; calls run side by side, so this is more than the wall time."""
        return sum(call.seconds for call in self.calls)

    @property
    def tokens(self) -> int:
        """Prompt and answer tokens of all calls."""
        return sum(call.prompt_tokens + call.completion_tokens for call in self.calls)
