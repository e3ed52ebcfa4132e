"""Comparing the values of a text with the facts, by value and by what they are used for."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from app.brief.facts import (
    DateFact,
    DeadlineFact,
    FactSheet,
    MoneyFact,
    NameFact,
    PercentFact,
    QuantityFact,
    Role,
)
from app.guardrails.fold import fold
from app.guardrails.numbers import terms_of, values_in
from app.guardrails.value_kinds import WEEKDAYS, Bound, Kind, Use, Value

DISCOUNT_ROLES = frozenset({Role.DISCOUNT, Role.SAVING, Role.WAS_PRICE})
_MONEY_USE = {Role.WAS_PRICE: Use.WAS, Role.SAVING: Use.SAVING}
_RANGE = re.compile(r"\d[\d.,]{0,23}+\s?%?\s?(?:to|-|and)\s?\d[\d.,]{0,23}+\s?%")
_LEFT = re.compile(r"^ (?:to go|left|remaining|until|till|more|ubrig|bis|restants?|jusqu'au?|avant)\b")
_ROUND = Decimal("1.25")
"""How far above a round number the true one may lie: "over four thousand" is fair for 4,200."""


@dataclass(frozen=True)
class Supplied:
    """Everything that a fact sheet supports, in the terms of values in copy."""

    sheet: FactSheet
    as_of: dt.datetime

    @cached_property
    def stated(self) -> tuple[Value, ...]:
        """Values of the prose that was supplied."""
        return tuple(value for text in self.sheet.statements for value in values_in(text, self.sheet.locale))

    @cached_property
    def prose(self) -> str:
        """The supplied prose, folded."""
        return " \n ".join(fold(text).text for text in self.sheet.statements)

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Plain numbers and quantities."""
        counts = [fact.value for fact in self.sheet.facts.values() if isinstance(fact, QuantityFact)]
        return frozenset([*counts, *(value.amount for value in self.stated if value.kind is Kind.NUMBER)])

    @cached_property
    def bare(self) -> frozenset[Decimal | None]:
        """Numbers that were supplied on their own, for any unit."""
        alone = [
            text for text in self.sheet.statements if text.replace(",", "").replace(".", "", 1).isdigit()
        ]
        return frozenset(value.amount for text in alone for value in values_in(text, self.sheet.locale))

    @cached_property
    def money(self) -> tuple[tuple[Use, Decimal, str], ...]:
        """Amounts with what they may be used for; the saving between was_price and price among them."""
        facts = [fact for fact in self.sheet.facts.values() if isinstance(fact, MoneyFact)]
        listed = [(_MONEY_USE.get(fact.role, Use.PLAIN), fact.value, fact.currency) for fact in facts]
        listed += [(v.use, v.amount, v.unit) for v in self.stated if v.kind is Kind.MONEY]
        saved = [(Use.SAVING, was - price, unit) for was, price, unit in self._reductions(listed)]
        return (*listed, *saved)

    @staticmethod
    def _reductions(listed: list[tuple[Use, Decimal, str]]) -> list[tuple[Decimal, Decimal, str]]:
        return [
            (was, price, unit)
            for use, was, unit in listed
            if use is Use.WAS
            for other, price, currency in listed
            if other is Use.PLAIN and currency == unit and price < was
        ]

    @cached_property
    def discounts(self) -> frozenset[Decimal]:
        """Percentages that everything on offer is reduced by."""
        flat = {fact.value for fact in self.sheet.facts.values() if isinstance(fact, PercentFact)}
        for text in self.sheet.statements:
            if not _RANGE.search(fold(text).text):
                found = values_in(text, self.sheet.locale)
                flat |= {v.amount for v in found if v.kind is Kind.PERCENT and v.use is Use.SAVING}
        for was, price, _ in self._reductions(list(self.money)):
            flat.add((100 * (was - price) / was).quantize(Decimal(1), ROUND_DOWN))
        return frozenset(flat)

    @cached_property
    def ranges(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Lowest and highest percentage of each supplied range."""
        found = []
        for text in self.sheet.statements:
            match = _RANGE.search(fold(text).text)
            if match:
                ends = [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", match[0])]
                found.append((min(ends), max(ends)))
        return tuple(found)

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """Every supplied day."""
        zone = ZoneInfo(self.sheet.time_zone)
        return tuple(
            fact.value.astimezone(zone).date() if isinstance(fact, DeadlineFact) else fact.value
            for fact in self.sheet.facts.values()
            if isinstance(fact, (DateFact, DeadlineFact))
        )

    @cached_property
    def last_days(self) -> tuple[dt.date, ...]:
        """The days on which something ends."""
        zone = ZoneInfo(self.sheet.time_zone)
        return tuple(
            f.value.astimezone(zone).date() for f in self.sheet.facts.values() if isinstance(f, DeadlineFact)
        )

    @cached_property
    def today(self) -> dt.date:
        """The day that the copy is judged for."""
        return self.as_of.astimezone(ZoneInfo(self.sheet.time_zone)).date()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Codes, products and other names, as they are written."""
        return tuple(fact.value for fact in self.sheet.facts.values() if isinstance(fact, NameFact))

    @cached_property
    def has_discount(self) -> bool:
        """Whether anything supplied makes something cheaper."""
        roles = {fact.role for fact in self.sheet.facts.values()}
        return (
            bool(roles & DISCOUNT_ROLES)
            or terms_of(self.sheet.locale).sale.search(self.prose) is not None
            or bool(self.ranges)
        )

    @cached_property
    def has_reduction(self) -> bool:
        """Whether a former price or a saving was supplied."""
        roles = {fact.role for fact in self.sheet.facts.values()}
        return bool(roles & DISCOUNT_ROLES) or any(v.use in (Use.WAS, Use.SAVING) for v in self.stated)


def _same(value: Value, supplied: Supplied) -> bool:
    return any(
        other.kind is value.kind and other.unit == value.unit and other.amount == value.amount
        for other in supplied.stated
    )


def _money(value: Value, supplied: Supplied) -> bool:
    uses = {value.use, Use.PLAIN} if value.use is Use.THRESHOLD else {value.use}
    amounts = [amount for use, amount, unit in supplied.money if use in uses and unit == value.unit]
    if value.bound is Bound.UNDER:
        return any(amount <= value.amount <= amount * _ROUND for amount in amounts)
    return value.amount in amounts


def _percent(value: Value, supplied: Supplied) -> bool:
    if value.bound is Bound.RANGE and any(value.amount in ends for ends in supplied.ranges):
        return True
    if value.use is Use.SAVING:
        if value.bound is Bound.UP_TO and any(value.amount == high for _, high in supplied.ranges):
            return True
        if value.bound is Bound.FROM and any(value.amount == low for low, _ in supplied.ranges):
            return True
        return value.amount in supplied.discounts or (value.amount == 66 and 67 in supplied.discounts)
    of_something = re.match(r"\s?(?:of|more)\b", value.after) is not None
    if not of_something and value.amount in supplied.discounts:
        return True
    return any(
        other.kind is Kind.PERCENT and other.use is Use.PLAIN and other.amount == value.amount
        for other in supplied.stated
    )


def _over(amount: Decimal, truth: Decimal) -> bool:
    return amount <= truth <= amount * _ROUND


def _number(value: Value, supplied: Supplied) -> bool:
    truths = supplied.numbers
    if value.bound is Bound.OVER:
        return any(_over(value.amount, truth) for truth in truths)
    return value.amount in truths


def _quantity(value: Value, supplied: Supplied) -> bool:
    if value.unit == "day" and _LEFT.match(value.after):
        return any((day - supplied.today).days == value.amount for day in supplied.last_days)
    if value.unit == "year":
        spans = [
            supplied.today.year - v.amount
            for v in supplied.stated
            if v.kind is Kind.NUMBER and 1500 < v.amount < 2200
        ]
        if any(
            _over(value.amount, span) if value.bound is Bound.OVER else value.amount == span for span in spans
        ):
            return True
    return _same(value, supplied) or value.other in supplied.bare


def _date(value: Value, supplied: Supplied) -> bool:
    for day in supplied.days:
        number = 100 * day.month + day.day if value.amount % 100 else 100 * day.month
        weekday = not value.unit or WEEKDAYS[day.weekday()] == value.unit
        if value.amount == number and weekday and value.other in (None, day.year):
            return True
    return any(
        other.kind is Kind.DATE and other.amount == value.amount and (value.other in (None, other.other))
        for other in supplied.stated
    )


def _weekday(value: Value, supplied: Supplied) -> bool:
    name = WEEKDAYS[int(value.amount)]
    near = [day for day in supplied.days if 0 <= (day - supplied.today).days <= 7]
    return (
        any(day.weekday() == value.amount for day in near)
        or any(other.kind is Kind.WEEKDAY and other.amount == value.amount for other in supplied.stated)
        or re.search(rf"\b{name}\b", supplied.prose) is not None
    )


def _time(value: Value, supplied: Supplied) -> bool:
    zone = ZoneInfo(supplied.sheet.time_zone)
    times = [other.amount for other in supplied.stated if other.kind is Kind.TIME]
    moments = [f.value.astimezone(zone) for f in supplied.sheet.facts.values() if isinstance(f, DeadlineFact)]
    times += [Decimal(60 * moment.hour + moment.minute) for moment in moments]
    if value.unit == "12h":
        same = any(time % 720 == value.amount % 720 for time in times)
        return same or (value.amount % 60 == 0 and value.amount / 60 in supplied.numbers)
    return value.amount in times


def _code(value: Value, supplied: Supplied) -> bool:
    return (
        value.unit in supplied.names
        or re.search(rf"\b{re.escape(value.unit.lower())}\b", supplied.prose) is not None
    )


def _digits(text: str) -> str:
    return "".join(character for character in fold(text).text if character.isdigit())[-9:]


def _phone(value: Value, supplied: Supplied) -> bool:
    known = {_digits(v.shown) for v in supplied.stated if v.kind is Kind.PHONE}
    return _digits(value.shown) in known


def _multibuy(value: Value, supplied: Supplied) -> bool:
    return any(
        other.kind is Kind.MULTIBUY and (other.amount, other.other) == (value.amount, value.other)
        for other in supplied.stated
    )


_COMPARE: dict[Kind, Callable[[Value, Supplied], bool]] = {
    Kind.MONEY: _money,
    Kind.PERCENT: _percent,
    Kind.NUMBER: _number,
    Kind.QUANTITY: _quantity,
    Kind.DATE: _date,
    Kind.WEEKDAY: _weekday,
    Kind.TIME: _time,
    Kind.CODE: _code,
    Kind.PHONE: _phone,
    Kind.LINK: lambda _value, _supplied: True,  # judged by host, in a guardrail of their own
    Kind.MULTIBUY: _multibuy,
}


def _name_spans(text: str, supplied: Supplied) -> list[tuple[int, int]]:
    """Where supplied names stand word for word: their figures belong to the name."""
    folded = fold(text)
    spans = []
    for name in (fold(item).text for item in supplied.names if any(c.isdigit() for c in item)):
        at = folded.text.find(name)
        while at >= 0:
            spans.append(folded.span(at, at + len(name)))
            at = folded.text.find(name, at + 1)
    return spans


def ungrounded(text: str, locale: str, supplied: Supplied) -> Iterator[Value]:
    """The values of `text` that nothing supplied supports."""
    names = _name_spans(text, supplied)
    for value in values_in(text, locale):
        inside = any(start <= value.start and value.end <= end for start, end in names)
        if not inside and not _COMPARE[value.kind](value, supplied):
            yield value
