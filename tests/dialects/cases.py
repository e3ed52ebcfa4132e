"""Templates and people that every dialect is tried with: what an engine shows has to be what `fill` shows."""

from collections.abc import Mapping
from typing import Any

from app.dialects.dialect import ListNames, Names
from app.dialects.filling import PAGES, Person
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
    When,
)

FIRST, CITY, BASKET = "person.first_name", "person.city", "basket.items"
PATHS = {"first_name": FIRST, "city": CITY, "basket": BASKET}
SEGMENTS = (None, "trail_runners", "family_campers", "someone_else")


def names(form: str = "{}") -> Names:
    """How an account calls things whose properties are all written in this form."""
    members = {segment: (form.format("group"), segment) for segment in ("trail_runners", "family_campers")}
    paths = {variable: form.format(path) for path, variable in PATHS.items() if variable != BASKET}
    return Names(paths, members, lists_at(form.format("basket")))


def lists_at(path: str) -> dict[str, ListNames]:
    """The basket at a path, and the parts of one of its items."""
    own = {name: name for name in ("name", "note", "parts", "link")}
    return {BASKET: ListNames(path, own), "item.parts": ListNames("", {"name": "name"})}


NAMES = names()
"""Flat names."""


def _text(text: str) -> Literal:
    return Literal(f"<p>{text}</p>")


def _first(place: Place = Place.TEXT, fallback: str = "friend") -> Show:
    return Show(FIRST, fallback, place)


def _city(place: Place = Place.TEXT, fallback: str = "home") -> Show:
    return Show(CITY, fallback, place)


def _in_attribute(*inner: Any) -> Nodes:
    return (Literal('<a title="'), *inner, Literal('">x</a>'))


def _link(page: Page) -> Nodes:
    return (Literal('<a href="'), PageLink(page, Place.ATTRIBUTE), Literal('">x</a>'))


def _compared(value: str) -> Nodes:
    return (When(Equals(CITY, value), (_text("same"),), (_text("other"),)),)


_ITEM = (Literal("<li>"), Show("item.name", "one thing", Place.TEXT), Literal("</li>"))
_NOTHING = (Literal("<li>nothing yet</li>"),)
_SHOE = '"Run" <now>, it\'s R&D: 50% {off}'

TEMPLATES: Mapping[str, Nodes] = {
    "variable": (Literal("<p>Hello "), _first(), Literal("!</p>")),
    "no_fallback": (Literal("<p>Hello "), _first(fallback=""), Literal("!</p>")),
    "fallback_signs": (Literal("<p>"), _first(fallback="you & yours, it's fine"), Literal("</p>")),
    "fallback_markup": (Literal("<p>"), _first(fallback='"you" <all>, Zoë; 50% off'), Literal("</p>")),
    "attribute": _in_attribute(_first(Place.ATTRIBUTE)),
    "attribute_signs": _in_attribute(_first(Place.ATTRIBUTE, 'the "one" & it\'s <you>')),
    "url": (Literal('<a href="https://www.larkfell.example/?c='), _city(Place.URL), Literal('">x</a>')),
    "url_signs": (
        Literal('<a href="https://www.larkfell.example/?c='),
        _city(Place.URL, 'it\'s here & "there"/'),
        Literal('&amp;d=1">x</a>'),
    ),
    "plain": (Literal("Hello "), _first(Place.PLAIN)),
    "plain_signs": (Literal("For "), _first(Place.PLAIN, 'you & yours, it\'s "fine"'), Literal("!")),
    "condition": (
        When(HasValue(CITY), (Literal("<p>Near "), _city(), Literal("</p>")), (_text("Anywhere"),)),
    ),
    "condition_alone": (_text("a"), When(HasValue(CITY), (_text("b"),)), _text("c")),
    "condition_in_attribute": _in_attribute(
        When(HasValue(CITY), (Literal("near "), _city(Place.ATTRIBUTE)), (Literal("far"),))
    ),
    "conditions_nested": (
        When(
            HasValue(FIRST),
            (
                When(Equals(CITY, "Ely"), (_text("Fens, "), _first()), (_city(), _text("Hills"))),
                _first(fallback="nobody's"),
            ),
            (When(HasValue(CITY), (_city(), _text("alone")), (_text("nothing"),)),),
        ),
    ),
    "comparison": _compared("Ely"),
    "comparison_in_attribute": _in_attribute(When(Equals(CITY, "Ely"), (Literal("fens"),), (Literal("no"),))),
    "comparison_apostrophe": _compared("King's Lynn"),
    "comparison_signs": _compared(_SHOE),
    "comparison_unicode": _compared("São Paulo/Sé?&=#"),
    "comparison_number": _compared("12"),
    "segment": (
        When(
            InSegment("trail_runners"),
            (_text("Run"),),
            (When(InSegment("family_campers"), (_text("Camp"),), (_text("Walk"),)),),
        ),
    ),
    "loop": (Each(BASKET, _ITEM, 2, _NOTHING),),
    "loop_alone": (_text("a"), Each(BASKET, _ITEM, 3), _text("b")),
    "loop_conditions": (
        Each(
            BASKET,
            (
                When(HasValue("item.name"), _ITEM, (Literal("<li>unnamed</li>"),)),
                When(Equals("item.name", "Tent"), (_text("pegs"),)),
                When(HasValue(CITY), (Literal("<i>"), _city(), Literal("</i>"))),
                _first(),
                *_in_attribute(Show("item.note", "it's new", Place.ATTRIBUTE)),
            ),
            5,
            (_first(), _text("nothing")),
        ),
    ),
    "loop_in_loop": (
        Each(
            BASKET,
            (*_ITEM, Each("item.parts", (Show("item.name", "part", Place.TEXT), _city()), 2, _NOTHING)),
            2,
        ),
    ),
    "loop_heading": (
        When(
            HasItems(BASKET),
            (_text("You left"), Each(BASKET, _ITEM, 2), _text("Bye")),
            (_text("Come again"),),
        ),
    ),
    "loop_links": (
        When(
            HasItems(BASKET),
            (
                Each(
                    BASKET,
                    (
                        Literal('<a href="'),
                        Show("item.link", "https://www.larkfell.example/cart", Place.ATTRIBUTE),
                        Literal('">'),
                        Show("item.name", "one thing", Place.TEXT),
                        Literal("</a>"),
                    ),
                    3,
                ),
            ),
        ),
    ),
    "loop_pages": (Each(BASKET, _link(Page.UNSUBSCRIBE), 1),),
    "loop_heading_plain": (
        When(
            HasItems(BASKET),
            (
                Literal("You left:\n"),
                Each(
                    BASKET,
                    (
                        Literal("* "),
                        Show("item.name", "one thing", Place.PLAIN),
                        When(HasValue("item.link"), (Literal(", "), Show("item.link", "", Place.PLAIN))),
                        Literal("\n"),
                    ),
                    3,
                ),
            ),
        ),
    ),
    "loop_plain": (Each(BASKET, (Literal("- "), Show("item.name", "one", Place.PLAIN), Literal("\n")), 3),),
    "comment": (Literal('<!--[if mso]><td width="5"><![endif]--><p>'), _first(), Literal("</p>")),
    "unsubscribe": _link(Page.UNSUBSCRIBE),
    "view_in_browser": _link(Page.VIEW_IN_BROWSER),
    "preferences": _link(Page.PREFERENCES),
}
PLAIN = frozenset(name for name in TEMPLATES if "plain" in name)
"""Templates of a subject or a plain text."""

DATA: Mapping[str, Mapping[str, Any]] = {
    "full": {"first_name": "Maria-Fernanda", "city": "Ely", "basket": [{"name": "Tent"}, {"name": "Mat"}]},
    "absent": {},
    "null": {"first_name": None, "city": None, "basket": None},
    "empty": {"first_name": "", "city": "", "basket": []},
    "blank": {"first_name": "  ", "city": " ", "basket": [{"name": " ", "link": " "}, {"name": None}]},
    "padded": {"first_name": " Jo ", "city": " Ely ", "basket": [{"name": " Stove "}]},
    "markup": {
        "first_name": '<b>Jo</b> & "Al"',
        "city": "King's Lynn",
        "basket": [{"name": "Tents & mats"}, {"name": "<i>x</i>", "note": '"><script>'}, {"name": "Third"}],
    },
    "signs": {"first_name": "O'Brien `a=b`", "city": _SHOE, "basket": [{"name": "A\\B"}]},
    "unicode": {"first_name": "Zoë 李", "city": "São Paulo/Sé?&=#", "basket": [{"name": ""}, {"other": 1}]},
    "template": {"first_name": "{{ city }}", "city": "{% if %}", "basket": [{"name": "*|X|* %%y%% ${z}"}]},
    "number": {"first_name": 7, "city": 12, "basket": [{"name": 3}]},
    "links": {
        "basket": [
            {"name": "Tent", "link": "https://www.larkfell.example/p/tent?size=2&colour=moss"},
            {"name": "Mat", "link": ""},
            {"name": "Mug", "link": None},
            {"name": "Fourth", "link": "https://www.larkfell.example/p/fourth"},
        ]
    },
    "parts": {"city": "Ely", "basket": [{"name": "Kit", "parts": [{"name": "Pole"}, {}, {"name": "Peg"}]}]},
}

ZERO: Mapping[str, Any] = {"first_name": 0}
"""A value that some engines take for none; the matrix says which."""


def person(data: Mapping[str, Any], group: str | None) -> Person:
    """The same data in Copydesk's names, for `fill`."""
    values = {PATHS[path]: value for path, value in data.items()}
    return Person(values=values, segments=frozenset({group} if group else ()), pages=PAGES)


def given(data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
    """The data as a platform has it."""
    return {**data, **({"group": group} if group else {})}
