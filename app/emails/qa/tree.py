"""HTML as a light tree of elements and texts that know their line and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

DEEPEST = 512
"""Elements in one another; what lies deeper is taken for a neighbour, as browsers do."""
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ENDED_BY: Mapping[str, frozenset[str]] = {
    "p": _BLOCKS - {"td", "th", "tr", "tbody", "thead", "tfoot", "li"},
    "li": frozenset({"li"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "head": frozenset({"body"}),
}
"""Elements whose end tag HTML lets one leave out, and what begins after them."""


@dataclass(eq=False)
class Text:
    """A run of text. Entities are decoded."""

    text: str
    line: int
    column: int
    parent: "Element" = field(repr=False)


@dataclass(eq=False)
class Element:
    """One element. `place` counts it among the elements of its parent, from 1."""

    tag: str
    attrs: Mapping[str, str]
    line: int
    column: int
    parent: "Element | None" = field(repr=False)
    place: int = 1
    children: "list[Element | Text]" = field(default_factory=list, repr=False)
    elements: "list[Element]" = field(default_factory=list, repr=False)
    """Its children without the texts."""

    @property
    def is_block(self) -> bool:
        """Whether it begins a block of text by its name."""
        return self.tag in _BLOCKS

    @property
    def texts(self) -> list[str]:
        """The texts right in it."""
        return [child.text for child in self.children if isinstance(child, Text)]

    @cached_property
    def classes(self) -> frozenset[str]:
        """The names in its class attribute."""
        return frozenset(self.attrs.get("class", "").split())

    def walk(self) -> "Iterator[Element | Text]":
        """Itself and everything in it, in the order of the document."""
        stack: list[Element | Text] = [self]
        while stack:
            node = stack.pop()
            yield node
            if isinstance(node, Element):
                stack.extend(reversed(node.children))

    def ancestors(self) -> "Iterator[Element]":
        """Itself, its parent, and so on."""
        node: Element | None = self
        while node is not None:
            yield node
            node = node.parent

    def inside(self, *tags: str) -> bool:
        """Whether it is one of `tags` or lies in one."""
        return any(node.tag in tags for node in self.ancestors())

    @property
    def words(self) -> str:
        """The text in it, with runs of white space as one space."""
        return " ".join("".join(node.text for node in self.walk() if isinstance(node, Text)).split())


@dataclass(frozen=True)
class Document:
    """A parsed page. `root` holds what stands at the top; `doctype` is empty without one."""

    root: Element
    doctype: str

    def all(self, *tags: str) -> list[Element]:
        """The elements with one of these names, or all elements, in the order of the document."""
        return [node for node in self.elements if not tags or node.tag in tags]

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the order of the document."""
        return tuple(n for n in self.root.walk() if isinstance(n, Element) and n is not self.root)

    def first(self, tag: str) -> Element | None:
        """The first element of this name."""
        return next(iter(self.all(tag)), None)


def parse_html(html: str) -> Document:
    """The tree of `html`. Comments are left out, conditional ones of Outlook with all that they hold."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return Document(builder.root, builder.doctype)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {}, 1, 1, None)
        self.open = self.root
        self.depth = 0
        self.doctype = ""

    def handle_decl(self, decl: str) -> None:
        self.doctype = self.doctype or decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while tag in _ENDED_BY.get(self.open.tag, ()) and self.open.parent is not None:
            self._leave(self.open)
        line, column = self.getpos()
        values = {name: value or "" for name, value in reversed(attrs)}
        place = len(self.open.elements) + 1
        element = Element(tag, values, line, column + 1, self.open, place)
        self.open.children.append(element)
        self.open.elements.append(element)
        if tag not in VOID and self.depth < DEEPEST:
            self.open = element
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML takes <div/> for <div>; elements of other namespaces (o:, v:) do end here.
        self.handle_starttag(tag, attrs)
        if ":" in tag and self.open.tag == tag:
            self._leave(self.open)

    def handle_endtag(self, tag: str) -> None:
        for node in self.open.ancestors():
            if node.tag == tag:
                self._leave(node)
                return
            if node.tag == "table":
                return

    def _leave(self, element: Element) -> None:
        """Go on after `element`, with all that is open in it."""
        while element.parent is not None and self.open is not element.parent:
            self.depth -= 1
            self.open = self.open.parent or self.root

    def handle_data(self, data: str) -> None:
        line, column = self.getpos()
        self.open.children.append(Text(data, line, column + 1, self.open))
