"""What the main mail programs know of the CSS and HTML that an email uses, by the data of caniemail.com."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from app.emails.qa.css import Declaration, declarations_of
from app.emails.qa.email import EmailUnderTest, spot
from app.emails.qa.models import Flaw, Severity, Spot, rule
from app.emails.qa.words import read_list

SHARE = 20
"""Percent of the main mail programs' opens from which on a missing feature is a fault."""
_SOURCE = "https://www.caniemail.com (npm caniemail 2.0.2, 2026-05-13), app/emails/qa/data/client_use.yaml"
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"(?<![\w#.-])-?(?:\d+(?:\.\d+)?|\.\d+)([a-z]+)\b")
_WORD = re.compile(r"[a-z][a-z-]*")
_SELECTOR_SIGNS = {
    ">": "child",
    "+": "adjacent",
    "~": "sibling",
    "[": "attribute",
    "#": "id",
    "*": "universal",
}

_TOLD = frozenset(
    f"element:{name}" for name in ["link", "form", "video", "audio", "base", "object", "script", "style"]
)
"""What rules of their own speak of."""


class Client(BaseModel):
    """A mail program, and its share of opens in percent."""

    model_config = ConfigDict(frozen=True)
    name: str
    share: float


class Feature(BaseModel):
    """One feature; `support` is y, a (partly), n or u by client."""

    model_config = ConfigDict(frozen=True)
    title: str
    terms: tuple[str, ...]
    support: Mapping[str, str]


class ClientData(BaseModel):
    """data/caniemail.json without its notices."""

    model_config = ConfigDict(frozen=True)
    dated: str
    clients: Mapping[str, Client]
    features: Mapping[str, Feature]


class ClientUse(BaseModel):
    """data/client_use.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    decorative: tuple[str, ...]
    structural: tuple[str, ...]


@cache
def client_data() -> ClientData:
    """The data that ships."""
    text = files("app.emails.qa").joinpath("data", "caniemail.json").read_text(encoding="utf-8")
    return ClientData.model_validate(json.loads(text))


@cache
def client_use() -> ClientUse:
    """What a missing feature costs."""
    return read_list("client_use.yaml", ClientUse)


@cache
def _slugs() -> Mapping[str, str]:
    return {term: slug for slug, feature in client_data().features.items() for term in feature.terms}


@rule(
    "clients.unsupported",
    Severity.WARNING,
    "Main mail programs do not know what the layout needs",
    threshold=f"a feature unknown to {SHARE}% of the main programs' opens, or to any where the layout "
    "hangs on it; inside at-rules features may be missing",
    source=_SOURCE,
)
def _unsupported(email: EmailUnderTest) -> Iterator[Flaw]:
    yield from (flaw for fault, flaw in _judged(email) if fault)


@rule(
    "clients.unknown_to_some",
    Severity.INFO,
    "A mail program does not know a feature that is used",
    threshold=f"a feature unknown to fewer than {SHARE}% of the main programs' opens, not decoration",
    source=_SOURCE,
)
def _unknown_to_some(email: EmailUnderTest) -> Iterator[Flaw]:
    yield from (flaw for fault, flaw in _judged(email) if not fault)


@lru_cache(maxsize=2)
def _judged(email: EmailUnderTest) -> tuple[tuple[bool, Flaw], ...]:
    """Each feature that a main program does not know, and whether that is a fault."""
    return tuple(_faults(email))


def _faults(email: EmailUnderTest) -> Iterator[tuple[bool, Flaw]]:
    data, use = client_data(), client_use()
    whole = sum(client.share for client in data.clients.values())
    for slug, places in _used(email).items():
        feature = data.features[slug]
        lacking = [client for key, client in data.clients.items() if feature.support.get(key) == "n"]
        if not lacking or slug in use.decorative:
            continue
        share = round(sum(client.share for client in lacking) / whole * 100)
        names = ", ".join(client.name for client in lacking)
        often = f", used {len(places)} times" if len(places) > 1 else ""
        message = f"{feature.title} is unknown to {names} ({share}% of opens){often}"
        address = f"https://www.caniemail.com/features/{slug}/"
        yield share >= SHARE or slug in use.structural, Flaw(places[0], message, f"do without it: {address}")


def _used(email: EmailUnderTest) -> Mapping[str, list[Spot]]:
    """Where each feature is used that an email must do without where it is missing."""
    found: dict[str, list[Spot]] = defaultdict(list)
    for at, term in (*_in_elements(email), *_in_sheets(email)):
        if (slug := _slugs().get(term)) is not None:
            found[slug].append(at)
    return found


def _in_elements(email: EmailUnderTest) -> Iterator[tuple[Spot, str]]:
    for element in email.document.all():
        at = spot(element)
        terms = {f"element:{element.tag}", *(f"attribute:{name}" for name in element.attrs)}
        terms |= set(_of_declarations(declarations_of(element.attrs.get("style", ""))))
        if element.tag == "a" and element.attrs.get("href", "").startswith("#"):
            terms.add("link:anchor")
        yield from ((at, term) for term in sorted(terms - _TOLD))


def _in_sheets(email: EmailUnderTest) -> Iterator[tuple[Spot, str]]:
    for sheet in email.sheets:
        for style in sheet.rules:
            if not style.conditional:
                at = Spot("html", style.line, style.column)
                terms = {*_of_declarations(style.declarations), *_of_selectors(style.selectors)}
                yield from ((at, term) for term in sorted(terms))


def _of_declarations(declarations: Iterable[Declaration]) -> Iterator[str]:
    for item in declarations:
        value = item.value.lower()
        yield f"property:{item.name}"
        yield from (f"value:{item.name}={word}" for word in _WORD.findall(value)[:4])
        yield from (f"function:{name}" for name in _FUNCTION.findall(value))
        if "url(" not in value:
            yield from (f"unit:{unit}" for unit in _UNIT.findall(value))


def _of_selectors(selectors: Iterable[str]) -> Iterator[str]:
    for selector in selectors:
        yield from (f"selector:{name}" for sign, name in _SELECTOR_SIGNS.items() if sign in selector)
        yield from (f"pseudo:{name}" for name in re.findall(r"::?([a-z-]+)", selector.lower()))


RULES = (_unsupported, _unknown_to_some)
