"""Reading a JSON body strictly: UTF-8, no duplicate keys, no NaN, bounded depth, text that can be stored."""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from app.http.errors import FieldProblem, InvalidRequest, MalformedJson
from app.http.problems import pointer

MAX_DEPTH = 64
_LOOKED_AT = (str, list, dict)
_BOMS = (
    (b"\xef\xbb\xbf", "a byte order mark"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\x00", "UTF-16 or UTF-32"),
)


class _Refused(ValueError):
    """Something that the JSON standard allows and this reader does not."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(f"the key {_shown(key)} is given twice in one object")
            seen.add(key)
    return found


def _shown(text: str) -> str:
    return json.dumps(text[:60])


def _constant(name: str) -> NoReturn:
    raise _Refused(f"{name} is no number in JSON")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused("a number is too large")
    return value


def _int(text: str) -> int:
    if len(text) > 40:
        raise _Refused("a number has too many digits")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_float, parse_int=_int
)


def read_json(body: bytes) -> Any:
    """The value that `body` holds. Raises MalformedJson, or InvalidRequest for text that cannot be stored."""
    text = _decoded(body)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _malformed(error.msg.lower(), error.lineno, error.colno) from error
    except _Refused as error:
        raise _malformed(str(error)) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check(value)
    return value


def _decoded(body: bytes) -> str:
    for mark, name in _BOMS:
        if body.startswith(mark):
            raise _malformed(f"the body begins with {name}", 1, 1, expected="UTF-8 without a byte order mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - before.rfind(b"\n")
        raise _malformed("the body is not UTF-8", line, column, expected="text in UTF-8") from error


def _malformed(
    message: str, line: int | None = None, column: int | None = None, *, expected: str = "JSON"
) -> MalformedJson:
    where = f" (line {line}, column {column})" if line else ""
    fault = FieldProblem(message=message, expected=expected, line=line, column=column)
    return MalformedJson(f"the body cannot be read as JSON: {message}{where}", errors=[fault])


def _too_deep() -> MalformedJson:
    return _malformed(f"it is nested more than {MAX_DEPTH} deep", expected="a flatter body")


def _check(value: Any) -> None:
    """Depth, and text that no database stores: NUL, and halves of characters."""
    problems: list[FieldProblem] = []
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    while waiting:
        item, path = waiting.pop()
        if isinstance(item, str):
            fault = _unstorable(item)
            if fault:
                problems.append(FieldProblem(pointer=pointer(path), field=_dotted(path), message=fault))
        elif isinstance(item, dict | list):
            if len(path) >= MAX_DEPTH:
                raise _too_deep()
            waiting.extend(_inside(item, path, problems))
    if problems:
        raise InvalidRequest("text in the body cannot be stored, see errors", errors=problems)


def _inside(
    item: Any, path: tuple[str | int, ...], problems: list[FieldProblem]
) -> Iterator[tuple[Any, tuple[str | int, ...]]]:
    if isinstance(item, list):
        yield from (
            (entry, (*path, index)) for index, entry in enumerate(item) if isinstance(entry, _LOOKED_AT)
        )
        return
    for key, entry in item.items():
        if _unstorable(key):
            problems.append(
                FieldProblem(
                    pointer=pointer(path),
                    field=_dotted(path),
                    message=f"the name of a field {_unstorable(key)}",
                )
            )
        elif isinstance(entry, _LOOKED_AT):
            yield entry, (*path, key)


def _unstorable(text: str) -> str:
    if "\0" in text:
        return "holds the character NUL"
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        return "holds half of a character (a lone surrogate)"
    return ""


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))
