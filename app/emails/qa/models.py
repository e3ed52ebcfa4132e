"""What a rule is, what it says, and where in the email it points."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from app.emails.qa.email import EmailUnderTest

Part = Literal["html", "subject", "preheader", "text", "email"]
Need = Literal["subject", "text", "images", "link_hosts", "locale", "postal_address", "facts", "headers"]
"""What a rule cannot do without, besides the HTML."""


class Severity(StrEnum):
    """`error`: do not send it. `warning`: some readers get less than they should. `info`: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Spot:
    """A place in the email. Line and column count from 1; 0 is the part as a whole."""

    part: Part
    line: int = 0
    column: int = 0


WHOLE = Spot("email")
SUBJECT = Spot("subject")
PREHEADER = Spot("preheader")


@dataclass(frozen=True)
class Flaw:
    """What an inspection found: where, what, and what would be right."""

    at: Spot
    message: str
    suggestion: str = ""


class QaFinding(BaseModel):
    """One flaw of one email, by the rule that found it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(description="Id of the rule, as docs/email_checks.md lists it")
    severity: Severity
    part: Part = Field(description="Where it is; `email` where it is in no one part")
    line: int = Field(description="Line of that part, from 1; 0 for the part as a whole")
    column: int = Field(description="Column of that line, from 1; 0 for the part as a whole")
    message: str
    suggestion: str = Field(description="What would be right; empty where the message says it")

    @property
    def where(self) -> str:
        """The place in words: "html 12:40", or the part alone."""
        return f"{self.part} {self.line}:{self.column}" if self.line else self.part


@dataclass(frozen=True)
class Rule:
    """One check of one email.

    `threshold` says in words from where on it speaks, `source` by whom that is said. A rule whose `needs` the
    email does not bring is listed as not checked instead of passing.
    """

    id: str
    severity: Severity
    summary: str
    threshold: str
    source: str
    inspect: Callable[["EmailUnderTest"], Iterable[Flaw]]
    needs: tuple[Need, ...] = ()

    def check(self, email: "EmailUnderTest") -> Iterator[QaFinding]:
        """The rule's findings on `email`, in the order of the email."""
        for flaw in self.inspect(email):
            yield QaFinding(
                rule=self.id,
                severity=self.severity,
                part=flaw.at.part,
                line=flaw.at.line,
                column=flaw.at.column,
                message=flaw.message,
                suggestion=flaw.suggestion,
            )

    def missing(self, email: "EmailUnderTest") -> tuple[Need, ...]:
        """What the rule needs and the email does not bring."""
        return tuple(need for need in self.needs if _is_blank(getattr(email, need)))


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


Inspection = Callable[["EmailUnderTest"], Iterable[Flaw]]


def rule(
    rule_id: str,
    severity: Severity,
    summary: str,
    *,
    threshold: str,
    source: str,
    needs: tuple[Need, ...] = (),
) -> Callable[[Inspection], Rule]:
    """Make the inspection below it a rule."""
    return lambda inspect: Rule(rule_id, severity, summary, threshold, source, inspect, needs)
