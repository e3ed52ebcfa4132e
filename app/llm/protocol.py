"""What Copydesk asks of a language model, whoever runs it."""

from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """One turn of a conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str


class Purpose(BaseModel):
    """What a request is for. It is not sent; scripted models answer by it and receipts name it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    field: str | None = None
    journey: str = ""
    segment: str = ""
    language: str = "en"
    variants: int = 1
    nonce: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    """For a judge: the code that its answer repeats, and the texts by id."""


class Request(BaseModel):
    """One call for one or more answers (`choices`).

    `grammar` is GBNF and `json_schema` a JSON schema; a model takes what its profile says.

    Temperatures and cut-offs are the sampling parameters of the OpenAI-compatible API; `seed` makes a
    repeated call give the same answer where the backend honours it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[Message, ...]
    max_tokens: int
    choices: Annotated[int, Field(ge=1, le=64)] = 1
    temperature: float = 1.0
    top_p: float = 0.95
    min_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    grammar: str | None = None
    json_schema: dict[str, Any] | None = None
    purpose: Purpose


class Choice(BaseModel):
    """One answer. `logprobs` are natural logarithms per token, where the backend gives them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    finished: bool = True
    """False when the answer was cut at max_tokens."""
    logprobs: tuple[float, ...] = ()

    @property
    def mean_logprob(self) -> float | None:
        """Mean log-probability of the answer's tokens."""
        return sum(self.logprobs) / len(self.logprobs) if self.logprobs else None


class Completion(BaseModel):
    """The answers to one request with their cost: tokens, US dollars where known, seconds of wall time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    choices: tuple[Choice, ...]
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    seconds: float = 0.0
    raw: str = Field(default="", repr=False)
    """The whole answer as it came, with all choices, where the backend gives more than the choices."""
    request_hash: str = ""
    """SHA-256 of what was sent, set by whoever records the call; and likewise of what came back."""
    answer_hash: str = ""

    @property
    def text(self) -> str:
        """The first answer's text."""
        return self.choices[0].text if self.choices else ""


class ModelProfile(BaseModel):
    """How a model has to be asked.

    `small` models write one line of plain text after examples; `capable` ones fill a JSON schema for all
    variants of a slot at once. `languages` None means any language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    style: Literal["small", "capable"]
    languages: frozenset[str] | None = None
    grammar: bool = False
    logprobs: bool = False
    parallel: int = 4
    """Requests that it serves side by side without slowing down."""

    def writes(self, language: str) -> bool:
        """Whether the model can be asked for copy in this language ("en")."""
        return self.languages is None or language in self.languages


class LanguageModel(Protocol):
    """A language model. `complete` raises a ModelError, never an error of the library beneath."""

    @property
    def name(self) -> str:
        """The name that receipts and usage carry."""

    @property
    def profile(self) -> ModelProfile:
        """How to ask it."""

    def as_sent(self, request: Request) -> dict[str, Any]:
        """The request as JSON data in the form in which it is sent, without keys and addresses."""

    async def complete(self, request: Request) -> Completion:
        """Answer one request. Raises ModelError."""

    async def close(self) -> None:
        """Let go of connections and child processes."""
