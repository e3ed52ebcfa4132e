"""What copy holds that its risk tier depends on: facts that it states, claims, urgency, readers' data."""

from collections.abc import Iterable, Iterator, Sequence

from app.brand.tiers import Feature, Risks
from app.brief.facts import FactSheet, Role
from app.guardrails.claim_wording import claims_said
from app.guardrails.frame import Context, Piece
from app.guardrails.urgency import cues_of
from app.release.values import stated_roles
from app.tokens import token_names

OFFERS = frozenset({Role.WAS_PRICE, Role.SAVING, Role.DISCOUNT, Role.CODE})
PRICES = frozenset({Role.PRICE, Role.WAS_PRICE, Role.FROM_PRICE})


def risks_of(
    kind: str, texts: Iterable[str], context: Context, facts: FactSheet, *, journey: str, market: str
) -> Risks:
    """The risks of copy for one place. `context` is what the guardrails judge it against."""
    written = list(texts)
    roles = stated_roles(written, facts)
    pieces = [Piece(text, kind=kind) for text in written]
    return Risks(kind, journey, market, roles, frozenset(_features(roles, pieces, context)))


def _features(roles: frozenset[str], pieces: Sequence[Piece], context: Context) -> Iterator[Feature]:
    if roles & OFFERS:
        yield Feature.OFFER
    if roles & PRICES:
        yield Feature.PRICE
    if any(claims_said(piece, context) for piece in pieces):
        yield Feature.CLAIM
    if Role.ENDS in roles or any(cues_of(piece, context) for piece in pieces):
        yield Feature.URGENCY
    names = {name for piece in pieces for name in token_names(piece.text)}
    brand = context.rulebook.brand
    if brand is not None and names & brand.variables.keys():
        yield Feature.PERSONALIZATION
