"""An email's template, before any sending platform: words, and what each reader's data changes in them.

There is one model of variables. A variable has a value, or it has none: absent, null, empty and blank (white
space only) are the same, and its fallback stands in. Every dialect prints these nodes so that its platform
shows what `filling.fill` shows; what a platform cannot do, its dialect refuses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where in a message something stands, which decides how a value is escaped there."""

    TEXT = "text"
    """Between the tags of HTML."""
    ATTRIBUTE = "attribute"
    """Inside a quoted attribute of HTML."""
    URL = "url"
    """A part of an address inside a quoted attribute: percent-encoded."""
    PLAIN = "plain"
    """The subject, the preheader of a platform's form, the plain text: nothing is escaped."""


class Page(StrEnum):
    """An address that only the sending platform knows."""

    UNSUBSCRIBE = "unsubscribe"
    VIEW_IN_BROWSER = "view_in_browser"
    PREFERENCES = "preferences"


@dataclass(frozen=True)
class Literal:
    """Text as it goes out, escaped for its place already."""

    text: str


@dataclass(frozen=True)
class Show:
    """The value of a declared variable, or of a field of the current item (`item.name`)."""

    variable: str
    fallback: str
    place: Place


@dataclass(frozen=True)
class PageLink:
    """The address of one of the platform's pages."""

    page: Page
    place: Place


@dataclass(frozen=True)
class HasValue:
    """Whether a variable has a value."""

    variable: str


@dataclass(frozen=True)
class Equals:
    """Whether a variable has just this value; letters in capitals count as others."""

    variable: str
    value: str


@dataclass(frozen=True)
class InSegment:
    """Whether the reader is in a documented segment, by its canonical name."""

    segment: str


@dataclass(frozen=True)
class HasItems:
    """Whether a list is there and holds anything."""

    items: str


Test = HasValue | Equals | InSegment | HasItems


@dataclass(frozen=True)
class When:
    """What is shown where a test holds, and where it does not."""

    test: Test
    then: "Nodes"
    otherwise: "Nodes" = ()


@dataclass(frozen=True)
class Each:
    """What is shown for every item of a list, such as the products of a basket, at most `most` of them; and
    instead of them where the list is absent or empty. Fields of the item are shown as `item.<field>`.
    """

    items: str
    body: "Nodes"
    most: int
    otherwise: "Nodes" = ()


Node = Literal | Show | PageLink | When | Each
Nodes = tuple[Node, ...]


def walk(nodes: Nodes) -> Iterator[Node]:
    """Every node, those inside of others too."""
    for node in nodes:
        yield node
        match node:
            case When(then=then, otherwise=otherwise):
                yield from walk(then)
                yield from walk(otherwise)
            case Each(body=body, otherwise=otherwise):
                yield from walk(body)
                yield from walk(otherwise)
            case _:
                pass


def variables_of(nodes: Nodes) -> frozenset[str]:
    """The declared variables and lists that the nodes need; fields of items are not among them."""
    found: set[str] = set()
    for node in walk(nodes):
        match node:
            case Show(variable=name) | When(test=HasValue(variable=name) | Equals(variable=name)):
                found.add(name)
            case Each(items=name) | When(test=HasItems(items=name)):
                found.add(name)
            case _:
                pass
    return frozenset(name for name in found if not name.startswith("item."))


def compared_in(nodes: Nodes) -> dict[str, tuple[str, ...]]:
    """The variables that conditions compare with a value, each with those values, in order."""
    found: dict[str, dict[str, None]] = {}
    for node in walk(nodes):
        match node:
            case When(test=Equals(variable=name, value=value)):
                found.setdefault(name, {})[value] = None
            case _:
                pass
    return {name: tuple(values) for name, values in found.items()}


def fields_of(nodes: Nodes) -> dict[str, frozenset[str]]:
    """The lists that the nodes need, each with the fields of its items that they show or test."""
    found: dict[str, frozenset[str]] = {}
    for node in walk(nodes):
        match node:
            case When(test=HasItems(items=name)):
                found.setdefault(name, frozenset())
            case Each(items=name, body=body):
                found[name] = found.get(name, frozenset()) | frozenset(_shown_of_item(body))
            case _:
                pass
    return found


def _shown_of_item(body: Nodes) -> Iterator[str]:
    """The fields of the current item, not of the items of a loop inside of it."""
    for node in body:
        match node:
            case Show(variable=name) if name.startswith("item."):
                yield name.removeprefix("item.")
            case When(test=test, then=then, otherwise=otherwise):
                if isinstance(test, HasValue | Equals) and test.variable.startswith("item."):
                    yield test.variable.removeprefix("item.")
                yield from _shown_of_item((*then, *otherwise))
            case Each(items=name) if name.startswith("item."):
                yield name.removeprefix("item.")
            case _:
                pass


def segments_of(nodes: Nodes) -> frozenset[str]:
    """The segments that the nodes tell apart."""
    tests = (node.test for node in walk(nodes) if isinstance(node, When))
    return frozenset(test.segment for test in tests if isinstance(test, InSegment))


def pages_of(nodes: Nodes) -> frozenset[Page]:
    """The platform's pages that the nodes link to."""
    return frozenset(node.page for node in walk(nodes) if isinstance(node, PageLink))
