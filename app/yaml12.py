"""Strict YAML for content files: the 1.2 core schema, every value with its line and column.

Parsing is PyYAML's; what differs from its loaders is the schema (`no` is text, not false), that duplicate
keys and aliases are refused, and that the position of every key and value is kept for error messages.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from app.errors import ContentError, Problem

Path_ = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_DIGITS = 300
"""Longer runs of digits stay text; Python refuses to read very long ones as numbers."""
MOST_NAMED = 12
"""Known names that a hint lists."""
TYPO = 0.7
"""How alike, from 0 to 1, a name is to the one that was mistyped; below that it is a guess."""
_INT = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def quoted(text: str) -> str:
    """The text as YAML reads it in quotes, with its letters as people read them."""
    return json.dumps(text, ensure_ascii=False)


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./-]*[A-Za-z0-9_.]\Z|[A-Za-z]\Z")


def written(data: Any) -> str:
    """Plain data as a document that `parse` reads back as it was; texts stand in quotes where they must."""
    return "\n".join(_lines(data, "")) + "\n"


def _lines(data: Any, indent: str) -> Iterator[str]:
    if isinstance(data, dict):
        entries = [(f"{_text(name)}:", value) for name, value in data.items()]
    else:
        entries = [("-", value) for value in data]
    for head, value in entries:
        if not isinstance(value, (dict, list)) or not value:
            yield f"{indent}{head} {_text(value)}"
        elif head == "-" and isinstance(value, dict):
            first, *others = _lines(value, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield f"{indent}{head}"
            yield from _lines(value, indent + "  ")


def _text(value: object) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value not in _WORDS:
        return value
    shown = quoted(value) if isinstance(value, str) else json.dumps(value)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in shown)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the known spelling closest to `name`, or the first few known names."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    shown = ", ".join(names[:MOST_NAMED]) + (", ..." if len(names) > MOST_NAMED else "")
    return f"known: {shown}" if names else ""


def _scalar(text: str, style: str | None) -> object:
    if style or len(text) > MAX_DIGITS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if _NOT_FINITE.match(text):
        return float(text.replace(".", ""))
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
            found = error.errors()
            return None, [self._explain(model, at, item) for item in found if not follows(item, found)]

    def _explain(self, model: type[BaseModel], at: Path_, item: Any) -> Problem:
        kind = item["type"]
        path = self._in_file(at, item["loc"], absent=kind == "missing")
        if kind == "missing":
            path = path[:-1]
        elif kind == "union_tag_invalid":
            path = (*path, str(item["ctx"]["discriminator"]).strip("'"))
        return self.problem(path, *explain(model, item))

    def _in_file(self, at: Path_, loc: Path_, *, absent: bool) -> Path_:
        """`loc` as it stands in the file, where neither the label of a union's member nor `[key]` does.

        With `absent` the last step is the name of a field that is missing.
        """
        path = at
        for index, step in enumerate(loc):
            named = absent and index == len(loc) - 1
            if named or isinstance(step, int) or (*path, step) in self.positions:
                path = (*path, step)
        return path


def explain(annotation: Any, item: Any) -> tuple[str, str]:
    """What is wrong, and what would be right, for one of pydantic's errors about a value of `annotation`."""
    kind, given, details = item["type"], item["input"], item.get("ctx", {})
    name = str(item["loc"][-1]) if item["loc"] else ""
    message, expected = _plain(item)
    if kind == "extra_forbidden":
        message, expected = (
            f"unknown field '{name}'",
            nearest(name, _fields_near(annotation, item["loc"][:-1])),
        )
    elif kind == "missing":
        message = f"'{name}' is missing"
    elif kind == "union_tag_not_found":
        message = f"{details['discriminator']} is missing"
    elif kind == "union_tag_invalid":
        message = f"'{details['tag']}' is not known here"
        expected = _choice(str(details["tag"]), _quoted(details["expected_tags"]))
    elif kind in ("literal_error", "enum"):
        message = f"'{given}' is not known here"
        expected = _choice(str(given), _quoted(details.get("expected", "")))
    return message, expected


def follows(item: Any, found: Sequence[Any]) -> bool:
    """Whether the error is only that a list lacks entries that were refused themselves."""
    loc = item["loc"]
    deeper = (other["loc"] for other in found if len(other["loc"]) > len(loc))
    return item["type"] == "too_short" and any(other[: len(loc)] == loc for other in deeper)


_SENTENCES = {
    "model_type": "should be a mapping of names to values",
    "dict_type": "should be a mapping of names to values",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "decimal_type": "should be a number",
    "decimal_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "date_type": "should be a day",
    "date_parsing": "should be a day",
    "date_from_datetime_parsing": "should be a day",
    "date_from_datetime_inexact": "should be a day without a time",
    "datetime_type": "should be a moment",
    "datetime_parsing": "should be a moment",
    "datetime_from_date_parsing": "should be a moment",
    "timezone_aware": "should name its time zone",
    "string_too_short": "should not be so short",
    "string_too_long": "should not be so long",
    "too_short": "should have more entries",
    "too_long": "should have fewer entries",
}
"""Plain words for pydantic's kinds of error; the kinds that are not here have plain words already."""


def _plain(item: Any) -> tuple[str, str]:
    """What is wrong, and what would be right, for any kind of error."""
    kind, given, details = item["type"], item["input"], item.get("ctx", {})
    message = str(item["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    message = _SENTENCES.get(kind, message)
    if given is None and kind in _SENTENCES:
        return "is empty", message
    expected = ""
    if kind == "string_type" and isinstance(given, (int, float)):
        expected = "put it in quotes"
    elif kind == "string_pattern_mismatch":
        message, expected = f"'{given}' is not written as it has to be here", f"the form {details['pattern']}"
    elif kind.startswith("date_"):
        expected = "such as 2026-11-27"
    elif kind.startswith(("datetime_", "timezone_")):
        expected = "such as 2026-11-27T09:00:00+01:00"
    elif kind.endswith(("too_short", "too_long")):
        most, least = details.get("max_length"), details.get("min_length")
        one, many = ("character", "characters") if kind.startswith("string") else ("entry", "entries")
        count = least if most is None else most
        expected = f"at {'least' if most is None else 'most'} {count} {one if count == 1 else many}"
    return message, expected


def _choice(given: str, known: Sequence[str]) -> str:
    """The known name that was mistyped; all of them where they are few and it may have been another word."""
    mistyped = difflib.get_close_matches(given, known, n=1, cutoff=TYPO)
    return (
        nearest(given, known) if mistyped or len(known) > MOST_NAMED else f"known: {', '.join(sorted(known))}"
    )


def _quoted(text: object) -> list[str]:
    return re.findall(r"'([^']*)'", str(text))


def _fields_near(annotation: Any, loc: Path_) -> set[str]:
    """Names of the fields that may stand where `loc` leads to, found by walking the annotations."""
    inside = _models_inside(annotation)
    for step in loc:
        if isinstance(step, int):
            continue
        labelled = [item for item in inside if _has_label(item, step)]
        if labelled and len(inside) > 1:
            inside = labelled
            continue
        infos = [
            info for item in inside for name, info in item.model_fields.items() if step in (name, info.alias)
        ]
        inside = [found for info in infos for found in _models_inside(info.annotation)] or inside
    return {info.alias or name for item in inside for name, info in item.model_fields.items()}


def _has_label(model: type[BaseModel], label: str) -> bool:
    """Whether `label` tells this member of a union apart from the others."""
    return any(
        label in getattr(info.annotation, "__args__", ())
        for info in model.model_fields.values()
        if info.is_required()
    )


def _models_inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_inside(argument)]


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _StopReading(Exception):
    """The rest of the document is not worth reading."""


class _Reader:
    """Builds plain data from the parser's events, which come one by one and not as a tree: a tree of very
    deep nesting ends the process.
    """

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events

    def document_data(self) -> Any:
        """The data of the first document; another one after it is a problem."""
        data: Any = None
        first = True
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if not first:
                    self.refuse(event, "a second document begins here", "one document a file")
                    break
                first = False
                data = self.read(next(self.events), ())
        return data

    def refuse(self, event: Any, message: str, expected: str, name: str = "") -> None:
        """Note a problem at the event."""
        self.document.problems.append(Problem(self.document.file, *_position(event), name, message, expected))

    def read(self, event: Any, path: Path_) -> Any:
        self.document.positions.setdefault(path, _position(event))
        if isinstance(event, yaml.AliasEvent):
            self.refuse(event, "aliases are not allowed", "write it out")
            return None
        if len(path) > MAX_DEPTH:
            self.refuse(event, f"nested more than {MAX_DEPTH} deep", "a flatter file")
            raise _StopReading
        if event.anchor is not None:
            self.refuse(event, "anchors are not allowed", f"leave out '&{event.anchor}'")
        if event.tag is not None:
            self.refuse(event, "tags are not allowed", f"leave out '{event.tag}'")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event.value, event.style)

    def _sequence(self, path: Path_) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            result.append(self.read(event, (*path, len(result))))
        return result

    def _mapping(self, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse(event, "a key has to be plain text", "a name")
                self.read(event, (*path, "?"))
                self.read(next(self.events), (*path, "?"))
                continue
            key = str(event.value)
            twice = key in result
            if twice:
                self.refuse(event, f"'{key}' is given twice", "keep one of the two", key)
            at = (*path, key)
            self.document.positions.setdefault(at, _position(event))
            if event.anchor is not None or event.tag is not None:
                self.refuse(event, "anchors and tags are not allowed", "the key alone")
            value = self.read(next(self.events), at)
            if not twice:
                result[key] = value
        return result


_COLON = "mapping values are not allowed in this context"
"""The parser's words for a colon where none may stand."""


def _colon_hint(text: str, line: int, column: int) -> str:
    """What would be right where a colon may not stand: one in a text, or a line that is indented too far."""
    lines = text.splitlines()
    if 0 < line <= len(lines) and ":" in lines[line - 1][: column - 1]:
        return "put the text in quotes, it holds a colon"
    return "indent the line as those above it, or put a text of several lines in quotes"


def parse(text: str, file: str) -> Document:
    """Parse one document of YAML 1.2 core; what is wrong with the syntax is in `problems`."""
    document = Document(file)
    try:
        document.data = _Reader(document, yaml.parse(text, Loader=yaml.CBaseLoader)).document_data()
    except _StopReading:
        return document
    except yaml.MarkedYAMLError as error:
        marks: tuple[Any, ...] = (error.problem_mark, error.context_mark)
        line, column = next(((mark.line + 1, mark.column + 1) for mark in marks if mark), (0, 0))
        hint = _colon_hint(text, line, column) if error.problem == _COLON else ""
        document.problems.append(Problem(file, line, column, "", f"broken YAML: {error.problem}", hint))
    except yaml.reader.ReaderError as error:
        line, column = _place(text, error.position)
        document.problems.append(Problem(file, line, column, "", f"broken YAML: {error.reason}"))
    except UnicodeEncodeError as error:
        line, column = _place(text, len(text[: error.start].encode()))
        document.problems.append(Problem(file, line, column, "", "broken YAML: half of a character"))
    return document


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of the byte at `offset` of the text in UTF-8."""
    before = text.encode("utf-8", "replace")[:offset].decode("utf-8", "ignore")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


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
