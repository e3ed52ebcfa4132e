"""Coming in and leaving."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.web.deps import SessionsDep, VisitDep
from app.web.guard import local_path

router = APIRouter()
Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("/sign-in")
def sign_in(visit: VisitDep, next_path: Next = "/") -> Response:
    """The form, or straight on for who is signed in."""
    onward = local_path(next_path)
    if visit.caller is not None:
        return visit.go(onward)
    return visit.show("sign_in.html.jinja", next_path=onward)


@router.post("/sign-out")
def sign_out(visit: VisitDep, sessions: SessionsDep) -> Response:
    """End this session; who is out already stays out."""
    if visit.session is not None:
        sessions.rows.end(visit.session.person.id, visit.session.row.id)
    response = visit.go("/sign-in", said="signed_out")
    visit.sign_out(response)
    return response
