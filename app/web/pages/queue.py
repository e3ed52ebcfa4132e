"""What waits for review, and what can be done with several drafts of it at once."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response

from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.reviewing import ReviewDesk
from app.web.deps import BrandDep, SessionsDep, SignedIn, VisitDep
from app.web.office import OfficeDep
from app.web.queue_page.filters import Filters
from app.web.queue_page.lines import Shelf
from app.web.queue_page.several import Approvable, approvable, approve, seen_in, take
from app.web.queue_page.view import shelf_of, view_of
from app.web.visit import Visit

router = APIRouter()
Chosen = Annotated[list[str], Form(max_length=200)]
Back = Annotated[str, Form(max_length=2000)]


@router.get("/brands/{brand}/queue")
def queue(
    visit: VisitDep, caller: SignedIn, brand: BrandDep, sessions: SessionsDep, office: OfficeDep
) -> Response:
    """Open reviews, the worst first, as the filters in the address want them."""
    filters = Filters.of(visit.request.query_params)
    view = view_of(office, brand, caller.actor(brand), filters, sessions.clock())
    return visit.show("queue.html.jinja", brand=brand, view=view)


@router.post("/brands/{brand}/queue")
def choose(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    sessions: SessionsDep,
    office: OfficeDep,
    do: Annotated[Literal["take", "release", "approve"], Form()],
    draft: Chosen = [],  # noqa: B006 - FastAPI copies it
    back: Back = "",
) -> Response:
    """Take chosen drafts or give them back; before several are approved, the way leads over a page that
    shows them.
    """
    caller.require(brand, Scope.REVIEW)
    filters = Filters.of_query(back)
    if not draft:
        return visit.go(_path(brand, filters), said="queue_nothing")
    seen = seen_in(draft)
    if do == "approve":
        chosen = "&".join(f"draft={item.id}" for item in seen)
        return visit.go(f"/brands/{brand}/queue/approve?{chosen}&{filters.query}".rstrip("&"))
    shelf = _shelf(office, caller, brand, sessions)
    refused = take(shelf, seen, release=do == "release")
    done = len(seen) - len(refused)
    if refused:
        return visit.show(
            "queue_refused.html.jinja",
            status=409,
            brand=brand,
            done=done,
            do=do,
            refused=refused,
            back=_path(brand, filters),
        )
    return visit.go(
        _path(brand, filters), said="queue_released" if do == "release" else "queue_taken", count=str(done)
    )


@router.get("/brands/{brand}/queue/approve")
def confirm(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    sessions: SessionsDep,
    office: OfficeDep,
    draft: Annotated[list[str], Query(max_length=200)] = [],  # noqa: B006
) -> Response:
    """Exactly what would be approved: each draft's copy with its values, and why one would be refused."""
    seen = seen_in([f"{item}.0" for item in draft])
    found = approvable(_shelf(office, caller, brand, sessions), seen)
    return _confirm(visit, brand, found, Filters.of(visit.request.query_params))


@router.post("/brands/{brand}/queue/approve")
def approve_several(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    sessions: SessionsDep,
    office: OfficeDep,
    draft: Chosen = [],  # noqa: B006
    back: Back = "",
) -> Response:
    """Approve drafts as they were shown, all or none."""
    caller.require(brand, Scope.REVIEW)
    seen, filters = seen_in(draft), Filters.of_query(back)
    refused = approve(_shelf(office, caller, brand, sessions), seen)
    if refused:
        return _confirm(visit, brand, refused, filters, status=409)
    return visit.go(_path(brand, filters), said="queue_approved", count=str(len(seen)))


def _shelf(office: ReviewDesk, caller: Caller, brand: str, sessions: SessionsDep) -> Shelf:
    return shelf_of(office, brand, caller.actor(brand), sessions.clock())


def _confirm(
    visit: Visit, brand: str, found: list[Approvable], filters: Filters, status: int = 200
) -> Response:
    return visit.show(
        "queue_approve.html.jinja",
        status=status,
        brand=brand,
        ready=[item for item in found if not item.why_not],
        refused=[item for item in found if item.why_not],
        tried=status != 200,
        back=_path(brand, filters),
        query=filters.query,
    )


def _path(brand: str, filters: Filters) -> str:
    return f"/brands/{brand}/queue{'?' if filters.query else ''}{filters.query}"
