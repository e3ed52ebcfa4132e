"""A real server process for tests: `copydesk serve` on a free port of this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

START_SECONDS = 120.0
"""Generous: a machine that runs other tests beside this one is slow."""


@dataclass
class Server:
    """A running server and what it has logged."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lines(self) -> list[str]:
        """What it has logged so far."""
        return self.log.read_text(encoding="utf-8").splitlines()

    def records(self) -> list[dict[str, Any]]:
        """Its JSON lines; anything else on standard error is an error."""
        return [json.loads(line) for line in self.lines()]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def raw(self, data: bytes, *, seconds: float = 30.0) -> bytes:
        """Send bytes as they are and read until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            found = b""
            while chunk := connection.recv(65536):
                found += chunk
            return found


def command(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "app", *arguments]


@contextmanager
def started(folder: Path, *, module: str | None = None, **settings: object) -> Iterator[Server]:
    """A server with these settings as variables; it is ended with the block. `module` is run instead, and
    `workers` is how many processes serve.
    """
    workers = int(str(settings.pop("workers", 1)))
    port = free_port()
    environment = {**os.environ, **{f"COPYDESK_{key.upper()}": str(value) for key, value in settings.items()}}
    log = folder / f"server-{port}.log"
    arguments = [sys.executable, "-m", module, str(port)] if module else command("serve", "--port", str(port))
    arguments += ["--workers", str(workers)] if workers > 1 else []
    with log.open("wb") as errors:
        process = subprocess.Popen(
            arguments, cwd=Path(__file__).parents[2], env=environment, stdout=errors, stderr=errors
        )
    server = Server(process, port, log)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


def _wait(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            if httpx2.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.log.read_text()}")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
