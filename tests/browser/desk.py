"""The running service in a browser: people who are signed in, and what to ask of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from app.db.people import People
from app.db.store import open_store
from app.settings import Settings
from app.sign_in.passwords import Passwords
from tests.api.house import add_people, email_of
from tests.api.process import Server, started
from tests.browser.opened import WIDE, Opened, opening

PASSWORD = "seven quiet herons wade"


@dataclass
class Visitor(Opened):
    """Somebody who has yet to sign in."""

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
    ) -> Iterator[Visitor]:
        """A browser of somebody's own."""
        with opening(self.browser, self.server.url, width, scheme, scripts=scripts) as found:
            yield Visitor(found.page, found.url, found.troubles, found.strangers)


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
