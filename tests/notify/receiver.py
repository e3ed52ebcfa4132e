"""A webhook's other end on this machine, and a check of signatures in as few lines as the docs show."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the receiver says: a status, headers, so many bytes, each after a pause."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    pause: float = 0.0


@dataclass(frozen=True)
class Got:
    """One message that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """Answers with each of `answers` in turn, then always accepts."""

    port: int = 0
    answers: list[Answer] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/copydesk?from=test"


@contextmanager
def receiving(certificate: Path | None = None) -> Iterator[Receiver]:
    """A receiver on a free port, with TLS when there is a file with certificate and key."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, body))
            answer = receiver.answers.pop(0) if receiver.answers else Answer()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(answer.size))
            self.end_headers()
            self._write(answer)

        def _write(self, answer: Answer) -> None:
            try:
                for _ in range(answer.size):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(answer.pause)
            except OSError:
                return  # the sender has read enough

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def verify(secret: str, got: Got) -> bool:
    """Whether the message was signed with the secret, by hand."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = got.headers["webhook-signature"].split()
    return any(hmac.compare_digest(expected, signature) for signature in given)


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
