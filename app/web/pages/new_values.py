"""Approving drafts again whose values changed and whose words did not, all in one action."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.brand.roles import Scope
from app.copywriting.reapproving import offered, reapprove
from app.errors import Conflict, NotFound, NotPermitted, OutOfDate
from app.http.errors import InvalidRequest
from app.web.copy_page.new_values import seen_in
from app.web.copy_page.office import BriefDep
from app.web.deps import SessionsDep, SignedIn, VisitDep
from app.web.office import OfficeDep
from app.web.pages.copy import BRIEF, show_brief

router = APIRouter()


@router.post(BRIEF + "/reapprove")
def approve_again(
    *,
    visit: VisitDep,
    caller: SignedIn,
    stored: BriefDep,
    office: OfficeDep,
    sessions: SessionsDep,
    draft: Annotated[list[str], Form(max_length=200)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Approve them as they were shown, all or none."""
    caller.require(stored.brand, Scope.REVIEW)
    actor, at = caller.actor(stored.brand), sessions.clock()
    try:
        seen, read = seen_in(draft, offered(office, stored, actor, at))
        done = reapprove(office, stored, actor, seen, at, read)
    except (Conflict, InvalidRequest, NotFound, NotPermitted, OutOfDate) as error:
        trouble = f"Nothing was approved: {error.message}"
        return show_brief(visit, caller, office, stored, at, status=error.status_code, trouble=trouble)
    here = f"/brands/{stored.brand}/briefs/{stored.id}"
    return visit.go(here, said="approved_again", count=str(len(done)))
