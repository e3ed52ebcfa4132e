"""Where people land: where something waits for them."""

import datetime as dt

from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.reviewing import ReviewDesk
from app.errors import CopydeskError
from app.web.queue_page.view import shelf_of, waits_for_person


def landing_path(office: ReviewDesk, caller: Caller, at: dt.datetime) -> str | None:
    """The queue of the first brand in which something waits for the person; None where nothing does."""
    for brand in caller.visible:
        if not caller.may(brand, Scope.REVIEW):
            continue
        try:
            query = waits_for_person(shelf_of(office, brand, caller.actor(brand), at))
        except CopydeskError:
            continue  # a brand that does not serve says so on its own page
        if query is not None:
            return f"/brands/{brand}/queue{'?' if query else ''}{query}"
    return None
