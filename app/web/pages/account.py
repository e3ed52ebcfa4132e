"""One's own account: roles, sessions, password, keys, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.db.sessions import KnownSession
from app.errors import NotFound, UsageError
from app.sign_in.passwords import LEAST, MOST, Passwords, TooManyTries, WrongPassword
from app.sign_in.sessions import Sessions
from app.web.deps import AddressDep, PasswordsDep, SessionDep, SessionsDep, SignedIn, VisitDep
from app.web.pages.password import require_same
from app.web.visit import Visit

router = APIRouter()


@router.get("/account")
def account(visit: VisitDep, session: SessionDep, sessions: SessionsDep, passwords: PasswordsDep) -> Response:
    """Who one is, for which brands, and where one is signed in."""
    return _page(visit, session, sessions, passwords)


@router.post("/account/password")
def change_password(
    *,
    visit: VisitDep,
    session: SessionDep,
    sessions: SessionsDep,
    passwords: PasswordsDep,
    address: AddressDep,
    current: Annotated[str, Form(max_length=1000)],
    new: Annotated[str, Form(max_length=1000)],
    again: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Change one's own password: every other session ends, and this one gets a new id."""
    person = session.person
    try:
        require_same(new, again)
        passwords.check(person.email, current, address)
        passwords.put(person, new, by=person.id)
    except (UsageError, WrongPassword, TooManyTries) as error:
        words = "your current password is wrong" if isinstance(error, WrongPassword) else error.message
        status = 403 if isinstance(error, WrongPassword) else error.status_code
        return _page(visit, session, sessions, passwords, problem=f"{words}: {error.hint}", status=status)
    response = visit.go("/account", said="password_changed")
    visit.sign_in(response, sessions.begin(person.id, session.row.signed_in_by, visit.user_agent))
    return response


@router.post("/account/keys/revoke")
def revoke_key(visit: VisitDep, caller: SignedIn, key: Annotated[str, Form(max_length=32)]) -> Response:
    """Revoke one of one's own keys. Raises NotFound in the same words for none and for one of others."""
    people = visit.service.people
    if key not in {known.key.id for known in people.keys(caller.email)}:
        raise NotFound(f"there is no key '{key}'")
    people.revoke_key(key)
    return visit.go("/account", said="key_revoked")


@router.post("/account/sessions/end")
def end_session(
    visit: VisitDep,
    caller: SignedIn,
    sessions: SessionsDep,
    session: Annotated[str, Form(max_length=64)],
) -> Response:
    """End one of one's own sessions. Raises NotFound."""
    if not sessions.rows.end(caller.identity.person_id, session):
        raise NotFound("there is no such session", "it may have ended meanwhile")
    return visit.go("/account", said="session_ended")


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(visit: VisitDep, caller: SignedIn, sessions: SessionsDep) -> Response:
    """End all of one's sessions, this one as well."""
    sessions.rows.end_all(caller.identity.person_id)
    response = visit.go("/sign-in", said="signed_out_everywhere")
    visit.sign_out(response)
    return response


def _page(
    visit: Visit,
    session: KnownSession,
    sessions: Sessions,
    passwords: Passwords,
    *,
    problem: str = "",
    status: int = 200,
) -> Response:
    person, caller = session.person, visit.caller
    brands = caller.visible if caller is not None else ()
    keys = [known.key for known in visit.service.people.keys(person.email) if known.key.revoked_at is None]
    return visit.show(
        "account.html.jinja",
        status=status,
        person=person,
        roles=[(visit.brand_name(brand), sorted(caller.roles(brand))) for brand in brands if caller],
        sessions=sessions.of_person(person.id),
        here=session.row.id,
        keys=keys,
        now=sessions.clock(),
        has_password=passwords.has_one(person),
        problem=problem,
        least=LEAST,
        most=MOST,
    )
