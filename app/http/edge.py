"""The outermost middleware of the API and of the pages: request id, access log, security headers, HEAD, and
the one place that catches what nobody expected.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Collection
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import CopydeskError
from app.http.errors import Ending, HeadersTooLarge, MalformedRequest, Overloaded
from app.http.logs import trace_of

REQUEST_ID = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""Request ids of callers that are taken over; any other is replaced by one of ours."""
HEADER_BYTES = 32_768
Headers = tuple[tuple[bytes, bytes], ...]
Answer = Callable[[CopydeskError, Scope], ASGIApp]
"""Makes the response to an error of the tree."""

log = structlog.get_logger("app.api.access")


class Edge:
    """Around everything else. One instance a process: it counts the requests in flight."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        in_flight: int,
        strict_transport: bool,
        always: Headers,
        answer: Answer,
        internal: Callable[[Scope], ASGIApp],
        probes: Collection[str] = (),
    ) -> None:
        """`always` are headers that every answer has unless it brings its own; `answer` and `internal` make
        the answers to errors and to faults; `probes` are paths that are answered however much goes on.
        """
        self._app = app
        self._most = in_flight
        self._now = 0
        hsts = ((b"strict-transport-security", b"max-age=31536000"),) if strict_transport else ()
        self._always = (*always, *hsts)
        self._error = answer
        self._internal = internal
        self._probes = probes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = _Exchange(scope, send, self._always)
        self._now += 1
        try:
            await self._answer(exchange, receive)
        finally:
            self._now -= 1
            exchange.log(time.perf_counter() - started)

    async def _answer(self, exchange: "_Exchange", receive: Receive) -> None:
        scope = exchange.scope
        try:
            _check(scope)
            if self._now > self._most and scope["path"] not in self._probes:
                raise Overloaded
            await self._app(scope, receive, exchange.send)
        except CopydeskError as error:
            await self._error(error, scope)(scope, receive, exchange.send)
        except asyncio.CancelledError:
            # Only a server that ends cancels requests, once it has waited for them.
            if exchange.status:
                raise
            await self._error(Ending(), scope)(scope, receive, exchange.send)
        except Exception as error:
            log.error("unexpected exception", request_id=exchange.request_id, trace=trace_of(error))
            if not exchange.status:
                await self._internal(scope)(scope, receive, exchange.send)
            else:
                raise


def _check(scope: Scope) -> None:
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        raise MalformedRequest("the path or the query holds the character NUL")
    total = sum(len(name) + len(value) for name, value in scope["headers"])
    if total > HEADER_BYTES:
        raise HeadersTooLarge(
            f"the headers have more than {HEADER_BYTES} bytes", "send fewer or shorter headers"
        )


class _Exchange:
    """One request and its answer, as the log and the headers see them."""

    def __init__(self, scope: Scope, send: Send, always: tuple[tuple[bytes, bytes], ...]) -> None:
        self.head = scope["method"] == "HEAD"
        # A copy, since the server looks into its own: HEAD is answered as GET without the body.
        self.scope: Scope = {**scope, "method": "GET"} if self.head else scope
        self.state: dict[str, Any] = self.scope.setdefault("state", {})
        self.request_id = _request_id(scope)
        self.state["request_id"] = self.request_id
        self.extra: list[tuple[bytes, bytes]] = []
        self.state["answer_headers"] = self.extra
        self.status = 0
        self._send = send
        self._always = always

    async def send(self, message: Message) -> None:
        """Hand the answer on, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [item for item in self._always if item[0] not in present]
            headers += self.extra
            headers.append((b"x-request-id", self.request_id.encode()))
            message = {**message, "headers": headers}
        elif self.head:
            message = {**message, "body": b""}
        await self._send(message)

    def log(self, seconds: float) -> None:
        """One line for the request: who, what, how it ended; nothing that it carried."""
        identity, caller = self.state.get("identity"), self.state.get("caller")
        route = self.scope.get("route")
        log.info(
            "request",
            request_id=self.request_id,
            method="HEAD" if self.head else _method(self.scope["method"]),
            route=getattr(route, "path", "none"),
            status=self.status,
            ms=round(seconds * 1000, 1),
            key=identity.key_id if identity else "",
            person=identity.person_id if identity else "",
            brand=caller.brand if caller else "",
        )


def _method(method: str) -> str:
    """The method, unless it is one that somebody made up."""
    return method if method in ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE") else "other"


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value.decode())
    return uuid.uuid4().hex
