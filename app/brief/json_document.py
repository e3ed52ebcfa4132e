"""A brief that came as JSON: the same checks as for a file, with each problem at its JSON pointer."""

from typing import Any

from app.errors import Problem
from app.yaml12 import Document, Path_

BODY = "body"
"""What a problem names in the place of a file."""


def pointer(path: Path_) -> str:
    """The JSON pointer (RFC 6901) of a path: `/targets/0/facts/product.price`; empty for the whole."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class JsonDocument(Document):
    """JSON data that a model is built from. Its problems have a pointer as their field, and no line."""

    @classmethod
    def of(cls, data: Any) -> "JsonDocument":
        """The document of parsed JSON."""
        document = cls(BODY, data)
        _note(data, (), document.positions)
        return document

    def problem(self, path: Path_, message: str, expected: str = "") -> Problem:
        """A Problem whose field is the pointer of `path`."""
        return Problem(self.file, 0, 0, pointer(path), message, expected)


def _note(data: Any, path: Path_, positions: dict[Path_, tuple[int, int]]) -> None:
    """Note every path that exists; where it stands is nobody's business."""
    todo = [(data, path)]
    while todo:
        value, at = todo.pop()
        positions[at] = (0, 0)
        if isinstance(value, dict):
            todo += [(item, (*at, str(name))) for name, item in value.items()]
        elif isinstance(value, (list, tuple)):
            todo += [(item, (*at, index)) for index, item in enumerate(value)]
