"""Free only with its terms: what costs nothing is said with the condition that the facts give for it.

Copy of which no facts are known may name any condition. Delivery and returns are left to the claim rules
where no terms were supplied, and so is copy with tokens.
"""

from collections.abc import Iterator

from app.guardrails.concessions import concessions
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import masked
from app.guardrails.terms.free import FREE
from app.verdicts.reports import Family, Finding


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every "free" whose sentence states no terms that were supplied, or more than they give."""
    facts = concessions(piece, context)
    if context.tokens_only:
        return
    words = FREE[context.language]
    text = masked(piece.folded.text)
    terms = facts.free_terms
    for start, end in words.offers(text):
        if not facts.given and words.is_qualified(text, start):
            continue
        span = piece.folded.span(start, end)
        if facts.free_with_terms(span) or (not terms and words.of_delivery(text, start)):
            continue
        said = f"the facts say '{'; '.join(terms)}'" if terms else "the facts give no terms for it"
        hint = (
            "state that condition in the same sentence" if terms else "supply 'free_terms', or leave it out"
        )
        yield GUARDRAIL.finding(piece, span, f"'{piece.text[slice(*span)]}': {said}", hint)


GUARDRAIL = Guardrail(
    id="free_offer",
    family=Family.LEGAL,
    categories=("free_without_terms",),
    summary="What copy calls free stands with the terms that the facts give for it.",
    source="FTC guide on 'free', 16 CFR 251; CAP 3.23 to 3.26; UCPD Annex I no. 20",
    check=check,
    languages=frozenset(FREE),
)
