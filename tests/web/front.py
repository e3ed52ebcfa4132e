"""The pages with everybody of tests/api/house.py, each with a browser of their own."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.db.sessions import SessionRows
from app.db.sign_in_tables import SignedInBy
from app.db.tables import now
from app.service import Service
from app.sign_in.sessions import Clock, Sessions
from app.web.app import create_web
from app.web.cookies import SESSION
from tests.api.house import add_people, email_of, make_service

ORIGIN = "http://localhost"
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]*)"')


class Browser:
    """Somebody's browser: cookies, and the token of the form that it saw last."""

    def __init__(self, web: FastAPI) -> None:
        self.client = TestClient(web, base_url=ORIGIN, raise_server_exceptions=False, follow_redirects=False)
        self.form_token = ""

    def get(self, path: str, **given: Any) -> httpx2.Response:
        """A page. The token of its forms is kept."""
        answer = self.client.get(path, **given)
        found = FORM_TOKEN.search(answer.text)
        if found:
            self.form_token = html.unescape(found[1])
        return answer

    def post(self, path: str, token: str | None = None, **fields: str) -> httpx2.Response:
        """A form with its token, or with another one."""
        data = {"form_token": self.form_token if token is None else token, **fields}
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self.client.post(path, data=data, headers=headers)

    @property
    def session(self) -> str:
        """What the cookie of the session holds; empty for none."""
        return self.client.cookies.get(SESSION, "")

    @session.setter
    def session(self, token: str) -> None:
        self.client.cookies.set(SESSION, token, domain="localhost.local")


@dataclass
class Front:
    """The pages and their service."""

    service: Service
    web: FastAPI
    sessions: Sessions

    def browser(self) -> Browser:
        """Somebody who is not signed in."""
        return Browser(self.web)

    def person_id(self, name: str) -> str:
        """The id of somebody of the house."""
        return self.service.people.get(email_of(name)).person.id

    def signed_in(self, name: str) -> Browser:
        """Somebody of the house, signed in, who has seen a page with a form."""
        browser = self.browser()
        browser.session = self.sessions.begin(self.person_id(name), SignedInBy.PASSWORD, "")
        browser.get("/account")
        return browser


@contextmanager
def open_front(root: Path, content: Path, clock: Clock = now, **settings: Any) -> Iterator[Front]:
    """The pages over a database of their own under `root`, open until the block ends."""
    service = make_service(content, database=f"sqlite:///{root / 'front.db'}", **settings)
    add_people(service.people)
    sessions = Sessions.by(service.settings, SessionRows(service.store.engine), clock)
    yield Front(service, create_web(service, clock), sessions)
    service.store.close()
