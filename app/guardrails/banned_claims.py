"""Banned claims: what the brand and its packs do not let copy say."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from app.brand.markets import market_of
from app.brand.models import ClaimRule
from app.guardrails.claim_wording import Said, permitted
from app.guardrails.concessions import concessions
from app.guardrails.denials import denied
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.guardrails.matcher import Hit
from app.guardrails.rule_scope import applies, in_force, lacking, stands
from app.guardrails.rulebook import ClaimMatcher
from app.guardrails.testimonials import supplied_quotes
from app.verdicts.reports import Family, Finding

JUDGED_ELSEWHERE = frozenset({"price_discount_ungrounded"})
"""Categories that another guardrail judges in every language, so that claim rules may only add to it."""


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a claim rule that is for this copy matches, and neither what stands beside it nor a
    fact supports what it says.

    Copy that denies a claim does not make it. A supplied testimonial, word for word, is no fabricated one,
    and a transactional message may confirm an order. The finding's `rule` is the claim rule's id, so that
    people find it in the brand's files. Where a category has rules, and none in the copy's language, it was
    not looked for, and the answer is no pass.
    """
    claims, language = context.rulebook.claims, context.language
    facts = concessions(piece, context)
    found = [
        hit
        for hit in claims.hits(piece.shadows)
        if applies(hit.rule, piece, context)
        and not stands(hit.rule, piece, hit.span)
        and not _denied(hit, piece, language)
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
        entry = permitted(piece, context, hit.span, hit.rule.id, hit.rule.category)
        if _gives_way(hit.rule, entry):
            continue
        yield Finding(
            rule=hit.rule.id,
            category=hit.rule.category,
            family=hit.rule.family,
            severity=hit.rule.severity,
            field=piece.name or piece.field,
            start=hit.start,
            end=hit.end,
            message=f"'{piece.text[hit.start : hit.end]}': {hit.rule.message}{_differs(entry)}",
            suggestion=_suggestion(hit.rule, entry, lacking(hit.rule, piece, hit.span)),
        )


def _denied(hit: Hit[ClaimRule], piece: Piece, language: str) -> bool:
    """Whether the sentence takes the claim back; that lifts no rule whose frames all hold in spite of it."""
    holds = bool(hit.rule.frames) and all(frame.negated for frame in hit.rule.frames)
    return not holds and denied(piece, hit.span, hit.rule.category, language)


def _gives_way(rule: ClaimRule, entry: Said | None) -> bool:
    """Whether an approved claim is said as it was approved. What a law wants beside a claim is wanted all the
    same, unless the entry permits that very rule.
    """
    return entry is not None and not entry.wrong and (not rule.qualifiers or rule.id in entry.claim.permits)


def _differs(entry: Said | None) -> str:
    """What is different from the approved claim that the copy means."""
    if entry is None or not entry.wrong:
        return ""
    return f" The claims library has '{entry.claim.id}'; the copy {'; it '.join(entry.wrong)}."


def _suggestion(rule: ClaimRule, entry: Said | None, needs: tuple[str, ...]) -> str:
    """What would pass, with what is missing beside the claim by name."""
    hint = f"write '{entry.claim.text}'" if entry is not None and entry.wrong else rule.suggestion
    return f"{hint} Missing here: {'; '.join(needs)}." if needs else hint


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
