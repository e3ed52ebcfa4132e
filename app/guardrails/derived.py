"""Values that nobody supplied as they stand, and that follow from the supplied ones by plain arithmetic.

A price each, an hour or a kilo; what several of something come to; the difference of two prices; a price less
its discount; hours in all; the ends of a range; the whole of a listed party. Each of them needs its words in
the copy ("an evening", "in all", "save", "not £11"): a number that happens to be a product of two others
says something else without them.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from app.guardrails.derived_money import (
    GROUP,
    TOTAL_AFTER,
    TOTAL_BEFORE,
    follows_in_money,
    rounds,
    times_given,
)
from app.guardrails.supplied import Supplied
from app.guardrails.units import UNITS
from app.guardrails.value_kinds import WEEKDAYS, Kind, Use, Value

_PRICE_BEFORE = re.compile(
    r"(?:[£$€] ?[\d.,]+|\d ?(?:p|pence|pounds?|quid|dollars?|bucks|euros?|cents?|eur|gbp|usd)) $"
)
_OFF = re.compile(r"^'? (?:worth )?(?:off|free|on us)\b")
_SQUARE = re.compile(r"^ (?:square|sq\.?|cubic) ")
_LATER = re.compile(r"^ (?:later|after|before|earlier)\b")
_WHOLE = re.compile(r"\b(?:the|all|for|any|those|these) $")
_EACH = re.compile(r"^ ?(?:[a-z]+ )?(?:an?|1|per|each|every) ")
_TAKEN = re.compile(r"^ (?:[a-z]+ )?(?:gone|taken|sold|booked|filled)\b")
_ONES = re.compile(r"^ (?!(?:%|per)\b)[a-z]")
_OTHER = re.compile(r"\b(?:the|other|remaining|rest) (?:other |remaining )?$")
_RANGE = re.compile(r"(?<![\d.,])(\d{1,4})(?:st|nd|rd|th)? ?(?:-|–|to) ?(\d{1,4})(?:st|nd|rd|th)?\b")
_UNDER = re.compile(r"\bunder[- ](\d{1,2})'?s?\b")
_AND_UNDER = re.compile(r"^ (?:and|or) (?:under|below|younger)\b")
_INCLUDING = re.compile(r"\b(\d{1,4}) [a-z ]{2,20}(?:incl\.?|including) (\d{1,4})\b")
_LIST = re.compile(r"[^,;:.\d]{1,30}(?:, [^,;:.\d]{1,30})*(?:, |,? (?:and|&) )[^,;:.\d]{1,30}")
_PER_CENT = re.compile(r"\d ?(?:%|per ?cent)[^.!?]*$")
_PAID_FOR = re.compile(r"[£$€] ?\d[\d.,]*(?: each| a head| per person)? for $")
_ELIDED = re.compile(r"[,;] [^.!?]{0,24}$")
_SPEND = re.compile(r"\b(?:spend|orders? over|over|under) $")
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b")
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS_TO = re.compile(rf"\b({'|'.join(_SHORT)})[a-z]* ?(?:-|to|until|till) ?({'|'.join(_SHORT)})[a-z]*\b")
_ON_WEEKDAY = re.compile(rf"^ (?:on )?({'|'.join(_SHORT)})[a-z]*\b")
_CLOCK = re.compile(r"(\d{1,2})[.h](\d\d)")
_A_WEEK = re.compile(r"^ a week\b")
_OPEN = re.compile(r"\b(?:open|closed)\b[^.!?]*$")
_THINGS = re.compile(r"^ [a-z]+s\b")
_DATES = re.compile(_RANGE.pattern + r" (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
_HALF_DAY = Decimal(720)
_LARGE = 1000
"""A number from which on it is clear what it counts, without its unit."""


def follows(value: Value, supplied: Supplied) -> bool:
    """Whether a value follows from the supplied ones and is used for what it then is."""
    return any(check(value, supplied) for check in _CHECKS.get(value.kind, ()))


def _shares(supplied: Supplied) -> Iterator[Decimal]:
    """Percentages off that a multi-buy offer comes to."""
    for item in supplied.stated:
        if item.kind is Kind.MULTIBUY and not item.unit and item.other and item.amount:
            yield 100 - 100 * item.other / item.amount


def _share(value: Value, supplied: Supplied) -> bool:
    """A share off that a multi-buy offer comes to; or a share in words, near a percentage that was given."""
    if value.use is Use.SAVING:
        return any(rounds(value, share) for share in _shares(supplied)) or _cheaper(value, supplied)
    if _counted_out(value, supplied):
        return True
    given = [item.amount for item in supplied.stated if item.kind is Kind.PERCENT and item.use is Use.PLAIN]
    amounts = [amount for _, _, amount, _ in supplied.money]
    given += [100 * part / whole for part, whole in itertools.permutations(amounts, 2) if part < whole]
    in_words = not any(character.isdigit() for character in value.shown)
    return in_words and any(abs(value.amount - share) < 1 for share in given)


def _cheaper(value: Value, supplied: Supplied) -> bool:
    """How much less a price is than another supplied one, said beside it: "£54, which is a tenth less"."""
    prices = {amount for use, _, amount, _ in supplied.money if use is Use.PLAIN}
    said = {Decimal(number) for number in re.findall(r"[£$€] ?(\d+(?:\.\d\d)?)\b", value.before)}
    return any(
        rounds(value, 100 - 100 * low / high) for low in prices & said for high in prices if low < high
    )


def _counted_out(value: Value, supplied: Supplied) -> bool:
    """Both numbers of "20 out of 25", where they were supplied."""
    numbers = re.findall(r"\d+", value.shown)
    counts = {amount for amount, _ in supplied.counts}
    return len(numbers) == 2 and {Decimal(number) for number in numbers} <= counts


def _rate(value: Value, _supplied: Supplied) -> bool:
    """The measure that a price is for ("£34 an hour"): it says nothing but the price, which is judged."""
    return value.other == 1 and _PRICE_BEFORE.search(value.before) is not None


def _free(value: Value, supplied: Supplied) -> bool:
    """So many months free, where a year costs so much less than twelve months."""
    if value.unit != "month" or not _OFF.match(value.after):
        return False
    prices = {amount for use, _, amount, _ in supplied.money if use is Use.PLAIN}
    return any(12 * month - year == value.amount * month for month in prices for year in prices)


def _area(value: Value, supplied: Supplied) -> bool:
    """An area or a volume whose number was supplied with its unit as a sign."""
    written = {item.other for item in (*supplied.stated, *supplied.named)}
    return value.amount in written and _SQUARE.match(value.after) is not None


def _lasts(value: Value, supplied: Supplied) -> bool:
    """How much it is in all: so many times a measure."""
    if not (TOTAL_AFTER.match(value.after) or TOTAL_BEFORE.search(value.before)):
        return False
    measures = {item.amount for item in supplied.stated if item.unit == value.unit and item.amount > 0}
    return any(
        value.amount == measure * count
        for measure, count in itertools.product(measures, times_given(supplied))
    )


def _apart(value: Value, supplied: Supplied) -> bool:
    """So much between two supplied times, weekdays or days."""
    if not _LATER.match(value.after):
        return False
    if value.unit == "min":
        times = [item.amount for item in supplied.stated if item.kind is Kind.TIME]
        return value.amount in {abs(first - second) for first, second in itertools.combinations(times, 2)}
    if value.unit != "day":
        return False
    weekdays = [WEEKDAYS.index(name) for name in dict.fromkeys(_WEEKDAY.findall(supplied.prose))]
    gaps = {Decimal((second - first) % 7) for first, second in itertools.combinations(weekdays, 2)}
    days = [day for day, _ in supplied.days]
    gaps |= {Decimal(abs((first - second).days)) for first, second in itertools.combinations(days, 2)}
    return value.amount in gaps


def _in_range(value: Value, supplied: Supplied) -> bool:
    """An end of a supplied range, where the copy has said the other one with its unit."""
    if value.unit:
        return False
    for text in supplied.sheet.statements:
        ends = _RANGE.search(text.lower())
        if ends is None:
            continue
        low, high = Decimal(ends[1]), Decimal(ends[2])
        other = {low: high, high: low}.get(value.amount)
        if other is not None and re.search(
            rf"(?<![\d.,]){other}(?:th|st|nd|rd)?\b", value.before + value.after
        ):
            return True
    return False


def _party(value: Value, supplied: Supplied) -> bool:
    """All of a listed party: "the four tickets" of two adults and two children."""
    if not _WHOLE.search(value.before):
        return False
    for text in supplied.sheet.statements:
        for group in GROUP.finditer(text.lower()):
            party = re.findall(r"(\d{1,2}) [a-z]+", group[1] or group[2] or "")
            if len(party) > 1 and value.amount == sum(map(int, party)):
                return True
    return False


def _days(value: Value, supplied: Supplied) -> bool:
    """How many days a supplied span of dates has, its first and its last one counted."""
    if value.unit != "day":
        return False
    spans = (_DATES.search(text.lower()) for text in supplied.sheet.statements)
    return any(span is not None and value.amount == int(span[2]) - int(span[1]) + 1 for span in spans)


def _degrees(value: Value, supplied: Supplied) -> bool:
    """Degrees of the other scale, to some few."""
    given = {item.unit: item.amount for item in supplied.stated}
    if value.unit == "fahrenheit" and "celsius" in given:
        return abs(value.amount - (given["celsius"] * 9 / 5 + 32)) <= 5
    if value.unit == "celsius" and "fahrenheit" in given:
        return abs(value.amount - (given["fahrenheit"] - 32) * 5 / 9) <= 3
    return False


def _each(value: Value, supplied: Supplied) -> bool:
    """So many of one thing for each of another one: "two a week" of twelve over six weeks."""
    if not _EACH.match(value.after):
        return False
    pairs = itertools.permutations(times_given(supplied), 2)
    return any(first == value.amount * second for first, second in pairs)


def _rest(value: Value, supplied: Supplied) -> bool:
    """What one count leaves of another one; the percentage that another one leaves."""
    if _TAKEN.match(value.after) and value.amount in supplied.differences:
        return True
    parts = (_INCLUDING.search(text.lower()) for text in supplied.sheet.statements)
    if any(part is not None and value.amount == int(part[1]) - int(part[2]) for part in parts):
        return True
    shares = {item.amount for item in supplied.stated if item.kind is Kind.PERCENT}
    if _PER_CENT.search(value.before) and value.amount in shares:  # "10% on two; 15 on three"
        return True
    return _OTHER.search(value.before) is not None and bool({value.amount, 100 - value.amount} & shares)


def _listed(value: Value, supplied: Supplied) -> bool:
    """How many things a supplied list has: "three countries" of France, Switzerland and Italy."""
    if not _ONES.match(value.after):
        return False
    for text in supplied.sheet.statements:
        found = _LIST.fullmatch(text.rsplit(": ", 1)[-1])
        if found is not None and value.amount == len(re.split(r", (?:and |& )?| (?:and|&) ", found[0])):
            return True
    return False


def _joined(value: Value, supplied: Supplied) -> bool:
    """A number that was supplied as one word with what stands before it: SPF30, A4."""
    word = re.search(r"([a-z]{1,8})[ -]$", value.before)
    return word is not None and re.search(rf"\b{word[1]}[ -]?{value.amount}\b", supplied.prose) is not None


def of_age(value: Value, supplied: Supplied) -> bool | None:
    """Whether "11 and under" is the age that was supplied as "under 12"; None where it is about none."""
    ages = {int(found[1]) - 1 for found in _UNDER.finditer(supplied.prose)}
    return value.amount in ages if ages and _AND_UNDER.match(value.after) else None


def _period(value: Value, supplied: Supplied) -> bool:
    """How often another price than the supplied ones is paid: that price is judged by itself."""
    price = _PRICE_BEFORE.search(value.before)
    amount = re.search(r"\d[\d,]*(?:\.\d+)?", price[0]) if price is not None else None
    return amount is not None and Decimal(amount[0].replace(",", "")) not in supplied.prices


def _elided(value: Value, supplied: Supplied) -> bool:
    """A number whose unit the copy said before: "ten years, the wheels for two"."""
    said = {UNITS[word][0] for word in re.findall(r"[a-z]+", value.before) if word in UNITS}
    return (
        any(
            item.kind is Kind.QUANTITY and item.unit in said and item.other == value.amount
            for item in supplied.stated
        )
        and _ELIDED.search(value.before) is not None
    )


def _threshold(value: Value, supplied: Supplied) -> bool:
    """What has to be spent, without its currency: "spend forty"."""
    if not _SPEND.search(value.before):
        return False
    return (Use.THRESHOLD, value.amount) in {(use, amount) for use, _, amount, _ in supplied.money}


def _rounded(value: Value, supplied: Supplied) -> bool:
    """A large count rounded down to hundreds."""
    round_down = value.amount >= _LARGE and value.amount % 100 == 0
    return round_down and any(value.amount <= truth < value.amount + 100 for truth, _ in supplied.counts)


def _open_days(value: Value, supplied: Supplied) -> bool:
    """How many days a week a supplied span of weekdays has."""
    if not (_A_WEEK.match(value.after) or _OPEN.search(value.before)):
        return False
    spans = _WEEKDAYS_TO.finditer(supplied.prose)
    counts = {(_SHORT.index(found[2]) - _SHORT.index(found[1])) % 7 + 1 for found in spans}
    return value.unit == "day" and value.amount in counts


def _week_on(value: Value, supplied: Supplied) -> bool:
    """A day that is counted from a weekday: a week on Saturday."""
    found = _ON_WEEKDAY.match(value.after)
    if value.unit != "day" or found is None:
        return False
    ahead = (_SHORT.index(found[1]) - supplied.today.weekday()) % 7
    day = supplied.today + dt.timedelta(days=ahead + int(value.amount))
    return any(day == other for other, _ in supplied.days)


def _dotted_time(value: Value, supplied: Supplied) -> bool:
    """A supplied time of day, its minutes behind a dot: "van 9.00 tot 17.30 uur"."""
    clock = _CLOCK.fullmatch(value.shown)
    times = {item.amount for item in supplied.stated if item.kind is Kind.TIME}
    return clock is not None and Decimal(60 * int(clock[1]) + int(clock[2])) in times


def _large(value: Value, supplied: Supplied) -> bool:
    """A large number whose unit the copy leaves out: a 10K rating of 10,000 mm."""
    written = {item.other for item in supplied.stated if item.kind is Kind.QUANTITY}
    return value.amount >= _LARGE and value.amount in written and not _THINGS.match(value.after)


def _arrives(value: Value, supplied: Supplied) -> bool:
    """A time that comes so long after another one as was supplied."""
    times = [item.amount for item in supplied.stated if item.kind is Kind.TIME]
    spans = [item.amount for item in supplied.stated if item.unit == "min"]
    return any(
        (start + span - value.amount) % _HALF_DAY == 0 for start, span in itertools.product(times, spans)
    )


def _deal(value: Value, supplied: Supplied) -> bool:
    """A part of "two for twenty", where so many were supplied at that price; one of what has a price."""
    if value.amount == 1 and value.after.startswith(" for "):
        return bool(supplied.prices)
    if supplied.per_person and _PAID_FOR.search(value.before):  # "£90 for two": the price is judged by it
        return True
    count = re.search(r"\b(\d{1,3}) for $", value.before)
    return (
        count is not None
        and re.search(rf"\b{count[1]} for [£$€] ?{value.amount}\b", supplied.prose) is not None
    )


_CHECKS: dict[Kind, tuple[Callable[[Value, Supplied], bool], ...]] = {
    Kind.MONEY: (follows_in_money,),
    Kind.PERCENT: (_share,),
    Kind.QUANTITY: (_rate, _lasts, _apart, _free, _days, _degrees, _open_days, _week_on),
    Kind.NUMBER: (
        *(_in_range, _party, _area, _each, _rest, _listed, _joined),
        *(_large, _deal, _elided, _threshold, _rounded, _dotted_time),
    ),
    Kind.PERIOD: (_period,),
    Kind.TIME: (_arrives,),
}
