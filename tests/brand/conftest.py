"""The small brand, written once a module and copied for each test, which may change it."""

from pathlib import Path

import pytest

from tests.content.small_brand import SmallBrand


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SmallBrand:
    return SmallBrand.made(tmp_path_factory.mktemp("small"))


@pytest.fixture
def small(original: SmallBrand, tmp_path: Path) -> SmallBrand:
    return original.copied(tmp_path)
