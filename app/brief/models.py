"""The brief: what a copywriter asks for."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from app.brief.facts import Fact, FactSheet, Feed, MoneyFact, Role
from app.brief.moments import WrittenMoment
from app.tokens import TokenName

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
ProductKey = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"'{}]+$", max_length=2000)]


OFFER_PARTS = ("discount", "code", "ends")
"""What a ladder says of an offer: `offer.discount`, `offer.code` and `offer.ends`."""


class Journey(StrEnum):
    """The customer moment that the email belongs to."""

    WELCOME = "welcome"
    ONBOARDING = "onboarding"
    BROWSE_ABANDONMENT = "browse_abandonment"
    CART_REMINDER = "cart_reminder"
    REPLENISHMENT = "replenishment"
    POST_PURCHASE = "post_purchase"
    BACK_IN_STOCK = "back_in_stock"
    WINBACK = "winback"
    NEWSLETTER = "newsletter"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Strict):
    """For whom a slot is shown: readers of whom a variable is known, or has a certain value, or who are in a
    segment. The sending platform decides it for each reader.
    """

    variable: TokenName | None = None
    equals: Line | None = None
    segment: Id | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Condition":
        if (self.variable is None) == (self.segment is None):
            raise ValueError("names a variable or a segment, one of the two")
        if self.equals is not None and self.variable is None:
            raise ValueError("equals is about a variable")
        return self

    def __str__(self) -> str:
        if self.segment is not None:
            return f"readers in {self.segment}"
        return f"where {self.variable} is {self.equals or 'known'}"


class SlotRequest(_Strict):
    """One block of the email and how many variants of it are wanted.

    `reuse`: prefer takes matching approved content instead of generating; offer only names it; never looks.
    `on_fallback`: use answers with an approved block; hold leaves the slot open for a person.
    """

    kind: Id
    variants: Annotated[int, Field(ge=1, le=10)] = 2
    reuse: Literal["prefer", "offer", "never"] = "offer"
    on_fallback: Literal["use", "hold"] = "use"
    link: Id | None = None
    image: Id | None = None
    products_from: Annotated[Id | None, Field(exclude_if=lambda name: name is None)] = None
    """The brand's list of products that the platform keeps for each reader, in the place of a feed."""
    shown_when: Condition | None = None
    otherwise: Id | None = None
    """The approved block that is shown where the condition does not hold; without it nothing is."""

    @model_validator(mode="after")
    def _otherwise_of_a_condition(self) -> "SlotRequest":
        if self.otherwise is not None and self.shown_when is None:
            raise ValueError("otherwise stands beside shown_when")
        return self


class SegmentRequest(_Strict):
    """A segment by id or alias, with its own message where it differs from the brief's."""

    id: Id
    message: Line | None = None


class Window(_Strict):
    """When the email goes out, in the readers' time zone."""

    send_at: WrittenMoment
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"'{value}' is no IANA time zone, such as Europe/London") from error
        return value


class UnitCost(_Strict):
    """What one piece of a product costs the brand, on the same footing as its price: both with tax, or both
    without.
    """

    value: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=4)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Target(_Strict):
    """One locale and market with the facts and links that hold there."""

    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[A-Z]{2}$")]
    market: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    window: Window
    facts: dict[TokenName, Fact] = Field(default_factory=dict)
    links: Annotated[dict[Id, Url], Field(min_length=1)]
    feed: Feed | None = None
    must_say: tuple[Line, ...] | None = None
    """In the place of the brief's, in the target's language; tokens of the brief's hold in every language."""
    avoid: tuple[Line, ...] | None = None
    """In the place of the brief's, in the target's language."""
    flags: tuple[Id, ...] = ()
    """Suppression flags of the brand that all readers of this target carry."""
    unit_costs: Annotated[dict[ProductKey, UnitCost], Field(max_length=200)] = Field(default_factory=dict)
    """What products cost the brand, by sku, name or the first part of the fact's name. Only the margin floor
    is held against it: it is in no fact sheet, and so in no prompt, no copy and no receipt.
    """

    def fact_sheet(self) -> FactSheet:
        """The target's facts as the guardrails and the renderer see them."""
        return FactSheet(
            locale=self.locale, time_zone=self.window.time_zone, facts=dict(self.facts), feed=self.feed
        )


class Brief(_Strict):
    """A request for one email, for one or more segments and targets."""

    id: Id
    name: Line
    brand: Id
    author: Line
    journey: Journey
    objective: Line
    kpi: Id
    message: Line
    """The one thought of the email."""
    must_say: tuple[Line, ...] = ()
    """Words or tokens of which every email must hold each one somewhere."""
    avoid: tuple[Line, ...] = ()
    """Words that this campaign does not use."""
    notes: Annotated[str, StringConstraints(max_length=2000)] = ""
    offer: Id | None = None
    """An offer of the brand; its values become facts by each segment's value tier."""
    stacked_offers: Annotated[tuple[Id, ...], Field(max_length=4)] = ()
    """Offers that are combined with `offer`; their facts are called by the offer's id."""
    segments: Annotated[tuple[SegmentRequest, ...], Field(min_length=1, max_length=40)]
    slots: Annotated[tuple[SlotRequest, ...], Field(min_length=1, max_length=20)]
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=20)]

    @field_validator(
        "segments",
        mode="before",
        json_schema_input_type=Annotated[tuple[Id | SegmentRequest, ...], Field(min_length=1, max_length=40)],
    )
    @classmethod
    def _ids_alone(cls, value: object) -> object:
        if not isinstance(value, (list, tuple)):
            return value
        return tuple({"id": item} if isinstance(item, str) else item for item in value)

    @model_validator(mode="after")
    def _no_repeats(self) -> "Brief":
        for what, names in (
            ("segment", [item.id for item in self.segments]),
            ("slot", [item.kind for item in self.slots]),
            ("target", [item.locale for item in self.targets]),
            ("offer", [*filter(None, [self.offer]), *self.stacked_offers]),
        ):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{what} '{min(twice)}' is listed twice")
        if self.stacked_offers and self.offer is None:
            raise ValueError("stacked_offers are combined with 'offer', which is missing")
        return self

    @property
    def offers(self) -> tuple[tuple[str, str], ...]:
        """The first part of the offer facts' names, and the offer that they are of."""
        first = (("offer", self.offer),) if self.offer is not None else ()
        return (*first, *((name, name) for name in self.stacked_offers))

    @property
    def offer_facts(self) -> frozenset[str]:
        """The names of the facts that the ladders of its offers give."""
        return frozenset(f"{stem}.{part}" for stem, _ in self.offers for part in OFFER_PARTS)


def contradictions(target: Target) -> list[tuple[tuple[str | int, ...], str, str]]:
    """Facts of a target that cannot all be true: (path in the target, what is wrong, what would be right)."""
    found: list[tuple[tuple[str | int, ...], str, str]] = []
    for name, price in _money(target, Role.PRICE).items():
        stem = name.rsplit(".", 1)[0]
        for other, was in _money(target, Role.WAS_PRICE).items():
            if other.rsplit(".", 1)[0] != stem:
                continue
            if was.currency != price.currency:
                found.append(
                    (("facts", name), f"is in {price.currency}, '{other}' in {was.currency}", "one currency")
                )
            elif price.value >= was.value:
                message = f"price {price.value} is not below was_price {was.value} ('{other}')"
                found.append((("facts", name), message, "a was_price is what it cost before"))
    found += _dates(target)
    return found


def _money(target: Target, role: Role) -> dict[str, MoneyFact]:
    return {k: f for k, f in target.facts.items() if isinstance(f, MoneyFact) and f.role is role}


def _dates(target: Target) -> list[tuple[tuple[str | int, ...], str, str]]:
    found: list[tuple[tuple[str | int, ...], str, str]] = []
    send = target.window.send_at
    zone = ZoneInfo(target.window.time_zone)
    for number, item in enumerate(target.feed.items if target.feed is not None else ()):
        if not item.price.valid_at(send):
            at = ("feed", "items", number, "price")
            found.append((at, "does not hold when the email is sent", "valid_from <= send_at <= valid_until"))
    for name, fact in target.facts.items():
        if fact.kind == "deadline" and fact.value < send:
            found.append(
                (
                    ("facts", name),
                    f"ended {fact.value:%Y-%m-%d %H:%M}, before the email is sent",
                    "a later end",
                )
            )
        elif not fact.valid_at(send):
            found.append(
                (
                    ("facts", name),
                    "is not valid when the email is sent",
                    "valid_from <= send_at <= valid_until",
                )
            )
        if fact.role is Role.STARTS and fact.kind == "date":
            for other, end in target.facts.items():
                if (
                    end.kind == "deadline"
                    and _same_stem(name, other)
                    and end.value.astimezone(zone).date() < fact.value
                ):
                    found.append((("facts", other), f"ends before '{name}' starts", "an end after the start"))
    return found


def _same_stem(first: str, second: str) -> bool:
    return first.rsplit(".", 1)[0] == second.rsplit(".", 1)[0]


def as_of_default(target: Target) -> dt.datetime:
    """The moment that copy is judged for: when the email goes out."""
    return target.window.send_at


def language_of(locale: str) -> str:
    """The language part of a locale."""
    return locale.split("-", maxsplit=1)[0]
