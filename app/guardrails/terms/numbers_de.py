"""German number words as digits, with the way back: "zwanzig Euro" becomes "20 Euro".

German writes numbers as one word ("zweihundertfünfzig"). `ein` and its forms are the article as well: they
count only before a unit that nobody owns ("eine Stunde") or as part of a word.
"""

import functools
import re
from decimal import Decimal

from app.guardrails.number_words import GROUPED, Rewriter, idioms, plain, ungrouped
from app.guardrails.plain_fold import Folded

_UNITS = {"ein": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7}
_UNITS |= {"acht": 8, "neun": 9}
_TEENS = {"zehn": 10, "elf": 11, "zwolf": 12, "dreizehn": 13, "vierzehn": 14, "funfzehn": 15, "sechzehn": 16}
_TEENS |= {"siebzehn": 17, "achtzehn": 18, "neunzehn": 19}
_TENS = {"zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "sechzig": 60, "siebzig": 70}
_TENS |= {"achtzig": 80, "neunzig": 90}
_ONES, _TEEN, _TEN = ("|".join(names) for names in (_UNITS, _TEENS, _TENS))
_BELOW = rf"(?:(?:(?:{_ONES})und)?(?:{_TEN})|{_TEEN}|{_ONES})"
_HUNDRED = rf"(?:(?:{_ONES})?hundert(?:und)?(?:{_BELOW})?)"
_THOUSAND = rf"(?:(?:{_HUNDRED}|{_BELOW})?tausend(?:und)?(?:{_HUNDRED}|{_BELOW})?)"
_WORD = re.compile(rf"\b(?:{_THOUSAND}|{_HUNDRED}|{_BELOW})\b(?!-)")
_BELOW_WORD = re.compile(rf"(?:(?P<one>{_ONES})und)?(?P<ten>{_TEN})|(?P<teen>{_TEEN})|(?P<unit>{_ONES})")
_OF_TIME = r"(?:stunden?|minuten?|sekunden?|tage?n?|wochen?|monate?n?|jahre?n?|meilen?|liter|kilo|meter)"
_A_UNIT = re.compile(r"\bein(?:e[mnrs]?|s)?(?= (?:stunde|minute|meter|liter|meile|kilo)\b)")
_MILLIONS = re.compile(r"\b(?:(\d{1,6})|eine) (million|milliarde)(?:en)?\b")
_DOZEN = re.compile(r"\b(?:(ein)|(\d{1,3})) (halbes )?dutzend\b")
_AND_HALF = re.compile(rf"\b(?:(anderthalb|eineinhalb)|({_ONES})einhalb)(?= {_OF_TIME})")
_HALF_A = re.compile(rf"\b(?:eine[mnrs]? )?halbe[mnrs]? (?={_OF_TIME}\b)")
_QUARTER = re.compile(r"\b(?:(drei)?viertel) ?(?=stunden?\b)")
_HALF_HOUR = re.compile(r"\bhalbstunde\b")


def number_of(word: str) -> int:
    """The value of one German number word, folded."""
    head, thousand, tail = word.partition("tausend")
    if thousand:
        return 1000 * (number_of(head) if head else 1) + (number_of(tail.removeprefix("und")) if tail else 0)
    head, hundred, tail = word.partition("hundert")
    if hundred:
        return 100 * (_UNITS[head] if head else 1) + (number_of(tail.removeprefix("und")) if tail else 0)
    match = _BELOW_WORD.fullmatch(word)
    if match is None:
        return 0
    if match["ten"]:
        return _TENS[match["ten"]] + (_UNITS[match["one"]] if match["one"] else 0)
    return _TEENS[match["teen"]] if match["teen"] else _UNITS[match["unit"]]


def _cardinal(match: re.Match[str]) -> str | None:
    return None if match[0] == "ein" else str(number_of(match[0]))


def _and_half(match: re.Match[str]) -> str:
    return "1.5" if match[1] else f"{_UNITS[match[2]]}.5"


def _million(match: re.Match[str]) -> str:
    return plain(Decimal(match[1] or 1) * (1_000_000 if match[2] == "million" else 1_000_000_000))


@functools.cache
def _steps() -> Rewriter:
    return Rewriter(
        (idioms("de"), lambda match: "_" * len(match[0])),
        (GROUPED, ungrouped),
        (_AND_HALF, _and_half),
        (_HALF_A, lambda _: "0.5 "),
        (_QUARTER, lambda match: "0.75 " if match[1] else "0.25 "),
        (_HALF_HOUR, lambda _: "0.5 stunde"),
        (_WORD, _cardinal),
        (_DOZEN, lambda match: plain(Decimal(match[2] or 1) * (6 if match[3] else 12))),
        (_A_UNIT, lambda _: "1"),
        (_MILLIONS, _million),
    )


def with_digits(text: str) -> Folded:
    """The folded text with idioms blanked and number words as digits."""
    return _steps().rewritten(text)
