"""Banned claims: what the brand and its packs do not let copy say."""

from collections.abc import Iterator

from app.brand.models import holds
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.verdicts.reports import Family, Finding


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a claim rule of the copy's language matches; the rule says category and severity.

    The finding's `rule` is the claim rule's id, so that people find the entry in the brand's files.
    """
    claims = context.rulebook.claims
    if claims.rules and not any(context.language in rule.languages for rule in claims.rules):
        raise NotJudged(f"there are no claim rules for the language '{context.language}'")
    for hit in claims.hits(piece.shadows):
        if context.language in hit.rule.languages and holds(hit.rule.effective_from, context.as_of):
            yield Finding(
                rule=hit.rule.id,
                category=hit.rule.category,
                family=hit.rule.family,
                severity=hit.rule.severity,
                field=piece.name or piece.field,
                start=hit.start,
                end=hit.end,
                message=f"'{piece.text[hit.start : hit.end]}': {hit.rule.message}",
                suggestion=hit.rule.suggestion,
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
