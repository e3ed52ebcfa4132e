"""Templates: autoescaped, and strict about names, so that a typing error is an error."""

import datetime as dt
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web.assets import load_assets
from app.web.labels import load_labels

TEMPLATES = Path(__file__).parent / "templates"


def day_and_time(moment: dt.datetime) -> str:
    """A moment for people, in UTC, which is said."""
    at = moment.astimezone(dt.UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def clock_time(moment: dt.datetime, zone: str) -> str:
    """The hour of a moment where its readers are, with the zone; empty where that is UTC."""
    at = moment.astimezone(ZoneInfo(zone))
    return "" if zone == "UTC" else f"{at:%H:%M} in {zone}"


def day(date: dt.date) -> str:
    """A day for people."""
    return f"{date.day} {date:%B %Y}"


@cache
def environment() -> Environment:
    """The one environment. Templates have `label(group, name)` and `asset(file)`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(label=load_labels(), asset=load_assets().path)
    made.filters.update(day=day, day_and_time=day_and_time, clock_time=clock_time)
    return made
