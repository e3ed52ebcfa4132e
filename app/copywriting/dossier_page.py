"""A dossier as one HTML page: nothing runs in it and it loads nothing, on a screen, a phone or paper."""

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.copywriting.deck_page import TEMPLATES, kind_name
from app.copywriting.dossier import Dossier
from app.db.email_tables import EmailClosed
from app.db.review_tables import Closed
from app.release.receipt_story import read_with

_HASH = re.compile(r"[0-9a-f]{32,64}")
OUTCOMES = {
    "same": "Replayed: every rule judges as it did",
    "different": "Replayed: rules judge otherwise",
    "cannot": "Cannot be replayed",
}
ENDS: dict[str, str] = {
    Closed.EDITED: "sent back: the guardrails refuse an edit of it",
    Closed.EXPIRED: "the deadline passed",
    EmailClosed.REPLACED: "submitted again with other contents",
}
"""How a review ended, where the word that it is stored under says too little."""


def dossier_html(dossier: Dossier) -> str:
    """The page as text."""
    return _environment().get_template("dossier.html.j2").render(dossier=dossier, outcomes=OUTCOMES)


def _moment(at: dt.datetime) -> str:
    at = at.astimezone(dt.UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _ended(closed: Closed | EmailClosed) -> str:
    return ENDS.get(closed, closed.value.replace("_", " "))


def _told(data: dict[str, Any]) -> str:
    """What a record says besides who did what, in one line."""
    return ", ".join(f"{name.replace('_', ' ')} {_shown(item)}" for name, item in data.items())


def _shown(value: Any) -> str:
    """A value; of a hash or an id its first digits, as on the rest of the page."""
    if isinstance(value, list):
        return " ".join(map(_shown, value)) or "none"
    text = value if isinstance(value, str) else json.dumps(value)
    return text[:16] if _HASH.fullmatch(text) else text


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        kind_name=kind_name, moment=_moment, told=_told, ended=_ended, read_with=read_with
    )
    return environment
