"""Merge variables and tokens: only those that this slot may use, each with its consent.

Stored copy holds our own tokens, `{person.first_name}`; each must be in the slot's list. Copy at the check
door may also hold `{{ name }}`, spaces aside, for the names that came with it. Any other syntax belongs to
the guardrail `template_syntax`.
"""

import re
from collections.abc import Iterator

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Spans
from app.tokens import PERSON, Token, tokens_in
from app.verdicts.reports import Family, Finding
from app.yaml12 import nearest

_BRACES = re.compile(r"\{\{([^{}]*+)\}\}")


def _inside_braces(text: str) -> Spans:
    return Spans(match.span() for match in _BRACES.finditer(text))


def _own(piece: Piece, context: Context, token: Token) -> Finding | None:
    span = (token.start, token.end)
    shown = "{" + token.name + "}"
    if token.name in context.withheld:
        return _withheld(piece, context, span, token.name)
    if token.name not in context.allowed_tokens:
        what = "variable" if token.is_variable else "fact"
        hint = nearest(token.name, context.allowed_tokens) or "this slot may use no token"
        return GUARDRAIL.finding(piece, span, f"{shown} is no {what} that this slot may use", hint)
    if not token.is_variable:
        return None
    variable = context.variables.get(token.name)
    if variable is None:
        hint = nearest(token.name, context.variables) or "the brand allows no variable here"
        return GUARDRAIL.finding(piece, span, f"{shown} is no variable of the brand", hint)
    if piece.kind is not None and piece.kind not in variable.kinds:
        hint = f"allowed in: {', '.join(variable.kinds)}"
        return GUARDRAIL.finding(piece, span, f"{shown} is not allowed in the block '{piece.kind}'", hint)
    return None


def _withheld(piece: Piece, context: Context, span: tuple[int, int], name: str) -> Finding:
    shown = piece.text[span[0] : span[1]]
    message = f"{shown} may not be used without consent: {context.withheld[name]}"
    return GUARDRAIL.finding(piece, span, message, "say the same without it")


def _at_the_door(piece: Piece, context: Context) -> Iterator[Finding]:
    for match in _BRACES.finditer(piece.text):
        name = match[1].strip()
        full = name if "." in name else PERSON + name
        if full in context.withheld:
            yield _withheld(piece, context, match.span(), full)
        elif name not in context.allowed_tokens:
            hint = nearest(name, context.allowed_tokens) or "no variable was allowed for this text"
            yield GUARDRAIL.finding(piece, match.span(), f"'{match[0]}' is no allowed variable", hint)


def _token_findings(piece: Piece, context: Context) -> Iterator[Finding]:
    braces = _inside_braces(piece.text)
    for token in tokens_in(piece.text):
        if braces.cover(token.start, token.end):
            continue
        free = not context.tokens_only and token.name not in context.withheld
        if free and token.name in context.allowed_tokens and not context.variables:
            continue
        found = _own(piece, context, token)
        if found is not None:
            yield found


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Tokens that the slot may not use, and at the check door variables that were not named."""
    yield from _token_findings(piece, context)
    if not context.tokens_only:
        yield from _at_the_door(piece, context)


GUARDRAIL = Guardrail(
    id="variables",
    family=Family.FACT,
    categories=("unapproved_variable",),
    summary="Only the facts and merge variables that this slot may use, in their blocks and with consent.",
    source="the brand's variables.yaml",
    check=check,
)
