"""The two sample brands: whole, sound, and as varied as a customer would have them."""

from typing import Any

import pytest

from app.blocks.registry import KINDS, REQUIRED
from app.brand.describe import describe
from app.brand.segments import Layer
from app.guardrails.registry import GUARDRAILS
from app.release.coverage import check_brand
from app.release.library import ContentLibrary, load_library
from app.settings import content_root
from tests.factories import AS_OF

ROOT = content_root()
BRANDS = {"larkfell": {"en-US", "en-GB", "de-DE", "fr-FR"}, "oatmere": {"en-US"}}
JOURNEYS = ("welcome", "browse_abandonment", "winback")


@pytest.fixture(scope="module", params=BRANDS)
def library(request: pytest.FixtureRequest) -> ContentLibrary:
    return load_library(ROOT / "brand", ROOT / "blocks", request.param)


def test_files_examples_blocks_and_coverage(library: ContentLibrary) -> None:
    assert check_brand(ROOT / "brand", ROOT / "blocks", library.brand.id, as_of=AS_OF) == []


def test_at_least_six_segments_use_all_five_layers(library: ContentLibrary) -> None:
    segments = library.brand.segments.values()
    assert len(segments) >= 6
    assert {segment.layer for segment in segments} == set(Layer)


def test_the_locales(library: ContentLibrary) -> None:
    assert set(library.brand.identity.locales) == BRANDS[library.brand.id]


def test_approved_content_for_each_kind_and_journey(library: ContentLibrary) -> None:
    found = {(placed.block.kind, placed.block.journey) for placed in library.blocks}
    optional = {(kind, journey) for kind in KINDS if kind != "footer" for journey in JOURNEYS}
    assert optional | {(kind, None) for kind in REQUIRED} <= found


def test_every_guardrail_that_a_bad_example_names_exists(library: ContentLibrary) -> None:
    known = {guardrail.id for guardrail in GUARDRAILS} | {rule.id for rule in library.brand.claims}
    assert {example.rule for example in library.brand.voice.examples.bad} <= known


def test_people_can_read_who_answers_for_what(library: ContentLibrary) -> None:
    lines = list(describe(library.brand))
    for segment in library.brand.segments.values():
        assert any(segment.owner in line and f"segment {segment.id}:" in line for line in lines)
    brand: Any = library.brand
    assert len(lines) == 1 + sum(
        map(
            len,
            (
                brand.segments,
                brand.suppressions,
                brand.consents,
                brand.variables,
                brand.lists,
                brand.offers,
                brand.claims,
                brand.library,
                brand.packs,
                brand.overrides,
                brand.disclosures,
                brand.assets.assets,
            ),
        )
    )


def test_the_regulated_brand_has_the_stricter_tiers() -> None:
    lax, strict = (load_library(ROOT / "brand", ROOT / "blocks", brand).brand.contract for brand in BRANDS)
    order = list(lax.confidence)
    assert all(strict.confidence[tier] >= lax.confidence[tier] for tier in order)
    assert set(strict.may_generate) < set(lax.may_generate)
    assert set(strict.release_without_approval) <= set(lax.release_without_approval)
