"""Templates and people that every dialect is tried with: what an engine shows has to be what `fill` shows."""

from collections.abc import Mapping
from typing import Any

from app.dialects.dialect import Names
from app.dialects.filling import PAGES, Person
from app.dialects.nodes import (
    Each,
    Equals,
    HasValue,
    InSegment,
    Literal,
    Nodes,
    Page,
    PageLink,
    Place,
    Show,
    When,
)

FIRST, CITY, BASKET = "person.first_name", "person.city", "basket.items"
NAMES = Names(
    variables={FIRST: "first_name", CITY: "city", BASKET: "basket"},
    segments={"trail_runners": ("group", "trail_runners"), "family_campers": ("group", "family_campers")},
)
"""Flat names, which every engine takes."""


def _in_attribute(*inner: Any) -> Nodes:
    return (Literal('<a title="'), *inner, Literal('">x</a>'))


TEMPLATES: Mapping[str, Nodes] = {
    "variable": (Literal("<p>Hello "), Show(FIRST, "friend", Place.TEXT), Literal("!</p>")),
    "fallback_signs": (Literal("<p>"), Show(FIRST, "you & yours, it's fine", Place.TEXT), Literal("</p>")),
    "attribute": _in_attribute(Show(FIRST, "friend", Place.ATTRIBUTE)),
    "url": (
        Literal('<a href="https://www.larkfell.example/?c='),
        Show(CITY, "home", Place.URL),
        Literal('">x</a>'),
    ),
    "plain": (Literal("Hello "), Show(FIRST, "friend", Place.PLAIN)),
    "condition": (
        When(
            HasValue(CITY),
            (Literal("<p>Near "), Show(CITY, "home", Place.TEXT), Literal("</p>")),
            (Literal("<p>Anywhere</p>"),),
        ),
    ),
    "comparison": (When(Equals(CITY, "Ely"), (Literal("<p>Fens</p>"),), (Literal("<p>Hills</p>"),)),),
    "comparison_apostrophe": (When(Equals(CITY, "King's Lynn"), (Literal("<p>Wash</p>"),)),),
    "segment": (
        When(
            InSegment("trail_runners"),
            (Literal("<p>Run</p>"),),
            (When(InSegment("family_campers"), (Literal("<p>Camp</p>"),), (Literal("<p>Walk</p>"),)),),
        ),
    ),
    "loop": (
        Each(
            BASKET,
            (Literal("<li>"), Show("item.name", "one thing", Place.TEXT), Literal("</li>")),
            2,
            (Literal("<li>nothing yet</li>"),),
        ),
    ),
    "unsubscribe": (
        Literal('<a href="'),
        PageLink(Page.UNSUBSCRIBE, Place.ATTRIBUTE),
        Literal('">Unsubscribe</a>'),
    ),
    "view_in_browser": (
        Literal('<a href="'),
        PageLink(Page.VIEW_IN_BROWSER, Place.ATTRIBUTE),
        Literal('">View</a>'),
    ),
    "preferences": (
        Literal('<a href="'),
        PageLink(Page.PREFERENCES, Place.ATTRIBUTE),
        Literal('">Choose</a>'),
    ),
}

DATA: Mapping[str, Mapping[str, Any]] = {
    "full": {"first_name": "Maria-Fernanda", "city": "Ely", "basket": [{"name": "Tent"}, {"name": "Mat"}]},
    "absent": {},
    "null": {"first_name": None, "city": None, "basket": None},
    "empty": {"first_name": "", "city": "", "basket": []},
    "blank": {"first_name": "  ", "city": " ", "basket": []},
    "padded": {"first_name": " Jo ", "city": " Ely ", "basket": [{"name": " Stove "}]},
    "markup": {
        "first_name": '<b>Jo</b> & "Al"',
        "city": "King's Lynn",
        "basket": [{"name": "Tents & mats"}, {"name": "<i>x</i>"}, {"name": "Third"}],
    },
    "unicode": {"first_name": "Zoë 李", "city": "São Paulo/Sé?&=#", "basket": [{"name": ""}, {"other": 1}]},
    "template": {"first_name": "{{ city }}", "city": "{% if %}", "basket": [{"name": "*|X|* %%y%%"}]},
}
SEGMENTS = (None, "trail_runners", "family_campers", "someone_else")
PATHS = {path: variable for variable, path in NAMES.variables.items()}


def person(data: Mapping[str, Any], group: str | None) -> Person:
    """The same data in Copydesk's names, for `fill`."""
    values = {PATHS[path]: value for path, value in data.items()}
    return Person(values=values, segments=frozenset({group} if group else ()), pages=PAGES)


def given(data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
    """The data as a platform has it."""
    return {**data, **({"group": group} if group else {})}
