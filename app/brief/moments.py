"""Moments as people write them: ISO 8601 with an offset, and no number of seconds since 1970."""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+")


def _as_written(value: Any) -> Any:
    """Raises ValueError for what would be read as a moment in 1970, such as 0.5.

    The moment is read here: behind a validator of one's own, strict reading of JSON takes no text for one.
    """
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, str) and _WRITTEN.match(value):
        try:
            return dt.datetime.fromisoformat(value.upper())
        except ValueError as error:
            raise ValueError(f"there is no moment '{value}'") from error
    raise ValueError("a moment is written like 2026-11-27T09:00:00+01:00")


WrittenMoment = Annotated[AwareDatetime, BeforeValidator(_as_written)]
"""An aware datetime that is given as ISO 8601."""
