"""Facts: what each kind reads like in a locale, which role it may have, and when it holds."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.brief.facts import Fact, FactSheet, Feed, MoneyFact, Role

ADAPTER: TypeAdapter[Fact] = TypeAdapter(Fact)
NEW_YORK = ZoneInfo("America/New_York")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR")
VALUES: dict[str, tuple[str, object]] = {
    "money": ("price", "129.00"),
    "percent": ("discount", "20"),
    "date": ("starts", "2026-11-27"),
    "deadline": ("ends", "2026-12-02T04:00:00+00:00"),
    "quantity": ("quantity", "3"),
    "stock": ("stock", "12"),
    "url": ("link", "https://fernhill.example/a?b=1"),
    "code": ("code", "TRAIL20"),
    "product": ("product", "Cedar Pack"),
    "name": ("name", "Cedar"),
}
"""By kind: a role and a value that fit."""
ROLES: dict[str, set[str]] = {
    "money": {"price", "was_price", "from_price", "saving"},
    "percent": {"discount"},
    "date": {"starts", "event_date"},
    "deadline": {"ends"},
    "quantity": {"quantity"},
    "stock": {"stock"},
    "url": {"link"},
    "code": {"code"},
    "product": {"product"},
    "name": {"name"},
}


def fact(kind: str, value: object = None, **overrides: Any) -> Fact:
    role, usual = VALUES[kind]
    given = {"kind": kind, "role": role, "value": usual if value is None else value, "source": "shop"}
    if kind == "money":
        given["currency"] = "USD"
    return ADAPTER.validate_python({**given, **overrides})


def refusal(kind: str, value: object = None, **overrides: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        fact(kind, value, **overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "currency", "shown"),
    [
        ("money", "129.00", "USD", ("$129", "US$129", "129\xa0$", "129\xa0$US")),
        ("money", "129.50", "EUR", ("€129.50", "€129.50", "129,50\xa0€", "129,50\xa0€")),
        ("money", "1234.5", "GBP", ("£1,234.50", "£1,234.50", "1.234,50\xa0£", "1\u202f234,50\xa0£GB")),
        ("money", "0.50", "USD", ("$0.50", "US$0.50", "0,50\xa0$", "0,50\xa0$US")),
        ("percent", "20", None, ("20%", "20%", "20\xa0%", "20\xa0%")),
        ("percent", "12.5", None, ("12.5%", "12.5%", "12,5\xa0%", "12,5\xa0%")),
        ("percent", "100", None, ("100%", "100%", "100\xa0%", "100\xa0%")),
        ("date", "2026-11-27", None, ("November 27", "27 November", "27. November", "27 novembre")),
        ("date", "2026-12-01", None, ("December 1", "1 December", "1. Dezember", "1er décembre")),
        (
            "deadline",
            "2026-12-02T04:00:00+00:00",
            None,
            ("December 1", "1 December", "1. Dezember", "1er décembre"),
        ),
        ("quantity", "3", None, ("3", "3", "3", "3")),
        ("stock", "12345", None, ("12,345", "12,345", "12.345", "12\u202f345")),
        ("url", "https://fernhill.example/a?b=1", None, ("https://fernhill.example/a?b=1",) * 4),
        ("code", "TRAIL20", None, ("TRAIL20",) * 4),
        ("product", "Cedar Pack", None, ("Cedar Pack",) * 4),
        ("name", "Cedar", None, ("Cedar",) * 4),
    ],
)
def test_a_value_in_each_locale(kind: str, value: str, currency: str | None, shown: tuple[str, ...]) -> None:
    made = fact(kind, value, **({"currency": currency} if currency else {}))
    assert tuple(made.render(locale, NEW_YORK) for locale in LOCALES) == shown


def test_a_deadline_is_the_last_day_in_the_readers_zone() -> None:
    made = fact("deadline", "2026-12-02T04:00:00+00:00")
    assert made.render("en-US", ZoneInfo("UTC")) == "December 2"
    assert made.render("en-US", NEW_YORK) == "December 1"


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("role", Role)
def test_a_kind_takes_the_roles_that_it_can_mean(kind: str, role: Role) -> None:
    if role.value in ROLES[kind]:
        assert fact(kind, role=role.value).role is role
    else:
        assert "role" in refusal(kind, role=role.value)


def test_every_role_belongs_to_a_kind() -> None:
    assert set().union(*ROLES.values()) == {role.value for role in Role}


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("money", {"value": "0"}, "greater than 0"),
        ("money", {"value": "-5"}, "greater than 0"),
        ("money", {"value": "1.999"}, "2 decimal places"),
        ("money", {"value": "1e12"}, "no more than 12 digits"),
        ("money", {"value": "NaN"}, "finite number"),
        ("money", {"currency": "dollars"}, "match pattern"),
        ("money", {"currency": "USX"}, "'USX' is no currency"),
        ("money", {"currency": "JPY", "value": "129.50"}, "an amount in JPY has no decimals"),
        ("percent", {"value": "0"}, "greater than 0"),
        ("percent", {"value": "101"}, "less than or equal to 100"),
        ("date", {"value": "27 Nov"}, "valid date"),
        ("deadline", {"value": "2026-12-02T04:00:00"}, "timezone"),
        ("quantity", {"value": "-1"}, "greater than or equal to 0"),
        ("url", {"value": "http://fernhill.example/"}, "match pattern"),
        ("url", {"value": "javascript:alert(1)"}, "match pattern"),
        ("url", {"value": "https://fernhill.example/ x"}, "match pattern"),
        ("name", {"value": "{person.city}"}, "match pattern"),
        ("product", {"value": "<b>Pack</b>"}, "match pattern"),
        ("code", {"value": ""}, "at least 1 character"),
        ("name", {"value": "x" * 81}, "at most 80 characters"),
        ("code", {"colour": "red"}, "Extra inputs"),
        ("code", {"source": " "}, "at least 1 character"),
        ("code", {"valid_from": "2026-11-20T09:00:00"}, "timezone"),
        (
            "code",
            {"valid_from": "2026-11-20T09:00:00+00:00", "valid_until": "2026-11-20T09:00:00+00:00"},
            "valid_from is not before valid_until",
        ),
    ],
)
def test_values_that_are_refused(kind: str, changes: dict[str, Any], words: str) -> None:
    assert words in refusal(kind, **changes)


def test_yen_without_decimals_is_a_price() -> None:
    assert fact("money", "12900", currency="JPY").render("en-US", NEW_YORK) == "¥12,900"


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "valid"),
    [
        (None, None, True),
        (NOON, None, True),
        (None, NOON, True),
        (NOON + dt.timedelta(seconds=1), None, False),
        (None, NOON - dt.timedelta(seconds=1), False),
        (NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=1), True),
    ],
)
def test_a_fact_holds_within_its_window(
    valid_from: dt.datetime | None, valid_until: dt.datetime | None, valid: bool
) -> None:
    assert fact("code", valid_from=valid_from, valid_until=valid_until).valid_at(NOON) is valid


@given(st.decimals("0.01", "999999.99", places=2), st.sampled_from(LOCALES))
def test_rendered_money_keeps_its_amount(amount: Decimal, locale: str) -> None:
    shown = fact("money", amount).render(locale, NEW_YORK)
    digits = "".join(character for character in shown if character.isdigit())
    whole = amount == amount.to_integral_value()
    assert digits == str(int(amount) if whole else int(amount * 100)).zfill(1 if whole else 3)


@given(st.decimals("0.01", "100", places=2), st.sampled_from(LOCALES))
def test_rendered_percentages_keep_their_value(value: Decimal, locale: str) -> None:
    shown = fact("percent", value).render(locale, NEW_YORK)
    assert Decimal(shown.rstrip("%\xa0\u202f").replace(",", ".")) == value
    assert shown.endswith("%")


@given(st.dates(), st.sampled_from(LOCALES))
def test_a_rendered_day_has_its_number_and_no_year(day: dt.date, locale: str) -> None:
    shown = fact("date", day).render(locale, NEW_YORK)
    assert "".join(character for character in shown if character.isdigit()) == str(day.day)


class TestSheet:
    def test_a_value_by_its_name(self) -> None:
        sheet = FactSheet(
            locale="de-DE", time_zone="Europe/Berlin", facts={"offer.discount": fact("percent")}
        )
        assert sheet.render("offer.discount") == "20\xa0%"

    def test_a_name_that_the_sheet_lacks(self) -> None:
        with pytest.raises(KeyError, match=r"offer\.code"):
            FactSheet(locale="en-US").render("offer.code")


class TestFeed:
    def feed(self, **overrides: Any) -> Feed:
        item = {"name": "Pack", "price": fact("money").model_dump(), "link": "https://fernhill.example/p"}
        given = {"source": "export", "observed_at": NOON, "lifetime_hours": 24, "items": [item]}
        return Feed.model_validate({**given, **overrides})

    @pytest.mark.parametrize(
        ("hours", "fresh"), [(0, True), (24, True), (24.01, False), (-0.01, False), (1000, False)]
    )
    def test_freshness(self, hours: float, fresh: bool) -> None:
        assert self.feed().fresh_at(NOON + dt.timedelta(hours=hours)) is fresh

    @pytest.mark.parametrize(
        "changes",
        [
            {"items": []},
            {"lifetime_hours": 0},
            {"lifetime_hours": 24 * 91},
            {"observed_at": "2026-11-20T09:00:00"},
            {"source": ""},
            {"colour": "red"},
        ],
    )
    def test_feeds_that_are_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(ValidationError, match=next(iter(changes))):
            self.feed(**changes)

    def test_prices_are_typed(self) -> None:
        assert isinstance(self.feed().items[0].price, MoneyFact)
