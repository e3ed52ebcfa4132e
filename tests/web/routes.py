"""Every registered page, for tests that go through all of them."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from fastapi.routing import APIRoute

from app.db.receipts import Hashes
from app.db.tables import DraftState, Run, now
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.release.approved_drafts import StoredDrafts
from app.service import Service
from app.web.app import FRAMES, OPEN, PAGES
from tests.api.house import OURS
from tests.db.factories import AS_OF, make_draft
from tests.generation.desk import BRIEF
from tests.web.drafts import choose_evergreens, store_brief, write


def approved(service: Service) -> str:
    """The id of an approved draft of ours."""
    found = next(StoredDrafts(service.store).approved_drafts(OURS), None)
    if found is None:
        found = make_draft(brand=OURS, state=DraftState.APPROVED, approved_at=AS_OF)
        service.drafts.add(found)
    return found.id


def brief_id(service: Service) -> str:
    """The id of a brief that is stored."""
    if service.briefs.find(OURS, BRIEF["id"]) is None:
        store_brief(service)
    return str(BRIEF["id"])


def run_id(service: Service) -> str:
    """The id of a run of that brief, which is over."""
    run = Run(brief_id=brief_id(service), brief_hash="", brand=OURS, hashes=Hashes(brand=""))
    service.store.start_run(run)
    service.store.finish_run(run.id)
    return run.id


def emailed(service: Service) -> str:
    """A segment of that brief with every position chosen: it has a whole email."""
    name = brief_id(service)
    choose_evergreens(service, name)
    return "weekend_hikers"


def waived(service: Service) -> StoredWaiver:
    """A finding that somebody lets pass."""
    moment = now()
    row = StoredWaiver(
        brand=OURS,
        draft_id=write(service).id,
        field="headline",
        rule="voice",
        category="voice",
        text="0" * 64,
        start=0,
        end=1,
        locale="en-US",
        market="US",
        by="lea@example.com",
        role="legal",
        reason="the name of a campaign",
        at=moment,
        until=moment + dt.timedelta(days=1),
    )
    return Waivers(service.store.engine).give(row, [])


IDS: Mapping[str, Callable[[Service], str]] = {
    "approved": approved,
    "block": lambda service: service.contents.now().library(OURS).blocks[0].block.id,
    "brand": lambda _: OURS,
    "version": lambda _: "0" * 64,
    "draft_id": lambda service: write(service).id,
    "action": lambda _: "comment",
    "view": lambda _: "text",
    "brief_id": brief_id,
    "run_id": run_id,
    "locale": lambda _: "en-US",
    "segment": emailed,
    "waiver_id": lambda service: waived(service).id,
    "arm": lambda _: "only",
}
"""What stands for each parameter of a path: something that belongs to the brand `fernhill`. A page with
another parameter adds how to make one, and is then asked for by an outsider and by nobody too.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Method and path of every page for people who are signed in."""
    yield from _of(PAGES)


def frames() -> Iterator[tuple[str, str]]:
    """Method and path of every page that stands in a sandbox."""
    yield from _of(FRAMES)


def open_pages() -> Iterator[tuple[str, str]]:
    """Method and path of every page that needs nobody."""
    yield from _of(OPEN)


def _of(routers: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    for router in routers:
        for route in router.routes:  # type: ignore[attr-defined]
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield method, route.path


def filled(path: str, service: Service, **other: str) -> str:
    """The path with an id in each place; `other` are ids to take in place of those of IDS."""
    for name in parameters(path):
        assert name in IDS, f"tests/web/routes.py: IDS says nothing for {{{name}}} of {path}"
        path = path.replace(f"{{{name}}}", other.get(name) or IDS[name](service))
    return path


def parameters(path: str) -> list[str]:
    """The names of a path's parameters."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
