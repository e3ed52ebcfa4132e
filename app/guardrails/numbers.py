"""Values in copy: amounts of money, percentages, quantities, dates, times, codes, multi-buy offers.

`values_in` reads a text and says for each value what it is, how it is used (a price, a former price,
a saving, a threshold) and whether it is exact or a bound. Digits of every script count, and number words too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from app.brief.amounts import parse_decimal
from app.guardrails.fold import fold
from app.guardrails.matcher import masked
from app.guardrails.number_words import NUMBER, NUMBER_EDGE, with_digits
from app.guardrails.units import CURRENCIES, SCALE, SUBUNITS, UNITS


class Kind(StrEnum):
    """What a value is."""

    MONEY = "amount"
    PERCENT = "percentage"
    NUMBER = "number"
    QUANTITY = "quantity"
    DATE = "date"
    WEEKDAY = "day"
    TIME = "time"
    CODE = "code"
    PHONE = "phone number"
    LINK = "address"
    MULTIBUY = "multi-buy offer"


class Use(StrEnum):
    """What a value is used for."""

    PLAIN = "plain"
    WAS = "former price"
    SAVING = "saving"
    THRESHOLD = "threshold"


class Bound(StrEnum):
    """Whether a value is meant exactly."""

    EXACT = "exact"
    UP_TO = "up to"
    OVER = "over"
    UNDER = "under"
    FROM = "from"
    RANGE = "range"


@dataclass(frozen=True)
class Value:
    """One value in a text; `start` and `end` count in the original. `other` is a second number (a year)."""

    kind: Kind
    amount: Decimal
    start: int
    end: int
    unit: str = ""
    use: Use = Use.PLAIN
    bound: Bound = Bound.EXACT
    other: Decimal | None = None
    shown: str = ""
    """The value as it stands in the text."""
    after: str = ""
    """What follows it, folded."""


_N = rf"{NUMBER_EDGE}({NUMBER})"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct|november nov|december dec"
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = "|".join(WEEKDAYS) + "|tues|thurs|mon|tue|wed|thu|fri|sat|sun"
_BEFORE_DAY = (
    r"(?:until|till|by|before|ends?|ending|closes?|closing|on|this|next|from|starts?|opens?|through"
    r"|see you|every)"
)


Found = tuple[Kind, Decimal, str, Decimal | None, Use]
Reader = Callable[[re.Match[str], str], Found | None]


def _money(match: re.Match[str], language: str) -> Found | None:
    groups = match.groupdict()
    amount = parse_decimal(groups["n"], language)
    name = groups["c"]
    if amount is None:
        return None
    amount *= SCALE.get(groups.get("k") or "", 1)
    return Kind.MONEY, amount / 100 if name in SUBUNITS else amount, CURRENCIES[name], None, Use.PLAIN


def _percent(match: re.Match[str], language: str) -> Found | None:
    amount = parse_decimal(match[1], language)
    return None if amount is None else (Kind.PERCENT, amount, "%", None, Use.PLAIN)


_SHARES = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10, "halves": 50}


def _share_off(match: re.Match[str], _language: str) -> Found:
    count = int(match[1]) if (match[1] or "").isdigit() else 1
    share = _SHARES[match[2].removesuffix("s")]
    amount = Decimal(66 if (count, share) == (2, 33) else count * share)
    return Kind.PERCENT, amount, "%", None, Use.SAVING


def _ratio(match: re.Match[str], _language: str) -> Found | None:
    whole = int(match[2])
    return (Kind.PERCENT, Decimal(100 * int(match[1])) / whole, "%", None, Use.PLAIN) if whole else None


def _for(match: re.Match[str], _language: str) -> Found:
    return Kind.MULTIBUY, Decimal(match[1]), "", Decimal(match[2]), Use.SAVING


def _bogof(_match: re.Match[str], _language: str) -> Found:
    return Kind.MULTIBUY, Decimal(2), "", Decimal(1), Use.SAVING


def _buy_get(match: re.Match[str], _language: str) -> Found:
    bought = Decimal(1 if match[1] == "one" else int(match[1]))
    extra = Decimal(match[2]) if (match[2] or "").isdigit() else Decimal(1)
    return Kind.MULTIBUY, bought + extra, "", bought, Use.SAVING


def _quantity(match: re.Match[str], language: str) -> Found | None:
    amount = parse_decimal(match[1], language)
    unit, factor = UNITS[match[2]]
    return None if amount is None else (Kind.QUANTITY, amount * factor, unit, amount, Use.PLAIN)


def _number(match: re.Match[str], language: str) -> Found | None:
    amount = parse_decimal(match[1], language)
    if amount is None:
        return None
    return Kind.NUMBER, amount * SCALE.get(match.group(2) or "", 1), "", None, Use.PLAIN


def _times(match: re.Match[str], language: str) -> Found | None:
    amount = parse_decimal(match[1], language)
    return None if amount is None else (Kind.QUANTITY, amount, "times", None, Use.PLAIN)


def _half_the(_match: re.Match[str], _language: str) -> Found:
    return Kind.QUANTITY, Decimal(2), "times", None, Use.PLAIN


def _day_delivery(match: re.Match[str], _language: str) -> Found:
    return Kind.QUANTITY, Decimal(0 if match[1] == "same" else 1), "day", None, Use.PLAIN


def _clock(match: re.Match[str], _language: str) -> Found | None:
    groups = match.groupdict()
    hour, minute = int(groups["h"]), int(groups.get("m") or 0)
    half = groups.get("ap")
    hour = hour % 12 + 12 if half == "pm" else hour % 12 if half == "am" else hour
    if hour > 24 or minute > 59:
        return None
    return Kind.TIME, Decimal(60 * hour + minute), "half" if groups.get("past") else "", None, Use.PLAIN


def _hour(match: re.Match[str], _language: str) -> Found | None:
    hour = int(match[1])
    return (Kind.TIME, Decimal(60 * hour), "12h", None, Use.PLAIN) if 1 <= hour <= 12 else None


def _past(match: re.Match[str], _language: str) -> Found:
    return Kind.TIME, Decimal(60 * int(match[1]) + 30), "12h", None, Use.PLAIN


def _date(match: re.Match[str], _language: str) -> Found | None:
    groups = match.groupdict()
    month = _MONTHS.get(groups.get("mon") or "") or int(groups.get("mm") or 0)
    day, year = int(groups.get("d") or 0), groups.get("y")
    if not 1 <= month <= 12 or not 0 <= day <= 31:
        return None
    return (
        Kind.DATE,
        Decimal(100 * month + day),
        groups.get("w") or "",
        Decimal(year) if year else None,
        Use.PLAIN,
    )


def _slashed(match: re.Match[str], language: str) -> Found | None:
    first, second = int(match[1]), int(match[2])
    day, month = (second, first) if language == "us" else (first, second)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    year = Decimal(match[3]) if match[3] else None
    return Kind.DATE, Decimal(100 * month + day), "", year, Use.PLAIN


def _weekday(match: re.Match[str], _language: str) -> Found:
    number = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(match[1][:3]))
    return Kind.WEEKDAY, Decimal(number), "", None, Use.PLAIN


def _marker(kind: Kind) -> Reader:
    return lambda _match, _language: (kind, Decimal(0), "", None, Use.PLAIN)


def _digits(match: re.Match[str], _language: str) -> Found:
    return Kind.NUMBER, Decimal(match[0][:24]), "", None, Use.PLAIN


_CURRENCY_SIGN = r"(?P<c>[£$€¥]|us\$|gbp|usd|eur)"
_CURRENCY_WORD = r"(?P<c>pounds?|quid|dollars?|bucks|euros?|pence|penny|cents?|gbp|usd|eur|yen|p|¢|[£$€¥])"
_AMOUNT = rf"{NUMBER_EDGE}(?P<n>{NUMBER})"
_W = rf"(?:(?P<w>{_WEEKDAY})\b\.?,? )?"
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"\b(?:https?|ftp)://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]*\w", _marker(Kind.LINK)),
        (r"\b(?<![a-z0-9-][.-])(?<!\.-)[a-z0-9][a-z0-9-]*+(?:\.[a-z0-9-]++)*\.(?:com|org|net|co\.uk|io|shop|store|example"
         r"|test)\b[\w/?=&.#@-]*",
         _marker(Kind.LINK)),
        (r"\b(?P<y>\d{4})-(?P<mm>\d\d)-(?P<d>\d\d)(?=\D|$)", _date),
        (rf"\b{_W}(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{_MONTH})\b\.?(?:,?"
         rf" (?P<y>\d{{4}}))?",
         _date),
        (rf"\b{_W}(?P<mon>{_MONTH})\b\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?"
         rf" (?P<y>\d{{4}}))?",
         _date),
        (rf"\b(?P<mon>{_MONTH})\b (?P<y>\d{{4}})\b", _date),
        (r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])", _slashed),
        (r"(?<![\w.])\+?\(?\d[\d ()-]{7,}\d(?![\w])", _marker(Kind.PHONE)),
        (r"\b(\d{1,3}) (?:[a-z]+ ){0,3}for (?:the price of )?(\d{1,3})\b(?! (?:hours?|minutes?|days?"
         r"|weeks?|months?"
         r"|years?|people|of)\b)", _for),
        (r"\bbogof?\b|\b(?:buy|get) 1 (?:[a-z]+ )?(?:and )?get (?:1|one)\b|\btwofer\b", _bogof),
        (r"\b(?:buy|take) (\d{1,2}|one)\b[^.!?]{0,30}?\bget (?:the )?(?:(\d{1,2}) |one |a |second |third "
         r"|fourth "
         r"|next |another )(?:[a-z]+ )?(?:free|on us|half price|for nothing)", _buy_get),
        (rf"{_CURRENCY_SIGN}\s?{_AMOUNT}\s?(?P<k>k|m|bn)?(?![\w])", _money),
        (rf"\b{_AMOUNT}[ -]?{_CURRENCY_WORD}(?![\w])", _money),
        (rf"\b{_N}\s?(?:%|percent\b|per ?cent\b|per-cent\b|pct\b)", _percent),
        (r"\b(?:(an?|one|\d) ?-?)?(half|third|quarter|fifth|tenth)s?[ -](?:off|price|less"
         r"|cheaper)\b", _share_off),
        (r"\b(?:()(halves)|(?:prices? ()(half)d))\b(?= the price)", _share_off),
        (r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?(?P<ap>am|pm)\b", _clock),
        (r"\b(\d{1,2}) o'clock\b", _hour),
        (r"\b(?P<h>\d{1,2}):(?P<m>\d\d)\b", _clock),
        (r"\bhalf past (\d{1,2})\b", _past),
        (r"(?<![\d.,])(\d{1,24}+\.\d{1,24}+)() (?:out of|/) ?(?:5|10)\b", _number),
        (r"\b(?:until|till|at|by|from|before) (\d{1,2})(?: o'clock)?(?=[.,;!?](?: |$)|$)", _hour),
        (r"(?<![\d.,])(\d{1,4}) (?:in|out of) (?:every )?(\d{1,4})\b(?! (?:hours?|minutes?|days?|weeks?"
         r"|months?)\b)", _ratio),
        (rf"\b{_N}(?:x| times) (?:faster|lighter|stronger|warmer|quicker|longer|more|as|the)\b", _times),
        (r"\b(same|next)[ -]day (?:delivery|shipping|dispatch)\b", _day_delivery),
        (r"\bhalf the (?:time|weight|size|price|cost|work)\b", _half_the),
        (rf"\b{_N}(?:[ -](?:working|business|whole|full|more))?[ -]?({_UNIT})\b(?!-)", _quantity),
        (rf"\b{_BEFORE_DAY} ({_WEEKDAY})\b(?!s)", _weekday),
        (rf"(?<![\w]){_N}(k|m|bn)?(?![\w])", _number),
        (r"\d+()()", _digits),
    )
)  # fmt: skip


_SAVING_BEFORE = re.compile(
    r"\b(?:save|saves|saved|saving|savings|keep|discount|knock|knocked|take|extra|reduced by|cut by"
    r"|markdown|less"
    r"|cheaper by)\b[^.!?;]{0,24}$"
)
_SAVING_AFTER = re.compile(
    r"^[ -]?(?:off|discount|saving|savings|reduction|cheaper|markdown|rebate)\b|^[ -]?less\b(?! \w"
    r"| than half)"
)
_WAS_BEFORE = re.compile(
    r"\b(?:was|were|rrp|msrp|original|instead of|down from|formerly|previously|originally|usually"
    r"|normally|worth|before|not)"
    r":?(?: priced)?(?: at)? ?$|\blowest price[^.!?]{0,30}$"
)
_THRESHOLD_BEFORE = re.compile(
    r"\b(?:spend|spending|orders?(?: of)?|baskets?|purchases?|when you spend|minimum)(?: of| over"
    r"| above)? ?$"
    r"|\b(?:orders?|pens|spend|baskets?|purchases?|anything|everything|items?|off)(?: \w+)? (?:over|above"
    r"|of|from|an?) ?$"
)
_THRESHOLD_AFTER = re.compile(r"^-? ?(?:shop|spend|order|minimum|basket)\b")
_BOUNDS = (
    (Bound.UP_TO, re.compile(r"\b(?:up to|as much as|at most|max(?:imum)?|until) ?(?:an? )?$")),
    (
        Bound.OVER,
        re.compile(r"\b(?:over|more than|above|upwards of|nearly|almost|close to|beyond) ?(?:an? )?$"),
    ),
    (Bound.UNDER, re.compile(r"\b(?:under|below|less than) ?(?:an? )?$")),
    (Bound.FROM, re.compile(r"\b(?:from|at least|starting at|minimum|no less than) ?(?:an? )?$")),
)


def _context(kind: Kind, use: Use, before: str, after: str) -> tuple[Use, Bound]:
    if use is Use.PLAIN and (kind is Kind.MONEY or kind is Kind.PERCENT):
        use = _use(kind, before, after)
    if kind is Kind.PERCENT and (_RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before)):
        return use, Bound.RANGE
    return use, _bound(before)


@lru_cache(maxsize=4096)
def _use(kind: Kind, before: str, after: str) -> Use:
    if _SAVING_AFTER.match(after):
        return Use.SAVING
    worded = _LETTER.search(before) is not None
    if (worded and _THRESHOLD_BEFORE.search(before)) or _THRESHOLD_AFTER.match(after):
        return Use.THRESHOLD
    if worded and _SAVING_BEFORE.search(before):
        return Use.SAVING
    return Use.WAS if worded and kind is Kind.MONEY and _WAS_BEFORE.search(before) else Use.PLAIN


@lru_cache(maxsize=4096)
def _bound(before: str) -> Bound:
    if _LETTER.search(before) is None:
        return Bound.EXACT
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), Bound.EXACT)


_LETTER = re.compile(r"[a-z]")
_RANGE_AFTER = re.compile(r"^ ?(?:to|-|and) ?\d+(?:[.,]\d+)?\s?(?:%|per ?cent)")
_RANGE_BEFORE = re.compile(r"\d\s?(?:%|per ?cent)? ?(?:to|-|and) ?$")
_CODE = re.compile(r"(?<![\w{])(?=[A-Z0-9]*\d)(?=[0-9]*[A-Z][A-Z0-9]*[A-Z0-9])[A-Z0-9]{4,20}(?![\w}])")
_NAMED_CODE = re.compile(r"(?i:\b(?:code|coupon|voucher)\b[: ]+[\"'\u201c]?)([A-Z0-9]{4,20})\b")


def _codes(text: str) -> Iterator[Value]:
    for match in _CODE.finditer(text):
        yield Value(Kind.CODE, Decimal(0), match.start(), match.end(), match[0], shown=match[0])
    for match in _NAMED_CODE.finditer(text):
        yield Value(Kind.CODE, Decimal(0), match.start(1), match.end(1), match[1], shown=match[1])


def values_in(text: str, locale: str = "en-US") -> tuple[Value, ...]:
    """Every value in `text`, in order, none inside a token; spans count in `text`."""
    folded = fold(text)
    digits = with_digits(masked(folded.text))
    language = locale.split("-", maxsplit=1)[0]
    found = list(dict.fromkeys(_codes(text)))
    taken = bytearray(len(digits.text) + 1)
    closed = bytearray(len(text) + 1)
    for value in found:
        closed[value.start : value.end] = b"\x01" * (value.end - value.start)
    for pattern, read in _READERS:
        hint = "us" if read is _slashed and locale == "en-US" else language
        for match in pattern.finditer(digits.text):
            if any(taken[match.start() : match.end()]):
                continue
            item = read(match, hint)
            if item is None:
                continue
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            start, end = folded.span(*digits.span(*match.span()))
            if any(closed[start:end]):
                continue
            kind, amount, unit, other, use = item
            before = digits.text[max(0, match.start() - 48) : match.start()]
            after = digits.text[match.end() : match.end() + 24]
            use, bound = _context(kind, use, before, after)
            found.append(Value(kind, amount, start, end, unit, use, bound, other, text[start:end], after))
    return tuple(sorted(found, key=lambda value: (value.start, value.end)))
