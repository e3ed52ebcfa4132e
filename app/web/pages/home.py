"""The way in: the first brand, and what one may do for it."""

from fastapi import APIRouter, Response

from app.brand.roles import ALLOWED, PersonRole, Scope
from app.web.deps import BrandDep, SessionsDep, SignedIn, VisitDep
from app.web.office import OfficeDep
from app.web.queue_page.landing import landing_path

router = APIRouter()


@router.get("/")
def home(visit: VisitDep, caller: SignedIn, sessions: SessionsDep, office: OfficeDep) -> Response:
    """On to what waits for the person, else to their first brand; a page that says so where there is none."""
    waiting = landing_path(office, caller, sessions.clock())
    if waiting is not None:
        return visit.go(waiting)
    if caller.visible:
        return visit.go(f"/brands/{caller.visible[0]}")
    return visit.show("no_brand.html.jinja")


@router.get("/brands/{brand}")
def brand_home(visit: VisitDep, caller: SignedIn, brand: BrandDep) -> Response:
    """One brand: whether it serves, and the person's roles with what each is for."""
    roles = [role for role in PersonRole if role in caller.roles(brand)]
    allowed = frozenset().union(*(ALLOWED[role] for role in roles))
    return visit.show(
        "home.html.jinja",
        brand=brand,
        roles=roles,
        scopes=[scope for scope in Scope if scope in allowed],
        serves=brand in visit.serving.libraries.serving,
        current=brand not in visit.serving.libraries.faults,
    )
