"""`copydesk serve --workers`: processes behind one port, which start, are replaced, and end together."""

import concurrent.futures
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from app.cli import main
from scripts.bench_api import add_caller, brief
from tests.api.process import Server, started

SECONDS = 60.0


@contextlib.contextmanager
def two(folder: Path) -> Iterator[Server]:
    database = f"sqlite:///{folder}/db"
    given: dict[str, Any] = {"database": database, "model": "scripted", "idempotency_wait_seconds": SECONDS}
    with started(folder, workers=2, **given) as server:
        until(lambda: len(children(server)) == 2)
        yield server


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def children(server: Server) -> set[int]:
    """The ids of the processes that serve."""
    listed = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(word) for word in listed.read_text().split()}


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(server: Server) -> bool:
    try:
        return httpx2.get(f"{server.url}/healthz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_they_end_together_and_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with two(tmp_path) as server:
        serving = children(server)
        until(lambda: sum("listening" in line for line in server.lines()) == 2)
        assert server.end(number) == 0
    assert not any(alive(process) for process in serving)


def test_one_that_dies_is_replaced_while_the_other_answers(tmp_path: Path) -> None:
    with two(tmp_path) as server:
        until(lambda: sum("listening" in line for line in server.lines()) == 2)
        before = children(server)
        killed = min(before)
        time.sleep(5)  # a process that dies young does not count as one that served
        os.kill(killed, signal.SIGKILL)
        until(lambda: len(children(server) - {killed}) == 2)
        assert children(server) - before
        until(lambda: sum("listening" in line for line in server.lines()) == 3)
        assert all(answers(server) for _ in range(8))
        assert server.end() == 0


def test_they_end_when_the_first_process_is_killed(tmp_path: Path) -> None:
    with two(tmp_path) as server:
        serving = children(server)
        until(lambda: sum("listening" in line for line in server.lines()) == 2)
        server.process.kill()
        until(lambda: not any(alive(process) for process in serving))


def test_a_key_used_in_both_is_done_once(tmp_path: Path) -> None:
    """An Idempotency-Key holds whichever process a request comes to: all get the answer of one run."""
    key = add_caller(f"sqlite:///{tmp_path}/db")
    body = json.dumps(brief(1))
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": "the-same-request-again",
    }
    with two(tmp_path) as server:

        def ask(_: int) -> httpx2.Response:
            return httpx2.post(f"{server.url}/v1/variants", content=body, headers=headers, timeout=SECONDS)

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            found = list(pool.map(ask, range(12)))
        listed = httpx2.get(f"{server.url}/v1/drafts", headers=headers, timeout=SECONDS).json()
    assert {answer.status_code for answer in found} == {200}
    assert len({answer.content for answer in found}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in found) == 11
    assert len(listed["items"]) == 1


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with two(tmp_path) as server:
        given = ["--port", str(server.port), "--database", f"sqlite:///{tmp_path}/other"]
        result = CliRunner().invoke(main, ["serve", "--workers", "2", *given])
    assert result.exit_code == 2
    assert f"port {server.port} of 127.0.0.1 is taken" in result.stderr
