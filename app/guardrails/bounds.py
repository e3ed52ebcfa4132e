"""How exactly a value is meant, and whether it then says no more than what was supplied."""

from decimal import Decimal

from app.guardrails.value_kinds import Bound, Value

ROUND = Decimal("1.25")
"""How far above a round number the true one may lie: "over four thousand" is fair for 4,200."""
NEARLY = Decimal("1.03")
"""How far below a number the true one may lie: "nearly forty" is fair for 39."""
ABOUT = Decimal("0.95")
"""How far down "about" may round; up it may not."""
CONVERTED = Decimal("0.98")
"""How far down a measure may be rounded in another system of units: 60 miles are "96 km"."""
UP = Decimal("1.01")
"""How far up it may be rounded: 800 m are "half a mile"."""
_LOOSE = {
    Bound.UP_TO: frozenset({Bound.UP_TO, Bound.UNDER, Bound.RANGE}),
    Bound.UNDER: frozenset({Bound.UP_TO, Bound.UNDER}),
    Bound.RANGE: frozenset({Bound.RANGE, Bound.UP_TO, Bound.FROM}),
    Bound.NEARLY: frozenset({Bound.NEARLY, Bound.UP_TO, Bound.UNDER}),
}
"""Bounds that copy may put instead of the one that was supplied; others it may leave out."""


def _apart(value: Value, truth: Decimal) -> bool:
    """Whether a bound in words holds for a truth that is another number."""
    amount = value.amount
    match value.bound:
        case Bound.OVER | Bound.FROM:
            holds = amount < truth <= amount * ROUND
        case Bound.UNDER:
            holds = truth < amount <= truth * ROUND
        case Bound.NEARLY:
            holds = truth < amount <= truth * NEARLY
        case Bound.ABOUT:
            holds = truth * ABOUT <= amount < truth
        case _:
            holds = False
    return holds


def amount_fits(value: Value, truth: Decimal, given: Bound) -> bool:
    """Whether an amount, as exactly as it is meant, says no more than what was supplied as exactly."""
    if given in _LOOSE:
        return value.amount == truth and value.bound in _LOOSE[given]
    return value.amount == truth or _apart(value, truth)
