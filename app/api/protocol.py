"""uvicorn's HTTP protocol with limits on what comes before a request can be answered at all.

uvicorn reads the head of a request for as long and as far as it goes on; here it has to be complete within
HEAD_SECONDS and MOST_HEAD_BYTES.
"""

import asyncio
import uuid
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.http.problems import MEDIA_TYPE, PROBLEM_TYPES, ProblemDetails

HEAD_SECONDS = 20.0
MOST_HEAD_BYTES = 65_536


class GuardedProtocol(HttpToolsProtocol):
    """One connection. The head of a request is what comes before its body: request line and headers."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = False
        self._head_bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that sends nothing is closed like one that sends half a head."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._disarm()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        self._in_head, self._head_bytes = True, 0
        self._arm()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._in_head = False
        self._disarm()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes of a head, of a body, or of both."""
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse("headers-too-large", f"the headers have more than {MOST_HEAD_BYTES} bytes")

    def _arm(self) -> None:
        self._disarm()
        self._timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if self._in_head:
            self._refuse("body-too-slow", f"the headers did not arrive within {HEAD_SECONDS:g} s")
        else:
            self.transport.close()

    def _refuse(self, slug: str, detail: str) -> None:
        """Answer with a problem and close the connection."""
        if self.transport.is_closing():
            return
        kind = next(item for item in PROBLEM_TYPES if item.slug == slug)
        problem = ProblemDetails(
            type=kind.uri,
            title=kind.title,
            status=kind.status,
            detail=detail,
            instance="",
            request_id=uuid.uuid4().hex,
        )
        body = problem.model_dump_json().encode()
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[kind.status] + head.encode() + body)
        self.transport.close()
