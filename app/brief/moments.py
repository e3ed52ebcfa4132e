"""Moments as people write them: ISO 8601 with an offset, and no number of seconds since 1970."""

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+")


def _as_written(value: Any) -> Any:
    """Raises ValueError for what would be read as a moment in 1970, such as 0.5."""
    if isinstance(value, dt.datetime) or (isinstance(value, str) and _WRITTEN.match(value)):
        return value
    raise ValueError("a moment is written like 2026-11-27T09:00:00+01:00")


WrittenMoment = Annotated[AwareDatetime, BeforeValidator(_as_written)]
"""An aware datetime that is given as ISO 8601."""
