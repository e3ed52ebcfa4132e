"""Emails and the report page in headless Chromium: nothing overflows, everything loads, nothing calls out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from app.emails.preview import render_preview, write_preview
from app.emails.report_page import write_report
from tests.emails.sample import all_slots, preview_of, sample_brand
from tests.emails.sample_report import sample_run

SEGMENTS = ("weekend_walkers", "new_subscribers")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run: the report page with two previews beside it."""
    folder = tmp_path_factory.mktemp("run")
    rendered = render_preview(preview_of(sample_brand(tmp_path_factory.mktemp("brand")), all_slots()))
    for segment in SEGMENTS:
        write_preview(rendered, folder / segment)
    write_report(sample_run(*SEGMENTS), folder)
    return folder


@dataclass
class Opened:
    """A page with what it did while it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def frames_are_sound(self) -> None:
        """In each frame: nothing wider than the frame, and every visible image is there."""
        for frame in self.page.frames:
            assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), frame.url
            assert frame.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)"), (
                frame.url
            )


def opened(browser: Browser, path: Path, width: int, scheme: Literal["light", "dark"]) -> Iterator[Opened]:
    """The page at `path`, and afterwards the check that it asked for local files only, without errors."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    result = Opened(context.new_page())
    result.page.on("request", lambda request: result.requests.append(request.url))
    result.page.on("requestfailed", lambda request: result.troubles.append(f"failed: {request.url}"))
    result.page.on("console", lambda message: result.troubles.append(message.text))
    result.page.on("pageerror", lambda error: result.troubles.append(str(error)))
    result.page.goto(path.as_uri(), wait_until="load")
    yield result
    context.close()
    assert [url for url in result.requests if not url.startswith("file://")] == []
    assert result.troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 600])
def test_email(run_folder: Path, chromium: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
    for email in opened(chromium, run_folder / SEGMENTS[0] / "email.html", width, scheme):
        email.frames_are_sound()
        assert email.page.locator("text=Preview - not approved").is_visible()
        button = email.page.locator("a", has_text="See the Ridge & Vale 30").bounding_box()
        assert button is not None
        assert button["height"] >= 44
        ground = email.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(238, 240, 234)") == (scheme == "light")


@pytest.mark.parametrize("width", [320, 375, 600, 1280])
def test_report_page(run_folder: Path, chromium: Browser, width: int) -> None:
    for report in opened(chromium, run_folder / "index.html", width, "light"):
        report.frames_are_sound()
        assert len(report.page.frames) == 1 + 2 * len(SEGMENTS)
        report.page.locator("summary").first.click()
        report.frames_are_sound()


def test_links_of_a_preview_are_harmless(run_folder: Path, chromium: Browser) -> None:
    for email in opened(chromium, run_folder / SEGMENTS[0] / "email.html", 600, "light"):
        email.page.locator("a", has_text="Unsubscribe").click()
        email.page.wait_for_url("**/links.html#unsubscribe")
        assert email.page.locator("text=Nobody was unsubscribed").is_visible()


def test_nothing_runs_in_a_preview(run_folder: Path, tmp_path: Path, chromium: Browser) -> None:
    """Even if a script or a remote picture got into the HTML, the preview's own policy stops it."""
    html = (run_folder / SEGMENTS[0] / "email.html").read_text(encoding="utf-8")
    bad = '<img alt="" src="https://tracker.example/x.gif"><script>document.title = "ran"</script></body>'
    (tmp_path / "email.html").write_text(html.replace("</body>", bad), encoding="utf-8")
    context = chromium.new_context()
    page = context.new_page()
    hits: list[str] = []
    page.route("https://**/*", lambda route: hits.append(route.request.url))
    page.goto((tmp_path / "email.html").as_uri(), wait_until="load")
    assert page.title() != "ran"
    assert hits == []
    context.close()
