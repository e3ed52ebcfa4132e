"""Coming in, by password or by the provider, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from starlette.responses import RedirectResponse

from app.db.service_tables import Person
from app.db.sign_in_tables import SignedInBy
from app.errors import CopydeskError, NotFound
from app.sign_in.passwords import MOST, TooManyTries, WrongPassword
from app.sign_in.provider import OutsideRefused, Provider, ProviderAway
from app.sign_in.sessions import Sessions
from app.web.deps import AddressDep, PasswordsDep, ProviderDep, SessionsDep, VisitDep
from app.web.guard import local_path
from app.web.visit import Visit

BACK = "/sign-in/back"
router = APIRouter()
Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/sign-in")
def sign_in(visit: VisitDep, provider: ProviderDep, next_path: Next = "/") -> Response:
    """The form, or straight on for who is signed in."""
    onward = local_path(next_path)
    return visit.go(onward) if visit.caller is not None else _form(visit, provider, onward)


@router.post("/sign-in")
def sign_in_by_password(
    *,
    visit: VisitDep,
    sessions: SessionsDep,
    passwords: PasswordsDep,
    provider: ProviderDep,
    address: AddressDep,
    email: Annotated[str, Form(max_length=300)],
    password: Annotated[str, Form(max_length=1000)],
    next_path: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """On to where the person wanted to go; the form again, with why, for who may not come in."""
    onward = local_path(next_path)
    try:
        person = passwords.check(email, password, address)
    except (WrongPassword, TooManyTries) as error:
        page = _form(visit, provider, onward, _words(error), email=email, status=error.status_code)
        if isinstance(error, TooManyTries):
            page.headers["retry-after"] = str(error.wait_seconds)
        return page
    return _come_in(visit, sessions, person, SignedInBy.PASSWORD, onward)


@router.get("/sign-in/provider")
def go_to_provider(visit: VisitDep, provider: ProviderDep, next_path: Next = "/") -> Response:
    """On to the provider. Raises NotFound where none is set."""
    chosen, onward = _known(provider), local_path(next_path)
    if visit.caller is not None:
        return visit.go(onward)
    try:
        url = chosen.begin(visit.browser(), f"{visit.origin}{BACK}", onward)
    except ProviderAway as error:
        return _form(visit, provider, onward, _words(error), status=error.status_code)
    return visit.with_secret(RedirectResponse(url, status_code=303))


@router.get(BACK)
def back_from_provider(
    *,
    visit: VisitDep,
    sessions: SessionsDep,
    provider: ProviderDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """In, or the form with why not. Raises NotFound where no provider is set."""
    chosen = _known(provider)
    try:
        if error or not code:
            raise OutsideRefused(f"{chosen.name} did not sign you in", "begin again on this page")
        back = chosen.finish(visit.browser(), f"{visit.origin}{BACK}", state, code)
    except (OutsideRefused, ProviderAway) as refused:
        return _form(visit, provider, "/", _words(refused), status=refused.status_code)
    return _come_in(visit, sessions, back.person, SignedInBy.PROVIDER, local_path(back.next_path))


@router.post("/sign-out")
def sign_out(visit: VisitDep, sessions: SessionsDep) -> Response:
    """End this session; who is out already stays out."""
    if visit.session is not None:
        sessions.rows.end(visit.session.person.id, visit.session.row.id)
    response = visit.go("/sign-in", said="signed_out")
    visit.sign_out(response)
    return response


def _come_in(visit: Visit, sessions: Sessions, person: Person, by: SignedInBy, onward: str) -> Response:
    """A new session in this browser. One that it had before, of whomever, ends."""
    if visit.session is not None:
        sessions.rows.end(visit.session.person.id, visit.session.row.id)
    response = visit.go(onward, said="signed_in", name=person.name)
    visit.sign_in(response, sessions.begin(person.id, by, visit.user_agent))
    return response


def _form(
    visit: Visit,
    provider: Provider | None,
    onward: str,
    problem: str = "",
    *,
    email: str = "",
    status: int = 200,
) -> Response:
    return visit.show(
        "sign_in.html.jinja",
        status=status,
        next_path=onward,
        email=email,
        problem=problem,
        provider=provider.name if provider is not None else "",
        most=MOST,
    )


def _words(error: CopydeskError) -> str:
    return f"{error.message}: {error.hint}"


def _known(provider: Provider | None) -> Provider:
    if provider is None:
        raise NotFound("there is no page at this address")
    return provider
