"""What the head of every page leads to. A page that belongs there is a line here."""

from dataclasses import dataclass

from app.brand.roles import Scope
from app.caller import Caller


@dataclass(frozen=True)
class Entry:
    """One link. `label` is a name of the group `navigation` in labels.yaml. A path with `{brand}` is about
    the brand that is chosen, and is shown to whom the scope allows it there.
    """

    label: str
    path: str
    scope: Scope = Scope.READ
    also: tuple[str, ...] = ()
    """Other paths under which one is still there."""


COPY = ("/brands/{brand}/briefs", "/brands/{brand}/new-brief", "/brands/{brand}/check")
"""Pages that the page of copy leads to."""
ENTRIES: tuple[Entry, ...] = (
    Entry("home", "/brands/{brand}"),
    Entry("queue", "/brands/{brand}/queue", also=("/brands/{brand}/drafts",)),
    Entry("copy", "/brands/{brand}/copy", also=COPY),
    Entry("library", "/brands/{brand}/library"),
    Entry("weekly_review", "/brands/{brand}/weekly", also=("/brands/{brand}/proposals",)),
    Entry("account", "/account"),
)


@dataclass(frozen=True)
class Link:
    """One link as a page shows it."""

    label: str
    path: str
    current: bool


def links_for(caller: Caller, brand: str | None, path: str) -> list[Link]:
    """The links for a person at a path; those about a brand only with one."""
    shown = [entry for entry in ENTRIES if _leads(entry, caller, brand)]
    reached = [
        (target.replace("{brand}", brand or ""), entry)
        for entry in shown
        for target in (entry.path, *entry.also)
    ]
    over = [(target, entry) for target, entry in reached if path == target or path.startswith(f"{target}/")]
    here = max(over, key=lambda item: item[0], default=("", None))[1]
    return [Link(entry.label, entry.path.replace("{brand}", brand or ""), entry is here) for entry in shown]


def _leads(entry: Entry, caller: Caller, brand: str | None) -> bool:
    if "{brand}" not in entry.path:
        return True
    return brand is not None and caller.may(brand, entry.scope)
