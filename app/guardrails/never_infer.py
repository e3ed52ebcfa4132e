"""Never infer: copy may not tell readers a trait about themselves that the contract protects."""

from collections.abc import Iterator

from app.guardrails.frame import Context, Guardrail, Piece
from app.verdicts.reports import Family, Finding


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a never-infer rule matches that the decision contract enforces."""
    for hit in context.rulebook.never_infer.hits(piece.shadows):
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
    languages=frozenset({"en"}),
)
