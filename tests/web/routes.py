"""Every registered page, for tests that go through all of them."""

from collections.abc import Callable, Iterator, Mapping

from fastapi.routing import APIRoute

from app.service import Service
from app.web.app import OPEN, PAGES
from tests.api.house import OURS

IDS: Mapping[str, Callable[[Service], str]] = {
    "brand": lambda _: OURS,
    "brief_id": lambda _: "fernhill_hello",
    "locale": lambda _: "en-US",
    "segment": lambda _: "weekend_hikers",
    "arm": lambda _: "only",
    "action": lambda _: "approve",
}
"""What stands for each parameter of a path: something that belongs to the brand `fernhill`. A page with
another parameter adds how to make one, and is then asked for by an outsider and by nobody too.
"""


def pages() -> Iterator[tuple[str, str]]:
    """Method and path of every page for people who are signed in."""
    yield from _of(PAGES)


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
