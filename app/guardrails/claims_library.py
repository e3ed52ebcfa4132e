"""Approved claims that are said otherwise than they were approved.

A claim rule that matches such a claim refuses it already, and says which entry is meant (`banned_claims`).
Here are those that no rule would see: a number that was changed, a qualifier that was dropped, a word that
stretches the claim, an entry that has expired or is approved for another market.
"""

from collections.abc import Iterator

from app.guardrails.claim_wording import Said, claims_said
from app.guardrails.frame import Context, Guardrail, Piece
from app.verdicts.reports import Family, Finding

OTHER = "claim_not_as_approved"
"""The category where an entry permits only rules, whose categories the rule book does not say."""


def _category(said: Said, context: Context) -> str:
    rules = {rule.id: rule.category for rule in context.rulebook.claims.rules}
    categories = set(rules.values())
    for name in said.claim.permits:
        if name in rules or name in categories:
            return rules.get(name, name)
    return OTHER


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every sentence that means an entry of the claims library and says more than was approved."""
    claims = claims_said(piece, context)
    right = {said.span for said in claims if not said.wrong}
    for said in claims:
        if said.stretched and said.span not in right:
            yield GUARDRAIL.finding(
                piece,
                said.span,
                f"the approved claim '{said.claim.id}' is said otherwise: it {'; it '.join(said.wrong)}",
                f"write '{said.claim.text}', or leave it out",
                category=_category(said, context),
            )


GUARDRAIL = Guardrail(
    id="claims_library",
    family=Family.LEGAL,
    categories=(OTHER,),
    summary="Approved claims stand in copy as they were approved: numbers, qualifiers, markets, dates",
    source="claims_library.yaml of the brand; UK CAP Code 3.7; 16 CFR 255 and FTC substantiation doctrine",
    check=check,
)
