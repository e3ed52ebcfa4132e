"""A tiny HTTP server on loopback that answers like a model's API, well or badly, and counts requests."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


@dataclass
class Served:
    """Where the server listens and what it was asked."""

    address: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """Reads one request and lets the server's answer write the response."""

    served: Served
    answer: Answer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        self.served.requests.append(body)
        type(self).answer(self)

    def send(self, status: int, body: str, *headers: tuple[str, str]) -> None:
        """One complete response."""
        data = body.encode()
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), *headers):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


def completion(*texts: str | None, finish: str = "stop", logprobs: list[float] | None = None) -> str:
    """A chat completion with one choice a text."""
    scored = None
    if logprobs is not None:
        scored = {"content": [{"token": "x", "logprob": value, "top_logprobs": []} for value in logprobs]}
    choices = [
        {
            "index": index,
            "finish_reason": finish,
            "message": {"role": "assistant", "content": text},
            "logprobs": scored,
        }
        for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": choices,
            "usage": usage,
        }
    )


def gives(status: int, body: str, *headers: tuple[str, str]) -> Answer:
    """Answer every request so."""
    return lambda handler: handler.send(status, body, *headers)


def hangs(handler: Handler) -> None:
    """Say nothing until the server stops."""
    handler.served.stop.wait(20)


def trickles(handler: Handler) -> None:
    """A byte now and then: each read is in time, the whole never is."""
    body = completion("Hello").encode() + b" " * 400
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    for byte in body:
        if handler.served.stop.is_set():
            return
        try:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.02)


def breaks_off(handler: Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "1", "choices": [')
    handler.close_connection = True


@contextmanager
def serving(answer: Answer) -> Iterator[Served]:
    """Serve `answer` while the block runs."""
    served = Served()
    handler = type("Bound", (Handler,), {"served": served, "answer": staticmethod(answer)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        served.address = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.stop.set()
            server.shutdown()
            thread.join()
