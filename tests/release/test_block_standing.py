"""The tier of a block: the highest of the places in which it may serve."""

from pathlib import Path
from typing import Any

import pytest

from app.brand.tiers import Tiering
from app.release.block_standing import markets_of, tiering_of
from tests import factories
from tests.release.content import AS_OF, COPY, Content, evergreens, item

SPARE = {"kinds": dict.fromkeys(COPY, "low")}


def tiering(root: Path, block_id: str, tiers: dict[str, Any], files: dict[str, Any] | None = None) -> Tiering:
    contract = {**factories.CONTRACT, "tiers": {**SPARE, **tiers}}
    written = Content(root, files={"contract.yaml": contract, **(files or {})})
    written.blocks = {**evergreens(), "cta/winback": [item("cta_back", "cta", locales=["en-US"])]}
    library = written.write().load()
    placed = library.find(block_id)
    assert placed is not None
    return tiering_of(library, placed, AS_OF)


def test_an_evergreen_block_is_in_the_tier_of_the_riskiest_journey(tmp_path: Path) -> None:
    journeys = {"journeys": {"welcome": "standard", "winback": "restricted", "newsletter": "low"}}
    found = tiering(tmp_path, "cta_evergreen", journeys)
    assert found.tier.value == "restricted"
    assert found.reasons == (
        "restricted: it may serve in the journey winback",
        "low: it is a block of the kind cta",
    )


def test_a_block_of_a_journey_is_in_the_tier_of_that_journey(tmp_path: Path) -> None:
    found = tiering(tmp_path, "cta_back", {"journeys": {"welcome": "restricted", "winback": "standard"}})
    assert found.reasons == ("standard: the journey is winback", "low: it is a block of the kind cta")


@pytest.mark.parametrize(
    ("markets", "reason"),
    [
        ({"US": "elevated"}, "elevated: the market is US"),
        ({"CA": "restricted", "US": "elevated"}, "restricted: it may serve in the market CA"),
        ({"GB": "restricted"}, "low: it is a block of the kind cta"),
        ({"EU": "restricted"}, "low: it is a block of the kind cta"),
    ],
    ids=["its own", "one without a locale", "another locale's", "a group that the brand is not in"],
)
def test_the_riskiest_market_counts_that_copy_of_its_locale_may_go_to(
    tmp_path: Path, markets: dict[str, str], reason: str
) -> None:
    """The brand writes en-US and en-GB."""
    assert tiering(tmp_path, "cta_back", {"markets": markets}).reasons[0] == reason


def test_a_market_with_rules_of_its_own_is_judged_by_them(tmp_path: Path) -> None:
    """A claim that only the library of one market holds makes the block one that says a claim."""
    claim = {
        "id": "our_kit",
        "text": "See our kit",
        "evidence": {"kind": "records", "document": "catalogue"},
        "owner": "legal@fernhill.example",
        "permits": ["pack_guarantee"],
        "valid_from": "2026-01-01",
        "expires": "2027-10-01",
    }
    overlay = {"markets/CA/claims_library.yaml": {"claims": [claim]}}
    found = tiering(tmp_path, "cta_back", {"features": {"claim": "elevated"}}, overlay)
    assert found.reasons[0] == "elevated: it says a claim of the claims library"


def test_markets_of_a_locale_are_its_region_and_those_without_a_locale(tmp_path: Path) -> None:
    contract = {**factories.CONTRACT, "tiers": {**SPARE, "markets": {"CA": "low", "EU": "low", "GB": "low"}}}
    brand = Content(tmp_path, files={"contract.yaml": contract}).write().load().brand
    assert markets_of(brand, "en-US") == ["US", "CA"]
    assert markets_of(brand, "en-GB") == ["GB", "CA"]
