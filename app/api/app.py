"""The ASGI application: middleware, routes, and every error as problem details."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from app.api.access import OPEN, Access
from app.api.auth import KeyRing
from app.api.idempotency import Keeper
from app.api.openapi import build_openapi
from app.api.route import Route
from app.api.routes import (
    audit,
    blocks,
    brands,
    brief_work,
    briefs,
    checks,
    choices,
    content,
    decks,
    draft_list,
    draft_writing,
    drafts,
    emails,
    exports,
    guardrails,
    health,
    library,
    matrices,
    proposals,
    reapprovals,
    receipts,
    review_actions,
    reviews,
    segments,
    usage,
    variants,
    waivers,
    webhooks,
    where_used,
    whole_emails,
)
from app.api.sending import Fetcher
from app.api.validation import from_fastapi
from app.errors import CopydeskError, NotFound
from app.http.body import BodyLimit
from app.http.edge import Edge
from app.http.errors import MalformedRequest, MethodNotAllowed
from app.http.problems import answer_for, internal
from app.http.rate import RateLimit
from app.service import Service
from app.settings import Settings, split_list

TITLE = "Copydesk"
PROBES = ("/healthz", "/readyz")
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
ROUTERS: tuple[APIRouter, ...] = (
    content.router,
    draft_list.router,
    health.router,
    brands.router,
    library.router,
    segments.router,
    blocks.router,
    guardrails.router,
    checks.router,
    variants.router,
    briefs.router,
    brief_work.router,
    decks.router,
    drafts.router,
    receipts.router,
    receipts.versions,
    draft_writing.router,
    review_actions.router,
    reviews.router,
    emails.router,
    choices.router,
    matrices.router,
    exports.making,
    exports.router,
    where_used.router,
    usage.router,
    webhooks.router,
    waivers.router,
    whole_emails.router,
    proposals.router,
    reapprovals.router,
    audit.router,
)
"""Every router. A new resource is a file in routes/ and a line here. Paths are tried in this order, so what
is asked most stands first."""


def serves(path: str) -> bool:
    """Whether a path is the API's, in a process that serves pages as well."""
    return path in OPEN or path == "/v1" or path.startswith("/v1/")


class Api(FastAPI):
    """FastAPI with our OpenAPI document, built once."""

    def openapi(self) -> dict[str, Any]:
        """The document."""
        if self.openapi_schema is None:
            self.openapi_schema = build_openapi(self)
        return self.openapi_schema


def create_api(service: Service) -> FastAPI:
    """The application that answers with `service`."""
    settings = service.settings
    keys = KeyRing(service.people, away_seconds=settings.fetch_away_seconds)
    fetcher = Fetcher(service)
    keeper = Keeper(service.kept, settings, service.draining)

    def warm_up() -> None:
        fetcher.warm_up()
        service.warm_up()  # last, since it has the collector leave alone what is loaded by now

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        keeper.start()
        # Not in the pool of threads, whose end is waited for: nobody needs it once the process ends.
        threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
        try:
            yield
        finally:
            service.draining.begin()
            if service.background:
                await asyncio.wait(service.background, timeout=settings.shutdown_seconds)
            await keys.close()
            await asyncio.to_thread(keeper.stop)
            await service.close()

    api = Api(
        title=TITLE,
        version=service.version,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        middleware=_middleware(settings, keys),
        exception_handlers={
            CopydeskError: _on_copydesk_error,
            RequestValidationError: _on_validation_error,
            HTTPException: _on_http_exception,
        },
    )
    api.state.service = service
    api.state.keeper = keeper
    api.state.fetcher = fetcher
    api.state.model_rate = RateLimit(
        settings.model_requests_per_minute,
        settings.model_requests_burst,
        "this key's requests that ask a model",
    )
    _add_routes(api)
    return api


def describe(version: str) -> dict[str, Any]:
    """The OpenAPI document, without a service that could answer."""
    api = Api(title=TITLE, version=version)
    _add_routes(api)
    return api.openapi()


def _add_routes(api: FastAPI) -> None:
    for router in ROUTERS:
        strange = [route for route in router.routes if not isinstance(route, Route)]
        if strange:
            raise TypeError(f"{strange[0]} is no Route: make its router with route_class=Route")
        # Into the list itself: a router within a router matches every path twice.
        api.router.routes.extend(router.routes)


def _middleware(settings: Settings, keys: KeyRing) -> list[Middleware]:
    rate = RateLimit(settings.requests_per_minute, settings.requests_burst, "this key's requests")
    edge = Middleware(
        Edge,
        in_flight=settings.in_flight,
        strict_transport=settings.behind_tls_proxy,
        always=_ALWAYS,
        answer=answer_for,
        internal=internal,
        probes=PROBES,
    )
    stack = [edge]
    origins = split_list(settings.allowed_origins)
    if origins:
        stack.append(
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "PATCH", "DELETE"],
                allow_headers=[
                    "Authorization",
                    "Content-Type",
                    "Idempotency-Key",
                    "If-Match",
                    "X-Request-ID",
                ],
                expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID", "Idempotency-Replayed"],
                max_age=600,
            )
        )
    fetches = RateLimit(settings.fetches_per_minute, settings.fetches_burst, "this key's fetches")
    stack.append(Middleware(Access, keys=keys, rate=rate, fetches=fetches))
    stack.append(Middleware(BodyLimit, limit=settings.body_bytes, answer=answer_for))
    return stack


def _methods(request: Request) -> list[str]:
    """The methods of the path, of all routes that have it."""
    found = {
        method
        for route in request.app.router.routes
        if isinstance(route, Route) and route.path_regex.match(request.url.path)
        for method in route.methods or ()
    }
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


async def _on_copydesk_error(request: Request, error: Any) -> Response:
    return answer_for(error, request.scope)


async def _on_validation_error(request: Request, error: Any) -> Response:
    return answer_for(from_fastapi(error.errors(), error.body), request.scope)


async def _on_http_exception(request: Request, error: Any) -> Response:
    """Starlette's own: no such path, no such method, a request that cannot be read."""
    if error.status_code == 405:
        allowed = ", ".join(_methods(request))
        problem: CopydeskError = MethodNotAllowed(
            f"this path has no method {request.method[:20]}", f"it has {allowed}", headers={"Allow": allowed}
        )
    elif error.status_code == 404:
        problem = NotFound("there is nothing at this path", "see /openapi.json")
    else:
        problem = MalformedRequest(str(error.detail))
    return answer_for(problem, request.scope)
