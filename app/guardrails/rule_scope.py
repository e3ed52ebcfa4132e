"""Whether a claim rule looks at a piece of copy, and what a claim lacks beside it."""

import datetime as dt
from functools import lru_cache

from app.brand.markets import market_of
from app.brand.models import ClaimRule, holds
from app.brand.scope import EVERYWHERE, Qualifier
from app.guardrails.frame import Context, Piece
from app.guardrails.matcher import Matcher, Wording
from app.guardrails.sentences import sentence_round

Span = tuple[int, int]


def applies(rule: ClaimRule, piece: Piece, context: Context) -> bool:
    """Whether the rule is for copy like this: language, field, block kind, journey, locale, market and day.

    A kind or a journey that is not known takes no rule away. Without a market it is the region of the locale.
    """
    return (
        context.language in rule.languages
        and in_force(rule, market_of(context.market, context.locale), context.as_of.date())
        and _in_scope(rule, piece, context)
    )


def in_force(rule: ClaimRule, market: str, day: dt.date) -> bool:
    """Whether the rule holds in a market on a day of sending."""
    return rule.scope.in_market(market) and holds(rule.effective_from, day, rule.effective_until)


def _in_scope(rule: ClaimRule, piece: Piece, context: Context) -> bool:
    scope = rule.scope
    return scope is EVERYWHERE or (
        (not scope.fields or piece.field in scope.fields)
        and (not scope.kinds or piece.kind is None or piece.kind in scope.kinds)
        and (not scope.journeys or context.journey is None or context.journey in scope.journeys)
        and (not scope.locales or context.locale in scope.locales)
    )


def lacking(rule: ClaimRule, piece: Piece, span: Span) -> tuple[str, ...]:
    """What the copy does not say beside the claim at `span`, of all that the rule wants there.

    Qualifiers are read from the copy as it stands: a reader has to see them, so one in disguise is none.
    """
    return tuple(item.needs for item in rule.qualifiers if not _met(item, piece, span))


def stands(rule: ClaimRule, piece: Piece, span: Span) -> bool:
    """Whether everything that the rule wants beside a claim is there, so that the claim may stand."""
    return bool(rule.qualifiers) and not lacking(rule, piece, span)


def _met(qualifier: Qualifier, piece: Piece, span: Span) -> bool:
    hits = _matcher(qualifier).hits((piece.folded,))
    if qualifier.within == "field":
        return bool(hits)
    start, end = sentence_round(piece.text, span)
    return any(start <= hit.start and hit.end <= end for hit in hits)


@lru_cache(maxsize=1024)
def _matcher(qualifier: Qualifier) -> Matcher[Wording]:
    wording = Wording(id="qualifier", message="", phrases=qualifier.wordings, patterns=qualifier.patterns)
    return Matcher([wording])
