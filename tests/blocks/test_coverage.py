"""Invariant 4: each required kind has an evergreen block that can stand anywhere, or nothing loads."""

from pathlib import Path
from typing import Any

import pytest

from app.blocks.registry import REQUIRED
from app.errors import ContentError
from app.release.coverage import check_brand
from tests.factories import AS_OF
from tests.release.content import Content, item

TOKENS = {
    "subject": {"preheader": "Have a look at {product.name} and what we made for you."},
    "hero": {"headline": "Good to see you, {person.first_name}"},
    "cta": {"label": "See {product.name}"},
    "footer": {"closing": "Thank you for reading, {person.first_name}."},
}


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path)


def refused(content: Content) -> list[str]:
    with pytest.raises(ContentError) as caught:
        content.write().load()
    loading = [str(problem) for problem in caught.value.problems]
    checking = check_brand(content.brands, content.block_root, "fernhill", as_of=AS_OF)
    assert set(loading) <= {str(problem) for problem in checking}
    return loading


@pytest.mark.parametrize("kind", REQUIRED)
def test_invariant_4_a_required_kind_without_an_evergreen_block(content: Content, kind: str) -> None:
    del content.blocks[f"{kind}/evergreen"]
    assert refused(content) == [
        f"blocks/fernhill/{kind}/evergreen.yaml: no evergreen {kind} for {locale} that fits every segment "
        "(each required kind needs one for each locale)"
        for locale in ("en-US", "en-GB")
    ]


@pytest.mark.parametrize("kind", REQUIRED)
@pytest.mark.parametrize("changes", [{"segments": ["campers"]}, {"locales": ["en-GB"]}])
def test_invariant_4_an_evergreen_block_for_some_is_none(
    content: Content, kind: str, changes: dict[str, Any]
) -> None:
    content.blocks[f"{kind}/evergreen"] = [item(f"{kind}_evergreen", kind, **changes)]
    assert f"no evergreen {kind} for en-US that fits every segment" in "\n".join(refused(content))


@pytest.mark.parametrize("kind", REQUIRED)
def test_an_evergreen_block_holds_no_token(content: Content, kind: str) -> None:
    block = content.blocks[f"{kind}/evergreen"][0]
    content.blocks[f"{kind}/evergreen"] = [{**block, "copy": {**block["copy"], **TOKENS[kind]}}]
    (field,) = TOKENS[kind]
    (found,) = refused(content)
    assert f": blocks.0.copy.{field}: an evergreen block holds no token" in found
    assert found.startswith(f"blocks/fernhill/{kind}/evergreen.yaml:")


def test_a_variable_that_nobody_declared(content: Content) -> None:
    copy = {
        "headline": "Hello, {person.frist_name}",
        "body": content.blocks["hero/evergreen"][0]["copy"]["body"],
    }
    content.blocks["hero/winback"] = [item("hero_hello", "hero", copy=copy)]
    (found,) = refused(content)
    words = "blocks.0.copy.headline: unknown variable 'person.frist_name' (did you mean 'person.first_name'?)"
    assert found.endswith(words)
    assert found.startswith("blocks/fernhill/hero/winback.yaml:7:5: ")
