"""A deck as one HTML page: nothing runs in it and it loads nothing, on a screen, a phone or paper."""

import datetime as dt
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.copywriting.deck import Deck

TEMPLATES = Path(__file__).parent / "templates"
NAMES = {"cta": "Call to action"}


def deck_html(deck: Deck) -> str:
    """The page as text."""
    return _environment().get_template("deck.html.j2").render(deck=deck)


def kind_name(kind: str) -> str:
    """A block kind for people."""
    return NAMES.get(kind, kind.capitalize())


def _day_and_time(moment: dt.datetime) -> str:
    """A moment with its own offset from UTC, as the brief gives it."""
    offset = moment.strftime("%z")
    zone = "UTC" if offset in ("", "+0000") else f"UTC{offset[:3]}:{offset[3:]}"
    return f"{moment.day} {moment:%B %Y, %H:%M} {zone}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(kind_name=kind_name, day_and_time=_day_and_time)
    return environment
