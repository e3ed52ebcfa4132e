"""Offers as data: what loading proves of stacks and flags, and the arithmetic of discounts and margins."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.brand.offers import (
    Offer,
    Offers,
    discounted,
    keeps_margin,
    margin_floor,
    most_discount,
    stack_of,
    stack_problems,
    together,
)
from app.yaml12 import Document
from tests.brand.broken import broken, put
from tests.content.small_brand import SmallBrand

TIERS = ("new", "standard", "loyal")
PERCENTS = st.decimals("0.5", 90, places=1)


def offer(name: str, ladder: dict[str, object], **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": name,
        "starts": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "ends": dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        "cap_percent": 90,
        "code": "WALK",
        "ladder": [{"tier": tier, "percent": percent} for tier, percent in ladder.items()],
        **changes,
    }


def test_a_stack_of_offers_that_never_run_together_is_refused(small: SmallBrand) -> None:
    def apart(data: dict[str, Any]) -> None:
        data["offers"][1]["ends"] = "2026-11-10T00:00:00+00:00"
        data["offers"][2]["starts"] = "2026-11-10T00:00:00+00:00"

    (found,) = broken(small, "offers.yaml", apart)
    assert "stacks.0.offers: club_week and spring_walks never run at the same time" in found


def test_a_flag_is_declared_once(small: SmallBrand) -> None:
    (found,) = broken(small, "segments.yaml", put("suppressions", 1, "flag", value="keeps_quiet"))
    assert "suppressions.1.flag: 'keeps_quiet' is given twice" in found


def test_the_highest_floor_of_combined_offers_counts_and_an_offer_may_have_a_lower_one_alone() -> None:
    low = Offer.model_validate(offer("low", {"new": 5}, margin_floor_percent=10))
    high = Offer.model_validate(offer("high", {"new": 5}, margin_floor_percent=40))
    plain = Offer.model_validate(offer("plain", {"new": 5}))
    assert margin_floor(Decimal(30), [low]) == 10
    assert margin_floor(Decimal(30), [low, plain]) == 30
    assert margin_floor(Decimal(30), [low, high]) == 40
    assert margin_floor(None, [plain]) is None


@given(st.dictionaries(st.sampled_from(TIERS), PERCENTS, min_size=1), PERCENTS)
def test_no_ladder_that_loads_gives_more_than_its_cap(ladder: dict[str, object], cap: Decimal) -> None:
    over = any(Decimal(str(percent)) > cap for percent in ladder.values())
    try:
        made = Offer.model_validate(offer("walks", ladder, cap_percent=cap))
    except ValidationError:
        assert over
        return
    assert not over
    assert all((made.percent_for(tier) or 0) <= cap for tier in TIERS)


@given(
    st.lists(st.dictionaries(st.sampled_from(TIERS), PERCENTS, min_size=1), min_size=2, max_size=3),
    PERCENTS,
    st.lists(st.sampled_from(TIERS), unique=True),
)
def test_no_stack_that_loads_gives_a_tier_more_than_its_most(
    ladders: list[dict[str, object]], most: Decimal, tiers: list[str]
) -> None:
    names = [f"offer_{number}" for number in range(len(ladders))]
    data = {
        "offers": [offer(name, ladder) for name, ladder in zip(names, ladders, strict=True)],
        "stacks": [{"offers": names, "max_percent": most, "tiers": tiers}],
    }
    made = Offers.model_validate(data)
    assume(not list(stack_problems(Document("offers.yaml", data=data), made)))
    for tier in TIERS:
        if all(item.percent_for(tier) for item in made.offers) and stack_of(made.stacks, names, tier):
            assert together(made.offers, tier) <= most


@given(
    st.decimals("0.01", 9999, places=2),
    st.decimals("0.01", 9999, places=2),
    st.decimals(0, 99, places=1),
    PERCENTS,
)
def test_the_most_that_is_named_is_what_passes(
    price: Decimal, cost: Decimal, floor: Decimal, percent: Decimal
) -> None:
    most = most_discount(price, cost, floor)
    unrounded = price * (100 - percent) / 100
    if percent <= most:
        assert keeps_margin(unrounded, cost, floor)
    if percent >= most + Decimal("0.1"):
        assert not keeps_margin(discounted(price, percent, 2), cost, floor)


@pytest.mark.parametrize(("decimals", "expected"), [(2, "89.95"), (0, "89")])
def test_a_discounted_price_is_rounded_down_to_what_can_be_paid(decimals: int, expected: str) -> None:
    assert discounted(Decimal("99.95"), Decimal(10), decimals) == Decimal(expected)
