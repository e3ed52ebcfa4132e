"""The small brand with a German locale and overlays, and what loading says of it."""

from pathlib import Path
from typing import Any

from app.brand.brand import Brand
from app.brand.loader import load_brand
from app.errors import ContentError
from tests.content.small_brand import BRAND, SmallBrand
from tests.release.content import dump

LOCALES = ["en-US", "en-GB", "de-DE", "de-CH"]
IN_GERMANY, IN_GERMAN = "markets/DE", "languages/de"


def with_german(small: SmallBrand) -> SmallBrand:
    """The brand, written anew with two German locales and a form of address."""
    small.change("brand.yaml", ("locales",), LOCALES)
    small.change("voice.yaml", ("formality",), "informal")
    return small


def overlay(small: SmallBrand, place: str, data: Any) -> Path:
    """Write one overlay file, such as `languages/de/brand.yaml`."""
    path = small.folder / place
    dump(path, data)
    return path


def loaded(small: SmallBrand) -> Brand:
    return load_brand(small.root / "brand", BRAND)


def problems(small: SmallBrand) -> list[str]:
    """What is wrong with the brand, places shortened to start inside its folder."""
    try:
        loaded(small)
    except ContentError as error:
        return [str(problem).removeprefix(f"brand/{BRAND}/") for problem in error.problems]
    return []
