"""The one kind of route: what it checks before FastAPI reads the request.

Unknown or repeated query parameters, an Accept that no answer fits, a body that is not JSON in UTF-8, and a
body whose JSON types are not the documented ones are refused here, so that each route's function sees only
what it asked for.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope

from app.api.body import read_body
from app.api.deps import ids_of
from app.api.idempotency import Idempotent
from app.api.json_body import read_json
from app.api.query import QueryShape
from app.api.validation import BodyShape
from app.http.errors import NotAcceptable, UnsupportedMedia
from app.http.problems import MEDIA_TYPE

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _ReadRequest(Request):
    """A request whose body has been read and parsed."""

    def __init__(self, scope: Scope, receive: Receive, raw: bytes, document: Any) -> None:
        super().__init__(scope, receive)
        self._raw = raw
        self._document = document

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self._document


class Route(APIRoute):
    """An APIRoute that refuses what it does not know. One whose function asks for NewIds takes an
    Idempotency-Key.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if any(dependency.call is ids_of for dependency in self.dependant.dependencies):
            self.app = Idempotent(self.app)

    def get_route_handler(self) -> Handler:
        """FastAPI's handler behind our checks."""
        inner = super().get_route_handler()
        query = QueryShape(self)
        produces = _media_types(self)
        shape = BodyShape(self.body_field.field_info.annotation) if self.body_field else None

        async def handler(request: Request) -> Response:
            _check_accept(request, produces)
            query.check(request)
            if shape is not None:
                request = await _read(request, shape)
            return await inner(request)

        return handler


def _media_types(route: APIRoute) -> frozenset[str]:
    """What the answers may be: the response class's type, and those documented with the route."""
    default = getattr(route.response_class, "value", route.response_class)
    types = {getattr(default, "media_type", None) or "application/json", MEDIA_TYPE}
    for response in route.responses.values():
        types |= set(response.get("content", {}))
    return frozenset(types)


def _check_accept(request: Request, produces: frozenset[str]) -> None:
    accept = request.headers.get("accept")
    if not accept or "*/*" in accept:
        return
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        refused = any(part.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for part in parameters)
        if not refused and any(_matches(name, media) for media in produces - {MEDIA_TYPE}):
            return
    shown = ", ".join(sorted(produces - {MEDIA_TYPE}))
    raise NotAcceptable("the answer has none of the forms that Accept names", f"it comes as {shown}")


def _matches(wanted: str, media: str) -> bool:
    return wanted in (media, f"{media.partition('/')[0]}/*")


async def _read(request: Request, shape: BodyShape) -> Request:
    raw = await read_body(request)
    if not raw:
        return _ReadRequest(request.scope, request.receive, raw, None)
    _check_content_type(request)
    document = read_json(raw)
    shape.check(raw, document)
    return _ReadRequest(request.scope, request.receive, raw, document)


def _check_content_type(request: Request) -> None:
    given = request.headers.get("content-type", "")
    name, *parameters = (part.strip().lower() for part in given.split(";"))
    kind, _, subtype = name.partition("/")
    if kind != "application" or not (subtype == "json" or subtype.endswith("+json")):
        shown = f"the body is '{given[:100]}'" if given else "the body has no Content-Type"
        raise UnsupportedMedia(shown, "send JSON with 'Content-Type: application/json'")
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "charset" and value.strip(" \"'") not in ("utf-8", "utf8"):
            raise UnsupportedMedia(f"the body's charset is {value[:40]}", "JSON is sent in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("the body is compressed", "send it without Content-Encoding")
