"""Banned claims: what the brand and its packs do not let copy say."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from app.brand.markets import market_of
from app.brand.models import ClaimRule
from app.guardrails.concessions import Concessions
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.guardrails.rule_scope import applies, in_force, lacking, stands
from app.guardrails.rulebook import ClaimMatcher
from app.guardrails.testimonials import supplied_quotes
from app.verdicts.reports import Family, Finding

JUDGED_ELSEWHERE = frozenset({"price_discount_ungrounded"})
"""Categories that another guardrail judges in every language, so that claim rules may only add to it."""


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a claim rule that is for this copy matches, and neither what stands beside it nor a
    fact supports what it says.

    A supplied testimonial, word for word, is no fabricated one, and a transactional message may confirm an
    order. The finding's `rule` is the claim rule's id, so that people find it in the brand's files. Where
    a category has rules, and none in the copy's language, it was not looked for, and the answer is no pass.
    """
    claims, language = context.rulebook.claims, context.language
    facts = Concessions(piece, context)
    found = [
        hit
        for hit in claims.hits(piece.shadows)
        if applies(hit.rule, piece, context)
        and not stands(hit.rule, piece, hit.span)
        # What a law wants beside a claim has to be read there, whatever the facts say.
        and (hit.rule.qualifiers or not facts.gives_way(hit.rule.category, hit.span))
    ]
    where = market_of(context.market, context.locale), context.as_of.date()
    missing = _categories(claims, *where) - _categories(claims, *where, language) - JUDGED_ELSEWHERE
    if missing and not found:
        names = ", ".join(sorted(missing))
        raise NotJudged(f"there are no claim rules in the language '{language}' for: {names}")
    quoted = supplied_quotes(piece, context)
    for hit in found:
        if hit.rule.category == "testimonial_fabricated" and quoted.cover(*hit.span):
            continue
        if hit.rule.category == "deceptive_subject" and context.transactional:
            continue
        yield Finding(
            rule=hit.rule.id,
            category=hit.rule.category,
            family=hit.rule.family,
            severity=hit.rule.severity,
            field=piece.name or piece.field,
            start=hit.start,
            end=hit.end,
            message=f"'{piece.text[hit.start : hit.end]}': {hit.rule.message}",
            suggestion=_suggestion(hit.rule, lacking(hit.rule, piece, hit.span)),
        )


def _suggestion(rule: ClaimRule, needs: tuple[str, ...]) -> str:
    """What would pass, with what is missing beside the claim by name."""
    return f"{rule.suggestion} Missing here: {'; '.join(needs)}." if needs else rule.suggestion


@lru_cache(maxsize=1024)
def _categories(
    claims: ClaimMatcher, market: str, day: dt.date, language: str | None = None
) -> frozenset[str]:
    """The categories of the rules that hold in a market on a day, in one language or in any."""
    return frozenset(
        rule.category
        for rule in claims.rules
        if in_force(rule, market, day) and (language is None or language in rule.languages)
    )


GUARDRAIL = Guardrail(
    id="banned_claims",
    family=Family.LEGAL,
    categories=(
        "health_claim",
        "earnings_claim",
        "guarantee",
        "superlative_unsubstantiated",
        "false_scarcity",
        "free_without_terms",
        "deceptive_subject",
        "green_claim",
        "testimonial_fabricated",
        "competitor_disparagement",
    ),
    summary="Phrases and patterns that the brand's claims.yaml and its packs ban, each with its exceptions",
    source="claims.yaml of the brand and brand/_packs/; each rule names its own source",
    check=check,
)
