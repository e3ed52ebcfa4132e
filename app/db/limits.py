"""What both databases refuse alike, said in the same words: text that is too long or that neither can hold.

SQLite takes any length and any character; Postgres does not. What would fail on one fails on both.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import ExecutionContext
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.sql.compiler import SQLCompiler

from app.errors import ValueNotStorable


def refuse_characters(value: Any) -> None:
    """Raise ValueNotStorable when plain data holds text with a NUL or half of a surrogate pair."""
    if isinstance(value, str):
        _check_characters(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            refuse_characters(key)
            refuse_characters(item)
    elif isinstance(value, list | tuple):
        for item in value:
            refuse_characters(item)


def _check_characters(text: str) -> None:
    if "\x00" in text:
        raise ValueNotStorable("a text holds the character NUL (U+0000)", "take it out of the text")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as error:
        code = f"U+{ord(text[error.start]):04X}"
        raise ValueNotStorable(
            f"a text holds half of a surrogate pair ({code})", "send the text as UTF-8"
        ) from error


def refuse_parameters(
    _connection: object,
    _cursor: object,
    _statement: object,
    parameters: Any,
    context: ExecutionContext | None,
    many: bool,
) -> None:
    """Look at the values of every statement before it runs (an event of SQLAlchemy's engine).

    One INSERT of many rows that returns their new keys counts as `many` and has the values of all in one row.
    """
    for row in parameters if many and isinstance(parameters, list) else (parameters,):
        for value in row.values() if isinstance(row, Mapping) else row:
            if isinstance(value, str):
                _check_characters(value)
    if not isinstance(context, DefaultExecutionContext):
        return
    compiled = context.compiled
    if isinstance(compiled, SQLCompiler) and (compiled.isinsert or compiled.isupdate):
        for given in context.compiled_parameters:
            _check_lengths(compiled, given)


def _check_lengths(compiled: SQLCompiler, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        bound = compiled.binds.get(name)  # the members of an IN list have none
        length = getattr(bound.type, "length", None) if bound is not None else None
        if length is not None and isinstance(value, str):
            refuse_length(name, value, length)


def refuse_length(name: str, text: str, most: int) -> None:
    """Raise ValueNotStorable when a column takes fewer characters than the text has."""
    if len(text) > most:
        raise ValueNotStorable(f"'{name}' has {len(text)} characters", f"at most {most} can be stored for it")
