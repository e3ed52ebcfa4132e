"""A page in a browser, and what to ask of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from tests.browser.axe import serious

WIDE, PHONE = 1280, 360


@dataclass
class Opened:
    """Somebody's browser, with what went wrong in it and what it asked others for."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the pages."""
        self.page.goto(f"{self.url}{path}", wait_until="load")
        return self.page

    def is_sound(self) -> None:
        """Nothing is wider than the window, axe finds nothing serious, nothing went wrong."""
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url
        assert serious(page) == []
        assert (self.troubles, self.strangers) == ([], [])


@contextmanager
def opening(
    browser: Browser, url: str, width: int, scheme: Literal["light", "dark"], *, scripts: bool
) -> Iterator[Opened]:
    """A browser of somebody's own, nobody signed in; closed with the block."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
    )
    found = Opened(context.new_page(), url)
    found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
    found.page.on("console", lambda message: found.troubles.extend(_trouble(message)))
    found.page.on("request", lambda request: found.strangers.extend(_stranger(request.url, url)))
    yield found
    context.close()


def _trouble(message: Any) -> list[str]:
    """Errors of the console; an answer with an error's status is none of the page's."""
    is_error = message.type == "error" and "the server responded with a status" not in message.text
    return [message.text] if is_error else []


def _stranger(url: str, own: str) -> list[str]:
    return [] if url.startswith((own, "data:")) else [url]
