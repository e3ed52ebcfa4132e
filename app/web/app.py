"""The pages for people: server-rendered, without anything from elsewhere, and complete without JavaScript."""

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware import Middleware

from app.db.sessions import SessionRows
from app.db.sign_in import OutsideRows
from app.db.tables import now
from app.http.body import BodyLimit
from app.http.edge import Edge
from app.http.rate import RateLimit
from app.service import Service
from app.settings import Settings
from app.sign_in.passwords import Passwords
from app.sign_in.provider import Provider
from app.sign_in.sessions import Clock, Sessions
from app.web.answers import error_answer, fault_answer, handlers
from app.web.deps import enter, require_person
from app.web.labels import load_labels
from app.web.pages import (
    account,
    asking,
    brief_editing,
    checking,
    copy,
    draft_email,
    drafts,
    email_frame,
    emails,
    finding_forms,
    home,
    library,
    new_values,
    password,
    queue,
    sign_in,
    static,
    versions,
    weekly,
)
from app.web.rolling_back import RollBacks

OPEN: tuple[APIRouter, ...] = (sign_in.router, password.router)
"""Pages that need nobody to be signed in."""
PAGES: tuple[APIRouter, ...] = (
    home.router,
    queue.router,
    drafts.router,
    finding_forms.router,
    emails.router,
    copy.router,
    new_values.router,
    asking.router,
    brief_editing.router,
    checking.router,
    library.router,
    versions.router,
    weekly.router,
    account.router,
)
"""Pages for people who are signed in. A new page is a file in pages/ and a line here."""
FRAMES: tuple[APIRouter, ...] = (draft_email.router, email_frame.router)
"""The same for what other people wrote, shown inside a page in a sandbox, under a policy of its own."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)
"""What every answer has that does not bring its own."""


def create_web(service: Service, clock: Clock = now) -> FastAPI:
    """The application that shows pages of `service`. Raises ContentError for labels that are not complete."""
    load_labels()
    web = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=_middleware(service.settings),
        exception_handlers=handlers(),
    )
    web.state.service = service
    settings, engine = service.settings, service.store.engine
    web.state.sessions = Sessions.by(settings, SessionRows(engine), clock)
    web.state.passwords = Passwords.by(settings, engine, clock)
    web.state.provider = Provider.by(settings, OutsideRows(engine), clock)
    web.state.roll_backs = RollBacks()
    web.state.model_rate = RateLimit(
        settings.model_requests_per_minute,
        settings.model_requests_burst,
        "your requests that ask a model",
    )
    web.include_router(static.router)
    for router in OPEN:
        web.include_router(router, dependencies=[Depends(enter)])
    for router in (*PAGES, *FRAMES):
        web.include_router(router, dependencies=[Depends(enter), Depends(require_person)])
    return web


def _middleware(settings: Settings) -> list[Middleware]:
    return [
        Middleware(
            Edge,
            in_flight=settings.in_flight,
            strict_transport=settings.behind_tls_proxy,
            always=_ALWAYS,
            answer=error_answer,
            internal=fault_answer,
        ),
        Middleware(BodyLimit, limit=settings.body_bytes, answer=error_answer, seconds=settings.body_seconds),
    ]
