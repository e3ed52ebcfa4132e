"""Never infer: copy may not tell readers a trait about themselves that the contract protects."""

from collections.abc import Iterator

from app.brand.models import holds
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.verdicts.reports import Family, Finding


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a never-infer rule matches that the decision contract enforces.

    A trait that has no wording in the copy's language was not looked for, and the answer is no pass.
    """
    matcher, language = context.rulebook.never_infer, context.language
    held = [rule for rule in matcher.rules if holds(rule.effective_from, context.as_of)]
    worded = {rule.id for rule in held if language in rule.languages}
    found = [
        hit
        for hit in matcher.hits(piece.shadows)
        if language in hit.rule.languages and holds(hit.rule.effective_from, context.as_of)
    ]
    without = sorted({rule.id for rule in held} - worded)
    if without and not found:
        raise NotJudged(f"there is no wording in the language '{language}' of: {', '.join(without)}")
    for hit in found:
        words = piece.text[hit.start : hit.end]
        yield GUARDRAIL.finding(
            piece,
            hit.span,
            f"'{words}' tells the reader something about {hit.rule.trait}",
            "speak to everybody, or name a preference that the reader has set",
        )


GUARDRAIL = Guardrail(
    id="never_infer",
    family=Family.LEGAL,
    categories=("sensitive_inference",),
    summary="Words that tell readers a trait which the decision contract says is never inferred",
    source="never_infer.yaml and contract.yaml of the brand; GDPR article 9",
    check=check,
)
