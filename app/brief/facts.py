"""Typed values that copy may state, and how each reads in a locale.

A fact enters copy as a token that carries its name, never as digits. The role says what the value means, so
that a right number in a wrong place ("from {offer.discount} each") can be told from a right one.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    is_currency,
)
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.brief.moments import WrittenMoment

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Sku = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")]
"""A shop's own number of a product. It tells products apart, and is never stated."""


class Role(StrEnum):
    """What a value means. A guardrail knows for each role the wordings it may not stand in."""

    PRICE = "price"
    WAS_PRICE = "was_price"
    FROM_PRICE = "from_price"
    SAVING = "saving"
    DISCOUNT = "discount"
    CODE = "code"
    STARTS = "starts"
    ENDS = "ends"
    EVENT_DATE = "event_date"
    QUANTITY = "quantity"
    STOCK = "stock"
    LINK = "link"
    PRODUCT = "product"
    NAME = "name"


class _FactBase(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    source: Text
    valid_from: WrittenMoment | None = None
    valid_until: WrittenMoment | None = None

    @model_validator(mode="after")
    def _window(self) -> "_FactBase":
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            raise ValueError("valid_from is not before valid_until")
        return self

    def valid_at(self, as_of: dt.datetime) -> bool:
        """Whether the value may be stated at `as_of`."""
        early = self.valid_from is not None and as_of < self.valid_from
        late = self.valid_until is not None and as_of > self.valid_until
        return not early and not late

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """The value as a reader of `locale` expects it."""
        raise NotImplementedError


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


class MoneyFact(_FactBase):
    """An amount in a currency; `value` is in major units, as text or number ("129.00")."""

    kind: Literal["money"]
    role: Literal[Role.PRICE, Role.WAS_PRICE, Role.FROM_PRICE, Role.SAVING]
    value: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    @model_validator(mode="after")
    def _payable(self) -> "MoneyFact":
        if not is_currency(self.currency):
            raise ValueError(f"'{self.currency}' is no currency, such as USD or EUR")
        if get_currency_precision(self.currency) == 0 and self.value != self.value.to_integral_value():
            raise ValueError(f"an amount in {self.currency} has no decimals")
        return self

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """Amount with the currency's sign; whole amounts without decimals."""
        whole = self.value == self.value.to_integral_value()
        pattern = _locale(locale).currency_formats["standard"].pattern
        trimmed = pattern.replace("0.00", "0") if whole else None
        return format_currency(
            self.value, self.currency, trimmed, locale=_locale(locale), currency_digits=not whole
        )


class PercentFact(_FactBase):
    """A percentage; `value` is 20 for 20 %."""

    kind: Literal["percent"]
    role: Literal[Role.DISCOUNT]
    value: Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """Percentage with the locale's sign and spacing."""
        pattern = _locale(locale).percent_formats[None].pattern.replace("0", "0.##", 1)
        return format_percent(self.value / 100, format=pattern, locale=_locale(locale))


class DateFact(_FactBase):
    """A calendar day, such as the day of an event."""

    kind: Literal["date"]
    role: Literal[Role.STARTS, Role.EVENT_DATE]
    value: dt.date

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """Day and month, as the locale orders them."""
        return _day(self.value, locale)


class DeadlineFact(_FactBase):
    """A moment after which an offer is over; rendered as the last day in the brief's time zone."""

    kind: Literal["deadline"]
    role: Literal[Role.ENDS]
    value: WrittenMoment
    previously: Annotated[
        tuple[WrittenMoment, ...], Field(max_length=50, exclude_if=lambda moments: not moments)
    ] = ()
    """Earlier ends that were announced before the offer was extended."""

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """Day and month of the deadline in the send window's time zone."""
        return _day(self.value.astimezone(time_zone).date(), locale)


class QuantityFact(_FactBase):
    """A count that does not change by itself, or a stock level that does (role `stock`)."""

    kind: Literal["quantity", "stock"]
    role: Literal[Role.QUANTITY, Role.STOCK]
    value: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)]

    @model_validator(mode="after")
    def _role_of_kind(self) -> "QuantityFact":
        _same(self.kind, self.role)
        return self

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """Number with the locale's grouping."""
        return format_decimal(self.value, locale=_locale(locale))


class UrlFact(_FactBase):
    """A link. It stands in an href, never in a sentence."""

    kind: Literal["url"]
    role: Literal[Role.LINK]
    value: Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"']+$", max_length=2000)]

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """The address as it is."""
        return self.value


class NameFact(_FactBase):
    """A code, product or other proper name, stated letter by letter."""

    kind: Literal["code", "product", "name"]
    role: Literal[Role.CODE, Role.PRODUCT, Role.NAME]
    value: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^{}<>\x00-\x1f]+$")]
    sku: Annotated[Sku | None, Field(exclude_if=lambda sku: sku is None)] = None
    """Of a product: which one it is, where its name differs between languages."""

    @model_validator(mode="after")
    def _role_of_kind(self) -> "NameFact":
        _same(self.kind, self.role)
        if self.sku is not None and self.kind != "product":
            raise ValueError(f"a fact of kind '{self.kind}' has no sku: products have one")
        return self

    def render(self, locale: str, time_zone: dt.tzinfo) -> str:
        """The name as it is."""
        return self.value


Fact = Annotated[
    MoneyFact | PercentFact | DateFact | DeadlineFact | QuantityFact | UrlFact | NameFact,
    Field(discriminator="kind"),
]


def _same(kind: str, role: Role) -> None:
    if kind != role.value:
        raise ValueError(f"a fact of kind '{kind}' has the role '{kind}', not '{role.value}'")


def _day(day: dt.date, locale: str) -> str:
    tag = locale.replace("-", "_")
    pattern = {"en_US": "MMMM d", "en_GB": "d MMMM"}.get(tag)
    if pattern is None:
        pattern = str(Locale.parse(tag).datetime_skeletons["MMMd"].pattern).replace("MMM", "MMMM", 1)
    shown = format_date(day, pattern, locale=tag)
    return shown.replace("1 ", "1er ", 1) if tag.startswith("fr") and day.day == 1 else shown


class FeedItem(BaseModel):
    """One product of a recommendations feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^{}<>\x00-\x1f]+$")]
    price: MoneyFact
    link: Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"']+$", max_length=2000)]
    image: str | None = None
    sku: Annotated[Sku | None, Field(exclude_if=lambda sku: sku is None)] = None


class Feed(BaseModel):
    """Recommended products with the moment they were observed and how long they may be used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    observed_at: WrittenMoment
    lifetime_hours: Annotated[int, Field(gt=0, le=24 * 90)] = 72
    items: Annotated[tuple[FeedItem, ...], Field(min_length=1, max_length=12)]

    @property
    def ends(self) -> dt.datetime:
        """The moment up to which it may be shown: its lifetime, or the end of a price of one of its items."""
        lifetime = self.observed_at + dt.timedelta(hours=self.lifetime_hours)
        prices = [item.price.valid_until for item in self.items if item.price.valid_until is not None]
        return min([lifetime, *prices])

    def fresh_at(self, as_of: dt.datetime) -> bool:
        """Whether it may be shown at `as_of`: neither from the future nor too old, and every price holds."""
        begun = all(item.price.valid_at(as_of) for item in self.items)
        return self.observed_at <= as_of <= self.ends and begun


class FactSheet(BaseModel):
    """The facts of one target by token name, with the locale and time zone they are read in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    locale: str
    time_zone: str = "UTC"
    facts: dict[str, Fact] = Field(default_factory=dict)
    feed: Feed | None = None
    statements: tuple[str, ...] = ()
    """Prose that was supplied as a fact ("Tuesday", "two for one on socks"): its figures may be stated."""
    lists: Annotated[dict[str, str], Field(exclude_if=lambda lists: not lists)] = Field(default_factory=dict)
    """By block kind, the list of the reader's own that its products come from: no feed is needed for it."""

    def render(self, name: str) -> str:
        """The rendered value of the fact `name`. Raises KeyError when the sheet has none."""
        return self.facts[name].render(self.locale, ZoneInfo(self.time_zone))
