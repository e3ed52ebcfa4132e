"""Marks that stand for what a sending platform fills in, while an email is composed and rendered as MJML.

A mark is letters and digits only, so that nothing on the way changes it: no escaping, no line breaking, no
corruption of attributes by mjml-python. Afterwards the finished HTML and text are cut at the marks into the
nodes of a template. Every dialect therefore prints its tags into the very same bytes.

All marks are of one length, so that lines break and pad alike whatever else an email marks.
The marks of an email hold a hash of what it is made of: its copy cannot hold them, and the same email always
has the same ones.
"""

import hashlib
import re
from dataclasses import dataclass, field

from pydantic_core import PydanticSerializationError, to_json

from app.dialects.nodes import Each, Literal, Node, Nodes, Page, PageLink, Place, Show, Test, When
from app.errors import RenderError

_SCHEME, _HOST = "https://", ".invalid/"
"""What makes the mark of an address look like one."""
_ADDRESS_ATTRIBUTE = re.compile(r"""(?:href|src)\s*=\s*["'][^"']*$""", re.IGNORECASE)


@dataclass(frozen=True)
class _Variable:
    name: str
    fallback: str
    address: bool = False


@dataclass(frozen=True)
class _Begin:
    test: Test


@dataclass(frozen=True)
class _Loop:
    items: str
    most: int


class _Otherwise:
    pass


class _End:
    pass


_Marked = _Variable | Page | _Begin | _Loop | _Otherwise | _End


@dataclass
class _Open:
    """A condition or a loop whose end has not come yet."""

    what: Test | _Loop | None
    then: list[Node] = field(default_factory=list)
    otherwise: list[Node] = field(default_factory=list)
    past: bool = False

    def add(self, node: Node) -> None:
        (self.otherwise if self.past else self.then).append(node)


class Markers:
    """The marks of one email; `made_of` is all that it is made of, as plain data and models."""

    def __init__(self, *made_of: object) -> None:
        self._marked: list[_Marked] = []
        self._name = f"cdmark{hashlib.sha256(_bytes(made_of)).hexdigest()[:16]}n"

    def variable(self, name: str, fallback: str) -> str:
        """Stands for the value of a variable, wherever it is put."""
        return self._mark(_Variable(name, fallback))

    def address(self, name: str, fallback: str) -> str:
        """Stands for a variable that holds a whole address, and looks like one."""
        return f"{_SCHEME}{self._mark(_Variable(name, fallback, address=True))}{_HOST}"

    def page(self, page: Page) -> str:
        """Stands for the address of a page of the platform's, and looks like an address."""
        return f"{_SCHEME}{self._mark(page)}{_HOST}"

    def begin(self, test: Test) -> str:
        """Begins what is shown where the test holds."""
        return self._mark(_Begin(test))

    def each(self, items: str, most: int) -> str:
        """Begins what is shown for each of the first items of a list."""
        return self._mark(_Loop(items, most))

    def otherwise(self) -> str:
        """Begins what is shown where it does not."""
        return self._mark(_Otherwise())

    def end(self) -> str:
        """Ends the condition or the loop that was begun last."""
        return self._mark(_End())

    def _mark(self, what: _Marked) -> str:
        self._marked.append(what)
        return f"{self._name}{len(self._marked) - 1:03}end"

    def nodes(self, text: str, *, html: bool) -> Nodes:
        """`text` cut at its marks. Raises RenderError for marks that do not belong together."""
        stack = [_Open(None)]
        first, *others = text.split(self._name)
        position, words = len(first), first
        for piece in others:
            number, _, rest = piece.partition("end")
            marked = self._marked[int(number)]
            whole = _is_address(marked)
            if whole:
                words, rest = words.removesuffix(_SCHEME), rest.removeprefix(_HOST)
            _literal(stack[-1], words)
            self._add(stack, marked, _place(text, position, whole=whole) if html else Place.PLAIN)
            position += len(self._name) + len(piece)
            words = rest
        _literal(stack[-1], words)
        if len(stack) > 1:
            raise RenderError("a condition or a loop of the template has no end")
        return tuple(stack[0].then)

    def _add(self, stack: list[_Open], marked: _Marked, place: Place) -> None:
        match marked:
            case _Variable(name, fallback):
                stack[-1].add(Show(name, fallback, place))
            case Page():
                stack[-1].add(PageLink(marked, Place.PLAIN if place is Place.PLAIN else Place.ATTRIBUTE))
            case _Begin(test):
                stack.append(_Open(test))
            case _Loop():
                stack.append(_Open(marked))
            case _Otherwise():
                stack[-1].past = True
            case _End():
                _close(stack)


def _is_address(marked: _Marked) -> bool:
    """Whether the mark stands for a whole address."""
    return isinstance(marked, Page) or (isinstance(marked, _Variable) and marked.address)


def _bytes(made_of: tuple[object, ...]) -> bytes:
    try:
        return to_json(made_of)
    except PydanticSerializationError:  # halves of characters: whoever fills the slots says where they are
        return repr(made_of).encode("utf-8", "replace")


def _literal(target: _Open, text: str) -> None:
    if text:
        target.add(Literal(text))


def _close(stack: list[_Open]) -> None:
    if len(stack) < 2:
        raise RenderError("a condition or a loop of the template ends without having begun")
    done = stack.pop()
    then, otherwise = tuple(done.then), tuple(done.otherwise)
    if isinstance(done.what, _Loop):
        stack[-1].add(Each(done.what.items, then, done.what.most, otherwise))
    elif done.what is not None:
        stack[-1].add(When(done.what, then, otherwise))


def _place(html: str, position: int, *, whole: bool) -> Place:
    """Where in HTML a value stands: between tags, in an attribute, or in an address, of which it is a part or
    the whole.
    """
    opened = html.rfind("<", 0, position)
    if opened < html.rfind(">", 0, position) or opened < 0:
        return Place.TEXT
    inside = html[opened:position]
    return Place.URL if _ADDRESS_ATTRIBUTE.search(inside) and not whole else Place.ATTRIBUTE
