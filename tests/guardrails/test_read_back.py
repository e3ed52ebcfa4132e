"""What a value is rendered as in a locale, the guardrails read back as the same value."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.facts import FactSheet
from app.guardrails.numbers import values_in
from app.guardrails.value_kinds import Kind

CURRENCIES = {"en-US": "USD", "en-GB": "GBP", "de-DE": "EUR", "fr-FR": "EUR", "de-CH": "CHF", "fr-CA": "CAD"}
LOCALES = st.sampled_from(sorted(CURRENCIES))


def rendered(locale: str, **fact: object) -> str:
    facts = {"x.value": {"source": "test", **fact}}
    return FactSheet.model_validate({"locale": locale, "facts": facts}).render("x.value")


@given(LOCALES, st.decimals("0.01", "99999.99", places=2))
def test_an_amount_of_money(locale: str, amount: Decimal) -> None:
    currency = CURRENCIES[locale]
    shown = rendered(locale, kind="money", role="price", value=amount, currency=currency)
    (value,) = values_in(shown, locale)
    assert (value.kind, value.amount) == (Kind.MONEY, amount)
    assert value.unit == currency


@given(LOCALES, st.decimals("0.01", "100", places=2))
def test_a_percentage(locale: str, amount: Decimal) -> None:
    (value,) = values_in(rendered(locale, kind="percent", role="discount", value=amount), locale)
    assert (value.kind, value.amount) == (Kind.PERCENT, amount)


@given(LOCALES, st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)))
def test_a_day(locale: str, day: dt.date) -> None:
    (value,) = values_in(rendered(locale, kind="date", role="starts", value=day), locale)
    assert (value.kind, value.amount) == (Kind.DATE, Decimal(100 * day.month + day.day))


@pytest.mark.parametrize("locale", CURRENCIES)
def test_a_count(locale: str) -> None:
    shown = rendered(locale, kind="quantity", role="quantity", value="12345")
    (value,) = values_in(shown, locale)
    assert value.amount == 12345
