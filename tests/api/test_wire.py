"""Over a real socket: what no HTTP library would send, and what only a server can answer."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.api.protocol import MOST_HEAD_BYTES
from app.brand.roles import PersonRole, Scope
from app.db.people import People
from app.db.store import open_store
from tests.api.house import OURS, email_of
from tests.api.process import Server, started

BODY_BYTES = 200_000


@dataclass
class Wire:
    """A running server and a copywriter's key."""

    server: Server
    key: str

    def head(self, method: str = "POST", path: str = "/v1/checks", *lines: str) -> bytes:
        """The head of a request, with the key."""
        first = (f"{method} {path} HTTP/1.1", "Host: here", f"Authorization: Bearer {self.key}")
        return "\r\n".join([*first, *lines, "", ""]).encode("latin-1")

    def ask(self, data: bytes) -> "Answer":
        """Send bytes and read the answer; the connection is closed after it."""
        return Answer.of(self.server.raw(data))

    def alive(self) -> bool:
        """Whether the server answers others."""
        return httpx2.get(f"{self.server.url}/healthz", timeout=30).status_code == 200


@dataclass
class Answer:
    """A raw answer, taken apart."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, raw: bytes) -> "Answer":
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in lines]
        return cls(int(first.split(" ")[1]), {name.lower(): value for name, value in pairs}, body)

    @property
    def problem(self) -> Any:
        assert self.headers["content-type"] == "application/problem+json"
        return json.loads(self.body)


@pytest.fixture(scope="module")
def wire(written_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder = tmp_path_factory.mktemp("wire")
    database = f"sqlite:///{folder}/db"
    key = copywriter(database)
    settings: dict[str, Any] = {"content": written_content, "database": database}
    settings |= {"body_bytes": BODY_BYTES, "body_seconds": 1}
    with started(folder, **settings) as server:
        yield Wire(server, key)
        assert server.end() == 0


def copywriter(database: str) -> str:
    """A key of a copywriter in a new database."""
    store = open_store(database)
    people = People(store.engine)
    people.add(email_of("cal"), "Cal")
    people.grant(email_of("cal"), OURS, [PersonRole.COPYWRITER])
    key = people.create_key(email_of("cal"), "tests", Scope, None).text
    store.close()
    return key


def test_ten_megabytes_are_refused_before_they_are_sent(wire: Wire) -> None:
    lines = ("Content-Type: application/json", "Content-Length: 10000000")
    answer = wire.ask(wire.head("POST", "/v1/checks", *lines))
    assert (answer.status, answer.problem["type"]) == (413, "/problems/body-too-large")
    assert answer.headers["connection"] == "close"


def test_ten_megabytes_in_pieces_are_refused_on_the_way(wire: Wire) -> None:
    lines = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", wire.server.port), timeout=30) as connection:
        connection.sendall(wire.head("POST", "/v1/checks", *lines))
        sent, raw = 0, b""
        try:
            for _ in range(160):
                connection.sendall(piece)
                sent += len(piece)
            raw = connection.recv(65536)
        except ConnectionError:
            connection.settimeout(5)
            raw = raw or b""
    assert wire.alive()
    if raw:
        assert Answer.of(raw).status == 413
    assert sent <= 160 * len(piece)


def test_a_body_that_trickles_is_given_up(wire: Wire) -> None:
    begun = time.monotonic()
    answer = wire.ask(
        wire.head("POST", "/v1/checks", "Content-Type: application/json", "Content-Length: 9") + b"{"
    )
    assert (answer.status, answer.problem["type"]) == (408, "/problems/body-too-slow")
    assert time.monotonic() - begun < 25


def test_headers_without_end_are_refused(wire: Wire) -> None:
    """The head is sent piece by piece, so that the answer is not lost with bytes that nobody reads."""
    with socket.create_connection(("127.0.0.1", wire.server.port), timeout=30) as connection:
        connection.sendall(wire.head()[:-2] + b"X-Long: ")
        for _ in range(MOST_HEAD_BYTES // 8192 + 1):
            connection.sendall(b"a" * 8192)
            time.sleep(0.01)
        answer = Answer.of(connection.recv(65536))
    assert (answer.status, answer.problem["type"]) == (431, "/problems/headers-too-large")


def test_many_headers_are_refused(wire: Wire) -> None:
    lines = (*(f"X-{number}: {'b' * 100}" for number in range(400)), "Connection: close")
    answer = wire.ask(wire.head("GET", "/v1/brands", *lines))
    assert answer.status == 431


def test_a_request_id_is_taken_over_only_when_it_is_sane(wire: Wire) -> None:
    for given, kept in (
        ("trace-0123456789", True),
        ("short", False),
        ("with space 0123456789", False),
        ("x" * 65, False),
        ("<script>alert(1)</script>", False),
    ):
        answer = wire.ask(wire.head("GET", "/v1/brands", f"X-Request-ID: {given}", "Connection: close"))
        assert answer.status == 200
        assert (answer.headers["x-request-id"] == given) is kept, given


@pytest.mark.parametrize(
    "line", ["X-Request-ID: abcdefgh\nSet-Cookie: a=b", "X-Request-ID: abcdefgh\rSet-Cookie: a=b", "X: a\0b"]
)
def test_headers_cannot_be_injected(wire: Wire, line: str) -> None:
    answer = wire.ask(wire.head("GET", "/v1/brands", line, "Connection: close"))
    assert answer.status in (200, 400)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/v1/brands", 200),
        ("HEAD", "/healthz", 200),
        ("OPTIONS", "/v1/brands", 405),
        ("TRACE", "/v1/brands", 405),
        ("PUT", "/v1/brands", 405),
        ("DELETE", "/v1/checks", 405),
        ("GET", "/v1/checks", 405),
    ],
)
def test_methods(wire: Wire, method: str, path: str, status: int) -> None:
    answer = wire.ask(wire.head(method, path, "Connection: close"))
    assert answer.status == status
    if method == "HEAD":
        assert answer.body == b""
        assert int(answer.headers["content-length"]) > 0
    else:
        assert answer.headers["allow"] in ("GET, HEAD", "POST")
        assert wire.key.encode() not in answer.body


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"hello\r\n\r\n", b"GET\r\n\r\n"]
)
def test_what_is_no_http_is_400(wire: Wire, raw: bytes) -> None:
    assert wire.ask(raw).status == 400
    assert wire.alive()


def test_a_caller_that_hangs_up_half_way_disturbs_nobody(wire: Wire) -> None:
    for cut in (30, 60, 90):
        with socket.create_connection(("127.0.0.1", wire.server.port)) as connection:
            lines = ("Content-Type: application/json", "Content-Length: 100")
            connection.sendall(wire.head("POST", "/v1/checks", *lines)[:cut])
    assert wire.alive()


def test_every_answer_carries_the_security_headers(wire: Wire) -> None:
    for head in (wire.head("GET", "/v1/brands", "Connection: close"), b"GET /x HTTP/1.0\r\n\r\n"):
        headers = wire.ask(head).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
