"""A small HTTP/1.1 client for load: keep-alive connections, and latencies in seconds."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One request: what is sent."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, method: str, path: str, headers: dict[str, str], value: object) -> "Call":
        """A request with a JSON body."""
        return cls(method, path, {**headers, "Content-Type": "application/json"}, json.dumps(value).encode())

    def encoded(self, host: str) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Answer:
    """One answer: its status, its body, and how long it took."""

    status: int
    body: bytes
    seconds: float


class Connection:
    """One keep-alive connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, call: Call) -> Answer:
        """Send one request and read its answer, which must have a Content-Length."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        started = time.perf_counter()
        writer.write(call.encoded(f"127.0.0.1:{self._port}"))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        body = await reader.readexactly(length)
        return Answer(int(head.split(b" ", 2)[1]), body, time.perf_counter() - started)

    async def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()


async def load(port: int, next_call: Callable[[], Call | None], connections: int) -> list[Answer]:
    """Send what `next_call` gives over some connections side by side until it gives None."""
    answers: list[Answer] = []

    async def one() -> None:
        connection = Connection(port)
        while (call := next_call()) is not None:
            answers.append(await connection.send(call))
        await connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return answers


def counted(call: Callable[[int], Call], count: int) -> Callable[[], Call | None]:
    """`count` calls, each made from its number."""
    numbers = iter(range(count))

    def following() -> Call | None:
        number = next(numbers, None)
        return call(number) if number is not None else None

    return following


def timed(call: Call, seconds: float) -> Callable[[], Call | None]:
    """The same call for some seconds."""
    end = time.perf_counter() + seconds
    return lambda: call if time.perf_counter() < end else None
