"""GET /v1/drafts: drafts in pages. It is asked more often than anything else, by panels that watch it, so a
plain request is answered without what the others need; any other goes the way of all routes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.deps import BrandQuery, CallerDep
from app.api.draft_views import DraftPage, page_json
from app.api.finding import DeskDep
from app.api.paging import Cursor, Limit, decode_cursor, moment_of
from app.api.route import Route
from app.brand.roles import Scope as Permission
from app.caller import caller_for
from app.db.draft_pages import DraftPlace, DraftWanted
from app.db.tables import DraftState, Origin
from app.http.errors import RequestError
from app.service import Service

LONGEST_NAME = 60
LONGEST_AUTHOR = 300
MOST = 200
_NAMES = {"brief": "brief_id", "journey": "journey", "segment": "segment", "kind": "kind", "locale": "locale"}
_PLAIN_ACCEPT = frozenset({b"*/*", b"application/json"})


class ListRoute(Route):
    """Answers a plain request at once, and hands any other on."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.app = AtOnce(self.app)


class AtOnce:
    """The quick way before the whole one, and beneath what FastAPI does for every request."""

    def __init__(self, whole: ASGIApp) -> None:
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = _at_once(scope)
        if body is None:
            await self._whole(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


router = APIRouter(route_class=ListRoute, prefix="/v1/drafts", tags=["drafts"])
Name = Annotated[str | None, Query(max_length=LONGEST_NAME)]


async def wanted_of(
    *,
    caller: CallerDep,
    brand: BrandQuery = None,
    brief: Name = None,
    journey: Name = None,
    segment: Name = None,
    kind: Name = None,
    locale: Name = None,
    state: DraftState | None = None,
    origin: Origin | None = None,
    author: Annotated[
        str | None, Query(max_length=LONGEST_AUTHOR, description="A model, or a person by email")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DraftWanted:
    """The filters of the list, and the page."""
    return DraftWanted(
        brands=caller.wanted(brand, Permission.READ),
        brief_id=brief,
        journey=journey,
        segment=segment,
        kind=kind,
        locale=locale,
        state=state,
        origin=origin,
        author=author,
        after=_place(cursor),
        limit=limit,
    )


def _place(cursor: str | None) -> DraftPlace | None:
    position = decode_cursor(cursor, 2)
    return DraftPlace(moment_of(position[0]), position[1]) if position else None


@router.get("", operation_id="list_drafts", summary="Drafts", response_model=DraftPage)
def list_drafts(desk: DeskDep, wanted: Annotated[DraftWanted, Depends(wanted_of)]) -> Response:
    """Drafts of one brand or of all that you see, the newest first, without receipts and findings. Each
    draft that was there when the first page was read comes once, whatever is added meanwhile.
    """
    return Response(page_json(desk.drafts.pages.read(wanted)), media_type="application/json")


def _at_once(scope: Scope) -> bytes | None:
    """The answer to a plain request; None when it is not plain, or cannot be answered without waiting.

    Raises NotFound or NotPermitted as every route does.
    """
    if any(name == b"accept" and value not in _PLAIN_ACCEPT for name, value in scope["headers"]):
        return None
    asked = _plain(scope["query_string"])
    if asked is None:
        return None
    service, state = cast(Service, scope["app"].state.service), scope["state"]
    caller = state["caller"] = caller_for(state["identity"], service.contents.now())
    wanted = replace(asked.wanted, brands=caller.wanted(asked.brand, Permission.READ))
    page = service.drafts.pages.read_at_once(wanted)
    return page_json(page) if page is not None else None


@dataclass(frozen=True)
class _Asked:
    brand: str | None
    wanted: DraftWanted


@lru_cache(maxsize=1024)
def _plain(query: bytes) -> _Asked | None:
    """A query that is beyond doubt right, read; None for any other, which the whole way judges."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs) or not all(
        value.isascii() and value.isprintable() for value in given.values()
    ):
        return None
    brand, author = given.pop("brand", None), given.pop("author", None)
    names = {column: given.pop(name, None) for name, column in _NAMES.items()}
    short = all(value is None or len(value) <= LONGEST_NAME for value in (brand, *names.values()))
    if not short or len(author or "") > LONGEST_AUTHOR:
        return None
    try:
        limit = _limit(given.pop("limit", "50"))
        state, origin = given.pop("state", None), given.pop("origin", None)
        wanted = DraftWanted(
            brands=(),
            **names,
            state=DraftState(state) if state is not None else None,
            origin=Origin(origin) if origin is not None else None,
            author=author,
            after=_place(given.pop("cursor", None)),
            limit=limit,
        )
    except (ValueError, RequestError):
        return None
    return _Asked(brand, wanted) if not given else None


def _limit(text: str) -> int:
    number = int(text) if text.isdigit() and not text.startswith("0") else 0
    if not 1 <= number <= MOST:
        raise ValueError(text)
    return number
