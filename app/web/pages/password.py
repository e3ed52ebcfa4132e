"""Setting a password by a link, for people who have none or have forgotten it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from app.db.service_tables import Person
from app.errors import NotFound, UsageError
from app.sign_in.passwords import LEAST, MOST, Passwords
from app.web.deps import PasswordsDep, VisitDep
from app.web.visit import Visit

PATH = "/account/set-password"
router = APIRouter()


@router.get(PATH)
def set_password(
    visit: VisitDep, passwords: PasswordsDep, token: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """The form of a link that holds. Raises NotFound."""
    return _form(visit, _person(passwords, token), token)


@router.post(PATH)
def set_password_by_link(
    visit: VisitDep,
    passwords: PasswordsDep,
    token: Annotated[str, Form(max_length=100)],
    new: Annotated[str, Form(max_length=1000)],
    again: Annotated[str, Form(max_length=1000)],
) -> Response:
    """On to signing in; the form again, with why, for a password that will not do. Raises NotFound."""
    person = _person(passwords, token)
    try:
        require_same(new, again)
        passwords.use_link(token, person, new)
    except UsageError as error:
        return _form(visit, person, token, f"{error.message}: {error.hint}", error.status_code)
    response = visit.go("/sign-in", said="password_set")
    visit.sign_out(response)
    return response


def require_same(new: str, again: str) -> None:
    """Raises UsageError when the same password was not typed twice."""
    if new != again:
        raise UsageError("the two passwords differ", "type the same one twice")


def _person(passwords: Passwords, token: str) -> Person:
    person = passwords.link_person(token)
    if person is None:
        raise NotFound("this link does not hold, or not any more", "ask your operator for another one")
    return person


def _form(visit: Visit, person: Person, token: str, problem: str = "", status: int = 200) -> Response:
    return visit.show(
        "set_password.html.jinja",
        status=status,
        person=person,
        token=token,
        problem=problem,
        least=LEAST,
        most=MOST,
    )
