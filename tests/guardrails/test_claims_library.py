"""Approved claims pass as they were approved, and no further."""

import datetime as dt
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.loader import load_brand
from app.brief.facts import FactSheet
from app.guardrails.frame import Context, Piece
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.settings import content_root
from app.verdicts.reports import Finding, Severity

DAY = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
LINING = "The lining of our down jackets is 80% recycled polyester."
BOTTLE = "The trail bottle keeps tea hot for up to 12 hours."
JUDGES = frozenset({"claims_library", "larkfell_material", "values", "oatmere_green"})
PASSES = (
    LINING,
    BOTTLE,
    "Our down jackets have a lining of 80 per cent recycled polyester",
    "Up to 12 hours hot: the trail bottle keeps tea.",
    "The trail bottle keeps tea hot for at most twelve hours.",
    "Selected socks are knitted from organic cotton.",
    "The trail bottle keeps tea hot.",
    "Pack the tea and a trail bottle for a long day.",
)
FAILS = (
    (LINING.replace("80", "90"), "says '90' where '80' was approved"),
    (BOTTLE.replace("12", "24"), "says '24' where '12' was approved"),
    (BOTTLE.replace("up to ", ""), "leaves out 'up to'"),
    (LINING.replace("The lining of our", "Our"), "leaves out 'lining'"),
    ("All our down jackets have a lining of 80% recycled polyester.", "adds 'all'"),
    ("Our socks are knitted from organic cotton.", "leaves out 'selected'"),
    ("All of our selected socks are knitted from organic cotton.", "adds 'all'"),
)


@cache
def _rules(brand: str) -> RuleBook:
    return RuleBook.of(load_brand(content_root() / "brand", brand))


def _blocked(
    text: str,
    as_of: dt.datetime = DAY,
    locale: str = "en-US",
    market: str | None = "US",
    brand: str = "larkfell",
) -> list[Finding]:
    rules = _rules(brand).localised(locale, market)
    facts = FactSheet(locale=locale)
    context = Context(rules, locale, as_of, market=market, facts=facts, tokens_only=False)
    report = judge(Piece(text), context)
    found = [finding for result in report.results for finding in result.findings]
    return [item for item in found if item.severity is Severity.BLOCK and item.rule in JUDGES]


@pytest.mark.parametrize("text", PASSES)
def test_an_approved_claim_passes_as_it_was_approved(text: str) -> None:
    assert _blocked(text) == []


@pytest.mark.parametrize(("text", "wrong"), FAILS)
def test_a_claim_that_says_more_is_refused_with_what_is_different(text: str, wrong: str) -> None:
    found = [item for item in _blocked(text) if item.rule == "claims_library"]
    assert [wrong in item.message for item in found] == [True]
    assert found[0].suggestion.startswith("write '")


def test_a_claim_rule_that_matches_names_the_entry() -> None:
    (found,) = [item for item in _blocked(LINING.replace("80", "90")) if item.rule == "larkfell_material"]
    assert "'recycled_polyester_share'" in found.message
    assert found.suggestion == f"write '{LINING}'"


@pytest.mark.parametrize(
    ("as_of", "market", "why"),
    [
        (dt.datetime(2027, 3, 15, 9, tzinfo=dt.UTC), "US", "expired on 2027-03-14"),
        (dt.datetime(2026, 3, 14, 9, tzinfo=dt.UTC), "US", "holds from 2026-03-15 on"),
        (DAY, "CA", "approved for US, GB, and not for CA"),
    ],
)
def test_an_entry_counts_on_its_days_and_in_its_markets(as_of: dt.datetime, market: str, why: str) -> None:
    found = _blocked(LINING, as_of, market=market)
    assert any(why in item.message for item in found if item.rule == "claims_library")
    assert any(item.rule == "larkfell_material" for item in found)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 15), dt.date(2027, 3, 14)])
def test_the_first_and_the_last_day_count(day: dt.date) -> None:
    assert _blocked(LINING, dt.datetime.combine(day, dt.time(12), dt.UTC)) == []


def test_another_brand_has_no_use_of_it() -> None:
    assert _blocked(BOTTLE, brand="oatmere")


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Die Trailflasche hält Tee bis zu 12 Stunden heiß.", True),
        ("Die Trailflasche hält Tee 12 Stunden heiß.", False),
        ("Die Trailflasche hält Tee bis zu 24 Stunden heiß.", False),
    ],
)
def test_in_german(text: str, passes: bool) -> None:
    assert (_blocked(text, locale="de-DE", market="DE") == []) is passes


@given(st.integers(0, 999).filter(lambda number: number != 80))
def test_no_other_number_passes(number: int) -> None:
    assert _blocked(LINING.replace("80", str(number)))
    assert number == 12 or _blocked(BOTTLE.replace("12", str(number)))
