"""GET /v1/content/{slot}: what a sender puts into one slot at the moment of sending."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from app.api.content_view import ContentView
from app.api.deps import CallerDep, ServiceDep
from app.api.etags import known_tag
from app.api.route import Route
from app.api.sending import Fetcher
from app.api.sending_work import Ask
from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.brief.models import Journey
from app.errors import NotFound
from app.release.fetching import Values
from app.yaml12 import nearest

router = APIRouter(route_class=Route, prefix="/v1/content", tags=["content"])
_HEADERS = {
    "ETag": {"description": "Changes whenever anything of the answer does", "schema": {"type": "string"}},
    "Cache-Control": {
        "description": "How long the answer may be kept: never longer than it holds",
        "schema": {"type": "string"},
    },
}


@router.get(
    "/{slot}",
    operation_id="get_content",
    summary="What stands in a slot now",
    response_model=ContentView,
    responses={
        200: {"headers": _HEADERS},
        304: {"description": "What If-None-Match names is still the answer", "headers": _HEADERS},
    },
)
async def get_content(
    *,
    request: Request,
    caller: CallerDep,
    service: ServiceDep,
    slot: Annotated[str, Path(max_length=60, description="A block kind", examples=["hero"])],
    brand: Annotated[str, Query(max_length=60, examples=["larkfell"])],
    segment: Annotated[str, Query(min_length=1, max_length=60, examples=["weekend_hikers"])],
    journey: Annotated[Journey, Query(examples=["winback"])],
    locale: Annotated[str, Query(pattern="^[a-z]{2}-[A-Z]{2}$", examples=["en-US"])],
    market: Annotated[
        str | None,
        Query(
            pattern="^[A-Z]{2}$", description="That of the brief, or the region of the locale, when missing"
        ),
    ] = None,
    brief: Annotated[
        str | None,
        Query(
            pattern="^[a-z][a-z0-9_]{1,59}$",
            description="The stored brief whose facts and feed hold; none when missing",
        ),
    ] = None,
    values: Annotated[Values, Query(description="How the copy is wanted")] = Values.TOKENS,
    deadline_ms: Annotated[
        int | None,
        Query(ge=1, le=10_000, description="When the evergreen block answers at the latest, in milliseconds"),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", max_length=2000, description="The ETag of what you have")
    ] = None,
) -> Response:
    """Approved content that is true now, by a deadline; else what the fallback chain gives, with the reason.
    Read only: no model is asked and nothing is stored.
    """
    caller.require(brand, Scope.READ)
    if slot not in KINDS:
        raise NotFound(f"there is no block kind '{slot}'", nearest(slot, KINDS))
    fetcher: Fetcher = request.app.state.fetcher
    ask = Ask(brand, slot, segment, journey.value, locale, market, brief or "", values)
    limit = deadline_ms or service.settings.fetch_deadline_ms
    answer = await fetcher.answer(ask, limit / 1000)
    headers = {"ETag": answer.etag, "Cache-Control": f"private, max-age={answer.max_age}"}
    if if_none_match is not None and known_tag(if_none_match, answer.etag):
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)
