"""Strict YAML for content files: the 1.2 core schema, every value with its line and column.

Parsing is PyYAML's; what differs from its loaders is the schema (`no` is text, not false), that duplicate
keys and aliases are refused, and that the position of every key and value is kept for error messages.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ValidationError

from app.errors import ContentError, Problem

Path_ = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the known spelling closest to `name`, or the first few known names."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"known: {shown}" if names else ""


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


@dataclass
class Document:
    """One parsed file: plain data, and the position of each path in it."""

    file: str
    data: Any = None
    positions: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def position(self, path: Path_) -> tuple[int, int]:
        """Line and column of `path`, or of its nearest parent that stands in the file."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (1, 1))

    def problem(self, path: Path_, message: str, expected: str = "") -> Problem:
        """A Problem placed at `path`."""
        line, column = self.position(path)
        return Problem(self.file, line, column, ".".join(map(str, path)), message, expected)

    def build(self, model: type[ModelT], at: Path_ = ()) -> tuple[ModelT | None, list[Problem]]:
        """Validate the data under `at` as `model`; the second value lists all that was wrong."""
        value = self.data
        for step in at:
            value = value[step]
        try:
            return model.model_validate(value), []
        except ValidationError as error:
            return None, [self._explain(model, at, item) for item in error.errors()]

    def _explain(self, model: type[BaseModel], at: Path_, item: Any) -> Problem:
        path = at + tuple(step for step in item["loc"] if not _is_union_label(step, self, at, item["loc"]))
        kind, message, expected = item["type"], str(item["msg"]), ""
        if kind == "extra_forbidden":
            message = f"unknown field '{path[-1]}'"
            expected = nearest(str(path[-1]), _fields_near(model, item["loc"][:-1]))
        elif kind == "missing":
            message = f"'{path[-1]}' is missing"
            path = path[:-1]
        elif kind == "value_error":
            message = message.removeprefix("Value error, ")
        elif kind in ("literal_error", "enum"):
            message = f"'{item['input']}' is not known here"
            known = re.findall(r"'([^']*)'", str(item.get("ctx", {}).get("expected", "")))
            expected = nearest(str(item["input"]), known)
        return self.problem(path, message, expected)


def _is_union_label(step: str | int, document: Document, at: Path_, loc: Path_) -> bool:
    """Pydantic puts the label of a union member into the location; it stands in no file."""
    index = loc.index(step)
    path = at + loc[: index + 1]
    return isinstance(step, str) and path not in document.positions and index < len(loc) - 1


def _fields_near(model: type[BaseModel], loc: Path_) -> set[str]:
    """Field names of the model that `loc` leads to, found by walking the annotations."""
    current: Any = model
    for step in loc:
        if isinstance(step, int):
            continue
        info = getattr(current, "model_fields", {}).get(step)
        if info is None:
            continue
        current = _model_inside(info.annotation) or current
    return set(getattr(current, "model_fields", {}))


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_inside(argument)
        if found is not None:
            return found
    return None


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path_) -> Any:
        mark = node.start_mark
        position = (mark.line + 1, mark.column + 1)
        self.document.positions.setdefault(path, position)
        if id(node) in self.seen or len(path) > MAX_DEPTH:
            problem = Problem(
                self.document.file,
                *position,
                "",
                "aliases and very deep nesting are not allowed",
                "write it out",
            )
            self.document.problems.append(problem)
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        return _scalar(cast("yaml.ScalarNode", node))

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            at = (*path, key)
            mark = key_node.start_mark
            position = (mark.line + 1, mark.column + 1)
            if key in result:
                self.document.problems.append(
                    Problem(
                        self.document.file, *position, key, f"'{key}' is given twice", "keep one of the two"
                    )
                )
                continue
            self.document.positions[at] = position
            result[key] = self.read(value_node, at)
        return result


def parse(text: str, file: str) -> Document:
    """Parse one document of YAML 1.2 core; what is wrong with the syntax is in `problems`."""
    document = Document(file)
    try:
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        document.problems.append(Problem(file, line, column, "", f"broken YAML: {error.problem}"))
        return document
    except yaml.YAMLError as error:
        document.problems.append(Problem(file, 0, 0, "", f"broken YAML: {error}"))
        return document
    if node is not None:
        document.data = _Reader(document).read(node, ())
    return document


def read(path: Path, shown_as: str | None = None) -> Document:
    """Read and parse a file; an unreadable one is a Document whose `problems` say why."""
    file = shown_as or str(path)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            return Document(file, problems=[Problem(file, 0, 0, "", f"larger than {MAX_BYTES} bytes")])
        return parse(raw.decode("utf-8"), file)
    except OSError as error:
        return Document(file, problems=[Problem(file, 0, 0, "", f"cannot be read: {error.strerror}")])
    except UnicodeDecodeError as error:
        return Document(file, problems=[Problem(file, 0, 0, "", f"is not UTF-8: {error.reason}")])


def read_as(path: Path, model: type[ModelT], shown_as: str | None = None) -> tuple[ModelT, Document]:
    """Read a file that holds one `model`. Raises ContentError with every problem at once."""
    document = read(path, shown_as)
    if document.problems:
        raise ContentError(document.problems)
    value, problems = document.build(model)
    if value is None:
        raise ContentError(problems)
    return value, document
