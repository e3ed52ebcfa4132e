"""The pages in a browser, served by this very process: tests move its clock and change what it stores."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import uvicorn
from playwright.sync_api import Browser, Page

from app.db.sign_in_tables import SignedInBy
from app.service import Service
from app.web.cookies import SESSION
from tests.web.front import Front

WIDE, PHONE = 1280, 360
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"


def axe_source() -> str | None:
    """axe-core, from the package that brings it; None where it is not installed."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        return None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


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
        source = axe_source()
        if source is not None:
            found = page.evaluate(f"{source};axe.run(document, {RULES}).then(r => r.violations)")
            bad = [item for item in found if item["impact"] in ("serious", "critical")]
            assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in bad] == []
        assert (self.troubles, self.strangers) == ([], [])


@dataclass
class Served:
    """The pages on a port of this machine."""

    front: Front
    browser: Browser
    url: str

    @property
    def service(self) -> Service:
        """What they show."""
        return self.front.service

    @contextmanager
    def opened(
        self,
        name: str,
        width: int = WIDE,
        scheme: Literal["light", "dark"] = "light",
        *,
        scripts: bool = True,
    ) -> Iterator[Opened]:
        """A browser of somebody of the house, signed in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        token = self.front.sessions.begin(self.front.person_id(name), SignedInBy.PASSWORD, "")
        context.add_cookies([{"name": SESSION, "value": token, "url": self.url}])
        found = Opened(context.new_page(), self.url)
        found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
        found.page.on("console", lambda message: found.troubles.extend(_trouble(message)))
        found.page.on("request", lambda request: found.strangers.extend(_stranger(request.url, self.url)))
        yield found
        context.close()


@contextmanager
def served(front: Front, browser: Browser) -> Iterator[Served]:
    """The pages, served until the block ends."""
    config = uvicorn.Config(front.web, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        assert thread.is_alive(), "the pages are not served"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(front, browser, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)


def _trouble(message: Any) -> list[str]:
    """Errors of the console; an answer with an error's status is none of the page's."""
    is_error = message.type == "error" and "the server responded with a status" not in message.text
    return [message.text] if is_error else []


def _stranger(url: str, own: str) -> list[str]:
    return [] if url.startswith((own, "data:")) else [url]
