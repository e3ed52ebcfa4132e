"""Days as people write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.plain_dates import moment_of

NEAR = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "locale", "day", "time"),
    [
        ("2026-12-06", "en-GB", (2026, 12, 6), None),
        ("2026-12-06 19:00", "en-GB", (2026, 12, 6), (19, 0)),
        ("2026-12-06T24:00", "en-GB", (2026, 12, 6), (23, 59, 59)),
        ("Sunday 6 December 2026", "en-GB", (2026, 12, 6), None),
        ("Sunday, the 6th of December", "en-GB", (2026, 12, 6), None),
        ("Dec. 6, 2026, 7pm", "en-US", (2026, 12, 6), (19, 0)),
        ("12 am on 6 Dec", "en-GB", (2026, 12, 6), (0, 0)),
        ("3 January", "en-GB", (2027, 1, 3), None),
        ("6/12/2026", "en-GB", (2026, 12, 6), None),
        ("21/09/2026", "en-US", (2026, 9, 21), None),
        ("12/6/26", "en-US", (2026, 12, 6), None),
        ("6.12.2026", "de-DE", (2026, 12, 6), None),
        ("Sonntag, den 6. Dezember", "de-DE", (2026, 12, 6), None),
        ("le dimanche 6 décembre 2026", "fr-FR", (2026, 12, 6), None),
        ("domingo 6 de diciembre de 2026", "es-ES", (2026, 12, 6), None),
        ("first Monday in September 2026", "en-GB", (2026, 9, 7), None),
        ("the last Friday of May 2027", "en-GB", (2027, 5, 28), None),
        ("Friday", "en-GB", (2026, 11, 27), None),
        ("Thursday", "en-GB", (2026, 12, 3), None),
    ],
)
def test_days_are_read(
    text: str, locale: str, day: tuple[int, int, int], time: tuple[int, ...] | None
) -> None:
    found = moment_of(text, locale, NEAR)
    hour, minute, second = (*(time or ()), 0, 0, 0)[:3]
    assert found == (dt.date(*day), None if time is None else dt.time(hour, minute, second))


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31 February", "6 December for members", "December", "6", "2026", "13/13/2026", "25:00"],
)
def test_what_is_no_day_or_more_than_a_day_is_left(text: str) -> None:
    assert moment_of(text, "en-GB", NEAR) is None


def test_a_day_without_its_year_needs_a_day_to_be_close_to() -> None:
    assert moment_of("6 December", "en-GB", None) is None
    assert moment_of("Sunday", "en-GB", None) is None


@given(st.text(max_size=30), st.sampled_from(["en-US", "de-DE", "xx", ""]))
def test_any_text_is_read_or_left(text: str, locale: str) -> None:
    moment_of(text, locale, NEAR)
