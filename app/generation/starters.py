"""Starter briefs: for a journey and a brand, a brief with comments that can be answered as it is.

The words stand in examples/starters/, a file a journey. What is filled in is chosen from what the brand
holds: segments that suit the journey, a KPI that its contract allows, its hosts, its pictures of products.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_territory_currencies
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

from app.brand.brand import Brand
from app.brand.segments import Layer, Segment
from app.brief.models import Brief, Journey
from app.errors import ContentError, Problem, UsageError
from app.generation.plan import SlotJob, plan
from app.release.library import ContentLibrary
from app.yaml12 import nearest, parse, quoted

AHEAD = dt.timedelta(days=3)
"""The least time between writing the brief and its send date: somebody has to read the copy."""
GOOD_DAYS = (1, 2, 3)
"""Tuesday to Thursday, as `weekday()` counts."""
SEND_HOUR = 9
MOST_SEGMENTS = 2
MOST_PRODUCTS = 3
PRICES = ("49.00", "79.00", "129.00", "99.00")
SUITS: Mapping[Journey, tuple[str, ...]] = {
    Journey.WELCOME: ("signed up", "subscriber", "newcomer"),
    Journey.ONBOARDING: ("new member", "joined", "signed up", "first order"),
    Journey.BROWSE_ABANDONMENT: ("browser", "viewed", "looked at"),
    Journey.CART_REMINDER: ("cart", "basket", "checkout", "browser", "viewed"),
    Journey.REPLENISHMENT: ("refill", "run out", "repeat", "ordered"),
    Journey.POST_PURCHASE: ("recent buyer", "first order", "first time", "delivered", "bought"),
    Journey.BACK_IN_STOCK: ("waiting for", "back in stock", "browser", "viewed"),
    Journey.WINBACK: ("lapsed", "dormant", "winback", "last order"),
    Journey.NEWSLETTER: ("newsletter", "reader", "guide"),
}
"""Words by which a segment that suits a journey is known, best first: in its names, else in its inclusion."""
LAYERS = (Layer.LIFECYCLE, Layer.BEHAVIOUR, Layer.AFFINITY, Layer.VALUE_TIER)
"""Where a segment is taken from when no word matches, broadest audience first."""


@dataclass(frozen=True)
class Starter:
    """A starter brief: its text, and the jobs that it would be planned into."""

    text: str
    jobs: tuple[SlotJob, ...]


def starter(library: ContentLibrary, root: Path, journey: str, *, now: dt.datetime, file: str) -> Starter:
    """A brief for `journey`, to be saved as `file`; `root` is the folder of the templates.

    Raises UsageError for an unknown journey or a brand without an audience, and ContentError when the brief
    would not pass for this brand.
    """
    values = _values(library.brand, known_journey(journey), now, file)
    text = _rendered(root, journey, values)
    document = parse(text, file)
    brief, problems = document.build(Brief)
    if document.problems or brief is None:
        raise ContentError([*document.problems, *problems])
    return Starter(text, tuple(plan(brief, document, library)))


def known_journey(name: str) -> Journey:
    """The journey of this name. Raises UsageError naming the nearest one."""
    known = [item.value for item in Journey]
    if name not in known:
        raise UsageError(f"there is no journey '{name}'", nearest(name, known))
    return Journey(name)


def _rendered(root: Path, journey: str, values: Mapping[str, Any]) -> str:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    try:
        return environment.get_template(f"{journey}.yaml.jinja").render(values)
    except TemplateNotFound as error:
        place = f"examples/{root.name}/{error.name}"
        raise ContentError([Problem(place, 0, 0, "", "there is no such starter")]) from error
    except TemplateError as error:
        line = getattr(error, "lineno", None) or 0
        place = f"examples/{root.name}/{journey}.yaml.jinja"
        raise ContentError([Problem(place, line, 1, "", str(error.message or error))]) from error


def _values(brand: Brand, journey: Journey, now: dt.datetime, file: str) -> dict[str, Any]:
    """What the templates may print. Raises UsageError for a brand that has nobody to write to."""
    locale = brand.identity.locales[0]
    market = locale.rsplit("-", 1)[-1]
    zone = home_zone(brand, market)
    send_at = next_send(now, zone)
    segments = suiting(brand, journey)
    contract = brand.contract
    allowed = [segment.primary_kpi for segment in segments if segment.primary_kpi in contract.may_optimise]
    items = list(_items(brand))
    return {
        "file": file,
        "id": f"{brand.id}_{journey}_{send_at:%Y_%m_%d}",
        "brand": brand.identity,
        "journey": journey.value,
        "kpi": (allowed or contract.may_optimise)[0],
        "kpis": contract.may_optimise,
        "written": contract.may_generate,
        "offer": _offer(brand, segments, send_at),
        "segments": segments,
        "others": [s.id for s in _audiences(brand) if s not in segments],
        "locale": locale,
        "market": market,
        "send_at": send_at.isoformat(),
        "time_zone": zone.key,
        "host": brand.identity.link_hosts[0],
        "observed_at": now.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0).isoformat(),
        "currency": (get_territory_currencies(market) or ["EUR"])[0],
        "event_date": (send_at + AHEAD * 3).date().isoformat(),
        "product": items[0],
        "items": items[1 : 1 + MOST_PRODUCTS] or items,
    }


def next_send(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Nine in the morning of the first Tuesday, Wednesday or Thursday that leaves time to read the copy."""
    morning = (
        (now + AHEAD).astimezone(zone).replace(hour=SEND_HOUR, minute=0, second=0, microsecond=0, fold=0)
    )
    while morning.weekday() not in GOOD_DAYS or morning < now + AHEAD:
        morning += dt.timedelta(days=1)
    return morning


def home_zone(brand: Brand, market: str) -> ZoneInfo:
    """The zone of the market whose clock most of the brand's offers start by, else the market's first one.

    The zones of a country come from the table of the time zone database; UTC for one that it lacks.
    """
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    zones = [ZoneInfo(row[2]) for row in rows if row[0] == market] or [ZoneInfo("UTC")]
    starts = [offer.starts for offer in brand.offers.values()]
    return max(zones, key=lambda z: sum(s.astimezone(z).utcoffset() == s.utcoffset() for s in starts))


def suiting(brand: Brand, journey: Journey) -> list[Segment]:
    """At most two segments for the journey. Raises UsageError when the brand has nobody to write to."""
    audiences = _audiences(brand)
    if not audiences:
        hint = "segments.yaml needs one that is no suppression segment"
        raise UsageError(f"brand '{brand.id}' has nobody to write to", hint)
    for told in (_names, _inclusion):
        for word in SUITS[journey]:
            found = [segment for segment in audiences if word in told(segment)]
            if found:
                return found[:MOST_SEGMENTS]
    return audiences[:1]


def _audiences(brand: Brand) -> list[Segment]:
    """The segments that can be written to, broadest first."""
    found = [segment for segment in brand.segments.values() if segment.layer is not Layer.SUPPRESSION]
    return sorted(found, key=lambda segment: LAYERS.index(segment.layer))


def _names(segment: Segment) -> str:
    return " ".join((segment.id, *segment.aliases, segment.name)).replace("_", " ").casefold()


def _inclusion(segment: Segment) -> str:
    return segment.inclusion.casefold()


def _offer(brand: Brand, segments: list[Segment], send_at: dt.datetime) -> str | None:
    """An offer that holds when the email is sent and has a rung for each of the segments."""
    for offer in brand.offers.values():
        tiers = {rung.tier for rung in offer.ladder}
        if offer.starts <= send_at <= offer.ends and all(s.value_tier in tiers for s in segments):
            return offer.id
    return None


def _items(brand: Brand) -> Iterator[dict[str, str]]:
    """Products for a feed: the brand's pictures of products under their names, or one without picture."""
    pictures = [asset.id for asset in brand.assets.assets if asset.id.startswith("product_")]
    for image, price in zip(pictures, PRICES, strict=False):
        name = "Sample " + image.removeprefix("product_").replace("_", " ").title()
        page = name.casefold().replace(" ", "-")
        yield {"name": name, "page": page, "price": price, "image": image, "cost": _cost(price)}
    if not pictures:
        price = PRICES[0]
        named = {"name": "Sample Product", "page": "sample-product"}
        yield {**named, "price": price, "image": "", "cost": _cost(price)}


def _cost(price: str) -> str:
    """An invented unit cost: half of an invented price."""
    return f"{Decimal(price) / 2:.2f}"
