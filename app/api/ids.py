"""Ids of rows that a request creates."""

import re
import uuid

from app.db.tables import new_id

KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
"""What an Idempotency-Key may be: printable ASCII without spaces."""


def is_key(text: str) -> bool:
    """Whether `text` may be an Idempotency-Key."""
    return re.fullmatch(KEY_PATTERN, text) is not None


class Ids:
    """New ids, 32 hex digits each: random, or for a request with an Idempotency-Key derived from its kept
    answer, so that a second run after a crash asks for the same ids and finds the rows of the first.
    """

    def __init__(self, kept_id: str | None) -> None:
        self._space = uuid.UUID(hex=kept_id) if kept_id is not None else None
        self._count = 0

    @property
    def repeatable(self) -> bool:
        """Whether a second run of the request would get the same ids."""
        return self._space is not None

    def new(self) -> str:
        """The next id. The order of the calls has to be the same in every run."""
        self._count += 1
        return self.named("#", str(self._count))

    def named(self, *parts: str) -> str:
        """The id of the row that `parts` name, whatever the order of the calls."""
        return new_id() if self._space is None else uuid.uuid5(self._space, "\0".join(parts)).hex
