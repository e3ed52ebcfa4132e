"""What a fact sheet supports, in the terms of values in copy."""

import datetime as dt
import re
from dataclasses import dataclass, replace
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
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import CHEAPER, NEXT, Bound, Kind, Use, Value

DISCOUNT_ROLES = frozenset({Role.DISCOUNT, Role.SAVING, Role.WAS_PRICE})
_MONEY_USE = {Role.WAS_PRICE: Use.WAS, Role.SAVING: Use.SAVING}
_AT_MOST = frozenset({Bound.UP_TO, Bound.RANGE, Bound.UNDER})
_FROM = re.compile(r"\b(?:from|ab|a partir de|des)$")
_OFTEN = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years", "annual": "years"}
_REPEATED = re.compile(rf"\b(\d{{1,3}}) (?:equal |interest-free )?({'|'.join(_OFTEN)})\b")
"""Six weekly lessons last six weeks."""
_WITHIN = re.compile(r"\b(?:within|inside) $")
"""Before a span that the prose promises: copy that names the span says no more."""
_FURTHER = re.compile(r"\b(?:then|further|extra|additional|another|on top)\b")
_HALF_A_YEAR = 183
_MONTH = 31
"""A date is 100 times its month and its day; what is no more than this is a day alone."""
_YEAR = 1500
_SINGLE = re.compile(
    r"\b(?:an?|one|per) (hour|day|week|fortnight|month|year|minute|litre|kilo|pint|mile|metre)\b"
)
_PER_PERSON = re.compile(r"\b(?:per person|a head|per head|pp|per adult|per guest|each|a person)\b")
_LABEL = re.compile(r"([a-z][a-z -]{1,30}): ")
_LABELLED = re.compile(r"(\d[\d.,]*) ([a-z ]+)$")
Money = tuple[Use, Bound, Decimal, str]
"""An amount: what it is used for, how exactly it was given, the amount, the currency."""


@dataclass(frozen=True)
class Supplied:
    """Everything that a fact sheet supports, at the moment that the copy is judged for."""

    sheet: FactSheet
    as_of: dt.datetime

    @cached_property
    def stated(self) -> tuple[Value, ...]:
        """Values of the prose that was supplied."""
        texts = (*self.sheet.statements, *self._measures)
        values = (value for text in texts for value in values_in(text, self.sheet.locale))
        return tuple(replace(v, bound=Bound.EXACT) if _WITHIN.search(v.before) else v for v in values)

    @cached_property
    def _measures(self) -> tuple[str, ...]:
        """Numbers whose label holds their unit: "10 battery hours" is 10 hours."""
        folded = [fold(text).text for text in self.sheet.statements]
        repeated = [f"{m[1]} {_OFTEN[m[2]]}" for text in folded for m in _REPEATED.finditer(text)]
        matches = (_LABELLED.match(text) for text in folded)
        units = [(m[1], [word for word in m[2].split() if word in UNITS]) for m in matches if m]
        single = [f"1 {m[1]}" for text in folded for m in _SINGLE.finditer(text)]
        return (*single, *(f"{number} {names[-1]}" for number, names in units if names), *repeated)

    @cached_property
    def labelled(self) -> tuple[tuple[str, Value], ...]:
        """Values that were supplied under a label, with the label."""
        found = []
        for text in self.sheet.statements:
            label = _LABEL.match(fold(text).text)
            if label is not None:
                found += [(label[1], value) for value in values_in(text, self.sheet.locale)]
        return tuple(found)

    @cached_property
    def differences(self) -> frozenset[Decimal]:
        """What one count lacks to another one."""
        amounts = {amount for amount, bound in self.counts if bound is Bound.EXACT}
        return frozenset(abs(first - second) for first in amounts for second in amounts if first != second)

    @cached_property
    def per_person(self) -> bool:
        """Whether a price that was supplied is one for each person."""
        return _PER_PERSON.search(self.prose) is not None

    @cached_property
    def on_top(self) -> bool:
        """Whether a discount may come on top of another one: nothing was said, or that it does."""
        return not self.prose or _FURTHER.search(self.prose) is not None

    @cached_property
    def named(self) -> tuple[Value, ...]:
        """Numbers and quantities inside the names of products: "6th edition", "500 ml flask"."""
        found = (value for name in self.names for value in values_in(name, self.sheet.locale))
        return tuple(value for value in found if value.kind in (Kind.NUMBER, Kind.QUANTITY))

    @cached_property
    def prose(self) -> str:
        """The supplied prose, folded."""
        return " \n ".join(fold(text).text for text in self.sheet.statements)

    @cached_property
    def counts(self) -> tuple[tuple[Decimal, Bound], ...]:
        """Plain numbers and quantities, each as exactly as it was given."""
        facts = [f.value for f in self.sheet.facts.values() if isinstance(f, QuantityFact)]
        stated = [
            (v.amount, Bound.EXACT if v.bound is Bound.RANGE else v.bound)
            for v in self.stated
            if v.kind is Kind.NUMBER
        ]
        return (*((amount, Bound.EXACT) for amount in facts), *stated)

    @cached_property
    def bare(self) -> frozenset[Decimal | None]:
        """Numbers that were supplied on their own, for any unit."""
        alone = [
            text for text in self.sheet.statements if text.replace(",", "").replace(".", "", 1).isdigit()
        ]
        measured = {text.split()[0] for text in self._measures}
        kept = [text for text in alone if text not in measured]
        return frozenset(value.amount for text in kept for value in values_in(text, self.sheet.locale))

    @cached_property
    def _listed(self) -> tuple[Money, ...]:
        facts = [fact for fact in self.sheet.facts.values() if isinstance(fact, MoneyFact)]
        return (
            *(
                (
                    _MONEY_USE.get(fact.role, Use.PLAIN),
                    Bound.FROM if fact.role is Role.FROM_PRICE or self._begins else Bound.EXACT,
                    fact.value,
                    fact.currency,
                )
                for fact in facts
            ),
            *((v.use, v.bound, v.amount, v.unit) for v in self.stated if v.kind is Kind.MONEY),
        )

    @property
    def _begins(self) -> bool:
        """Whether the product's name says that its price is the lowest of several ("bikes from")."""
        return any(_FROM.search(fold(name).text) for name in self.names)

    @cached_property
    def lowest(self) -> dict[str, Decimal]:
        """The lowest price of the past 30 days by currency: a reduction counts from it (98/6/EC art. 6a)."""
        return {unit: amount for use, _, amount, unit in self._listed if use is Use.LOWEST}

    @cached_property
    def money(self) -> tuple[Money, ...]:
        """Amounts with what they may be used for; the saving between former price and price among them."""
        kept = [
            item
            for item in self._listed
            if item[0] not in (Use.WAS, Use.SAVING)
            or (item[0] is Use.WAS and item[2] <= self.lowest.get(item[3], item[2]))
            or (item[0] is Use.SAVING and item[3] not in self.lowest)
        ]
        kept += [(Use.WAS, Bound.EXACT, amount, unit) for unit, amount in self.lowest.items()]
        saved = [(Use.SAVING, bound, was - price, unit) for was, price, unit, bound in self._reductions(kept)]
        return (*kept, *saved)

    @staticmethod
    def _reductions(listed: list[Money]) -> list[tuple[Decimal, Decimal, str, Bound]]:
        return [
            (was, price, unit, Bound.UP_TO if bound is Bound.FROM else Bound.EXACT)
            for use, _, was, unit in listed
            if use is Use.WAS
            for other, bound, price, currency in listed
            if other is Use.PLAIN and currency == unit and price < was
        ]

    @cached_property
    def _percentages(self) -> tuple[tuple[Decimal, Bound], ...]:
        """Percentages that something is reduced by, as exactly as they were given."""
        facts = [(f.value, Bound.EXACT) for f in self.sheet.facts.values() if isinstance(f, PercentFact)]
        stated = [
            (v.amount, v.bound)
            for v in self.stated
            if v.kind is Kind.PERCENT and (v.use is Use.SAVING or v.bound is Bound.RANGE)
        ]
        return (*facts, *stated)

    @cached_property
    def discounts(self) -> frozenset[Decimal]:
        """Percentages that everything on offer is reduced by."""
        reduced = self._reductions(list(self.money))
        counted = {100 * (was - price) / was for was, price, _, bound in reduced if bound is Bound.EXACT}
        flat = {amount for amount, bound in self._percentages if bound not in _AT_MOST}
        if self.lowest and (self.prices or counted):
            flat = {amount for amount in flat if any(amount <= share for share in counted)}
        flat |= self._compounded
        whole = {share.quantize(Decimal(1), ROUND_DOWN) for share in counted}
        return frozenset(flat | whole | {share.quantize(Decimal("0.1"), ROUND_DOWN) for share in counted})

    @property
    def _compounded(self) -> set[Decimal]:
        """What two discounts come to, the second one taken off what the first one leaves."""
        found = set()
        for text in self.sheet.statements:
            if not _FURTHER.search(fold(text).text):
                continue
            shares = [
                v.amount
                for v in values_in(text, self.sheet.locale)
                if v.kind is Kind.PERCENT and v.use is Use.SAVING
            ]
            if len(shares) == 2:
                found.add(100 - (100 - shares[0]) * (100 - shares[1]) / 100)
        return found

    @cached_property
    def prices(self) -> frozenset[Decimal]:
        """What things cost."""
        return frozenset(amount for use, _, amount, _ in self._listed if use is Use.PLAIN)

    @cached_property
    def highest(self) -> frozenset[Decimal]:
        """Percentages that a reduction goes up to."""
        return frozenset(amount for amount, bound in self._percentages if bound in _AT_MOST)

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A moment as the offer's clock shows it: in its own offset, if it was written with one."""
        if self.sheet.time_zone == "UTC" and moment.utcoffset():
            return moment
        return moment.astimezone(ZoneInfo(self.sheet.time_zone))

    @cached_property
    def ends(self) -> tuple[dt.datetime, ...]:
        """The moments at which something ends, each on the offer's clock."""
        return tuple(self.local(f.value) for f in self.sheet.facts.values() if isinstance(f, DeadlineFact))

    @cached_property
    def today(self) -> dt.date:
        """The day that the copy is judged for, on the clock of the offer."""
        if self.ends:
            return self.as_of.astimezone(self.ends[0].tzinfo).date()
        return self.as_of.astimezone(ZoneInfo(self.sheet.time_zone)).date()

    @cached_property
    def last_days(self) -> tuple[dt.date, ...]:
        """The days on which something ends; a weekday in prose is the next one."""
        days = [moment.date() for moment in self.ends]
        for value in self.stated:
            if value.use is not Use.ENDS:
                continue
            if value.kind is Kind.WEEKDAY:
                ahead = (int(value.amount) - self.today.weekday()) % 7
                days.append(self.today + dt.timedelta(days=ahead + 7 * (value.unit == NEXT)))
            elif value.kind is Kind.DATE and value.amount % 100:
                days += self._of_year(value)
        return tuple(days)

    def _of_year(self, value: Value) -> list[dt.date]:
        month, day = divmod(int(value.amount), 100)
        try:
            found = dt.date(int(value.other or self.today.year), month, day)
            early = value.other is None and (self.today - found).days > _HALF_A_YEAR
            return [found.replace(year=found.year + 1)] if early else [found]
        except ValueError:  # 30 February
            return []

    @cached_property
    def _stated_days(self) -> tuple[tuple[dt.date, Role], ...]:
        """The days of the prose, with what happens on them."""
        roles = {Use.STARTS: Role.STARTS, Use.ENDS: Role.ENDS}
        whole = [v for v in self.stated if v.kind is Kind.DATE and v.amount % 100 and v.amount > _MONTH]
        return tuple((day, roles.get(v.use, Role.EVENT_DATE)) for v in whole for day in self._of_year(v))

    @cached_property
    def counted_from(self) -> frozenset[dt.date]:
        """Days that time is counted to or from: the supplied ones, and the first of a month with its year."""
        months = [
            dt.date(int(v.other), int(v.amount) // 100, 1)
            for v in self.stated
            if v.kind is Kind.DATE
            and v.other
            and v.other > _YEAR
            and v.amount > _MONTH
            and not v.amount % 100
        ]
        return frozenset((*(day for day, _ in self.days), *months))

    @cached_property
    def spans(self) -> frozenset[Decimal]:
        """Minutes between the two times that one piece of prose gives."""
        pairs = [
            [value.amount for value in values_in(text, self.sheet.locale) if value.kind is Kind.TIME]
            for text in self.sheet.statements
        ]
        every = [time for times in pairs for time in times]
        if len(every) == 2:  # departs 07:42, arrives 09:15
            pairs.append(sorted(every))
        return frozenset(times[1] - times[0] for times in pairs if len(times) == 2 and times[0] < times[1])

    @cached_property
    def days(self) -> tuple[tuple[dt.date, Role], ...]:
        """Every supplied day, with what happens on it."""
        dates = [(f.value, f.role) for f in self.sheet.facts.values() if isinstance(f, DateFact)]
        return (*dates, *((day, Role.ENDS) for day in self.last_days), *self._stated_days)

    @cached_property
    def stock(self) -> tuple[Decimal, Decimal | None] | None:
        """How many are left, and of how many where that was given."""
        facts = self.sheet.facts.items()
        left = [f.value for _, f in facts if isinstance(f, QuantityFact) and f.role is Role.STOCK]
        total = [f.value for name, f in facts if name == "plain.stock_total" and isinstance(f, QuantityFact)]
        return (left[0], total[0] if total else None) if left else None

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
            or bool(self.highest)
            or any(value.use in CHEAPER for value in self.stated)
        )

    @cached_property
    def has_reduction(self) -> bool:
        """Whether a former price or a saving was supplied."""
        roles = {fact.role for fact in self.sheet.facts.values()}
        return bool(roles & DISCOUNT_ROLES) or any(v.use in CHEAPER for v in self.stated)
