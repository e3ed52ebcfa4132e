"""One base price a product, whoever reads: only offers differ between segments.

Products are the same by their sku, or by name where one of the two has no sku. A product has one price, and
one earlier price, in each market and currency, in facts and feeds of all targets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.brief.facts import Fact, FeedItem, MoneyFact, NameFact, Role
from app.brief.models import Brief, Target

Place = tuple[str | int, ...]
_BASE = (Role.PRICE, Role.WAS_PRICE)
_SOLD_AT = (Role.PRICE, Role.FROM_PRICE)


@dataclass(frozen=True)
class PricedProduct:
    """One amount that a target says of a product, and where. `stem` is the first part of the fact's name."""

    name: str
    sku: str | None
    stem: str
    role: Role
    """What a reader takes the amount for: in a feed it is the price, whatever its fact says."""
    amount: MoneyFact
    place: Place

    def is_like(self, other: "PricedProduct") -> bool:
        """Whether both speak of the same product."""
        if self.sku is not None and other.sku is not None:
            return self.sku == other.sku
        return folded(self.name) == folded(other.name)

    @property
    def keys(self) -> tuple[str, ...]:
        """What a unit cost of it may be listed under."""
        return tuple(key for key in (self.sku, folded(self.name), self.stem) if key)


def folded(name: str) -> str:
    """A product's name without regard to case and spacing."""
    return " ".join(name.casefold().split())


def priced_products(target: Target) -> Iterator[PricedProduct]:
    """Every amount that the facts and the feed of a target say of a product; places count from the target."""
    for name, fact in target.facts.items():
        if isinstance(fact, MoneyFact):
            stem = name.rsplit(".", 1)[0]
            product = _product(target.facts, stem)
            shown = product.value if product is not None else f"{{{stem}}}"
            sku = product.sku if product is not None else None
            yield PricedProduct(shown, sku, stem, fact.role, fact, ("facts", name))
    for number, item in enumerate(target.feed.items if target.feed is not None else ()):
        yield _of_feed(item, number)


def sold_products(target: Target) -> Iterator[PricedProduct]:
    """What readers are asked to pay: the same without earlier prices and savings."""
    return (item for item in priced_products(target) if item.role in _SOLD_AT)


def _of_feed(item: FeedItem, number: int) -> PricedProduct:
    role = Role.FROM_PRICE if item.price.role is Role.FROM_PRICE else Role.PRICE
    return PricedProduct(item.name, item.sku, "", role, item.price, ("feed", "items", number, "price"))


def _product(facts: dict[str, Fact], stem: str) -> NameFact | None:
    for name, fact in facts.items():
        if isinstance(fact, NameFact) and fact.role is Role.PRODUCT and name.rsplit(".", 1)[0] == stem:
            return fact
    return None


def two_base_prices(brief: Brief) -> Iterator[tuple[PricedProduct, PricedProduct]]:
    """Pairs of amounts of which one cannot be true: the earlier one, and the later that differs from it.

    Places count from the brief. Each amount is named once, beside the first that it contradicts.
    """
    seen: dict[tuple[str, str, Role], list[PricedProduct]] = {}
    for index, target in enumerate(brief.targets):
        for found in priced_products(target):
            if found.role not in _BASE:
                continue
            item = replace(found, place=("targets", index, *found.place))
            others = seen.setdefault((target.market, item.amount.currency, item.role), [])
            for other in others:
                if other.is_like(item) and other.amount.value != item.amount.value:
                    yield other, item
                    break
            others.append(item)
