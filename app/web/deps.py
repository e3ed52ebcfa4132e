"""What pages ask for by type: the visit, who is signed in, and a brand that they may see."""

from typing import Annotated, cast

from fastapi import Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from app.brand.roles import Scope
from app.caller import Caller, Identity, caller_for, roles_by_brand
from app.db.sessions import KnownSession
from app.errors import NotPermitted
from app.http.errors import Unauthenticated
from app.service import Service
from app.sign_in.passwords import Passwords
from app.sign_in.provider import Provider
from app.sign_in.sessions import Sessions
from app.web.cookies import FORM, SESSION, Cookies
from app.web.guard import check_form, own_origin
from app.web.visit import Visit

_SIGN_IN = "sign in and send it again; nothing was stored"


async def enter(request: Request) -> Visit:
    """Runs before every page: looks the session up, and lets forms through only if they are ours."""
    service = cast(Service, request.app.state.service)
    origin = own_origin(request, service.settings)
    cookies = Cookies(secure=origin.startswith("https:"))
    token = cookies.read(request, SESSION)
    session = await run_in_threadpool(sessions_of(request).find, token) if token else None
    serving = service.contents.now()
    visit = Visit(
        request=request,
        service=service,
        cookies=cookies,
        origin=origin,
        serving=serving,
        session=session,
        caller=caller_for(_identity(session), serving) if session is not None else None,
        secret=token if session is not None else cookies.read(request, FORM),
    )
    request.state.visit = visit
    if visit.caller is not None:
        request.state.identity, request.state.caller = visit.caller.identity, visit.caller
    try:
        await check_form(request, origin, visit.secret)
    except NotPermitted as error:
        if token and session is None:
            raise Unauthenticated("your session has ended", _SIGN_IN) from error
        raise
    return visit


async def require_person(request: Request) -> Caller:
    """Who is signed in. Raises Unauthenticated: a page leads to signing in, a form is refused."""
    caller = cast(Visit, request.state.visit).caller
    if caller is None:
        raise Unauthenticated("you are not signed in", _SIGN_IN)
    return caller


async def session_of(request: Request) -> KnownSession:
    """The session of who is signed in. Raises Unauthenticated."""
    session = cast(Visit, request.state.visit).session
    if session is None:
        raise Unauthenticated("you are not signed in", _SIGN_IN)
    return session


async def visit_of(request: Request) -> Visit:
    """The visit that `enter` has made."""
    return cast(Visit, request.state.visit)


async def readable_brand(brand: Annotated[str, Path(max_length=60)], request: Request) -> str:
    """The brand of the path. Raises NotFound in the same words for none and for one that others have."""
    return (await require_person(request)).require(brand, Scope.READ)


def sessions_of(request: Request) -> Sessions:
    """The process's sessions."""
    return cast(Sessions, request.app.state.sessions)


def passwords_of(request: Request) -> Passwords:
    """The process's passwords."""
    return cast(Passwords, request.app.state.passwords)


def provider_of(request: Request) -> Provider | None:
    """The provider that people may sign in with; None for none."""
    return cast("Provider | None", request.app.state.provider)


def address_of(request: Request) -> str:
    """Where a request comes from: behind a proxy what that has seen, which is the last entry."""
    service = cast(Service, request.app.state.service)
    if service.settings.behind_tls_proxy:
        seen = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if seen:
            return seen
    return request.client.host if request.client is not None else ""


def _identity(session: KnownSession) -> Identity:
    person = session.person
    return Identity(
        person_id=person.id,
        email=person.email,
        name=person.name,
        key_id=f"page-{session.row.id[:16]}",
        scopes=frozenset(Scope),
        roles=roles_by_brand(session.grants),
    )


VisitDep = Annotated[Visit, Depends(visit_of)]


def texts_in(form: FormData) -> dict[str, str]:
    """The texts of a form, with line ends of one character, as browsers count them: they send two."""
    return {name: text.replace("\r\n", "\n") for name, text in form.items() if isinstance(text, str)}


SignedIn = Annotated[Caller, Depends(require_person)]
BrandDep = Annotated[str, Depends(readable_brand)]
"""For a path with `{brand}`: the id of a brand that the person may read. A page that does more asks
`caller.require(brand, Scope.WRITE)` and the like itself."""
SessionDep = Annotated[KnownSession, Depends(session_of)]
SessionsDep = Annotated[Sessions, Depends(sessions_of)]
PasswordsDep = Annotated[Passwords, Depends(passwords_of)]
ProviderDep = Annotated[Provider | None, Depends(provider_of)]
AddressDep = Annotated[str, Depends(address_of)]
