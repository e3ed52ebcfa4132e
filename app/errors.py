"""Every error that Copydesk raises on purpose.

    CopydeskError
    ├── ContentError            brand/, blocks/, prompts/ or a brief cannot be used; lists every problem
    ├── UsageError              a name or an option that does not exist
    ├── NotFound                what was asked for does not exist, or is not there for the one who asks
    ├── NotPermitted            it exists, and the one who asks may not do this with it
    ├── Conflict                it changed meanwhile, or exists already
    ├── OutOfDate               the revision that the caller saw is not the one that is stored
    ├── BrandDisabled           its files do not load and no earlier state of them serves
    ├── ModelError              a call to a language model gave nothing usable
    │   ├── ModelNotInstalled   the embedded model's packages are missing
    │   ├── ModelUnavailable    nobody answered, or the server refused
    │   ├── ModelTimeout        no complete answer within the deadline
    │   └── ModelAnswerUnusable an answer came, and it is not what was asked for
    │       └── ModelAnswerEmpty    it has no text
    ├── StorageError            the database or the disk refused a read or a write
    │   └── WriteConflict       two writes met, and the database ended this one
    ├── ValueNotStorable        a value that no database can hold: too long, or with a character like NUL
    ├── RenderError             an email cannot be composed or rendered
    └── ReleaseRefused          the gate did not let an email pass; lists every reason

Each carries the HTTP status that an edge answers with, a hint that says what would be right, and whether
the same request may succeed later without anybody changing anything (`retryable`).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault in one file: where it is, what is wrong, what would be right.

    `line` and `column` count from 1; 0 means that the fault is about the file as a whole.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{self.field}: " if self.field else ""
        hint = f" ({self.expected})" if self.expected else ""
        return f"{where}: {subject}{self.message}{hint}"


class CopydeskError(Exception):
    """Base of the tree: catch this to catch every error that has words for people."""

    status_code = 500
    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class ContentError(CopydeskError):
    """Content files that were refused, with every problem found in one reading."""

    status_code = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__("\n".join([f"{count} {noun}:", *(f"  {problem}" for problem in self.problems)]))


class UsageError(CopydeskError):
    """The caller named something that does not exist, or combined options that exclude each other."""

    status_code = 400


class NotFound(CopydeskError):
    """There is no such thing, or the one who asks may not know of it: the words are the same for both."""

    status_code = 404


class NotPermitted(CopydeskError):
    """The one who asks sees the thing and may not do this; the hint says which role or scope would."""

    status_code = 403


class Conflict(CopydeskError):
    """The request does not fit what is stored by now."""

    status_code = 409


class OutOfDate(CopydeskError):
    """The revision that the caller saw is not the one that is stored; nothing was changed."""

    status_code = 412


class BrandDisabled(CopydeskError):
    """A brand that does not serve at the moment; other brands are not touched."""

    status_code = 503


class ModelError(CopydeskError):
    """A call to a language model gave nothing usable. `raw` is what came all the same."""

    status_code = 502
    raw = ""


class ModelNotInstalled(ModelError):
    """The embedded model was asked for and its packages are not installed."""

    status_code = 503


class ModelUnavailable(ModelError):
    """The endpoint did not answer, refused, or its server process ended."""

    status_code = 503
    retryable = True


class ModelTimeout(ModelError):
    """No complete answer arrived before the slot's deadline."""

    status_code = 504
    retryable = True


class ModelAnswerUnusable(ModelError):
    """The endpoint answered with something that is not what was asked for."""


class ModelAnswerEmpty(ModelAnswerUnusable):
    """The endpoint answered with no text at all."""


class StorageError(CopydeskError):
    """The database or the disk refused; what was finished before stays stored."""

    status_code = 503
    retryable = True


class WriteConflict(StorageError):
    """The database ended this write in favour of another one: nothing of it is stored, it may be repeated."""


class ValueNotStorable(CopydeskError):
    """A value that no database can hold; nothing of the request was stored."""

    status_code = 422


class RenderError(CopydeskError):
    """An email that cannot be composed from its blocks, or whose MJML is not allowed."""

    status_code = 422


class ReleaseRefused(CopydeskError):
    """The gate refused an email. `reasons` names each slot and what it lacks."""

    status_code = 409

    def __init__(self, reasons: Sequence[str], hint: str = "") -> None:
        self.reasons = tuple(reasons)
        super().__init__("the email is not released:\n  " + "\n  ".join(self.reasons), hint)
