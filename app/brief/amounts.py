"""Amounts as people write them: "£1,299.00", "1.299,00 €", "15%", "49"."""

import re
from decimal import Decimal, InvalidOperation

SIGNS = {
    "£": "GBP",
    "$": "USD",
    "€": "EUR",
    "¥": "JPY",
    "US$": "USD",
    "CA$": "CAD",
    "A$": "AUD",
    "CHF": "CHF",
}
HOME = {"GB": "GBP", "US": "USD", "CA": "CAD", "AU": "AUD", "CH": "CHF", "JP": "JPY"}
EURO = frozenset(["AT", "BE", "DE", "ES", "FI", "FR", "IE", "IT", "NL", "PT"])
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)*)\s?(?P<scale>k|m)?"
_MONEY = re.compile(
    rf"(?P<before>US\$|CA\$|A\$|[£$€¥]|[A-Z]{{3}})?\s?{_NUMBER}\s?(?P<after>[£$€¥]|[A-Z]{{3}}\b)?"
)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:%|percent|per ?cent)?(?: off)?$", re.IGNORECASE)
_LONGEST = 24


def parse_decimal(text: str, language: str = "en") -> Decimal | None:
    """A number with either grouping: 1,299.00, 1.299,00, 1.45. None when it is none.

    A single group of three digits after a comma is a group of thousands; after a point it is one only
    where the language writes thousands so.
    """
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        mark, digits = text[last], len(text) - last - 1
        mixed = "." in text and "," in text
        grouping = (
            digits == 3 and not mixed and (mark == "," or language != "en") and not text.startswith("0")
        )
        if text.count(mark) > 1 or grouping:
            text = text.replace(".", "").replace(",", "")
        else:
            text = text[:last].replace(".", "").replace(",", "") + "." + text[last + 1 :]
    try:
        return Decimal(text) if 0 < len(text) <= _LONGEST else None
    except InvalidOperation:
        return None


def home_currency(locale: str) -> str:
    """The currency of a locale's country; US dollars where it is not known."""
    country = locale.rpartition("-")[2]
    return "EUR" if country in EURO else HOME.get(country, "USD")


def parse_money(text: str, locale: str) -> tuple[Decimal, str, bool] | None:
    """Amount, currency, whether the text says nothing more; None when it begins with no amount."""
    match = _MONEY.match(text.strip())
    if match is None:
        return None
    amount = parse_decimal(match["number"], locale.split("-", maxsplit=1)[0])
    if amount is None:
        return None
    amount *= {"k": 1000, "m": 1_000_000}.get(match["scale"] or "", 1)
    sign = match["before"] or match["after"]
    currency = SIGNS.get(sign, sign) if sign else home_currency(locale)
    return amount, currency, match.end() == len(text.strip())


def parse_percent(text: str) -> Decimal | None:
    """A percentage with or without its sign."""
    match = _PERCENT.match(text.strip())
    return parse_decimal(match[1]) if match else None
