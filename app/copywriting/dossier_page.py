"""A dossier as one HTML page: nothing runs in it and it loads nothing, on a screen, a phone or paper."""

import datetime as dt
import json
import re
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.copywriting.deck_page import TEMPLATES, kind_name
from app.copywriting.dossier import Dossier

_HASH = re.compile(r"[0-9a-f]{32,64}")
OUTCOMES = {
    "same": "Replayed: every rule judges as it did",
    "different": "Replayed: rules judge otherwise",
    "cannot": "Cannot be replayed",
}


def dossier_html(dossier: Dossier) -> str:
    """The page as text."""
    return _environment().get_template("dossier.html.j2").render(dossier=dossier, outcomes=OUTCOMES)


def _moment(at: dt.datetime) -> str:
    at = at.astimezone(dt.UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


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
    environment.filters.update(kind_name=kind_name, moment=_moment, told=_told)
    return environment
