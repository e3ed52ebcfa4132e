"""Printing a template in a dialect, with the names that one account gives to its properties."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from app.dialects.dialect import Dialect, Feature, Fork, Names, Spot, Unsupported
from app.dialects.nodes import (
    Each,
    Equals,
    HasItems,
    HasValue,
    InSegment,
    Literal,
    Node,
    Nodes,
    PageLink,
    Place,
    Show,
    Test,
    When,
)
from app.dialects.position import Position
from app.errors import UsageError
from app.yaml12 import nearest


class Printer:
    """Prints nodes in one dialect for one account."""

    def __init__(self, dialect: Dialect, names: Names) -> None:
        self.dialect = dialect
        self.names = names

    def print(self, nodes: Nodes, place: Place = Place.TEXT) -> str:
        """The template in the platform's syntax. `place` is where its literals stand: TEXT for HTML, PLAIN
        otherwise. Raises UsageError for a name that the account does not map, and Unsupported for what the
        platform cannot do.
        """
        return _Printing(self.dialect, self.names, place).printed(nodes, Spot(place))


class _Printing:
    """One template on its way: knows where in the HTML the next tag will stand."""

    def __init__(self, dialect: Dialect, names: Names, place: Place) -> None:
        self.dialect = dialect
        self.names = names
        self.place = place
        self.position = Position()
        self.items: list[tuple[str, Mapping[str, str]]] = []
        """The loops that one stands in, the innermost last: the list, and what its fields are called."""

    def printed(self, nodes: Nodes, spot: Spot) -> str:
        return "".join(self._node(node, spot) for node in _joined(nodes))

    def _node(self, node: Node, spot: Spot) -> str:
        if isinstance(node, Literal):
            self.position.read(node.text)
            return self.dialect.literal(node.text, self.place)
        here = self._here(spot)
        match node:
            case Show(variable, fallback, where):
                return self.dialect.show(self._value(variable, here), fallback, replace(here, place=where))
            case PageLink(page, where):
                return self.dialect.page(page, replace(here, place=where))
            case When(test, then, otherwise):
                return self._when(test, then, otherwise, here)
            case Each():
                return self._each(node, here)

    def _here(self, spot: Spot) -> Spot:
        if self.place is Place.PLAIN:
            return spot
        if self.position.in_comment and not self.dialect.comments:
            why = "it does not carry out tags inside HTML comments, such as conditions for Outlook"
            self.dialect.refuse(Feature.VARIABLE, why)
        return replace(spot, place=self.position.place, query=self.position.query)

    def _when(self, test: Test, then: Nodes, otherwise: Nodes, here: Spot) -> str:
        fork = self._fork(test, here)
        inside = replace(here, nested=True)
        before = self.position.copy()
        printed = fork.begin + self.printed(then, inside)
        if otherwise:
            self.position = before
            printed += fork.otherwise + self.printed(otherwise, inside)
        return printed + fork.end

    def _each(self, node: Each, here: Spot) -> str:
        loop = self.dialect.each(self._list(node.items, here), node.most, here)
        inside = replace(here, nested=True, loops=here.loops + 1)
        named = self.names.lists.get(node.items)
        self.items.append((node.items, named.fields if named is not None else {}))
        printed = loop.begin + self.printed(node.body, inside) + loop.after
        self.items.pop()
        if node.otherwise:
            printed += loop.otherwise + self.printed(node.otherwise, replace(here, nested=True))
        return printed + loop.end

    def _value(self, variable: str, here: Spot) -> str:
        if here.loops and variable.startswith("item."):
            return self._field(variable.removeprefix("item."))
        path = self.names.variables.get(variable)
        if path is None:
            hint = nearest(variable, self.names.variables)
            raise UsageError(f"the account does not say where '{variable}' is", hint)
        return self.dialect.property(path, here)

    def _field(self, name: str) -> str:
        items, fields = self.items[-1]
        if name not in fields:
            hint = nearest(name, fields) if fields else "its property under `fields` of the list"
            raise UsageError(f"the account does not say what '{name}' of an item of '{items}' is", hint)
        return self.dialect.field(fields[name])

    def _list(self, items: str, here: Spot) -> str:
        if here.loops and items.startswith("item."):
            return self._field(items.removeprefix("item."))
        known = self.names.lists.get(items)
        if known is None:
            hint = nearest(items, self.names.lists) if self.names.lists else "a path under `lists`"
            raise UsageError(f"the account does not say where the list '{items}' is", hint)
        return self.dialect.property(known.path, here)

    def _fork(self, test: Test, here: Spot) -> Fork:
        if isinstance(test, InSegment):
            known = self.names.segments.get(test.segment)
            if known is None:
                why = f"the account names no property that tells the segment '{test.segment}'"
                self.dialect.refuse(Feature.SEGMENT, why)
            try:
                return self._compared(Equals(*known), self.dialect.property(known[0], here), here)
            except Unsupported as unsupported:
                self.dialect.refuse(Feature.SEGMENT, unsupported.why)
        if isinstance(test, HasItems):
            return self.dialect.some(self._list(test.items, here), here)
        return self._compared(test, self._value(test.variable, here), here)

    def _compared(self, test: HasValue | Equals, value: str, here: Spot) -> Fork:
        if isinstance(test, Equals) and (not test.value or test.value != test.value.strip()):
            raise UsageError(
                f"nothing is ever equal to '{test.value}'", "a value without white space around it"
            )
        return self.dialect.when(test, value, here)


def _joined(nodes: Nodes) -> Nodes:
    """The nodes with neighbouring literals made one, so that a dialect sees whole comments."""
    found: list[Node] = []
    for literal, group in groupby(nodes, lambda node: isinstance(node, Literal)):
        if literal:
            found.append(Literal("".join(node.text for node in group if isinstance(node, Literal))))
        else:
            found += group
    return tuple(found)
