"""The lines that the check door reads: JSON Lines, each an object with known keys."""

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

from app.errors import UsageError
from app.yaml12 import nearest

FIELDS = ("subject", "preheader", "headline", "body", "cta")
KEYS = ("id", "text", "field", "locale", "market", "segment", "facts")
MAX_LINE = 4_000_000
"""Bytes of one line; a longer one is an error and is not read into memory."""


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"the key '{twice}' stands twice")
    return result


def parse(raw: str) -> dict[str, Any]:
    """The object of one line. Raises UsageError with what is wrong."""
    try:
        data = json.loads(raw, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UsageError(f"this is no line of JSON: {reason}") from error
    if not isinstance(data, dict):
        raise UsageError("a line must be an object", '{"id": ..., "text": ..., "field": ...}')
    for key in data:
        if key not in KEYS:
            raise UsageError(f"unknown key '{key}'", nearest(key, KEYS))
    return data


def text_of(data: dict[str, Any], key: str, default: str | None) -> str | None:
    """The text under a key, or `default` where there is none. Raises UsageError for anything but text."""
    value = data.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise UsageError(f"'{key}' must be text")
    return value


def id_of(raw: str) -> object:
    """The id of a line that is refused, where one can be read."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    value = data.get("id") if isinstance(data, dict) else None
    usable = isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value))
    return value if usable else None


def bounded_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream; None for one that is longer than MAX_LINE, whose rest is skipped."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield None
