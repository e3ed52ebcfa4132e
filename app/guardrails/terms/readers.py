"""Readers that several languages share: from a match to a value."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.brief.amounts import parse_decimal
from app.guardrails.number_words import NUMBER, NUMBER_EDGE
from app.guardrails.units import CURRENCIES, SCALE, SUBUNITS, UNITS
from app.guardrails.value_kinds import NEXT, RELATIVE, WEEKDAYS, Found, Kind, Reader, Use

N = rf"{NUMBER_EDGE}({NUMBER})"
"""A number as a group."""
AMOUNT = rf"{NUMBER_EDGE}(?P<n>{NUMBER})"
"""A number as the group that `money` reads."""
MANY = {
    "dozens": 24,
    "scores": 40,
    "hundreds": 200,
    "thousands": 2000,
    "tens of thousands": 20_000,
    "hundreds of thousands": 200_000,
    "millions": 2_000_000,
    "dutzende": 24,
    "hunderte": 200,
    "tausende": 2000,
    "millionen": 2_000_000,
    "des dizaines": 20,
    "des centaines": 200,
    "des milliers": 2000,
    "des millions": 2_000_000,
}
"""The least number that a word for many stands for."""
MULTIPLES = {"twice": 2, "double": 2, "doubles": 2, "triple": 3, "triples": 3, "quadruple": 4, "thrice": 3}
CURRENCY_SIGN = r"(?P<c>[£$€¥]|us\$|gbp|usd|eur|chf|cad)"


def alternatives(names: Iterable[str]) -> str:
    """The names as a pattern, longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def numbered(names: str) -> dict[str, int]:
    """Names that count from one: "january jan|february feb" gives each its number."""
    return {name: number for number, group in enumerate(names.split("|"), start=1) for name in group.split()}


def money(match: re.Match[str], language: str) -> Found | None:
    """An amount `n` in a currency `c`, with a scale `k`."""
    groups = match.groupdict()
    amount = parse_decimal(groups["n"], language)
    name = groups["c"]
    if amount is None:
        return None
    amount *= SCALE.get(groups.get("k") or "", 1)
    return Kind.MONEY, amount / 100 if name in SUBUNITS else amount, CURRENCIES[name], None, Use.PLAIN


def money_and_part(match: re.Match[str], _language: str) -> Found:
    """Pounds and pence in words: ten pounds fifty."""
    return (
        Kind.MONEY,
        Decimal(match["n"]) + Decimal(match["sub"]) / 100,
        CURRENCIES[match["c"]],
        None,
        Use.PLAIN,
    )


def percent(match: re.Match[str], language: str) -> Found | None:
    """A percentage."""
    amount = parse_decimal(match[1], language)
    return None if amount is None else (Kind.PERCENT, amount, "%", None, Use.PLAIN)


def ratio(match: re.Match[str], _language: str) -> Found | None:
    """One number out of another one, as a percentage."""
    whole = int(match[2])
    if int(match[1]) > whole:  # "sleeps four in two rooms"
        return None
    return (Kind.PERCENT, Decimal(100 * int(match[1])) / whole, "%", None, Use.PLAIN) if whole else None


def multibuy(match: re.Match[str], _language: str) -> Found | None:
    """So many for the price of fewer; more than there are is what they cost."""
    bought, paid = Decimal(match[1]), Decimal(match[2])
    return (Kind.MULTIBUY, bought, "", paid, Use.SAVING) if paid < bought else None


def bought_and_free(match: re.Match[str], _language: str) -> Found:
    """So many bought, and so many more for nothing."""
    bought = Decimal(match[1])
    return Kind.MULTIBUY, bought + Decimal(match[2]), "", bought, Use.SAVING


def next_reduced(match: re.Match[str], language: str) -> Found | None:
    """So many at the full price, and the next one, `n`, for less: at half the price, say."""
    groups = match.groupdict()
    bought = Decimal(groups["n"]) - 1 if (groups.get("n") or "").isdigit() else Decimal(1)
    share = parse_decimal(groups["p"], language) if groups.get("p") else Decimal(50)
    return Kind.MULTIBUY, bought + 1, f"{share}%", bought, Use.SAVING


def many(match: re.Match[str], _language: str) -> Found:
    """More than can be counted: dozens, hundreds, thousands."""
    return Kind.NUMBER, Decimal(MANY[match[1]]), "many", None, Use.PLAIN


def ordinal(numbers: Mapping[str, int]) -> Reader:
    """A reader of ordinals in words."""
    return lambda match, _language: (Kind.NUMBER, Decimal(numbers[match[1]]), "", None, Use.PLAIN)


def multiplied(match: re.Match[str], _language: str) -> Found:
    """So many times as much, in one word."""
    return Kind.QUANTITY, Decimal(MULTIPLES[match[1]]), "times", None, Use.PLAIN


def fraction_off(match: re.Match[str], _language: str) -> Found | None:
    """A fraction off, in digits, as a percentage."""
    part, whole = int(match[1]), int(match[2])
    if not 0 < part < whole:
        return None
    return Kind.PERCENT, Decimal(100 * part // whole), "%", None, Use.SAVING


def day_of_month(match: re.Match[str], _language: str) -> Found | None:
    """A day without its month: the day alone, where a date is 100 times the month and the day."""
    return (Kind.DATE, Decimal(match[1]), "", None, Use.PLAIN) if 1 <= int(match[1]) <= 31 else None


def weekday_of_month(weekdays: Mapping[str, int]) -> Reader:
    """A reader of a weekday `w` with the day `d` of a month that is not named."""

    def read(match: re.Match[str], _language: str) -> Found | None:
        unit = WEEKDAYS[weekdays[match["w"]] - 1]
        return (Kind.DATE, Decimal(match["d"]), unit, None, Use.PLAIN) if 1 <= int(match["d"]) <= 31 else None

    return read


def relative_day(ahead: Mapping[str, int]) -> Reader:
    """A reader of days that are counted from the day of the copy, as `other`."""
    return lambda match, _language: (Kind.DATE, Decimal(0), RELATIVE, Decimal(ahead[match[1]]), Use.PLAIN)


def nth_reduced(numbers: Mapping[str, int]) -> Reader:
    """So many at the full price and the next one, `nth`, at a share `p` off, or at the share `q` of it."""

    def read(match: re.Match[str], _language: str) -> Found:
        groups = match.groupdict()
        paid = groups.get("q")
        share = 100 - int(paid) if paid else int(groups.get("p") or 50)
        nth = numbers[match["nth"]]
        return Kind.MULTIBUY, Decimal(nth), f"{share}%", Decimal(nth - 1), Use.SAVING

    return read


def of_the_price(match: re.Match[str], language: str) -> Found | None:
    """A share of the price that is left to pay, as the percentage off."""
    amount = parse_decimal(match[1], language)
    if amount is None or not 0 < amount < 100:
        return None
    return Kind.PERCENT, 100 - amount, "%", None, Use.SAVING


def parts(match: re.Match[str], _language: str) -> Found | None:
    """So many parts to so many others, as the percentage of the first."""
    first, second = (int(part.replace("one", "1")) for part in match.groups())
    whole = first + second
    return (Kind.PERCENT, Decimal(100 * first) / whole, "%", None, Use.PLAIN) if whole else None


def three_for_two(_match: re.Match[str], _language: str) -> Found:
    """Three for the price of two."""
    return Kind.MULTIBUY, Decimal(3), "", Decimal(2), Use.SAVING


def two_for_one(_match: re.Match[str], _language: str) -> Found:
    """Two for the price of one."""
    return Kind.MULTIBUY, Decimal(2), "", Decimal(1), Use.SAVING


def saved(share: int | Decimal) -> Reader:
    """A reader of words that always mean the same percentage off."""
    return lambda _match, _language: (Kind.PERCENT, Decimal(share), "%", None, Use.SAVING)


def quantity(match: re.Match[str], language: str) -> Found | None:
    """A number with a unit."""
    amount = parse_decimal(match[1], language)
    unit, factor = UNITS[match[2]]
    return None if amount is None else (Kind.QUANTITY, amount * factor, unit, amount, Use.PLAIN)


def times(match: re.Match[str], language: str) -> Found | None:
    """So many times as much."""
    amount = parse_decimal(match[1], language)
    return None if amount is None else (Kind.QUANTITY, amount, "times", None, Use.PLAIN)


def of_unit(amount: int, unit: str) -> Reader:
    """A reader of words that always mean the same quantity."""
    return lambda _match, _language: (Kind.QUANTITY, Decimal(amount), unit, None, Use.PLAIN)


def number(match: re.Match[str], language: str) -> Found | None:
    """A bare number, with a scale."""
    amount = parse_decimal(match[1], language)
    if amount is None:
        return None
    return Kind.NUMBER, amount * SCALE.get(match.group(2) or "", 1), "", None, Use.PLAIN


def clock(match: re.Match[str], _language: str) -> Found | None:
    """A time of day, `h` and `m`, with am or pm in `ap`."""
    groups = match.groupdict()
    hour, minute = int(groups["h"]), int(groups.get("m") or 0)
    half = groups.get("ap")
    if half:
        hour = hour % 12 + 12 * (half[0] == "p")
    if hour > 24 or minute > 59:
        return None
    return Kind.TIME, Decimal(60 * hour + minute), "", None, Use.PLAIN


def hour(match: re.Match[str], _language: str) -> Found | None:
    """An hour that may be before or after noon."""
    value = int(match[1])
    return (Kind.TIME, Decimal(60 * value), "12h", None, Use.PLAIN) if 1 <= value <= 12 else None


def turn_of_day(match: re.Match[str], _language: str) -> Found:
    """Noon, or midnight as the end of the day."""
    minutes = 1440 if match["name"] == "midnight" else 720
    return Kind.TIME, Decimal(minutes), "named", None, Use.PLAIN


def half_past(match: re.Match[str], _language: str) -> Found:
    """Half an hour after the hour."""
    return Kind.TIME, Decimal(60 * int(match[1]) + 30), "12h", None, Use.PLAIN


def before_or_past(match: re.Match[str], _language: str) -> Found | None:
    """So many minutes, or a quarter of an hour, before or past an hour that may be before or after noon."""
    minutes = 15 if match["q"] == "quarter" else int(match["q"])
    if minutes not in (5, 10, 15, 20, 25) or not 1 <= int(match["h"]) <= 12:
        return None
    sign = -1 if match["side"] in ("to", "before") else 1
    return Kind.TIME, Decimal(60 * int(match["h"]) + sign * minutes), "12h", None, Use.PLAIN


def date(months: Mapping[str, int], weekdays: Mapping[str, int]) -> Reader:
    """A reader of dates: weekday `w`, day `d`, month `mon` in words or `mm` in digits, year `y`."""

    def read(match: re.Match[str], _language: str) -> Found | None:
        groups = match.groupdict()
        month = months.get(groups.get("mon") or "") or int(groups.get("mm") or 0)
        day, year = int(groups.get("d") or 0), groups.get("y")
        if not 1 <= month <= 12 or not 0 <= day <= 31:
            return None
        week = groups.get("w")
        unit = WEEKDAYS[weekdays[week] - 1] if week else ""
        return Kind.DATE, Decimal(100 * month + day), unit, Decimal(year) if year else None, Use.PLAIN

    return read


def day_of_year(days: Mapping[str, int]) -> Reader:
    """A reader of days that have a name: `name` with 100 times the month and the day."""
    return lambda match, _language: (Kind.DATE, Decimal(days[match["name"]]), "", None, Use.PLAIN)


def last_of(months: Mapping[str, int]) -> Reader:
    """A reader of the last day of a month, `mon`; 29 February is read as 28."""
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

    def read(match: re.Match[str], _language: str) -> Found:
        month = months[match["mon"]]
        return Kind.DATE, Decimal(100 * month + lengths[month - 1]), "", None, Use.PLAIN

    return read


def slashed(match: re.Match[str], language: str) -> Found | None:
    """A date in digits; `us` as the language puts the month first."""
    first, second = int(match[1]), int(match[2])
    day, month = (second, first) if language == "us" else (first, second)
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    year = Decimal(match[3]) if match[3] else None
    return Kind.DATE, Decimal(100 * month + day), "", year, Use.PLAIN


def weekday(weekdays: Mapping[str, int]) -> Reader:
    """A reader of weekdays, with the word for the next week's one as the group `next`."""

    def read(match: re.Match[str], _language: str) -> Found | None:
        groups = match.groupdict()
        unit = NEXT if groups.get("next") or groups.get("later") else ""
        return Kind.WEEKDAY, Decimal(weekdays[match["w"]] - 1), unit, None, Use.PLAIN

    return read


def period(days: Mapping[str, int]) -> Reader:
    """A reader of how often something happens, in days."""
    return lambda match, _language: (
        Kind.PERIOD,
        Decimal(days[match[1] or match[2]]),
        "",
        None,
        Use.PLAIN,
    )


def marker(kind: Kind) -> Reader:
    """A reader that only says what something is."""
    return lambda _match, _language: (kind, Decimal(0), "", None, Use.PLAIN)


def digits(match: re.Match[str], _language: str) -> Found:
    """Whatever digits are left."""
    return Kind.NUMBER, Decimal(match[0][:24]), "", None, Use.PLAIN


Reading = tuple[str, Reader]


def links(endings: str) -> tuple[Reading, ...]:
    """Web and mail addresses, also those without a scheme, by the endings that a language's readers know."""
    bare = r"\b(?<![a-z0-9-][.-])(?<!\.-)[a-z0-9][a-z0-9-]*+(?:\.[a-z0-9-]++)*"
    return (
        (r"\b(?:https?|ftp)://\S+|\bwww\.\S+|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]*\w", marker(Kind.LINK)),
        (rf"{bare}\.(?:com|org|net|{endings}io|shop|store|example|test)\b[\w/?=&.#@-]*", marker(Kind.LINK)),
    )


ISO_DATE = r"\b(?P<y>\d{4})-(?P<mm>\d\d)-(?P<d>\d\d)(?=\D|$)"
SLASHED: tuple[Reading, ...] = ((r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])", slashed),)
PHONE: tuple[Reading, ...] = ((r"(?<![\w.])\+?\(?\d[\d ()-]{7,}\d(?![\w])", marker(Kind.PHONE)),)
SIGNED_MONEY: tuple[Reading, ...] = ((rf"{CURRENCY_SIGN}\s?{AMOUNT}\s?(?P<k>k|m|bn)?(?![\w])", money),)
CLOCK: tuple[Reading, ...] = ((r"\b(?P<h>\d{1,2}):(?P<m>\d\d)\b", clock),)
BARE: tuple[Reading, ...] = ((rf"(?<![\w]){N}(k|m|bn)?(?![\w])", number), (r"\d+()()", digits))
"""What is left at the end: a number alone, or digits inside something else."""
