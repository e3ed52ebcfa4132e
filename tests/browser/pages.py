"""The pages in a browser, served by this very process: tests move its clock and change what it stores."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import uvicorn
from playwright.sync_api import Browser

from app.db.sign_in_tables import SignedInBy
from app.service import Service
from app.web.cookies import SESSION
from tests.browser.opened import WIDE, Opened, opening
from tests.web.front import Front


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
        token = self.front.sessions.begin(self.front.person_id(name), SignedInBy.PASSWORD, "")
        with opening(self.browser, self.url, width, scheme, scripts=scripts) as found:
            found.page.context.add_cookies([{"name": SESSION, "value": token, "url": self.url}])
            yield found


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
