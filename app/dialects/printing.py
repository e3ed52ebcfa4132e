"""Printing a template in a dialect, with the names that one account gives to its properties."""

from app.dialects.dialect import Dialect, Feature, Fork, Names
from app.dialects.nodes import (
    Each,
    Equals,
    HasValue,
    InSegment,
    Literal,
    Nodes,
    PageLink,
    Place,
    Show,
    Test,
    When,
)
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
        return "".join(self._printed(nodes, place, None))

    def _printed(self, nodes: Nodes, place: Place, item: str | None) -> list[str]:
        found: list[str] = []
        for node in nodes:
            match node:
                case Literal(text):
                    found.append(self.dialect.literal(text, place))
                case Show(variable, fallback, where):
                    found.append(self.dialect.show(self._path(variable, item), fallback, where))
                case PageLink(page, where):
                    found.append(self.dialect.page(page, where))
                case When(test, then, otherwise):
                    fork = self._fork(test, item)
                    found += (fork.begin, *self._printed(then, place, item))
                    if otherwise:
                        found += (fork.otherwise, *self._printed(otherwise, place, item))
                    found.append(fork.end)
                case Each(items, body, most, otherwise):
                    loop = self.dialect.each(self._path(items, item), most)
                    found += (loop.begin, *self._printed(body, place, loop.item))
                    if otherwise:
                        found += (loop.otherwise, *self._printed(otherwise, place, item))
                    found.append(loop.end)
        return found

    def _path(self, variable: str, item: str | None) -> str:
        if item is not None and variable.startswith("item."):
            field = variable.removeprefix("item.")
            return f"{item}.{field}" if item else field
        path = self.names.variables.get(variable)
        if path is None:
            hint = nearest(variable, self.names.variables)
            raise UsageError(f"the account does not say where '{variable}' is", hint)
        return path

    def _fork(self, test: Test, item: str | None) -> Fork:
        match test:
            case HasValue(variable) | Equals(variable):
                return self.dialect.when(test, self._path(variable, item))
            case InSegment(segment):
                known = self.names.segments.get(segment)
                if known is None:
                    why = f"the account names no property that tells the segment '{segment}'"
                    self.dialect.refuse(Feature.SEGMENT, why)
                path, value = known
                return self.dialect.when(Equals(path, value), path)
