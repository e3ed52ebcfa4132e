"""The plain facts of the check door as a typed sheet."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.plain_facts import fact_sheet_from_plain
from app.brief.plain_readers import READERS
from app.errors import ContentError

ALL: dict[str, Any] = {
    "price": "£49",
    "was_price": 65.0,
    "saving": "£16",
    "percent_off": "15%",
    "range": ["10%", "40%"],
    "prior_30d_lowest": "£46",
    "offer": "3 for 2 on jars",
    "free_terms": "Free delivery over £60",
    "code": "BOOT10",
    "product": "Tarn kettle",
    "start": "2026-02-01",
    "end": "2026-02-14",
    "send_date": "2026-02-10",
    "dates": ["2026-03-05 19:00", "Friday"],
    "stock": 41,
    "stock_total": 300,
    "numbers": ["7", 10],
    "prices": ["£25"],
    "specs": {"battery": "10 h"},
    "finance": {"months": 6},
    "urls": ["https://fernhill.example/saddles"],
    "url_policy": "exact",
    "phones": ["+44 117 496 0000"],
    "emails": ["hello@fernhill.example"],
    "address": "3 Quay Street",
    "approved_claims": ["rated 4.3/5"],
    "testimonials": ["Solid"],
    "competitors": ["Zenbike"],
    "profile": {"interest": "ceramics"},
    "allowed_vars": ["first_name"],
    "audience": "members",
    "event": "March class",
    "locale": "en-GB",
    "message_type": "transactional",
}


def test_every_key_of_the_design_is_read() -> None:
    assert set(ALL) == set(READERS)
    sheet, extras = fact_sheet_from_plain(ALL, "en-US")
    roles = {name: fact.role.value for name, fact in sheet.facts.items()}
    assert roles["plain.price"] == "price"
    assert roles["plain.was_price"] == "was_price"
    assert roles["plain.percent_off"] == "discount"
    assert roles["plain.end"] == "ends"
    assert roles["plain.stock"] == "stock"
    assert roles["plain.code"] == "code"
    assert extras.message_type == "transactional"
    assert extras.allowed_vars == ("first_name",)
    assert extras.competitors == ("Zenbike",)
    assert extras.url_policy == "exact"
    assert "3 for 2 on jars" in sheet.statements
    assert "save 10% - 40%" in sheet.statements


@pytest.mark.parametrize(
    ("value", "amount", "currency"),
    [
        ("£1,450", "1450", "GBP"),
        ("$1.45k", "1450", "USD"),
        (49.0, "49", "GBP"),
        (49.99, "49.99", "GBP"),
        ("12.50 EUR", "12.5", "EUR"),
    ],
)
def test_money_is_read_with_its_currency(value: object, amount: str, currency: str) -> None:
    sheet, _ = fact_sheet_from_plain({"price": value}, "en-GB")
    fact = sheet.facts["plain.price"]
    assert fact.kind == "money"
    assert (fact.value, fact.currency) == (Decimal(amount), currency)


def test_prose_becomes_a_statement() -> None:
    sheet, _ = fact_sheet_from_plain({"price": "£6.50 per box, weekly", "end": "Tuesday"}, "en-GB")
    assert set(sheet.statements) == {"£6.50 per box, weekly", "ends Tuesday"}
    assert sheet.facts["plain.price"].render("en-GB", None) == "£6.50"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"prise": 1}, "did you mean 'price'?"),
        ({"stock": "many"}, "is no number"),
        ({"percent_off": "lots"}, "is no percentage"),
        ({"percent_off": 150}, "percent"),
        ({"range": "40% to 10%"}, "is no range"),
        ({"profile": ["10 h"]}, "names with values"),
        ({"profile": 3}, "names with values"),
        ({"stock": "many left"}, "is no number"),
        ({"price": True}, "true or false"),
        ({"price": float("inf")}, "finite"),
        ({"send_date": "soon"}, "is no date"),
        ({"message_type": "spam"}, "message_type"),
        ({"price": "£60", "was_price": "£50"}, "not below was_price"),
        ({"start": "2026-03-01", "end": "2026-02-01"}, "ends before it starts"),
        ({"offer": ""}, "is empty"),
        ({"url": "https://a.example", "urls": ["https://b.example"]}, "means the same as 'urls'"),
    ],
)
def test_what_cannot_be_meant_is_refused(plain: dict[str, Any], words: str) -> None:
    with pytest.raises(ContentError, match="problem") as caught:
        fact_sheet_from_plain(plain, "en-GB")
    assert words in str(caught.value)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        fact_sheet_from_plain({"prise": 1, "stock": "many", "sttart": 2}, "en-GB")
    assert len(caught.value.problems) == 3


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"event": {"name": "Supper", "date": "2026-11-06", "time": "18:30", "places": 40}}, "40 places"),
        ({"event": {"name": "Supper", "time": "18:30"}}, "time: 18:30"),
        ({"price": {"adult": "£12", "under_5": "£0"}}, "under 5: £0"),
        ({"was_price": {"jug": "£30"}}, "was jug: £30"),
        ({"percent_off": {"silk": "20%", "wool": "10 %"}}, "save 10% wool"),
        ({"percent_off": ["20%", 30]}, "save 30%"),
        ({"end": {"shop": "Sunday", "web": "2026-12-01"}}, "ends 2026-12-01"),
        ({"start": ["Friday", "Saturday"]}, "starts Friday"),
        ({"stock": {"size M": 3}}, "3 size M"),
        ({"product": {"name": "Tarn kettle", "holds": "1.5 l"}}, "holds: 1.5 l"),
        ({"free_terms": {"delivery": "over £60"}}, "delivery: over £60"),
        ({"testimonials": [{"quote": "Solid", "by": "Ada"}]}, "Solid, Ada"),
    ],
)
def test_an_object_is_read_by_its_names(plain: dict[str, Any], said: str) -> None:
    sheet, _ = fact_sheet_from_plain(plain, "en-GB")
    assert said in sheet.statements


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"percent_off": "20% off boots"}, "20% off boots"),
        ({"percent_off": "15% with the code"}, "save 15% with the code"),
        ({"percent_off": "bis zu 40%", "locale": "de-DE"}, "spare bis zu 40%"),
        ({"offers": ["3 for 2 on jars"]}, "3 for 2 on jars"),
        ({"date": "2026-12-06"}, "2026-12-06"),
        ({"phone": "+44 117 496 0000"}, "+44 117 496 0000"),
    ],
)
def test_prose_and_other_names_of_the_keys_are_read(plain: dict[str, Any], said: str) -> None:
    sheet, _ = fact_sheet_from_plain(plain, "en-GB")
    assert said in sheet.statements


def test_the_parts_of_an_event_have_their_meaning() -> None:
    event = {"name": "Supper club", "date": "2026-11-06", "time": "18:30"}
    sheet, extras = fact_sheet_from_plain({"event": event, "urls": {"shop": "https://a.example"}}, "en-GB")
    assert [fact.role.value for fact in sheet.facts.values()] == ["event_date"]
    assert (extras.names, extras.event) == (("Supper club",), "Supper club; 2026-11-06; 18:30")
    assert extras.urls == ("https://a.example",)


@given(st.dictionaries(st.sampled_from(sorted(READERS)), VALUES, max_size=4))
def test_any_value_is_read_or_refused_with_words(plain: dict[str, Any]) -> None:
    try:
        sheet, _ = fact_sheet_from_plain(plain, "en-US")
    except ContentError:
        return
    assert sheet.locale


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"specs": ["10 h", "red"]}, ("10 h", "red")),
        ({"free_terms": ["over £60", "UK only"]}, ("over £60", "UK only")),
        ({"percent_off": "up to 40%"}, ("up to 40%",)),
        ({"range": "from £18 a night"}, ("from £18 a night",)),
        ({"price": ["£18", "£24"]}, ("£18", "£24")),
        ({"stock": "12 pairs"}, ("12 pairs",)),
        ({"numbers": {"cards": "500"}}, ("cards: 500",)),
        ({"prices": {"case of 6": "£84", "bottle": "£16"}}, ("case of 6: £84", "bottle: £16", "2 prices")),
        ({"dates": {"dispatch": "Friday"}}, ("dispatch: Friday",)),
    ],
)
def test_facts_may_be_given_as_people_write_them(plain: dict[str, Any], said: tuple[str, ...]) -> None:
    statements = fact_sheet_from_plain(plain, "en-GB")[0].statements
    assert all(any(text in statement for statement in statements) for text in said), statements


def test_a_day_that_is_given_by_name_is_a_day_of_the_facts() -> None:
    sheet, _ = fact_sheet_from_plain({"dates": {"dispatch": "2026-11-30"}}, "en-GB")
    assert [fact.role.value for fact in sheet.facts.values()] == ["event_date"]
