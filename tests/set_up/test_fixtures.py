"""The helpers of conftest.py do what they promise."""

import http.client
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

TWO_INTERACTIONS = """\
version: 1
interactions:
- request: {body: null, headers: {}, method: GET, uri: http://localhost/one}
  response: {body: {string: first}, headers: {}, status: {code: 200, message: OK}}
- request: {body: null, headers: {}, method: GET, uri: http://localhost/two}
  response: {body: {string: second}, headers: {}, status: {code: 200, message: OK}}
"""

Play = Callable[[str], AbstractContextManager[Any]]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    (tmp_path / "two.yaml").write_text(TWO_INTERACTIONS, encoding="utf-8")
    return tmp_path


def get(path: str, port: int = 18080) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Authorization": "Bearer none"})
    return connection.getresponse().read()


def test_a_cassette_plays_whatever_port_the_server_had(cassette: Play) -> None:
    with cassette("two"):
        assert [get("/one", 18080), get("/two", 18081)] == [b"first", b"second"]


def test_a_cassette_must_play_to_its_end(cassette: Play) -> None:
    with pytest.raises(AssertionError, match="played 1 of 2"), cassette("two"):
        get("/one")


def test_a_request_that_is_not_recorded_is_refused(cassette: Play) -> None:
    with pytest.raises(Exception, match="Can't play back this request"), cassette("two"):
        get("/three")


def test_a_count_is_smaller_unless_the_run_is_long(long_count: Callable[[int, int], int]) -> None:
    assert long_count(3, 1000) == (1000 if os.environ.get("COPYDESK_TEST_LONG") == "1" else 3)


class OnePage(http.server.BaseHTTPRequestHandler):
    """Answers every request with the same page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Hello</h1>")

    def log_message(self, template: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a web server on this machine."""
    with http.server.HTTPServer(("127.0.0.1", 0), OnePage) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_browser_shows_a_page_of_this_machine(chromium: Browser, port: int, host: str) -> None:
    page = chromium.new_page()
    page.goto(f"http://{host}:{port}/")
    assert page.inner_text("h1") == "Hello"
    page.close()


@pytest.mark.parametrize("url", ["http://example.com/", "http://203.0.113.1/"])
def test_the_browser_reaches_no_other_machine(chromium: Browser, url: str) -> None:
    page = chromium.new_page()
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(url, timeout=5000)
    page.close()
