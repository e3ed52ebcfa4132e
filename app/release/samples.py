"""Plausible facts for the tokens of approved content, so that it can be judged without a campaign.

The last part of a token's name says what its value means: `{jacket.price}` is a price, `{offer.ends}` a
deadline. A name whose last part is not listed here cannot stand in approved content.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import TypeAdapter

from app.brief.facts import Fact, FactSheet, Feed

_SOURCE = "sample"
_CURRENCY = {"US": "USD", "GB": "GBP", "CH": "CHF", "CA": "CAD", "AU": "AUD"}
_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
Sample = Callable[[dt.datetime], dict[str, Any]]


def _money(role: str, value: str) -> Sample:
    return lambda _as_of: {"kind": "money", "role": role, "value": value}


def _name(kind: str, role: str, value: str) -> Sample:
    return lambda _as_of: {"kind": kind, "role": role, "value": value}


SAMPLES: dict[str, Sample] = {
    "price": _money("price", "129.00"),
    "was_price": _money("was_price", "159.00"),
    "from_price": _money("from_price", "49.50"),
    "threshold": _money("price", "50.00"),
    "saving": _money("saving", "30.00"),
    "discount": lambda _: {"kind": "percent", "role": "discount", "value": "20"},
    "code": _name("code", "code", "TRAIL20"),
    "starts": lambda as_of: {"kind": "date", "role": "starts", "value": as_of.date()},
    "ends": lambda as_of: {"kind": "deadline", "role": "ends", "value": as_of + dt.timedelta(days=10)},
    "event_date": lambda as_of: {"kind": "date", "role": "event_date", "value": as_of.date()},
    "date": lambda as_of: {"kind": "date", "role": "event_date", "value": as_of.date()},
    "quantity": lambda _: {"kind": "quantity", "role": "quantity", "value": "3"},
    "stock": lambda _: {"kind": "stock", "role": "stock", "value": "12"},
    "product": _name("product", "product", "Cedar Pack"),
    "name": _name("name", "name", "Cedar"),
}
"""By the last part of a token's name."""


def last_part(token: str) -> str:
    """What the token's value means, as its name says it."""
    return token.rsplit(".", 1)[-1]


def sample_fact(token: str, locale: str, as_of: dt.datetime) -> Fact:
    """A plausible value for `token`. Raises KeyError when its name says nothing."""
    data = {"source": _SOURCE, **SAMPLES[last_part(token)](as_of)}
    if data["kind"] == "money":
        data["currency"] = _currency(locale)
    if token.startswith("product.") and data["role"] == "name":
        data |= {"kind": "product", "role": "product", "value": "Cedar Pack"}
    return _FACT.validate_python(data)


def sample_sheet(tokens: Iterable[str], locale: str, as_of: dt.datetime) -> FactSheet:
    """A sheet with a plausible value for each fact token, and a fresh feed."""
    facts = {token: sample_fact(token, locale, as_of) for token in tokens if last_part(token) in SAMPLES}
    item = {
        "name": "Cedar Pack",
        "price": sample_fact("item.price", locale, as_of),
        "link": "https://example.com/cedar-pack",
    }
    feed = Feed.model_validate({"source": _SOURCE, "observed_at": as_of, "items": [item]})
    return FactSheet(locale=locale, facts=facts, feed=feed)


def _currency(locale: str) -> str:
    return _CURRENCY.get(locale.rsplit("-", 1)[-1], "EUR")
