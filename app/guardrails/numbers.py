"""Values in copy: amounts of money, percentages, quantities, dates, times, codes, multi-buy offers.

`values_in` reads a text and says for each value what it is, how it is used (a price, a former price,
a saving, a threshold) and whether it is exact or a bound. Digits of every script count, and number words of
the languages in `TERMS` too; in another language the English words are looked for.
"""

import functools
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from app.brief.amounts import home_currency
from app.guardrails.fold import fold
from app.guardrails.gate import Gate
from app.guardrails.matcher import masked
from app.guardrails.terms import de, en, fr, neighbours
from app.guardrails.terms import readers as read
from app.guardrails.terms.frame import Terms
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import Bound, Kind, Use, Value
from app.guardrails.value_pairs import together

TERMS: dict[str, Terms] = {"en": en.TERMS, "de": de.TERMS, "fr": fr.TERMS}
"""The languages whose words for values are known."""
_CODE = re.compile(r"(?<![\w{])(?=[A-Z0-9]*\d)(?=[0-9]*[A-Z][A-Z0-9]*[A-Z0-9])[A-Z0-9]{4,20}(?![\w}])")
_MEASURE = re.compile(r"\d+([A-Z]+)")
"""What looks like a code and may be a measure: 100GB."""
_ADDRESS = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
    r"|(?:(?<=\d )|(?<=\bon )|(?<=\bat )|(?<=\boff ))[A-Z][a-z]{2,20}"
    r" (?:Street|Road|Lane|Avenue|Square|Row)\b"
)
"""A British postcode, or a street behind its number: details of an address that are right or wrong."""
DOLLARS = frozenset({"AUD", "CAD"})
_USED = frozenset({Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.WEEKDAY})
"""Kinds that are used for something."""
_AROUND = 48
"""Characters before a value that say what it is used for."""


def terms_of(locale: str) -> Terms:
    """The value words of the locale's language."""
    language = locale.split("-", maxsplit=1)[0]
    return TERMS.get(language) or neighbours.TERMS.get(language, en.TERMS)


@lru_cache(maxsize=4096)
def _context(terms: Terms, kind: Kind, before: str, after: str) -> tuple[Use, Bound]:
    use = terms.use(kind, before, after) if kind in _USED else Use.PLAIN
    return use, terms.bound(kind, before, after)


def _dollars(locale: str, shown: str) -> str:
    """The currency that a dollar sign means: the one of the locale's country, where that has dollars too."""
    home = home_currency(locale)
    bare = "$" in shown and "us" not in shown.casefold()
    return home if bare and home in DOLLARS else "USD"


@lru_cache(maxsize=16)
def _code_gate(terms: Terms) -> Gate:
    return Gate([_CODE, _ADDRESS, terms.named_code])


_NAMED = 2
"""The number of `named_code` in the gate."""


def _codes(text: str, terms: Terms) -> Iterator[Value]:
    for number, match in _code_gate(terms).matches(text):
        group = int(number == _NAMED)
        start, end = match.span(group)
        measure = _MEASURE.fullmatch(match[group])
        if measure is not None and measure[1].lower() in UNITS:
            continue
        yield Value(Kind.CODE, Decimal(0), start, end, match[group], shown=match[group])


def values_in(text: str, locale: str = "en-US") -> tuple[Value, ...]:
    """Every value in `text`, in order, none inside a token; spans count in `text`."""
    terms = terms_of(locale)
    folded = fold(text)
    digits = terms.digits(masked(folded.text))
    language = locale.split("-", maxsplit=1)[0]
    found = list({(value.start, value.end): value for value in _codes(text, terms)}.values())
    passed = terms.gate.passed(digits.text)
    if not found and not passed:
        return ()
    taken = bytearray(len(digits.text) + 1)
    closed = bytearray(len(text) + 1)
    for value in found:
        closed[value.start : value.end] = b"\x01" * (value.end - value.start)
    for number in passed:
        reader = terms.readers[number][1]
        hint = "us" if reader is read.slashed and locale == "en-US" else language
        for match in terms.gate.matches_of(number, digits.text):
            if any(taken[match.start() : match.end()]):
                continue
            item = reader(match, hint)
            if item is None:
                continue
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            start, end = folded.span(*digits.span(*match.span()))
            if any(closed[start:end]):
                continue
            kind, amount, unit, other, use = item
            unit = _dollars(locale, text[start:end]) if unit == "USD" else unit
            begins = match.start("w") if kind is Kind.WEEKDAY else match.start()
            before = digits.text[max(0, begins - _AROUND) : begins]
            after = digits.text[match.end() : match.end() + 24]
            meant, bound = _context(terms, kind, before, after)
            use = meant if use is Use.PLAIN else use
            bound = Bound.FROM if kind is Kind.QUANTITY and "+" in match[0] else bound
            found.append(
                Value(kind, amount, start, end, unit, use, bound, other, text[start:end], after, before)
            )
    found.sort(key=lambda value: (value.start, value.end))
    return tuple(together(found, text, functools.partial(_context, terms)))
