"""Values: no raw value in copy with tokens, tokens in their role, human copy compared with the facts."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.facts import FactSheet
from app.brief.plain_facts import fact_sheet_from_plain
from app.guardrails import values
from app.guardrails.frame import Context, Piece
from app.guardrails.numbers import values_in
from app.guardrails.suite import judge, run_one
from app.verdicts.reports import Finding, Severity, Verdict
from tests.factories import AS_OF, make_context

SHEET = FactSheet.model_validate(
    {
        "locale": "en-US",
        "facts": {
            "offer.discount": {"kind": "percent", "role": "discount", "value": 20, "source": "t"},
            "offer.ends": {
                "kind": "deadline",
                "role": "ends",
                "value": "2026-12-01T20:00:00Z",
                "source": "t",
            },
            "offer.code": {"kind": "code", "role": "code", "value": "HILL20", "source": "t"},
            "product.price": {
                "kind": "money",
                "role": "price",
                "value": 90,
                "currency": "USD",
                "source": "t",
            },
            "product.was": {
                "kind": "money",
                "role": "was_price",
                "value": 120,
                "currency": "USD",
                "source": "t",
            },
            "product.saving": {
                "kind": "money",
                "role": "saving",
                "value": 30,
                "currency": "USD",
                "source": "t",
            },
            "product.name": {"kind": "product", "role": "product", "value": "Tarn Jacket", "source": "t"},
            "product.link": {
                "kind": "url",
                "role": "link",
                "value": "https://fernhill.example/t",
                "source": "t",
            },
            "range.price": {
                "kind": "money",
                "role": "from_price",
                "value": 40,
                "currency": "USD",
                "source": "t",
            },
            "range.starts": {"kind": "date", "role": "starts", "value": "2026-11-24", "source": "t"},
            "walk.day": {"kind": "date", "role": "event_date", "value": "2026-12-05", "source": "t"},
            "walk.stock": {"kind": "stock", "role": "stock", "value": 6, "source": "t"},
            "old.price": {
                "kind": "money",
                "role": "price",
                "value": 10,
                "currency": "USD",
                "source": "t",
                "valid_until": "2026-01-01T00:00:00Z",
            },
        },
    }
)
PASSES = (
    "Is it the right one for long runs?",
    "Take {offer.discount} off your next pack",
    "Save {offer.discount} until {offer.ends}",
    "Here is {offer.discount} off. Use code {offer.code} before {offer.ends}.",
    "The {product.name} is now {product.price}, was {product.was}",
    "The {product.name} for {product.price}",
    "You save {product.saving} on the {product.name}",
    "Jackets from {range.price}",
    "The range opens {range.starts}",
    "Walk with us on {walk.day}",
    "Only {walk.stock} left",
    "One of us will help you, second to none",
    "A first look at one more thing",
    "No one knows the hills like you",
    "A half-zip for nine-to-five and the four seasons",
    "You may march on, and we will help on slow Sundays",
)
FAILS = (
    ("From {offer.discount} each", None, "{offer.discount}"),
    ("Only {offer.discount}", None, "{offer.discount}"),
    ("Take {offer.discount} to your next hike", None, "{offer.discount}"),
    ("{offer.discount} off your last walk", None, "{offer.discount}"),
    ("Up to {offer.discount} off", None, "{offer.discount}"),
    ("Save {product.price} today", None, "{product.price}"),
    ("{product.price} off the {product.name}", None, "{product.price}"),
    ("From {product.price}", None, "{product.price}"),
    ("Now {product.was}", None, "{product.was}"),
    ("It starts {offer.ends}", None, "{offer.ends}"),
    ("Enjoy {offer.ends} with us", None, "{offer.ends}"),
    ("Go until {range.starts}", None, "{range.starts}"),
    ("Wear {offer.code} on the hill", None, "{offer.code}"),
    ("See {product.link}", None, "{product.link}"),
    ("{product.name} off", None, "{product.name}"),
    ("Until {product.name}", None, "{product.name}"),
    ("The {product.name} and the {product.name}", None, "{product.name}"),
    ("Yours for {other.price}", None, "{other.price}"),
    ("Yours for {old.price}", None, "{old.price}"),
    ("Save 20% today", "price_discount_ungrounded", "20%"),
    ("Half price boots", "price_discount_ungrounded", "Half price"),
    ("Two for one on socks", "price_discount_ungrounded", "Two for one"),
    ("Twenty percent off", "price_discount_ungrounded", "Twenty percent"),
    ("Boots for $90", "ungrounded_number", "$90"),
    ("A tenner for socks", "ungrounded_number", "A tenner"),
    ("Ends Tuesday", "ungrounded_number", None),
    ("Only until Friday", "ungrounded_number", None),
    ("Back on 14 February", "ungrounded_number", "14 February"),
    ("Use code HILLS for more", "ungrounded_number", "HILLS"),
    ("Write to hi@fernhill.example", "ungrounded_number", "hi@fernhill.example"),
    ("Look at www.fernhill.example", "ungrounded_number", None),
    ("Ring 0117 496 0000 now", "ungrounded_number", "0117 496 0000"),
    ("Save １５％ on boots", "price_discount_ungrounded", "１５％"),
    ("Pack ٣ socks", "ungrounded_number", "٣"),
    ("Three new jackets", "ungrounded_number", "Three"),
    ("Dries in half the time", "ungrounded_number", "half the time"),
)


def found(text: str, **context: Any) -> list[Finding]:
    result = run_one(values.GUARDRAIL, Piece(text), make_context(**{"facts": SHEET, **context}))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    return list(result.findings)


@pytest.mark.parametrize("text", PASSES)
def test_tokens_in_their_role_and_idioms_pass(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "category", "words"), FAILS)
def test_raw_values_and_wrong_roles_are_refused(text: str, category: str | None, words: str | None) -> None:
    findings = found(text)
    assert findings
    assert all(item.severity is Severity.BLOCK for item in findings)
    assert category is None or category in {item.category for item in findings}
    assert words is None or words in [text[item.start : item.end] for item in findings]


DIGITS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)).startswith("N")]


@given(st.text(max_size=30), st.sampled_from(DIGITS), st.text(max_size=30))
def test_invariant_1_no_digit_of_any_script_passes_in_copy_with_tokens(
    before: str, digit: str, after: str
) -> None:
    before = before.replace("{", "")
    findings = found(before + digit + after.replace("}", ""))
    assert any(item.start <= len(before) < item.end for item in findings)


@given(st.text(max_size=200), st.booleans())
def test_any_text_gets_an_answer_with_spans_inside_it(text: str, stored: bool) -> None:
    for item in found(text, tokens_only=stored):
        assert 0 <= item.start <= item.end <= len(text)
        assert item.message


def human(text: str, plain: dict[str, Any] | None, locale: str = "en-GB") -> set[str]:
    sheet, as_of = None, AS_OF
    if plain is not None:
        sheet, extras = fact_sheet_from_plain(plain, locale)
        as_of, locale = extras.send_date or AS_OF, sheet.locale
    context = make_context(facts=sheet, tokens_only=False, locale=locale, as_of=as_of)
    return {item.category for item in values.check(Piece(text), context) if item.severity is Severity.BLOCK}


@pytest.mark.parametrize(
    ("text", "plain", "category"),
    [
        ("Half price saddles", {"percent_off": "50%"}, None),
        ("Half price saddles", {"percent_off": "25%"}, "price_discount_ungrounded"),
        ("Just £28", {"price": "£28"}, None),
        ("Save £28", {"price": "£28"}, "price_discount_ungrounded"),
        ("Now £120", {"price": "£90", "was_price": "£120"}, "ungrounded_number"),
        ("A quarter off", {"price": "£90", "was_price": "£120"}, None),
        ("15% of riders", {"percent_off": "15%"}, "ungrounded_number"),
        ("The Route 66 jacket", {"product": "Route 66 jacket"}, None),
        ("Route 67 jacket", {"product": "Route 66 jacket"}, "ungrounded_number"),
        ("Ends tomorrow", {"end": "2026-02-14", "send_date": "2026-02-13"}, None),
        ("Massive markdowns", {}, "price_discount_ungrounded"),
        ("Save the date", {}, None),
        ("Ninety-nine jackets", {"numbers": ["99"]}, None),
        ("Twelve dozen buns", {"numbers": ["144"]}, None),
    ],
)
def test_human_copy_is_compared_by_value_and_role(
    text: str, plain: dict[str, Any], category: str | None
) -> None:
    assert human(text, plain) == ({category} if category else set())


def test_without_facts_a_value_in_human_copy_only_warns() -> None:
    context = make_context(facts=None, tokens_only=False)
    findings = list(values.check(Piece("Save 20% until Friday"), context))
    assert findings
    assert {item.severity for item in findings} == {Severity.WARN}


def test_values_in_reads_both_groupings_and_a_scale() -> None:
    amounts = [values_in(text, "de-DE")[0].amount for text in ("€1.299,00", "€1,299.00", "€1.3k")]
    assert [str(amount.normalize()) for amount in amounts] == ["1299", "1299", "1.3E+3"]


def test_a_fact_is_judged_for_the_moment_of_the_copy() -> None:
    early = found("Yours for {old.price}", as_of=dt.datetime(2025, 12, 1, tzinfo=dt.UTC))
    assert early == []


def test_the_rule_answers_inside_a_report() -> None:
    context: Context = make_context(facts=SHEET, allowed_tokens=frozenset(SHEET.facts))
    result = next(item for item in judge(Piece("Save 5%"), context).results if item.rule == "values")
    assert result.verdict is Verdict.FAIL
