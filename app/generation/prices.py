"""Prices that a brief may not ask: under the margin floor, or not the same for everybody."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from babel.numbers import get_currency_precision

from app.brand.brand import Brand
from app.brand.offers import (
    Offer,
    discounted,
    keeps_margin,
    margin_floor,
    most_discount,
    shown_percent,
    together,
)
from app.brand.segments import Segment
from app.brief.base_prices import PricedProduct, folded, sold_products, two_base_prices
from app.brief.facts import Role
from app.brief.models import Brief, Target, UnitCost
from app.errors import Problem
from app.yaml12 import Document, Path_, nearest


def margin_problems(
    document: Document,
    index: int,
    target: Target,
    brand: Brand,
    offers: Sequence[Offer],
    *,
    getting: Sequence[Segment],
) -> Iterator[Problem]:
    """Products that the offers would sell under the margin floor, or whose margin nobody can know.

    `index` is the target's place in the brief, `getting` are the segments that get the offers.
    """
    floor = margin_floor(brand.margin_floor_percent, offers)
    if floor is None or not getting:
        return
    segment = max(getting, key=lambda item: together(offers, item.value_tier))
    percent = together(offers, segment.value_tier)
    for product in sold_products(target):
        fault = _margin(product, _cost(target, product), floor, percent, segment.id)
        if fault is not None:
            yield document.problem(("targets", index, *product.place), *fault)


def _cost(target: Target, product: PricedProduct) -> UnitCost | None:
    costs = {folded(key): cost for key, cost in target.unit_costs.items()}
    return next((costs[folded(key)] for key in product.keys if folded(key) in costs), None)


def _margin(
    product: PricedProduct, cost: UnitCost | None, floor: Decimal, percent: Decimal, segment: str
) -> tuple[str, str] | None:
    """What is wrong with selling the product at that discount, and what would pass; None when nothing is."""
    price, currency = product.amount.value, product.amount.currency
    if cost is None or cost.currency != currency:
        has = "has no unit cost" if cost is None else f"has a unit cost in {cost.currency} alone"
        message = f"'{product.name}' {has}: nothing proves the margin floor of {shown_percent(floor)}"
        return message, f"`unit_costs` of the target with its cost in {currency}"
    sold = discounted(price, percent, get_currency_precision(currency))
    if keeps_margin(sold, cost.value, floor):
        return None
    most = most_discount(price, cost.value, floor)
    message = (
        f"{shown_percent(percent)} off, as '{segment}' gets it, sells '{product.name}' at {sold} {currency}, "
        f"under the margin floor of {shown_percent(floor)}"
    )
    within = f"at most {shown_percent(most)} off, or the email without it"
    return message, within if most > 0 else "the email without it: its price is under the floor as it is"


def price_problems(brief: Brief, document: Document) -> Iterator[Problem]:
    """Unit costs of nothing, and products with two base prices in one market and currency."""
    for index, target in enumerate(brief.targets):
        products = list(sold_products(target))
        known = {folded(key) for product in products for key in product.keys}
        for key in target.unit_costs:
            if folded(key) not in known:
                names = sorted({product.sku or product.name for product in products})
                message = f"no price of the target belongs to '{key}'"
                at: Path_ = ("targets", index, "unit_costs", key)
                yield document.problem(at, message, nearest(key, names))
    for first, second in two_base_prices(brief):
        there = document.problem(first.place, "")
        line = f" ({there.file}:{there.line})" if there.line else ""
        what = "cost before" if second.role is Role.WAS_PRICE else "costs"
        message = (
            f"'{second.name}' {what} {second.amount.value} {second.amount.currency} here and "
            f"{first.amount.value} at {there.field}{line}"
        )
        yield document.problem(second.place, message, "one base price for everybody: only offers differ")
