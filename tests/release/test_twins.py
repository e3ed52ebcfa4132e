"""Generic twins: loading proves that readers without a consent get something too, and that it fits."""

from pathlib import Path
from typing import Any

import pytest

from app.blocks.approved import ApprovedBlock
from app.errors import ContentError
from tests import factories
from tests.release.content import Content, Item, item

CITY = {"label": "See walks near {person.city}"}
NEAR = {"label": "See walks near your home"}


@pytest.fixture
def content(tmp_path: Path) -> Content:
    content = Content(tmp_path)
    variables = [*factories.VARIABLES, factories.CITY]
    content.files["variables.yaml"] = {"consents": list(factories.CONSENTS), "variables": variables}
    return content


def city(**overrides: Any) -> Item:
    return {**item("cta_city", "cta", copy=CITY), **overrides}


def near(**overrides: Any) -> Item:
    return {**item("cta_near", "cta", copy=NEAR), **overrides}


def problems(content: Content, *blocks: Item) -> list[str]:
    """What loading says of these blocks of the winback journey."""
    content.blocks["cta/winback"] = list(blocks)
    try:
        content.write().load()
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_twin_is_found_by_its_name(content: Content) -> None:
    assert problems(content, city(twin="cta_near"), near()) == []


def test_without_a_name_a_generic_block_of_the_same_place_is_enough(content: Content) -> None:
    assert problems(content, city(), near()) == []
    assert problems(content, city(segments=["campers"]), near(segments=["hikers", "campers"])) == []
    assert problems(content, city(), near(locales=["en-US"]), near(id="cta_close", locales=["en-GB"])) == []


@pytest.mark.parametrize(
    ("others", "locales"),
    [
        ([], ("en-US", "en-GB")),
        ([near(locales=["en-US"])], ("en-GB",)),
        ([near(segments=["campers"])], ("en-US", "en-GB")),
        (
            [near(copy={"label": "See paths in {person.city}"}, locales=["en-US"])],
            ("en-US", "en-GB", "en-US"),
        ),
    ],
    ids=["none", "another locale", "some segments", "needs the consent too"],
)
def test_a_block_without_a_stand_in_is_not_loaded(
    content: Content, others: list[Item], locales: tuple[str, ...]
) -> None:
    found = problems(content, city(), *others)
    assert len(found) == len(locales)
    for problem, locale in zip(found, locales, strict=True):
        assert problem.startswith("blocks/fernhill/cta/winback.yaml:")
        assert "uses 'person.city', which needs the consent 'personalisation'" in problem
        assert f"no block for {locale} stands in for readers without it" in problem


@pytest.mark.parametrize(
    ("twin", "words"),
    [
        (near(locales=["en-US"]), "it lacks the locale en-GB (every locale of this block)"),
        (near(segments=["campers"]), "it is for campers only (every segment of this block)"),
        (near(copy={"label": "See paths in {person.city}"}), "'person.city' in it needs a consent too"),
    ],
)
def test_a_twin_that_does_not_fit(content: Content, twin: Item, words: str) -> None:
    spare = item("cta_spare", "cta", copy={"label": "Find a path"})
    (found,) = problems(content, city(twin="cta_near"), twin, spare)
    assert f"twin: 'cta_near' cannot be its twin: {words}" in found


def test_a_twin_for_the_same_segments_by_another_name(content: Content) -> None:
    blocks = (city(segments=["hikers"], twin="cta_near"), near(segments=["weekend_hikers"]))
    assert problems(content, *blocks) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cta_naer", "twin: there is no block 'cta_naer' (did you mean 'cta_near'?)"),
        ("cta_evergreen", "it stands in cta/evergreen (a block of cta/winback)"),
        ("hero_evergreen", "it stands in hero/evergreen (a block of cta/winback)"),
    ],
)
def test_a_twin_that_is_somewhere_else(content: Content, name: str, words: str) -> None:
    (found,) = problems(content, city(twin=name), near())
    assert words in found


def test_a_block_that_needs_no_consent_has_no_use_for_a_twin(content: Content) -> None:
    plain = item("cta_plain", "cta", twin="cta_near")
    (found,) = problems(content, plain, near())
    assert "block 'cta_plain' uses no variable that needs a consent, so it has no use for a twin" in found


def test_the_twin_is_part_of_what_was_approved() -> None:
    plain = {**near(), "kind": "cta", "brand": "fernhill", "journey": "winback"}
    hashes = {
        ApprovedBlock.model_validate({**plain, "twin": twin}).content_hash() for twin in (None, "a1", "b2")
    }
    assert len(hashes) == 3
    assert ApprovedBlock.model_validate(plain).content_hash() in hashes
