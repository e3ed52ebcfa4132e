"""Days as people write them: "2026-12-06", "Sunday 6 December", "Dec 6, 2026, 7pm", "6.12.2026"."""

import datetime as dt
import functools
import re

from babel import Locale

_ISO_LENGTH = 10
_END_OF_DAY = dt.time(23, 59, 59)
_LANGUAGES = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})
_WORDS = frozenset(
    [
        *("the", "of", "on", "at", "by", "den", "der", "am", "um", "uhr", "le", "la", "de", "du", "à", "h"),
        *("el", "del", "a", "il", "di", "om", "op"),
    ]
)
"""Words inside a date that say nothing of their own."""
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.h](\d\d))? ?(am|pm)\b|\b(\d{1,2}):(\d\d)\b", re.IGNORECASE)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_NTHS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_NTH = re.compile(rf"(?:the )?({'|'.join(_NTHS)}) ([a-z]+) (?:in|of) ([a-z]+),? (\d{{4}})")
_TOKEN = re.compile(r"(\d+)(?:st|nd|rd|th|er|\.)?|[^\W\d_]+", re.IGNORECASE)
_NOON, _HOURS, _MINUTES = 12, 24, 60
_CENTURY = 100
_LAST_DAY = 31


def moment_of(text: str, locale: str, near: dt.datetime | None) -> tuple[dt.date, dt.time | None] | None:
    """The day, and the time where one is given; None for text that says more than a day.

    A day without its year is the one closest to `near`, a weekday alone the next one from there on.
    """
    found = _iso(text)
    if found is not None:
        return found
    time, rest = _time(text)
    day = (
        _nth(rest)
        or _numeric(rest, locale)
        or _in_words(rest, locale, near.date() if near is not None else None)
    )
    return None if day is None else (day, time)


def _iso(text: str) -> tuple[dt.date, dt.time | None] | None:
    try:
        if len(text) == _ISO_LENGTH:
            return dt.date.fromisoformat(text), None
        if text.endswith("24:00"):
            return dt.date.fromisoformat(text[:_ISO_LENGTH]), _END_OF_DAY
        parsed = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.date(), parsed.timetz()


def _time(text: str) -> tuple[dt.time | None, str]:
    """The time of day in a text, and the text without it."""
    match = _CLOCK.search(text)
    if match is None:
        return None, text
    hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
    if match[3]:
        hour = hour % _NOON + _NOON * (match[3].lower() == "pm")
    if hour >= _HOURS or minute >= _MINUTES:
        return None, text
    return dt.time(hour, minute), f"{text[: match.start()]} {text[match.end() :]}"


def _numeric(text: str, locale: str) -> dt.date | None:
    match = _NUMERIC.fullmatch(text.strip(" ,"))
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    year = year if year > _CENTURY else 2000 + year
    orders = [(first, second), (second, first)]  # the other one where the usual one gives no date
    return next(
        filter(None, (_date(year, *order) for order in orders[:: 1 if locale == "en-US" else -1])), None
    )


def _nth(text: str) -> dt.date | None:
    """The first Monday in September 2026."""
    match = _NTH.fullmatch(text.strip().lower())
    months, weekdays = _names("en")
    if match is None or match[2] not in weekdays or match[3] not in months:
        return None
    year, month = int(match[4]), months[match[3]]
    days = (dt.date(year, month, 1) + dt.timedelta(days=ahead) for ahead in range(_LAST_DAY))
    found = [day for day in days if day.month == month and day.weekday() == weekdays[match[2]]]
    return found[_NTHS[match[1]]]


def _in_words(text: str, locale: str, near: dt.date | None) -> dt.date | None:
    months, weekdays = _names(locale.split("-", maxsplit=1)[0].lower())
    day = month = year = weekday = None
    for match in _TOKEN.finditer(text):
        word = match[0].lower().strip(".")
        if match[1] and int(match[1]) <= _LAST_DAY and day is None:
            day = int(match[1])
        elif match[1] and len(match[1]) == 4 and year is None:
            year = int(match[1])
        elif word in months and month is None:
            month = months[word]
        elif word in weekdays and weekday is None:
            weekday = weekdays[word]
        elif word not in _WORDS:
            return None
    if day is not None and month is not None:
        return _date(year, month, day) if year is not None else _closest(month, day, near)
    if weekday is None or near is None or (day, month, year) != (None, None, None):
        return None
    return near + dt.timedelta(days=(weekday - near.weekday()) % 7)


@functools.cache
def _names(language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Names of months and weekdays, in the language and in English."""
    months: dict[str, int] = {"sept": 9}
    weekdays: dict[str, int] = {"tues": 1, "thurs": 3, "thur": 3}
    for known in (Locale(language if language in _LANGUAGES else "en"), Locale("en")):
        for width in ("wide", "abbreviated"):
            months |= {name.lower().strip("."): n for n, name in known.months["format"][width].items()}
            weekdays |= {name.lower().strip("."): n for n, name in known.days["format"][width].items()}
    return months, weekdays


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:  # 31 February
        return None


def _closest(month: int, day: int, near: dt.date | None) -> dt.date | None:
    if near is None:
        return None
    found = (_date(year, month, day) for year in (near.year - 1, near.year, near.year + 1))
    return min((date for date in found if date is not None), key=lambda date: abs(date - near), default=None)
