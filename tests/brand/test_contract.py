"""The decision contract: the highest tier that applies counts, and the higher of two thresholds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.contract import DecisionContract
from app.brand.tiers import TIERS, Feature, Risks, Tier
from tests.factories import CONTRACT

TIER = st.sampled_from(Tier)


def contract(**changes: Any) -> DecisionContract:
    return DecisionContract.model_validate({**CONTRACT, **changes})


TIERED = contract(
    tiers={
        "kinds": {"hero": "low", "offer": "standard"},
        "journeys": {"winback": "elevated"},
        "facts": {"discount": "restricted", "stock": "low"},
    }
)


@pytest.mark.parametrize(
    ("kind", "journey", "roles", "tier"),
    [
        ("hero", "welcome", (), Tier.LOW),
        ("offer", "welcome", (), Tier.STANDARD),
        ("offer", "winback", (), Tier.ELEVATED),
        ("hero", "welcome", ("stock",), Tier.LOW),
        ("hero", "welcome", ("stock", "discount"), Tier.RESTRICTED),
        ("hero", "welcome", ("price",), Tier.LOW),
        ("proof", "welcome", (), Tier.RESTRICTED),
    ],
)
def test_the_highest_tier_that_applies(kind: str, journey: str, roles: tuple[str, ...], tier: Tier) -> None:
    assert TIERED.tiering(Risks(kind, journey, roles=frozenset(roles))).tier is tier


@given(TIER, TIER, TIER)
def test_nothing_lowers_a_tier(kind: Tier, journey: Tier, role: Tier) -> None:
    made = contract(
        tiers={"kinds": {"hero": kind}, "journeys": {"winback": journey}, "facts": {"price": role}}
    )
    found = made.tiering(Risks("hero", "winback", roles=frozenset({"price"}))).tier
    assert TIERS.index(found) == max(map(TIERS.index, (kind, journey, role)))


FEATURED = contract(
    tiers={
        "kinds": {"hero": "low"},
        "features": {
            "offer": "standard",
            "price": "standard",
            "claim": "restricted",
            "urgency": "elevated",
            "personalization": "standard",
        },
        "markets": {"EU": "elevated", "US": "standard"},
    }
)


@pytest.mark.parametrize(
    ("features", "market", "tier", "why"),
    [
        ((), "GB", Tier.LOW, "low: it is a block of the kind hero"),
        ((Feature.URGENCY,), "GB", Tier.ELEVATED, "elevated: it hurries the reader"),
        ((Feature.OFFER,), "GB", Tier.STANDARD, "standard: it makes an offer"),
        ((Feature.PRICE,), "GB", Tier.STANDARD, "standard: it states a price"),
        ((Feature.PERSONALIZATION,), "GB", Tier.STANDARD, "standard: it uses data about the reader"),
        ((Feature.URGENCY, Feature.CLAIM), "GB", Tier.RESTRICTED, "restricted: it says a claim"),
        ((), "DE", Tier.ELEVATED, "elevated: the market is DE"),
        ((Feature.OFFER,), "US", Tier.STANDARD, "standard: the market is US"),
    ],
)
def test_what_copy_does_and_where_it_goes_raise_its_tier(
    features: tuple[Feature, ...], market: str, tier: Tier, why: str
) -> None:
    found = FEATURED.tiering(Risks("hero", "welcome", market, features=frozenset(features)))
    assert (found.tier, found.reasons[0].startswith(why)) == (tier, True)


def test_a_tier_that_was_higher_stays() -> None:
    found = FEATURED.tiering(Risks("hero", "welcome"))
    assert found.at_least(Tier.ELEVATED).tier is Tier.ELEVATED
    assert "never lowered" in found.at_least(Tier.ELEVATED).reasons[0]
    assert found.at_least(Tier.LOW) == found.at_least(None) == found


def test_the_higher_of_the_two_thresholds_counts() -> None:
    made = contract(confidence_by_kind={"hero": 0.55, "cta": 0.1})
    assert made.threshold("hero", Tier.LOW) == 0.55
    assert made.threshold("hero", Tier.ELEVATED) == 0.6
    assert made.threshold("cta", Tier.LOW) == 0.4
    assert made.threshold("subject", Tier.RESTRICTED) == 0.7
