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


ENTRIES: tuple[Entry, ...] = (
    Entry("home", "/brands/{brand}"),
    Entry("copy", "/brands/{brand}/copy"),
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
    links = [(entry.label, entry.path.replace("{brand}", brand or "")) for entry in shown]
    here = max((target for _, target in links if path == target or path.startswith(f"{target}/")), default="")
    return [Link(label, target, target == here) for label, target in links]


def _leads(entry: Entry, caller: Caller, brand: str | None) -> bool:
    if "{brand}" not in entry.path:
        return True
    return brand is not None and caller.may(brand, entry.scope)
