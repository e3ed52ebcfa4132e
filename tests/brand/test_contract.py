"""The decision contract: the highest tier that applies counts, and the higher of two thresholds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.contract import TIERS, DecisionContract, Tier
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
    assert TIERED.tier_of(kind, journey, frozenset(roles)) is tier


@given(TIER, TIER, TIER)
def test_nothing_lowers_a_tier(kind: Tier, journey: Tier, role: Tier) -> None:
    made = contract(
        tiers={"kinds": {"hero": kind}, "journeys": {"winback": journey}, "facts": {"price": role}}
    )
    found = made.tier_of("hero", "winback", frozenset({"price"}))
    assert TIERS.index(found) == max(map(TIERS.index, (kind, journey, role)))


def test_the_higher_of_the_two_thresholds_counts() -> None:
    made = contract(confidence_by_kind={"hero": 0.55, "cta": 0.1})
    assert made.threshold("hero", Tier.LOW) == 0.55
    assert made.threshold("hero", Tier.ELEVATED) == 0.6
    assert made.threshold("cta", Tier.LOW) == 0.4
    assert made.threshold("subject", Tier.RESTRICTED) == 0.7
