"""The running service in a browser: people who are signed in, and what to ask of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page

from app.db.people import People
from app.db.store import open_store
from app.settings import Settings
from app.sign_in.passwords import Passwords
from tests.api.house import add_people, email_of
from tests.api.process import Server, started
from tests.browser.axe import serious

PASSWORD = "seven quiet herons wade"
WIDE, PHONE = 1280, 360


@dataclass
class Opened:
    """A page of the service, with what went wrong on it and what it asked others for."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the service."""
        self.page.goto(f"{self.url}{path}", wait_until="load")
        return self.page

    def is_sound(self) -> None:
        """Nothing is wider than the window, axe finds nothing serious, and nothing was stopped."""
        page = self.page
        wide = "document.documentElement.scrollWidth - window.innerWidth"
        assert page.evaluate(wide) <= 0, f"{page.url} scrolls sideways"
        assert serious(page) == []
        assert (self.troubles, self.strangers) == ([], [])

    def sign_in(self, name: str, password: str = PASSWORD) -> Page:
        """Sign in with the form."""
        self.go("/sign-in")
        self.page.get_by_label("Email").fill(email_of(name))
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self.page


@dataclass
class Desk:
    """The service as a process of its own, with everybody of tests/api/house.py, who have a password."""

    server: Server
    browser: Browser

    @contextmanager
    def opened(
        self, width: int = WIDE, scheme: Literal["light", "dark"] = "light", *, scripts: bool = True
    ) -> Iterator[Opened]:
        """A browser of somebody's own."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=scripts,
            bypass_csp=False,
        )
        found = Opened(context.new_page(), self.server.url)
        found.page.on("pageerror", lambda error: found.troubles.append(str(error)))
        found.page.on("console", lambda message: found.troubles.extend(_trouble(message)))
        found.page.on("request", lambda request: found.strangers.extend(_stranger(request.url, found.url)))
        yield found
        context.close()


def make_database(folder: Path) -> str:
    """A database with everybody of the house, some of whom have a password."""
    url = f"sqlite:///{folder / 'desk.db'}"
    store = open_store(url)
    people = People(store.engine)
    add_people(people)
    passwords = Passwords.by(Settings(), store.engine)
    for name in ("cal", "rae", "gus", "neo"):
        passwords.put(people.get(email_of(name)).person, PASSWORD, by="machine")
    store.close()
    return url


@contextmanager
def open_desk(folder: Path, content: Path, browser: Browser, **settings: Any) -> Iterator[Desk]:
    """The service, started; ended with the block."""
    with started(folder, content=content, database=make_database(folder), **settings) as server:
        yield Desk(server, browser)


def _trouble(message: Any) -> list[str]:
    """Errors of the console; an answer with an error's status is none of the page's."""
    is_error = message.type == "error" and "the server responded with a status" not in message.text
    return [message.text] if is_error else []


def _stranger(url: str, own: str) -> list[str]:
    return [] if url.startswith((own, "data:")) else [url]
