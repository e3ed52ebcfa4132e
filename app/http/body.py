"""Bodies that are too large are refused, announced or not, without reading the rest."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import CopydeskError
from app.http.edge import Answer
from app.http.errors import BodyTooLarge, MalformedRequest


class BodyLimit:
    """At most `limit` bytes a body. A longer one that was not announced is refused while it is read."""

    def __init__(self, app: ASGIApp, *, limit: int, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._limit = limit

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
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
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
