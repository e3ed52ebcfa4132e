"""What a brand folder says to people and to no program: who answers for what, where rules come from."""

import datetime as dt
from collections.abc import Iterator

from app.brand.brand import Brand
from app.brand.claims_library import Claim
from app.brand.lists import ProductList
from app.brand.models import Variable
from app.brand.scope import PackHead


def basis_of(variable: Variable | ProductList) -> str:
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


def _days(first: dt.date | None, last: dt.date | None) -> str:
    return _from(first) + (f" until {last}" if last is not None else "")


def pack_line(head: PackHead) -> str:
    """What a pack is, where and when it applies, and what it is written from."""
    where = ", ".join(head.markets) or "every market"
    checked = f"checked {head.checked}" if head.checked else "not checked against the source yet"
    return (
        f"{head.title}; applies in {where}{_days(head.applies_from, head.applies_until)}; "
        f"from {head.source} of {head.source_date}, {checked}"
    )


def overrides(brand: Brand) -> Iterator[str]:
    """One line for each rule of a pack that the brand changes: what, why, and who answers for it."""
    for item in brand.overrides:
        changes = []
        if item.severity is not None:
            changes.append(f"severity {item.severity.value}")
        if item.exceptions:
            changes.append(f"leaves alone: {', '.join(item.exceptions)}")
        changes += [
            f"only {name} {', '.join(values)}"
            for name in type(item.scope).model_fields
            if (values := getattr(item.scope, name))
        ]
        yield (
            f"override of pack rule {item.rule}: {'; '.join(changes)}; "
            f"because: {item.reason}; answered for by {item.owner}"
        )


def _readers(brand: Brand) -> Iterator[str]:
    """One line a segment, and one for each suppression flag."""
    for segment in brand.segments.values():
        yield (
            f"segment {segment.id}: {segment.name}, answered for by {segment.owner}, "
            f"measured by {segment.primary_kpi}; in: {segment.inclusion}; out: {segment.exclusion}"
        )
    for stop in brand.suppressions.values():
        where = f" in {', '.join(stop.journeys)}" if stop.journeys else ""
        yield (
            f"suppression {stop.flag}: stops {', '.join(stop.stops)}{where}; because: {stop.reason}; "
            f"answered for by {stop.owner}"
        )


def describe(brand: Brand) -> Iterator[str]:
    """One line a thing: the brand, its segments, consents, variables, lists, offers, rules, pictures."""
    identity = brand.identity
    yield f"brand {identity.id}: {identity.name}, answered for by {identity.owner}"
    yield from _readers(brand)
    for consent in brand.consents.values():
        yield (
            f"consent {consent.id}: '{consent.wording}', asked for {consent.collected}, "
            f"answered for by {consent.owner}"
        )
    for variable in brand.variables.values():
        yield f"variable {variable.name}: {variable.purpose}; basis: {basis_of(variable)}"
    for listed in brand.lists.values():
        yield f"list {listed.id}: {listed.purpose}; basis: {basis_of(listed)}"
    for offer in brand.offers.values():
        yield f"offer {offer.id}: {offer.name}, {offer.starts:%Y-%m-%d} to {offer.ends:%Y-%m-%d}"
    for pack in brand.packs:
        yield f"pack {pack.id}: {pack_line(pack.head)}"
    yield from overrides(brand)
    for rule in brand.claims:
        yield f"claim rule {rule.id}{_days(rule.effective_from, rule.effective_until)}: {rule.source}"
    for claim in brand.library:
        yield f"claim {claim.id} until {claim.expires}: {proof_of(claim)}, answered for by {claim.owner}"
    for disclosure in brand.disclosures:
        yield f"disclosure {disclosure.id}{_from(disclosure.effective_from)}: {disclosure.source}"
    for asset in brand.assets.assets:
        yield f"asset {asset.id}: {brand.assets.hosted_base}{asset.file}, {asset.licence}"
