"""How long to wait before the next try: longer each time, never all at the same moment."""

import datetime as dt
import random
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 15.0
MOST_SECONDS = 3_600.0
MOST_ASKED_SECONDS = 6 * 3_600.0
"""Of what a receiver may ask for."""


def pause(tries: int, asked: float = 0.0) -> dt.timedelta:
    """The time after a try that failed; at least `asked` seconds, which a receiver wished for."""
    grown = min(MOST_SECONDS, FIRST_SECONDS * 2 ** min(tries - 1, 20)) * random.uniform(0.75, 1.25)
    return dt.timedelta(seconds=max(grown, min(asked, MOST_ASKED_SECONDS)))


def retry_after(text: str, at: dt.datetime) -> float:
    """The seconds that a Retry-After asks for, given as such or as a date; 0 for text that is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - at).total_seconds())
