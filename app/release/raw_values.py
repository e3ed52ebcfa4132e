"""Values that people wrote out in their copy instead of a token: what they may be, and of which role.

Human copy may hold them, and the guardrails compare them with the facts. They must not lower a risk tier,
so each counts as every role that it can have.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.brief.facts import Fact, FactSheet, MoneyFact, NameFact, PercentFact, QuantityFact, Role
from app.guardrails.numbers import values_in
from app.guardrails.value_kinds import Kind, Use, Value

_DATED = frozenset({Kind.DATE, Kind.WEEKDAY, Kind.TIME})
_CHEAPER = frozenset({Kind.PERCENT, Kind.MULTIBUY})
_MONEY_USE = {Use.SAVING: Role.SAVING, Use.WAS: Role.WAS_PRICE}


@dataclass(frozen=True)
class RawValue:
    """One value written out: its span, and the facts that it may state, by token name."""

    text: str
    start: int
    end: int
    roles: frozenset[Role]
    tokens: tuple[str, ...]


def raw_values(text: str, facts: FactSheet) -> list[RawValue]:
    """The values that stand in `text` as themselves, in order."""
    found = [_read(value, facts) for value in values_in(text, facts.locale)]
    return sorted([*found, *_names(text, facts)], key=lambda item: (item.start, item.end))


def raw_roles(texts: Iterable[str], facts: FactSheet) -> frozenset[str]:
    """Every role that a value written out in `texts` may have."""
    return frozenset(
        role.value for text in texts for value in raw_values(text, facts) for role in value.roles
    )


def _read(value: Value, facts: FactSheet) -> RawValue:
    meant = {name: fact for name, fact in facts.facts.items() if _may_be(value, fact)}
    roles = {fact.role for fact in meant.values()}
    if value.kind in _CHEAPER:
        roles.add(Role.DISCOUNT)
    if value.kind is Kind.MONEY and value.use in _MONEY_USE:
        roles.add(_MONEY_USE[value.use])
    if value.kind is Kind.CODE:
        roles.add(Role.CODE)
    return RawValue(value.shown or value.unit, value.start, value.end, frozenset(roles), tuple(sorted(meant)))


def _may_be(value: Value, fact: Fact) -> bool:
    if value.kind in _DATED:
        return fact.kind in ("date", "deadline")
    if isinstance(fact, MoneyFact):
        same_unit = value.kind is not Kind.MONEY or value.unit == fact.currency
        return value.kind in (Kind.MONEY, Kind.NUMBER) and same_unit and value.amount == fact.value
    if isinstance(fact, PercentFact):
        return value.kind in (Kind.PERCENT, Kind.NUMBER) and value.amount == fact.value
    if isinstance(fact, QuantityFact):
        amounts: tuple[Decimal | None, ...] = (value.amount, value.other)
        return value.kind in (Kind.QUANTITY, Kind.NUMBER) and fact.value in amounts
    return isinstance(fact, NameFact) and value.kind is Kind.CODE and value.unit == fact.value


def _names(text: str, facts: FactSheet) -> Iterator[RawValue]:
    """Codes that are plain words, which nothing else tells from the text around them."""
    for name, fact in facts.facts.items():
        if fact.role is not Role.CODE or not isinstance(fact, NameFact):
            continue
        for match in re.finditer(re.escape(fact.value), text, re.IGNORECASE):
            yield RawValue(match[0], match.start(), match.end(), frozenset({Role.CODE}), (name,))
