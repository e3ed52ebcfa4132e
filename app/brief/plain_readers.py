"""How each key of the plain facts is read: what becomes a fact with its role, and what a statement."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.brief.amounts import SIGNS, parse_money, parse_percent
from app.brief.facts import Fact
from app.brief.plain_dates import moment_of
from app.brief.plain_values import Wrong, pairs_of, text_of, texts_of

SOURCE = "supplied with the copy"
_UP_TO = re.compile(r"(?:up to|bis zu|jusqu'à|hasta) ", re.IGNORECASE)
_ONE_END = re.compile(
    rf"\s*(?:{_UP_TO.pattern}|from |starting at |ab |à partir de |dès |desde )[^\d]{{0,3}}\d[^-–]*$",
    re.IGNORECASE,
)
"""A range of which one end was supplied: "up to 40%", "from £18 a night"."""
LOCALES = {
    "en": "en-US",
    "de": "de-DE",
    "fr": "fr-FR",
    "es": "es-ES",
    "it": "it-IT",
    "nl": "nl-NL",
    "pt": "pt-PT",
}
WORDINGS = {
    "was": {"en": "was {}", "de": "statt {}", "fr": "au lieu de {}"},
    "save": {"en": "save {}", "de": "spare {}", "fr": "économisez {}"},
    "ends": {"en": "ends {}", "de": "endet {}", "fr": "se termine {}"},
    "starts": {"en": "starts {}", "de": "ab {}", "fr": "dès {}"},
    "lowest": {
        "en": "lowest price in the past 30 days: {}",
        "de": "niedrigster Preis der letzten 30 Tage: {}",
        "fr": "prix le plus bas des 30 derniers jours : {}",
    },
}
"""How a value that is given as prose is said in the language of the facts; its role is read from it."""
_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
_END_OF_DAY = dt.time(23, 59, 59)
_PERCENT = re.compile(r"\d ?(?:%|per ?cent|percent|prozent|pour ?cent)", re.IGNORECASE)
_SHARE = re.compile(r"\b(?:half|third|quarter|fifth|tenth|halbe|drittel|moitié|tiers)\b", re.IGNORECASE)
_OFF = re.compile(r"\b(?:off|discount|save|rabatt|sparen?|remise|réduction|less)\b", re.IGNORECASE)
_NAME = 40
"""Characters of what may be an event's name; more of them tell something."""
_SENTENCE = re.compile(r"\d{1,2}[.:]\d\d|\b(?:on|at|in|from|until|for) |[.!?;:]")


class Builder:
    """Collects facts, statements, extras and problems while the keys are read."""

    def __init__(self, locale: str, near: dt.datetime | None) -> None:
        self.locale = locale
        self.near = near
        self.facts: dict[str, Fact] = {}
        self.statements: list[str] = []
        self.extras: dict[str, Any] = {}

    def fact(self, key: str, **fields: object) -> None:
        """Add a typed fact; what does not fit the type is the value's fault."""
        try:
            self.facts[f"plain.{key}"] = _FACT.validate_python({"source": SOURCE, **fields})
        except ValidationError as error:
            raise Wrong(str(error.errors()[0]["msg"]), f"a {fields['kind']}") from error

    def said_range(self, ends: list[str]) -> bool:
        """Say a range of amounts of money, its lowest first; False where the two ends are none."""
        if len(ends) != 2 or not any(sign in end for end in ends for sign in SIGNS):
            return False
        parsed = [parse_money(end, self.locale) for end in ends]
        if any(amount is None for amount in parsed):
            return False
        (low, *_), (high, *_) = (amount for amount in parsed if amount is not None)
        if low > high:
            raise Wrong(f"'{ends[0]}' is more than '{ends[1]}'", "the lowest amount first")
        self.say(f"{ends[0]} - {ends[1]}")
        return True

    def say(self, text: str, use: str = "") -> None:
        """Add prose whose figures may be stated, for a use that `WORDINGS` knows."""
        wordings = WORDINGS.get(use, {"en": "{}"})
        language = self.locale.split("-", maxsplit=1)[0]
        self.statements.append(wordings.get(language, wordings["en"]).format(text))


Reader = Callable[[Builder, str, object], None]


def _several(builder: Builder, value: object, use: str) -> bool:
    """Whether there are several values, which are then said one by one."""
    several = isinstance(value, (dict, list, tuple)) and len(value) > 1
    for text in texts_of(value) if several else ():
        builder.say(text, use)
    return several


def _money(role: str, use: str = "") -> Reader:
    def read(builder: Builder, key: str, value: object) -> None:
        if isinstance(value, dict):  # {"adult": "£12", "child": "£7"}
            for name, text in pairs_of(value).items():
                builder.say(f"{name.replace('_', ' ')}: {text}", use)
            return
        if _several(builder, value, use):
            return
        text = texts_of(value)[0] if value else text_of(value)
        parsed = parse_money(text, builder.locale)
        if parsed is None or parsed[0] <= 0:
            if not any(character.isalpha() for character in text):
                raise Wrong(f"'{text}' is no amount", "an amount such as '£49'")
            builder.say(text, use)
            return
        amount, currency, whole = parsed
        builder.fact(key, kind="money", role=role, value=round(amount, 2), currency=currency)
        if not whole:
            builder.say(text, use)

    return read


def _percent(builder: Builder, key: str, value: object) -> None:
    if isinstance(value, (dict, list, tuple)):  # {"silk": "20%", "wool": "10%"}
        for name, text in pairs_of(value).items() if isinstance(value, dict) else enumerate(texts_of(value)):
            if parse_percent(text) is None:
                raise Wrong(f"'{text}' is no percentage", "percentages such as '15%'")
            builder.say(f"{parse_percent(text)}%" + (f" {name}" if isinstance(value, dict) else ""), "save")
        return
    text = text_of(value)
    percent = parse_percent(text)
    if percent is None and (_PERCENT.search(text) or _SHARE.search(text)):  # "15% with the code"
        builder.say(text, "" if _OFF.search(text) else "save")
        return
    if percent is None:
        raise Wrong(f"'{text}' is no percentage", "a percentage such as '15%'")
    builder.fact(key, kind="percent", role="discount", value=percent)


def _range(builder: Builder, _key: str, value: object) -> None:
    if isinstance(value, str) and _ONE_END.match(value):
        builder.say(value.strip(), "save" if "%" in value else "")
        return
    ends = (
        list(texts_of(value))
        if isinstance(value, (list, tuple))
        else text_of(value).replace("-", " to ").split(" to ")
    )
    if not builder.said_range(ends):
        _percent_range(builder, value, ends)


def _percent_range(builder: Builder, value: object, ends: list[str]) -> None:
    parsed = [parse_percent(end) for end in ends]
    low, high = (parsed[0], parsed[-1]) if len(parsed) == 2 else (None, None)
    if low is None or high is None or low > high or high > 100:
        raise Wrong(
            f"'{value}' is no range", "a low and a high one, such as ['10%', '40%'] or ['£35', '£180']"
        )
    builder.say(f"{low}% - {high}%", "save")


def _iso(text: str) -> tuple[dt.date, dt.time | None] | None:
    """A day with its year; what is written otherwise is said in its own words."""
    return moment_of(text, "en-US", None) if text[:4].isdigit() else None


def _day(builder: Builder, text: str) -> tuple[dt.date, dt.time | None] | None:
    """A day that is known, however it is written: a weekday alone only where the day of sending is."""
    near = builder.extras.get("send_date", builder.near)
    found = moment_of(text, builder.locale, near)
    alone = not any(character.isdigit() for character in text)
    return None if alone and "send_date" not in builder.extras else found


def _aware(day: dt.date, time: dt.time | None, default: dt.time) -> dt.datetime:
    moment = dt.datetime.combine(day, time or default)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _moment(kind: str, use: str) -> Reader:
    """A day with its year as a fact of a kind, the end of it for a deadline; other words as they are."""

    def read(builder: Builder, key: str, value: object) -> None:
        if _several(builder, value, use):
            return
        text = text_of(texts_of(value)[0] if value else value)
        moment = _iso(text)
        if moment is None:
            builder.say(text, use)
            return
        day = _aware(*moment, _END_OF_DAY) if kind == "deadline" else moment[0]
        builder.fact(key, kind=kind, role=use, value=day)

    return read


def _dates(builder: Builder, key: str, value: object) -> None:
    if isinstance(value, dict):  # {"dispatch": "2026-11-30"}
        _specs(builder, key, value)
        value = [text for text in pairs_of(value).values() if _day(builder, text) is not None]
    for number, text in enumerate(texts_of(value), start=1):
        moment = _day(builder, text)
        if moment is not None:
            builder.fact(f"{key}_{number}", kind="date", role="event_date", value=moment[0])
        builder.say(text.replace("T", " ") if _iso(text) is not None else f"on {text}")


def _send_date(builder: Builder, key: str, value: object) -> None:
    moment = moment_of(text_of(value), builder.locale, builder.near)
    if moment is None:
        raise Wrong(f"'{value}' is no date", "a date such as 2026-02-14")
    builder.extras[key] = _aware(*moment, dt.time(12))


def _quantity(kind: str) -> Reader:
    def read(builder: Builder, key: str, value: object) -> None:
        if isinstance(value, dict):  # {"size M": 3, "size L": 0}
            _specs(builder, key, value)
            return
        text = text_of(value)
        number, _, counted = text.partition(" ")
        try:
            amount = Decimal(number.replace(",", ""))
        except InvalidOperation as error:
            raise Wrong(f"'{text}' is no number", "a number such as 41") from error
        builder.fact(key, kind=kind, role=kind, value=amount)
        if counted:  # "12 pairs"
            builder.say(text)

    return read


def _code(builder: Builder, key: str, value: object) -> None:
    for number, text in enumerate(texts_of(value), start=1):
        builder.fact(key if number == 1 else f"{key}_{number}", kind="code", role="code", value=text)


def _product(builder: Builder, key: str, value: object) -> None:
    if isinstance(value, dict) and "name" in value:  # {"name": "Tarn kettle", "holds": "1.5 l"}
        _specs(builder, key, {name: text for name, text in value.items() if name != "name"})
        value = value["name"]
    for number, text in enumerate(texts_of(value), start=1):
        builder.fact(key if number == 1 else f"{key}_{number}", kind="product", role="product", value=text)
        builder.extras["names"] = (*builder.extras.get("names", ()), text)


def _prose(builder: Builder, key: str, value: object) -> None:
    if isinstance(value, dict):  # {"case of 6": "£84"}
        _specs(builder, key, value)
        return
    for text in texts_of(value):
        builder.say(text)


def _prices(builder: Builder, key: str, value: object) -> None:
    _prose(builder, key, value)
    count = len(value if isinstance(value, dict) else texts_of(value))
    if count > 1:
        builder.say(f"{count} prices")


def _specs(builder: Builder, key: str, value: object) -> None:
    if isinstance(value, (str, list, tuple)):
        _prose(builder, key, value)
        return
    for name, text in pairs_of(value).items():
        label = name.replace("_", " ")
        builder.say(f"{label}: {text}")
        if text.replace(".", "", 1).isdigit():
            builder.say(f"{text} {label}")
            builder.say(text)


def _extra(*, several: bool, said: bool = False) -> Reader:
    def read(builder: Builder, key: str, value: object) -> None:
        builder.extras[key] = texts_of(value) if several else "; ".join(texts_of(value))
        if said:
            _prose(builder, key, value)

    return read


def _event(builder: Builder, key: str, value: object) -> None:
    """In words, or by parts: {"name": "Supper club", "date": "2026-11-06", "time": "18:30", "places": 40}."""
    if not isinstance(value, dict):
        _extra(several=False, said=True)(builder, key, value)
        if isinstance(value, str) and len(value) <= _NAME and not _SENTENCE.search(value):
            builder.extras["names"] = (*builder.extras.get("names", ()), value.strip())
        return
    parts = pairs_of(value)
    builder.extras[key] = "; ".join(parts.values())
    if "name" in parts:
        builder.extras["names"] = (*builder.extras.get("names", ()), parts["name"])
    _dates(builder, key, parts)


def _lowest(builder: Builder, key: str, value: object) -> None:
    builder.extras[key] = text_of(value)
    builder.say(builder.extras[key], "lowest")


def _profile(builder: Builder, key: str, value: object) -> None:
    known = {"reader": value} if isinstance(value, str) else value  # "loyalty club member"
    builder.extras[key] = pairs_of(known)
    for name, text in builder.extras[key].items():
        builder.say(f"{name}: {text}")


def _locale(builder: Builder, key: str, value: object) -> None:
    builder.extras[key] = full_locale(text_of(value))


READERS: dict[str, Reader] = {
    "locale": _locale,
    "price": _money("price"),
    "was_price": _money("was_price", "was"),
    "saving": _money("saving", "save"),
    "percent_off": _percent,
    "range": _range,
    "prior_30d_lowest": _lowest,
    "offer": _prose,
    "free_terms": _extra(several=False, said=True),
    "code": _code,
    "product": _product,
    "start": _moment("date", "starts"),
    "end": _moment("deadline", "ends"),
    "send_date": _send_date,
    "dates": _dates,
    "stock": _quantity("stock"),
    "stock_total": _quantity("quantity"),
    "numbers": _prose,
    "prices": _prices,
    "specs": _specs,
    "finance": _specs,
    "urls": _extra(several=True),
    "url_policy": _extra(several=False),
    "phones": _extra(several=True, said=True),
    "emails": _extra(several=True),
    "address": _extra(several=False, said=True),
    "approved_claims": _extra(several=True, said=True),
    "testimonials": _extra(several=True, said=True),
    "competitors": _extra(several=True),
    "profile": _profile,
    "allowed_vars": _extra(several=True),
    "audience": _extra(several=False),
    "event": _event,
    "message_type": _extra(several=False),
}


ALIASES = {
    **{f"{key}s": key for key in ("offer", "code", "product", "event")},
    **{
        key.removesuffix("s"): key
        for key in ("urls", "phones", "emails", "testimonials", "competitors", "specs")
    },
    "link": "urls",
    "links": "urls",
    "discount": "percent_off",
    "discounts": "percent_off",
    "date": "dates",
    "number": "numbers",
}
"""Other names that people give the keys; the one key means what the other does."""


def full_locale(locale: str) -> str:
    """A language alone as the locale that stands for it: `de` is de-DE."""
    return LOCALES.get(locale, locale)
