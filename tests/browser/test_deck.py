"""The deck in headless Chromium: it fits any width, loads nothing, and reads on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.copywriting.deck import build_deck
from app.copywriting.deck_page import deck_html
from tests.browser.test_pages import opened
from tests.copywriting.office import Office


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of a brief that was answered, on disk."""
    folder = tmp_path_factory.mktemp("deck")
    office = Office.at(folder)
    office.generate()
    path = folder / "deck.html"
    path.write_text(deck_html(build_deck(office.copydesk, office.stored())), encoding="utf-8")
    office.store.close()
    return path


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_the_deck_fits(page: Path, chromium: Browser, width: int) -> None:
    for deck in opened(chromium, page, width, "light"):
        deck.frames_are_sound()
        assert deck.page.locator("text=Come back outside").first.is_visible()
        assert deck.page.locator("text=would be used").first.is_visible()
        copy = deck.page.locator("td.copy").first.bounding_box()
        assert copy is not None
        assert copy["width"] >= min(width * 0.4, 400)


def test_on_paper_every_row_stays_within_the_page(page: Path, chromium: Browser) -> None:
    for deck in opened(chromium, page, 700, "light"):
        deck.page.emulate_media(media="print")
        deck.frames_are_sound()
        assert deck.page.locator("thead th").first.is_visible()
