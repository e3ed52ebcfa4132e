"""What a model answered that was asked to judge copy, as data: a guardrail turns it into findings."""

import hashlib
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Judged(StrEnum):
    """How the judge answered about one text; `failed` when it gave no answer that counts."""

    CLEAN = "clean"
    PROBLEM = "problem"
    FAILED = "failed"


class Judgement(BaseModel):
    """The answer about one text: with a problem its category and the exact words; `detail` says why it
    failed. `answer_hash` is the SHA-256 of what the model sent, empty where nothing came.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Judged
    category: str = ""
    quote: str = ""
    detail: str = ""
    answer_hash: str = ""


class Judgements(BaseModel):
    """Answers by the SHA-256 of the text that each is about, and what gave them: the model's name and the
    hash of its prompt. An answer about one text says nothing about any other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str
    prompt: str
    answers: dict[str, Judgement] = Field(default_factory=dict)

    def about(self, text: str) -> Judgement | None:
        """The answer about this very text; None when the judge was not asked about it."""
        return self.answers.get(text_hash(text))


def text_hash(text: str) -> str:
    """SHA-256 of a text; characters that no encoding has count as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
