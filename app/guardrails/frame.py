"""The frame of every guardrail: what it is given, what it answers, how it is described.

A guardrail is a pure function from a Piece and a Context to findings. It reads no clock, no file and no
network; everything it may know is in its two arguments. `registry.GUARDRAILS` lists them all, and `suite`
runs the same functions directly or inside guardrails-ai Validators.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from app.blocks.kind import FieldSpec
from app.brand.models import Variable
from app.brief.facts import FactSheet
from app.brief.plain_facts import PlainExtras
from app.guardrails.fold import Folded, fold, shadows_of
from app.guardrails.rulebook import RuleBook
from app.guardrails.supplied import Supplied
from app.tokens import Filled, fill_mapped
from app.verdicts.judgements import Judgements
from app.verdicts.reports import Family, Finding, Severity

Made = TypeVar("Made")
TRANSACTIONAL = "transactional"
"""Stands in the place of a journey: a message about something that the reader did."""


@dataclass(frozen=True)
class Piece:
    """One text under judgement.

    `field` is the front door's name (subject, preheader, headline, body, cta); `name` the field of the
    block kind, when the text fills one; `spec` its limits. `siblings` are the other fields of the same
    variant by name, `rivals` texts that this one must not repeat, with a label that says what each is.
    """

    text: str
    field: str = "body"
    name: str = ""
    kind: str | None = None
    spec: FieldSpec | None = None
    siblings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    rivals: tuple[tuple[str, str], ...] = ()

    @cached_property
    def folded(self) -> Folded:
        """The text for matching: lower case, look-alikes and invisible characters undone, spans kept."""
        return fold(self.text)

    @cached_property
    def _worked_out(self) -> dict[str, tuple["Context", Any]]:
        return {}

    def once(self, what: str, context: "Context", make: "Callable[[Piece, Context], Made]") -> "Made":
        """What `make` says of this text in this context: worked out once for all guardrails that ask."""
        kept = self._worked_out.get(what)
        if kept is None or kept[0] is not context:
            kept = self._worked_out[what] = (context, make(self, context))
        made: Made = kept[1]
        return made

    @cached_property
    def shadows(self) -> tuple[Folded, ...]:
        """The folded text and, where the text wears a disguise, a copy without it."""
        return shadows_of(self.folded)


@dataclass(frozen=True)
class Context:
    """What a piece is judged against.

    `facts` None means that nothing was supplied: grounding is then unchecked. `tokens_only` is set for copy
    that is stored with typed tokens (generated or approved), where a raw value is refused even if it is
    right; without it raw values are compared with the facts. `allowed_tokens` are the facts and variables
    that this slot may use; `variables` the merge variables among them. `withheld` are variables that wait
    for a consent, each with the reason in words. `avoid` are the brief's words to leave out. `evergreen`
    marks content that may hold nothing that expires.
    """

    rulebook: RuleBook
    locale: str
    as_of: dt.datetime
    market: str | None = None
    journey: str | None = None
    facts: FactSheet | None = None
    tokens_only: bool = True
    allowed_tokens: frozenset[str] = frozenset()
    variables: Mapping[str, Variable] = dataclasses.field(default_factory=dict)
    withheld: Mapping[str, str] = dataclasses.field(default_factory=dict)
    avoid: tuple[str, ...] = ()
    evergreen: bool = False
    names: frozenset[str] = frozenset()
    """Proper names that the copy may mention: product names and the like, as supplied."""
    competitors: frozenset[str] = frozenset()
    extras: PlainExtras = dataclasses.field(default_factory=PlainExtras)
    """What was supplied with human copy and is no value of it: links, contacts, testimonials, the profile."""
    judgements: Judgements | None = None
    """What a model answered that was asked about the copy; None where no judge is set up."""

    @cached_property
    def supplied(self) -> Supplied:
        """What the facts support, on the day that the copy is judged for; no facts support nothing."""
        return Supplied(self.facts or FactSheet(locale=self.locale), self.as_of)

    @property
    def language(self) -> str:
        """The language part of the locale."""
        return self.locale.split("-")[0]

    @property
    def transactional(self) -> bool:
        """Whether the message is about something that the reader did, and no advertisement."""
        return self.journey == TRANSACTIONAL

    def values_of(self, token: str) -> tuple[str, ...]:
        """Every string that the token may be rendered as: one for a fact, several for a variable."""
        if token in self.variables:
            variable = self.variables[token]
            return (variable.fallback, *variable.examples)
        if self.facts is not None and token in self.facts.facts:
            return (self.facts.render(token),)
        return ()

    def rendered(self, piece: Piece, *, longest: bool) -> Filled:
        """The piece with its longest or shortest allowed values; an unknown token stays as it stands."""

        def value(token: str) -> str:
            options = sorted(self.values_of(token), key=len)
            return (options[-1] if longest else options[0]) if options else "{" + token + "}"

        return fill_mapped(piece.text, value)


class CannotJudge(Exception):
    """Raised by a check that could not find out, such as when somebody it relies on gave no usable answer.

    The guardrail's answer is then `error`, with this text as its detail.
    """


class NotJudged(Exception):
    """Raised by a check that has nothing to judge this copy with, such as no rules in its language.

    The guardrail's answer is then `not_run`, with this text as its detail, and never a pass.
    """


Check = Callable[[Piece, Context], Iterable[Finding]]


@dataclass(frozen=True)
class Guardrail:
    """One guardrail with what a person needs to know about it.

    `languages` None means that it works in any language; in another language than listed it is `not_run`.
    `needs_facts` marks rules that cannot answer without a fact sheet: they are listed as unchecked then.
    """

    id: str
    family: Family
    categories: tuple[str, ...]
    summary: str
    source: str
    check: Check
    languages: frozenset[str] | None = None
    needs_facts: bool = False

    def finding(
        self,
        piece: Piece,
        span: tuple[int, int],
        message: str,
        suggestion: str = "",
        *,
        category: str | None = None,
        severity: Severity = Severity.BLOCK,
    ) -> Finding:
        """A finding of this guardrail about the characters `span` of the piece's original text."""
        return Finding(
            rule=self.id,
            category=category or self.categories[0],
            family=self.family,
            severity=severity,
            field=piece.name or piece.field,
            start=span[0],
            end=span[1],
            message=message,
            suggestion=suggestion,
        )
