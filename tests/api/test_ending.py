"""Callers that hang up, and processes that are told to end: what runs is finished, or told that it is not."""

import contextlib
import json
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx2

from tests.api.probe import runs
from tests.api.process import Server, started
from tests.api.test_wire import copywriter


class Probe:
    """A server with the probe routes, and a key."""

    def __init__(self, server: Server, key: str, path: Path) -> None:
        self.server = server
        self.headers = {"Authorization": f"Bearer {key}"}
        self.path = path
        self.answers: list[httpx2.Response] = []

    def ask(
        self, name: str, path: str = "/v1/probes", key: str | None = None, **order: Any
    ) -> httpx2.Response:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        given = {"name": name, **order}
        return httpx2.post(f"{self.server.url}{path}", json=given, headers=headers, timeout=120)

    def begin(self, name: str, **order: Any) -> threading.Thread:
        """Ask in a thread, and return once it runs."""

        def ask() -> None:
            with contextlib.suppress(httpx2.TransportError):
                self.answers.append(self.ask(name, **order))

        thread = threading.Thread(target=ask)
        thread.start()
        while not runs(self.path, name):
            time.sleep(0.02)
        return thread


@contextlib.contextmanager
def probe(content: Path, folder: Path, **settings: Any) -> Any:
    database = f"sqlite:///{folder}/db"
    key = copywriter(database)
    counted = folder / "runs"
    given = {"content": content, "database": database, "environment": "production", **settings}
    with started(folder, module="tests.api.probe", probe=counted, **given) as server:
        yield Probe(server, key, counted)


def test_work_goes_on_for_a_caller_that_hung_up_and_what_runs_is_finished(
    written_content: Path, tmp_path: Path
) -> None:
    with probe(written_content, tmp_path) as desk:
        hang_up_in_a_stream(desk)
        again = desk.ask("stream", "/v1/probes/stream", key="stream", seconds=0.3)
        assert again.text.count("event: step") == 3
        assert again.headers["idempotency-replayed"] == "true"
        assert runs(desk.path, "stream") == 1
        running = desk.begin("last", seconds=1.5)
        assert desk.server.end(signal.SIGTERM) == 0
        running.join()
        assert [answer.status_code for answer in desk.answers] == [201]
        records = desk.server.records()
    events = [record["event"] for record in records]
    assert events.index("ending") < max(n for n, event in enumerate(events) if event == "request")


def hang_up_in_a_stream(desk: Probe) -> None:
    """Read the first event of a stream, and close the connection."""
    body = json.dumps({"name": "stream", "seconds": 0.3}, separators=(",", ":")).encode()
    lines = [
        "POST /v1/probes/stream HTTP/1.1",
        "Host: here",
        f"Authorization: {desk.headers['Authorization']}",
        "Idempotency-Key: stream",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    with socket.create_connection(("127.0.0.1", desk.server.port), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        found = b""
        while b"event: step" not in found:
            found += connection.recv(4096)


def test_what_takes_too_long_is_told_to_come_back(written_content: Path, tmp_path: Path) -> None:
    with probe(written_content, tmp_path, shutdown_seconds=1) as desk:
        running = desk.begin("endless", seconds=600)
        assert desk.server.end(signal.SIGTERM) == 0
        running.join()
        (answer,) = desk.answers
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/ending")
        assert answer.json()["retryable"]
        assert answer.headers["retry-after"] == "1"


def test_a_second_interrupt_ends_it_at_once(written_content: Path, tmp_path: Path) -> None:
    with probe(written_content, tmp_path, shutdown_seconds=600) as desk:
        running = desk.begin("stubborn", seconds=600)
        desk.server.process.send_signal(signal.SIGINT)
        time.sleep(1)
        assert desk.server.process.poll() is None
        desk.server.process.send_signal(signal.SIGINT)
        assert desk.server.process.wait(timeout=60) is not None
        running.join(timeout=30)
        assert not running.is_alive()
