"""Statements about the reader's order, stock, delivery, account, cart, list or visits that no fact supports.

The rules are data, a file a language (data/ungrounded_statements_en.yaml). A rule is silent in the journeys
that begin with the event it speaks of, and where a supplied statement names the thing; `never_in` lists words
that stay refused there ("your order is complete" in post_purchase). Rules marked `promises` judge copy with
tokens only.
"""

import functools
import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from app.brief.facts import Role
from app.guardrails.concessions import concessions
from app.guardrails.data_files import read_data
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Matcher
from app.verdicts.reports import Family, Finding, Severity

_NEAR = 24
"""Characters after a match in which a word of `never_in` still belongs to the statement."""
_BESIDE = 40
"""Characters on either side of a statement in which a variable fills it in."""
_VARIABLE = re.compile(r"\{\{?\s{0,3}([A-Za-z_][\w.]{0,80})\s{0,3}\}")
LANGUAGES = frozenset({"en", "de", "fr"})


class StatementRule(BaseModel):
    """One kind of statement: how it is worded, and where it may be made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    message: str
    suggestion: str
    category: str = "ungrounded_statement"
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = Field(min_length=1)
    exceptions: tuple[str, ...] = ()
    supported_by: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    never_in: dict[str, tuple[str, ...]] = {}
    by_variable: tuple[str, ...] = ()
    """Parts of names of allowed variables that fill the statement in ("your balance is {{ points }}")."""
    promises: bool = False
    stock: bool = False
    negated: tuple[str, ...] = ("out",)
    """Words of a `stock` rule that say that there is none."""


class _StatementRules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[StatementRule, ...]


@functools.cache
def _matcher(language: str) -> Matcher[StatementRule]:
    return Matcher(read_data(f"ungrounded_statements_{language}.yaml", _StatementRules).rules)


def _in_stock(context: Context) -> bool:
    facts = context.facts.facts.values() if context.facts else ()
    return any(fact.kind == "stock" and fact.role is Role.STOCK and fact.value > 0 for fact in facts)


def _filled_in(rule: StatementRule, piece: Piece, context: Context, span: tuple[int, int]) -> bool:
    """Whether an allowed variable right beside the statement says it of each reader."""
    near = piece.text[max(0, span[0] - _BESIDE) : span[1] + _BESIDE] if rule.by_variable else ""
    names = (match[1] for match in _VARIABLE.finditer(near))
    return any(
        name in context.allowed_tokens and any(part in name.lower() for part in rule.by_variable)
        for name in names
    )


def _supported(rule: StatementRule, words: str, prose: str, context: Context) -> bool:
    """Whether the journey or something supplied lets the copy say this."""
    if context.journey in rule.journeys:
        return not any(word in words for word in rule.never_in.get(context.journey or "", ()))
    if rule.stock and _in_stock(context):
        return not any(word in words for word in rule.negated)
    return any(word in prose for word in rule.supported_by)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every statement that neither the journey nor a supplied fact supports."""
    statements = context.facts.statements if context.facts else ()
    prose = " \n ".join(fold(text).text for text in statements)
    severity = Severity.WARN if context.facts is None and not context.tokens_only else Severity.BLOCK
    seen: set[tuple[str, int]] = set()
    facts = concessions(piece, context)
    for hit in _matcher(context.language).hits(piece.shadows):
        rule, shown = hit.rule, piece.text[hit.start : hit.end]
        if (rule.promises and not context.tokens_only) or (rule.id, hit.start) in seen:
            continue
        near = piece.folded.part(hit.start, hit.end + _NEAR)
        if _filled_in(rule, piece, context, hit.span):
            continue
        if _supported(rule, near, prose, context) or (rule.stock and facts.shown_true(hit.span)):
            continue
        seen.add((rule.id, hit.start))
        yield GUARDRAIL.finding(
            piece,
            hit.span,
            f"'{shown}' {rule.message}",
            rule.suggestion,
            category=rule.category,
            severity=severity,
        )


GUARDRAIL = Guardrail(
    id="ungrounded_statement",
    family=Family.FACT,
    categories=("ungrounded_statement", "price_discount_ungrounded"),
    summary="Nothing is said about the reader's order, stock, delivery or account that no fact supports.",
    source="house rule; faults seen in samples of the embedded model",
    check=check,
    languages=LANGUAGES,
)
