"""What a brand folder says to people and to no program: who answers for what, where rules come from."""

from collections.abc import Iterator

from app.brand.brand import Brand


def describe(brand: Brand) -> Iterator[str]:
    """One line a thing: the brand, its segments, offers, rules, disclosures and pictures."""
    identity = brand.identity
    yield f"brand {identity.id}: {identity.name}, answered for by {identity.owner}"
    for segment in brand.segments.values():
        yield (
            f"segment {segment.id}: {segment.name}, answered for by {segment.owner}, "
            f"measured by {segment.primary_kpi}; in: {segment.inclusion}; out: {segment.exclusion}"
        )
    for offer in brand.offers.values():
        yield f"offer {offer.id}: {offer.name}, {offer.starts:%Y-%m-%d} to {offer.ends:%Y-%m-%d}"
    for rule in brand.claims:
        yield f"claim rule {rule.id}: {rule.source}"
    for disclosure in brand.disclosures:
        yield f"disclosure {disclosure.id}: {disclosure.source}"
    for asset in brand.assets.assets:
        yield f"asset {asset.id}: {brand.assets.hosted_base}{asset.file}, {asset.licence}"
