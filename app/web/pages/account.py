"""One's own account: roles, sessions, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.errors import NotFound
from app.web.deps import SessionDep, SessionsDep, SignedIn, VisitDep

router = APIRouter()


@router.get("/account")
def account(visit: VisitDep, caller: SignedIn, session: SessionDep, sessions: SessionsDep) -> Response:
    """Who one is, for which brands, and where one is signed in."""
    return visit.show(
        "account.html.jinja",
        person=session.person,
        roles=[(visit.brand_name(brand), sorted(caller.roles(brand))) for brand in caller.visible],
        sessions=sessions.of_person(session.person.id),
        here=session.row.id,
    )


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
