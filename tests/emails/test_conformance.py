"""What `scripts/conformance` measures with sees what is planted."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.emails.output_check import check_html
from scripts.conformance import HERE, THRESHOLD, corrupted, example_names
from scripts.email_samples import brands, samples, without_pictures
from tests.emails.sample import png


def data(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def differing(browser: Browser, first: bytes, second: bytes) -> list[int]:
    page = browser.new_page()
    found: list[int] = page.evaluate(
        (HERE / "pixels.js").read_text(encoding="utf-8"), [data(first), data(second), THRESHOLD]
    )
    page.close()
    return found


def test_pixels_are_counted(chromium: Browser) -> None:
    plain = png(20, 10, (200, 100, 50))
    assert differing(chromium, plain, plain) == [0, 200]
    assert differing(chromium, plain, png(20, 10, (201, 101, 51))) == [0, 200]
    assert differing(chromium, plain, png(20, 10, (20, 200, 200))) == [200, 200]
    assert differing(chromium, png(20, 13, (0, 0, 0)), png(20, 10, (0, 0, 0))) == [60, 260]


def test_corrupted_attributes_are_told() -> None:
    html = '<img alt="a&#160;b" src="x.png"><a href="https://x.example/">x</a>'
    assert corrupted(html, html.replace("&#160;", "\u00a0")) == ()
    assert len(corrupted(html.replace("&#160;", "\\u{a0}"), html)) == 2


def test_every_kind_of_every_brand_is_a_sample() -> None:
    found = [(sample.brand.id, sample.name) for sample in samples()]
    assert len(found) == len(set(found)) == 17 * len(brands())
    email = next(iter(samples())).render()
    check_html(email.html, email.mjml)
    assert {asset.id for asset in without_pictures(brands()[0]).assets.assets} == {"logo", "logo_dark"}


@pytest.mark.parametrize("name", ["package.json", "package-lock.json"])
def test_the_lock_holds_no_address(name: str) -> None:
    text = (Path(HERE) / name).read_text(encoding="utf-8")
    assert "://" not in text


def test_no_example_brief_is_left_out() -> None:
    names = example_names()
    assert len(names) >= 8
    assert {"larkfell_cart_reminder", "larkfell_welcome_eu"} < set(names)
    assert "scripted" not in names
