"""Signing in with a real OpenID Connect provider on this machine, and with one that breaks the rules."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import run_server_in_thread

from app.sign_in.provider import Provider
from tests.api.house import email_of
from tests.web.conftest import FakeClock
from tests.web.front import PASSWORD, Browser, Front, open_front

CLIENT = "copydesk-tests"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that lets anybody in under the name that they type."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


def knows(issuer: str, subject: str, **claims: object) -> None:
    """Have the provider know somebody."""
    httpx2.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()


Opened = Callable[..., Front]


@pytest.fixture
def opened(tmp_path: Path, content: Path) -> Iterator[Opened]:
    """`opened(issuer)`: the pages with that provider."""
    with ExitStack() as stack:

        def make(issuer: str, **settings: Any) -> Front:
            given = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "s", **settings}
            return stack.enter_context(open_front(tmp_path, content, **given))

        yield make


def go_out(browser: Browser, next_path: str = "/account") -> str:
    """Where the sign-in page leads to: the provider's own page."""
    browser.get("/sign-in")
    answer = browser.get("/sign-in/provider", params={"next": next_path})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def come_back(browser: Browser, there: str, subject: str) -> httpx2.Response:
    """Say at the provider who one is, and come back."""
    answer = httpx2.post(there, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.path == "/sign-in/back"
    return browser.get(f"{back.path}?{back.query}")


def test_a_person_comes_in_and_stays_known_by_the_identity(issuer: str, opened: Opened) -> None:
    front = opened(issuer)
    knows(issuer, "c-1", email="CAL@example.com", email_verified=True)
    browser = front.browser()
    there = go_out(browser)
    asked = parse_qs(urlsplit(there).query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert asked["redirect_uri"] == ["http://localhost/sign-in/back"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = come_back(browser, there, "c-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "your organisation&#39;s sign-in" in browser.get("/account").text
    knows(issuer, "c-1", email="another@example.com", email_verified=False)
    again = front.browser()
    assert come_back(again, go_out(again), "c-1").status_code == 303
    assert "cal@example.com" in again.get("/account").text, "the address counts at the first time only"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "cal@example.com"}, "has not verified your address"),
        ({"email": "cal@example.com", "email_verified": False}, "has not verified your address"),
        ({"email": "cal@example.com", "email_verified": "yes"}, "has not verified your address"),
        ({}, "did not say your address"),
        ({"email": "stranger@example.com", "email_verified": True}, "nobody with your address is known"),
        ({"email": "cal@elsewhere.example", "email_verified": True}, "of your domain may not"),
    ],
)
def test_who_does_not_come_in(issuer: str, opened: Opened, claims: dict[str, Any], words: str) -> None:
    front = opened(issuer, oidc_email_domains="example.com")
    knows(issuer, "x-1", **claims)
    browser = front.browser()
    answer = come_back(browser, go_out(browser), "x-1")
    assert (answer.status_code, words in answer.text) == (403, True)
    assert browser.get("/account").status_code == 303
    assert len(front.service.people.everybody()) == 10, "nobody is made"


def test_a_second_identity_with_the_same_address_is_refused(issuer: str, opened: Opened) -> None:
    front = opened(issuer)
    for subject in ("r-1", "r-2"):
        knows(issuer, subject, email=email_of("rae"), email_verified=True)
    first, second = front.browser(), front.browser()
    assert come_back(first, go_out(first), "r-1").status_code == 303
    answer = come_back(second, go_out(second), "r-2")
    assert (answer.status_code, "another account" in answer.text) == (403, True)


def test_a_disabled_person_does_not_come_in(issuer: str, opened: Opened) -> None:
    front = opened(issuer)
    knows(issuer, "d-1", email=email_of("cal"), email_verified=True)
    browser = front.browser()
    come_back(browser, go_out(browser), "d-1")
    front.service.people.disable(email_of("cal"))
    answer = come_back(browser, go_out(browser), "d-1")
    assert (answer.status_code, "is disabled" in answer.text) == (403, True)


def test_a_sign_in_that_was_not_begun_here_is_refused(issuer: str, opened: Opened) -> None:
    front = opened(issuer)
    knows(issuer, "s-1", email=email_of("cal"), email_verified=True)
    browser, other = front.browser(), front.browser()
    there = go_out(browser)
    go_out(other)
    stolen = come_back(other, there, "s-1")
    assert (stolen.status_code, "not begun in this browser" in stolen.text) == (403, True)
    for state in ("", "x", "a" * 43):
        answer = browser.get("/sign-in/back", params={"state": state, "code": "c"})
        assert (answer.status_code, "not begun in this browser" in answer.text) == (403, True)
    assert come_back(browser, there, "s-1").status_code == 303
    again = browser.get("/sign-in/back", params={"state": parse_qs(there)["state"][0], "code": "c"})
    assert again.status_code == 403, "it comes back once"


def test_a_sign_in_that_takes_too_long_is_refused(issuer: str, opened: Opened, clock: FakeClock) -> None:
    front = opened(issuer)
    provider = front.web.state.provider
    assert isinstance(provider, Provider)
    browser = front.browser()
    there = go_out(browser)
    moment = provider.clock()
    clock.moment = moment
    clock.move(minutes=15)
    provider.clock = clock
    answer = come_back(browser, there, "s-1")
    assert (answer.status_code, "took too long" in answer.text) == (403, True)


def test_a_refusal_at_the_provider_is_said(issuer: str, opened: Opened) -> None:
    browser = opened(issuer).browser()
    there = go_out(browser)
    denied = httpx2.post(there, data={"action": "deny"})
    back = urlsplit(denied.headers["location"])
    answer = browser.get(f"{back.path}?{back.query}")
    assert (answer.status_code, "did not sign you in" in answer.text) == (403, True)


def test_without_a_provider_there_is_no_such_page(front: Front) -> None:
    for path in ("/sign-in/provider", "/sign-in/back?code=x"):
        assert front.browser().get(path).status_code == 404
    assert "Sign in with" not in front.browser().get("/sign-in").text


def test_a_provider_that_is_away_is_said_and_passwords_go_on(opened: Opened) -> None:
    front = opened("http://127.0.0.1:9")
    front.set_password("cal")
    browser = front.browser()
    browser.get("/sign-in")
    answer = browser.get("/sign-in/provider")
    assert (answer.status_code, "does not answer as it should" in answer.text) == (502, True)
    assert browser.post("/sign-in", email=email_of("cal"), password=PASSWORD).status_code == 303


KEY = RSAKey.generate_key(2048, {"kid": "one"})
STRANGERS = RSAKey.generate_key(2048, {"kid": "one"})


class Liar(BaseHTTPRequestHandler):
    """A provider whose tokens are what a test says."""

    claims: dict[str, Any]
    key: RSAKey
    algorithm: str
    metadata: dict[str, Any]
    asked: dict[str, list[str]]
    """What the token endpoint was sent last."""

    def log_message(self, *_: Any) -> None:
        """Nothing: tests are quiet."""

    def do_GET(self) -> None:
        host = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path == "/jwks":
            self._answer({"keys": [KEY.as_dict(private=False)]})
            return
        found = {
            "issuer": host,
            "authorization_endpoint": f"{host}/authorize",
            "token_endpoint": f"{host}/token",
            "jwks_uri": f"{host}/jwks",
        }
        self._answer({**found, **type(self).metadata})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        kind = type(self)
        kind.asked = parse_qs(body)
        header = {"alg": kind.algorithm, "kid": "one"}
        token = jwt.encode(header, kind.claims, kind.key, algorithms=[kind.algorithm])
        self._answer({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def liar() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    Liar.key, Liar.algorithm, Liar.metadata, Liar.claims = KEY, "RS256", {}, {}
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("changed", "comes_in"),
    [
        ({}, True),
        ({"nonce": "another"}, False),
        ({"nonce": None}, False),
        ({"iss": "https://another.example"}, False),
        ({"aud": "another-client"}, False),
        ({"aud": [CLIENT, "another"], "azp": "another"}, False),
        ({"exp": -3600}, False),
        ({"exp": None}, False),
        ({"iat": 3600}, False),
        ({"sub": None}, False),
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    liar: str, opened: Opened, changed: dict[str, Any], comes_in: bool
) -> None:
    front = opened(liar)
    browser = front.browser()
    assert _back(front, browser, liar, changed).status_code == (303 if comes_in else 403)
    assert bool(browser.session) == comes_in


def test_a_token_that_somebody_else_signed_lets_nobody_in(liar: str, opened: Opened) -> None:
    front = opened(liar)
    browser = front.browser()
    Liar.key = STRANGERS
    answer = _back(front, browser, liar, {})
    assert (answer.status_code, "a token that does not hold" in answer.text) == (403, True)


def test_only_the_one_who_began_can_redeem_the_code(liar: str, opened: Opened) -> None:
    """PKCE: the provider was given the hash of what the token endpoint is sent."""
    browser = opened(liar).browser()
    asked = parse_qs(urlsplit(go_out(browser)).query)
    browser.get("/sign-in/back", params={"state": asked["state"][0], "code": "c"})
    (verifier,), (challenge,) = Liar.asked["code_verifier"], asked["code_challenge"]
    digest = hashlib.sha256(verifier.encode()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://another.example"}, {"token_endpoint": "ftp://x"}, {"authorization_endpoint": ""}],
    ids=str,
)
def test_a_discovery_document_that_is_not_the_issuers_is_refused(
    liar: str, opened: Opened, metadata: dict[str, Any]
) -> None:
    Liar.metadata = metadata
    browser = opened(liar).browser()
    browser.get("/sign-in")
    assert browser.get("/sign-in/provider").status_code == 502


def _back(front: Front, browser: Browser, issuer: str, changed: dict[str, Any]) -> httpx2.Response:
    """Come back from a provider whose token differs in some claims; times are given from now."""
    asked = parse_qs(urlsplit(go_out(browser)).query)
    moment = int(front.web.state.provider.clock().timestamp())
    claims: dict[str, Any] = {"iss": issuer, "aud": CLIENT, "sub": "l-1", "nonce": asked["nonce"][0]}
    claims |= {"exp": 600, "iat": 0, "email": email_of("cal"), "email_verified": True, **changed}
    Liar.claims = {name: value for name, value in claims.items() if value is not None}
    for name in {"exp", "iat"} & Liar.claims.keys():
        Liar.claims[name] += moment
    return browser.get("/sign-in/back", params={"state": asked["state"][0], "code": "c"})
