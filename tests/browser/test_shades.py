"""Pictures with a dark variant in Chromium: the one for the scheme is shown, the other takes no room."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from app.emails.preview import render_preview, write_preview
from tests.emails.sample import all_slots, preview_of, sample_brand
from tests.emails.shades import SHADED, shaded_brand

VISIBLE = """() => [...document.images].filter(image => image.getBoundingClientRect().height > 0)
    .map(image => image.src.split('/').pop())"""
TOPS = """() => [...document.querySelectorAll('h1, h2, .cd-product a:not(:has(img)), .cd-half')]
    .map(element => Math.round(element.getBoundingClientRect().top))"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    brand = shaded_brand(sample_brand(tmp_path_factory.mktemp("brand")))
    return write_preview(
        render_preview(preview_of(brand, all_slots())), tmp_path_factory.mktemp("email")
    ).html


def seen(
    browser: Browser, path: Path, width: int, scheme: Literal["light", "dark"]
) -> tuple[set[str], list[int]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="load")
    found = set(page.evaluate(VISIBLE)), page.evaluate(TOPS)
    context.close()
    return found


@pytest.mark.parametrize("width", [375, 600])
def test_one_picture_is_shown_and_everything_else_stays_in_its_place(
    chromium: Browser, page_file: Path, width: int
) -> None:
    light, tops = seen(chromium, page_file, width, "light")
    dark, dark_tops = seen(chromium, page_file, width, "dark")
    assert light == {"logo.png", *(f"{name}.png" for name in SHADED)}
    assert dark == {"logo.png", *(f"{name}_dark.png" for name in SHADED)}
    assert tops == dark_tops
