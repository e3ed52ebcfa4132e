"""The plain `facts` of the check door, made into a FactSheet once.

A value that can be typed becomes a fact with its role, named `plain.<key>`. What is prose ("Tuesday",
"£6.50 per box, weekly", "3 for 2 on jars") becomes a statement of the sheet: its figures may be stated. What
belongs to other rules (links, phones, competitors, what the person told us) goes into PlainExtras.
"""

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from app.brief.facts import Fact, FactSheet, MoneyFact
from app.brief.plain_readers import ALIASES, READERS, Builder, full_locale
from app.brief.plain_values import Wrong
from app.errors import ContentError, Problem
from app.yaml12 import nearest


class PlainExtras(BaseModel):
    """What came with the copy and is no value of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    locale: str | None = None
    send_date: dt.datetime | None = None
    urls: tuple[str, ...] = ()
    url_policy: Literal["scheme and host", "exact", "path, utm allowed"] = "scheme and host"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str | None = None
    approved_claims: tuple[str, ...] = ()
    testimonials: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    profile: dict[str, str] = {}
    allowed_vars: tuple[str, ...] = ()
    audience: str | None = None
    event: str | None = None
    message_type: Literal["promotional", "transactional"] = "promotional"
    free_terms: str | None = None
    prior_30d_lowest: str | None = None
    names: tuple[str, ...] = ()
    """Product names, which the copy may mention."""


def _contradictions(facts: dict[str, Fact]) -> list[Problem]:
    found = []
    price, was = facts.get("plain.price"), facts.get("plain.was_price")
    priced = isinstance(price, MoneyFact) and isinstance(was, MoneyFact) and price.currency == was.currency
    if priced and isinstance(price, MoneyFact) and isinstance(was, MoneyFact) and price.value >= was.value:
        message = f"price {price.value} is not below was_price {was.value}"
        found.append(Problem("facts", 0, 0, "price", message, "a was_price is what it cost before"))
    start, end = facts.get("plain.start"), facts.get("plain.end")
    if start and end and start.kind == "date" and end.kind == "deadline" and end.value.date() < start.value:
        found.append(Problem("facts", 0, 0, "end", "ends before it starts", "an end after the start"))
    return found


def fact_sheet_from_plain(
    plain: dict[str, Any], locale: str, near: dt.datetime | None = None
) -> tuple[FactSheet, PlainExtras]:
    """The sheet and the rest of `plain`. A send date without its year is the closest one to `near`.

    Raises ContentError with all unknown keys and wrong values.
    """
    own = plain.get("locale")
    builder = Builder(full_locale(own if isinstance(own, str) and own else locale), near)
    problems: list[Problem] = []
    for key, value in sorted(plain.items(), key=lambda item: item[0] != "send_date"):
        meant = ALIASES.get(key, key)
        reader = READERS.get(meant)
        if meant != key and meant in plain:
            words = f"means the same as '{meant}', which is there too"
            problems.append(Problem("facts", 0, 0, key, words, f"all of it under '{meant}'"))
            continue
        if reader is None:
            problems.append(Problem("facts", 0, 0, str(key), "unknown key", nearest(str(key), READERS)))
            continue
        try:
            reader(builder, meant, value)
        except Wrong as wrong:
            problems.append(Problem("facts", 0, 0, key, str(wrong), wrong.expected))
    problems += _contradictions(builder.facts)
    try:
        extras = PlainExtras(**builder.extras)
    except ValidationError as error:
        for item in error.errors():
            expected = str(item.get("ctx", {}).get("expected", ""))
            problems.append(Problem("facts", 0, 0, str(item["loc"][0]), str(item["msg"]), expected))
        extras = PlainExtras()
    if problems:
        raise ContentError(problems)
    sheet = FactSheet(locale=builder.locale, facts=builder.facts, statements=tuple(builder.statements))
    return sheet, extras
