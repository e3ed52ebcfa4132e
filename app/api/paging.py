"""Lists in pages: each page says where the next one begins, in a text that callers only hand back."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.validation import invalid
from app.http.errors import FieldProblem, InvalidRequest

ItemT = TypeVar("ItemT")
MOST_DIGITS = 9
"""Digits of a number in a position: what a column of whole numbers takes on every database."""

Limit = Annotated[int, Query(ge=1, le=200, description="Most entries of one page", examples=[50])]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; nothing for the first page")
]


class Page(BaseModel, Generic[ItemT]):
    """One page of a list."""

    model_config = ConfigDict(frozen=True)

    items: tuple[ItemT, ...]
    next: str | None = Field(default=None, description="Cursor of the next page; null on the last one")


def encode_cursor(*position: str) -> str:
    """The text that stands for a position in a list."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_cursor(text: str | None, parts: int) -> tuple[str, ...] | None:
    """The position that `text` stands for; None for the first page. Raises InvalidRequest for other text."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        position = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError):
        position = None
    if (
        not isinstance(position, list)
        or len(position) != parts
        or not all(isinstance(part, str) and part.isprintable() for part in position)
    ):
        raise no_cursor()
    return tuple(position)


def moment_of(text: str) -> dt.datetime:
    """The moment that is part of a position. Raises InvalidRequest for text that is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise no_cursor() from error
    raise no_cursor()


def number_of(text: str) -> int:
    """The whole number that is part of a position. Raises InvalidRequest for text that is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise no_cursor()
    return int(text)


def no_cursor() -> InvalidRequest:
    """The error about a cursor that names no place."""
    fault = FieldProblem(
        where="query", field="cursor", message="is no cursor", expected="`next` of a page, as it came"
    )
    return invalid([fault])


def page_of(
    items: Sequence[ItemT], key: Callable[[ItemT], str], limit: int, cursor: str | None
) -> Page[ItemT]:
    """A page of a list that is in memory, in the order of a key that is unique."""
    after = decode_cursor(cursor, 1)
    rest = sorted((item for item in items if after is None or key(item) > after[0]), key=key)
    shown = rest[:limit]
    return Page(items=tuple(shown), next=encode_cursor(key(shown[-1])) if len(rest) > limit else None)
