"""Required compliance language: certain words in copy call for certain other words beside them."""

from collections.abc import Iterator

from app.brand.models import Disclosure, holds
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.rulebook import CopyDisclosure
from app.tokens import tokens_in
from app.verdicts.reports import Family, Finding


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """One finding for each disclosure that the copy calls for and does not carry, at the words that call."""
    for required in context.rulebook.disclosures:
        if not _applies(required.disclosure, piece, context):
            continue
        span = _trigger(required, piece)
        # what is read into a disguise calls for terms, and is no term itself
        if span is None or required.wordings.hits((piece.folded,)):
            continue
        options = " or ".join(f"'{wording}'" for wording in required.disclosure.wordings)
        yield GUARDRAIL.finding(
            piece,
            span,
            f"'{piece.text[span[0] : span[1]]}' needs its terms beside it: {required.disclosure.text}",
            f"add {options}",
        )


def _applies(disclosure: Disclosure, piece: Piece, context: Context) -> bool:
    """An unknown kind or journey is not an exemption; a day that has not come is one."""
    kind = not disclosure.kinds or piece.kind is None or piece.kind in disclosure.kinds
    journey = not disclosure.journeys or context.journey is None or context.journey in disclosure.journeys
    return kind and journey and holds(disclosure.effective_from, context.as_of)


def _trigger(required: CopyDisclosure, piece: Piece) -> tuple[int, int] | None:
    """The first words or token that call for the disclosure."""
    spans = [hit.span for hit in required.triggers.hits(piece.shadows)]
    spans += [(token.start, token.end) for token in tokens_in(piece.text) if token.name in required.tokens]
    return min(spans, default=None)


GUARDRAIL = Guardrail(
    id="compliance",
    family=Family.LEGAL,
    categories=("missing_disclosure",),
    summary="A field with words that call for a disclosure also carries one of its wordings",
    source="compliance.yaml of the brand; each disclosure names its own source",
    check=check,
)
