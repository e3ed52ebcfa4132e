"""Bodies that are too large or too slow are refused, announced or not, without reading the rest."""

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import CopydeskError
from app.http.edge import Answer
from app.http.errors import BodyTooLarge, BodyTooSlow, MalformedRequest


class BodyLimit:
    """At most `limit` bytes a body, and with `seconds` within that time. A longer one that was not announced
    is refused while it is read.
    """

    def __init__(self, app: ASGIApp, *, limit: int, answer: Answer, seconds: float | None = None) -> None:
        self._app = app
        self._answer = answer
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with a counted body, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check_announced(scope)
        except CopydeskError as error:
            await self._answer(error, scope)(scope, receive, send)
            return
        read, complete, until = 0, False, time.monotonic() + (self._seconds or 0)

        async def counted() -> Message:
            nonlocal read, complete
            waits = self._seconds is not None and not complete
            try:
                async with asyncio.timeout(max(0, until - time.monotonic()) if waits else None):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlow(self._seconds or 0) from None
            complete = not message.get("more_body", False)
            read += len(message.get("body", b""))
            if read > self._limit:
                raise BodyTooLarge(self._limit)
            return message

        await self._app(scope, counted, send)

    def _check_announced(self, scope: Scope) -> None:
        for name, value in scope["headers"]:
            if name == b"content-length":
                if not value.isdigit() or len(value) > 15:
                    raise MalformedRequest("the header Content-Length is no number")
                if int(value) > self._limit:
                    raise BodyTooLarge(self._limit)
