"""Amounts of money in copy against the supplied ones: by use, each, in all, for several people."""

import re
from decimal import Decimal

from app.guardrails.bounds import CONVERTED, NEARLY, ROUND, amount_fits
from app.guardrails.price_units import shared_by
from app.guardrails.supplied import Supplied
from app.guardrails.value_kinds import Bound, Use, Value

_POUND = re.compile(r"pound", re.IGNORECASE)
_GRAMS = Decimal("453.6")
"""Grams of a pound."""
_EACH = re.compile(
    r"^ ?(?:,? ?(?:each|apiece)\b|per (?:head|person|portion|serving|cup|item|piece"
    r"|pair|[a-z]+)\b|a (?!month|week|year|day|night)[a-z]+\b|for each|pro |par |je )"
)
_ONE_EACH = re.compile(r"^ ?,? ?(?:each|apiece|a head|a piece|a pair)\b")
_FOR_PEOPLE = re.compile(r" ?\bfor (\d{1,2})\b(?! (?:hours?|days?|weeks?|nights?|months?|years?|minutes?))")
_IN_ALL_AFTER = re.compile(r"^ ?(?:in all|in total|altogether|all told|total|insgesamt|au total)\b")
_IN_ALL_BEFORE = re.compile(r"\b(?:total(?:ling)?|in all|altogether|a total of)(?: is| of|:)? ?$")
_SEVERAL = 1000
"""Of how many at the most a price is shared."""


def money_fits(value: Value, supplied: Supplied) -> bool:
    """Whether an amount of money is one that was supplied, for what it is used for."""
    uses = {value.use, Use.PLAIN} if value.use is Use.THRESHOLD else {value.use}
    known = [
        (amount, bound) for use, bound, amount, unit in supplied.money if use in uses and unit == value.unit
    ]
    amounts = {amount for amount, _ in known}
    if value.unit == "GBP" and _POUND.search(value.shown) and _weighs(value, supplied):
        return True
    people = _FOR_PEOPLE.search(value.before) or _FOR_PEOPLE.match(value.after)
    if people and supplied.per_person and not _EACH.match(value.after):
        return any(value.amount == amount * int(people[1]) for amount in amounts)
    if value.use is Use.PLAIN and _ONE_EACH.match(value.after) and _for_several(value, supplied):
        return False
    if value.use is Use.PLAIN:
        least = {(use, amount, unit) for use, _, amount, unit in supplied.money}
        loose = value.bound in (Bound.OVER, Bound.FROM)
        least_spent = loose and (Use.THRESHOLD, value.amount, value.unit) in least
        return least_spent or _price(value, known) or _shared(value, known, supplied)
    if value.use is Use.SAVING:
        return any(
            amount_fits(value, amount, bound) for amount, bound in known if value.bound is not Bound.NEARLY
        )
    return value.amount in amounts


def _for_several(value: Value, supplied: Supplied) -> bool:
    """Whether the amount was supplied as the price of several: "2 pairs for £140"."""
    amount = re.escape(f"{value.amount.normalize():f}")
    return re.search(rf"\b[2-9]\d* (?:[a-z]+ ){{0,3}}for [£$€]?{amount}\b", supplied.prose) is not None


def _weighs(value: Value, supplied: Supplied) -> bool:
    """Whether pounds are a weight that was supplied, also in another unit."""
    grams = value.amount * _GRAMS
    weights = [other.amount for other in (*supplied.stated, *supplied.named) if other.unit == "g"]
    return any(weight * CONVERTED <= grams <= weight * (2 - CONVERTED) for weight in weights)


def _shared(value: Value, known: list[tuple[Decimal, Bound]], supplied: Supplied) -> bool:
    """A price each, of a price for several; or what several payments come to."""
    several = {count for count, bound in supplied.counts if bound is Bound.EXACT and 1 < count <= _SEVERAL}
    if _EACH.match(value.after):
        shared = shared_by(value)
        several = several if shared is None else several & {shared}
        parts = [amount / count for amount, bound in known if bound is not Bound.FROM for count in several]
        return any(_rounds_to(value, part) for part in parts)
    if _IN_ALL_AFTER.match(value.after) or _IN_ALL_BEFORE.search(value.before):
        return any(value.amount == amount * count for amount, _ in known for count in several)
    return False


def _rounds_to(value: Value, part: Decimal) -> bool:
    """Whether an amount is a part, to the penny, or as a bound in words holds for it."""
    return (
        value.amount == round(part, 2)
        if value.bound is Bound.EXACT
        else amount_fits(value, part, Bound.EXACT)
    )


def _price(value: Value, known: list[tuple[Decimal, Bound]]) -> bool:
    """A price: "from" needs a lowest of several, and a price that begins somewhere is no fixed one."""
    amounts = {amount for amount, _ in known}
    if value.bound is Bound.FROM:
        lowest = len(amounts) > 1 and value.amount == min(amounts)
        return lowest or (value.amount, Bound.FROM) in known
    if value.bound is Bound.UNDER:
        return any(
            amount < value.amount <= amount * ROUND for amount, bound in known if bound is not Bound.FROM
        )
    if value.bound is Bound.NEARLY:
        return any(amount <= value.amount <= amount * NEARLY for amount in amounts)
    if value.bound is Bound.OVER:
        return any(value.amount <= amount <= value.amount * ROUND for amount in amounts)
    return any(value.amount == amount and bound is not Bound.FROM for amount, bound in known)
