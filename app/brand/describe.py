"""What a brand folder says to people and to no program: who answers for what, where rules come from."""

import datetime as dt
from collections.abc import Iterator

from app.brand.brand import Brand
from app.brand.claims_library import Claim
from app.brand.models import Variable


def basis_of(variable: Variable) -> str:
    """The lawful basis in words, with the consent's name where it is one."""
    words = variable.basis.value.replace("_", " ")
    return f"{words} '{variable.consent}'" if variable.consent else words


def _from(day: dt.date | None) -> str:
    return f" from {day}" if day is not None else ""


def proof_of(claim: Claim) -> str:
    """The evidence of an entry of the claims library in one line."""
    proof = claim.evidence
    details = [proof.kind.value.replace("_", " ")] if proof.kind else []
    details += [proof.dated.isoformat()] if proof.dated else []
    return proof.document + (f" ({', '.join(details)})" if details else "")


def describe(brand: Brand) -> Iterator[str]:
    """One line a thing: the brand, its segments, consents, variables, offers, rules, pictures."""
    identity = brand.identity
    yield f"brand {identity.id}: {identity.name}, answered for by {identity.owner}"
    for segment in brand.segments.values():
        yield (
            f"segment {segment.id}: {segment.name}, answered for by {segment.owner}, "
            f"measured by {segment.primary_kpi}; in: {segment.inclusion}; out: {segment.exclusion}"
        )
    for consent in brand.consents.values():
        yield (
            f"consent {consent.id}: '{consent.wording}', asked for {consent.collected}, "
            f"answered for by {consent.owner}"
        )
    for variable in brand.variables.values():
        yield f"variable {variable.name}: {variable.purpose}; basis: {basis_of(variable)}"
    for offer in brand.offers.values():
        yield f"offer {offer.id}: {offer.name}, {offer.starts:%Y-%m-%d} to {offer.ends:%Y-%m-%d}"
    for rule in brand.claims:
        yield f"claim rule {rule.id}{_from(rule.effective_from)}: {rule.source}"
    for claim in brand.library:
        yield f"claim {claim.id} until {claim.expires}: {proof_of(claim)}, answered for by {claim.owner}"
    for disclosure in brand.disclosures:
        yield f"disclosure {disclosure.id}{_from(disclosure.effective_from)}: {disclosure.source}"
    for asset in brand.assets.assets:
        yield f"asset {asset.id}: {brand.assets.hosted_base}{asset.file}, {asset.licence}"
