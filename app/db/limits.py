"""What both databases refuse alike, said in the same words: text that is too long or that neither can hold.

SQLite takes any length and any character; Postgres does not. What would fail on one fails on both.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper

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
    _connection: object, _cursor: object, _statement: object, parameters: Any, _context: object, many: bool
) -> None:
    """Look at the parameters of every statement (an event of SQLAlchemy's engine)."""
    for row in parameters if many else (parameters,):
        values: Iterable[Any] = row.values() if isinstance(row, Mapping) else row
        for value in values:
            if isinstance(value, str):
                _check_characters(value)


@event.listens_for(Mapper, "before_insert")
@event.listens_for(Mapper, "before_update")
def _refuse_long_text(mapper: Mapper[Any], _connection: object, row: object) -> None:
    state = inspect(row, raiseerr=True).dict
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        length = getattr(column.type, "length", None)
        value = state.get(attribute.key)
        if length and isinstance(value, str | bytes) and len(value) > length:
            raise ValueNotStorable(
                f"{attribute.key.replace('_', ' ')} has {len(value)} characters",
                f"at most {length} can be stored for a {mapper.class_.__name__}",
            )
