"""Filling a template with one person's data, as the reviewer's preview shows it.

This is the model that every dialect is held to: a platform's engine, given the same data, has to show the
same characters. Only synthetic people come here; the data of recipients stays with the sending platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from app.dialects.nodes import (
    Each,
    Equals,
    HasItems,
    HasValue,
    InSegment,
    Literal,
    Nodes,
    Page,
    PageLink,
    Place,
    Show,
    Test,
    When,
)

PLATFORM = "https://preview.example/"
"""A reserved host, in the place of the platform's own."""
PAGES = {
    Page.UNSUBSCRIBE: f"{PLATFORM}unsubscribe",
    Page.VIEW_IN_BROWSER: f"{PLATFORM}view",
    Page.PREFERENCES: f"{PLATFORM}preferences",
}
"""Where the platform's pages lead in a preview, since none of them is there yet."""


@dataclass(frozen=True)
class Person:
    """A synthetic reader: values of variables and lists by name, and the segments that they are in."""

    values: Mapping[str, Any] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    pages: Mapping[Page, str] = field(default_factory=lambda: PAGES)


def fill(nodes: Nodes, person: Person) -> str:
    """What this person would read."""
    return "".join(_fill(nodes, person, None))


def shown(value: str, place: Place) -> str:
    """A value as it stands in a place: escaped for HTML, percent-encoded in an address, or as it is."""
    match place:
        case Place.TEXT | Place.ATTRIBUTE:
            return escape(value)
        case Place.URL:
            return quote(value, safe="")
        case Place.PLAIN:
            return value


def has_value(value: Any) -> bool:
    """Whether a value is there and more than white space."""
    return value is not None and str(value).strip() != ""


def _fill(nodes: Nodes, person: Person, item: Mapping[str, Any] | None) -> list[str]:
    found: list[str] = []
    for node in nodes:
        match node:
            case Literal(text):
                found.append(text)
            case Show(variable, fallback, place):
                value = _value(variable, person, item)
                found.append(shown(str(value).strip() if has_value(value) else fallback, place))
            case PageLink(page, place):
                address = person.pages[page]
                found.append(address if place is Place.PLAIN else escape(address))
            case When(test, then, otherwise):
                found += _fill(then if _holds(test, person, item) else otherwise, person, item)
            case Each(items, body, most, otherwise):
                listed = _value(items, person, item) or ()
                for each in listed[:most]:
                    found += _fill(body, person, each)
                found += () if listed else _fill(otherwise, person, item)
    return found


def _value(name: str, person: Person, item: Mapping[str, Any] | None) -> Any:
    if item is not None and name.startswith("item."):
        return item.get(name.removeprefix("item."))
    return person.values.get(name)


def _holds(test: Test, person: Person, item: Mapping[str, Any] | None) -> bool:
    match test:
        case HasValue(variable):
            return has_value(_value(variable, person, item))
        case Equals(variable, value):
            given = _value(variable, person, item)
            return has_value(given) and str(given).strip() == value
        case InSegment(segment):
            return segment in person.segments
        case HasItems(items):
            return bool(_value(items, person, item))
