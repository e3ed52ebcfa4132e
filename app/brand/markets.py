"""Markets: the countries whose law copy is judged by, and the groups of them that packs name."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from babel import Locale
from pydantic import AfterValidator, BaseModel, ConfigDict

from app.errors import ContentError
from app.yaml12 import nearest, parse

_CODE = re.compile(r"[A-Z]{2}")


class _Groups(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def groups() -> Mapping[str, tuple[str, ...]]:
    """The groups of data/market_groups.yaml with their members."""
    text = files("app.brand").joinpath("data", "market_groups.yaml").read_text(encoding="utf-8")
    built, problems = parse(text, "data/market_groups.yaml").build(_Groups)
    if built is None:
        raise ContentError(problems)
    return built.groups


@lru_cache(maxsize=1)
def known_markets() -> frozenset[str]:
    """Every country code and every group."""
    codes = (str(code) for code in Locale("en").territories)
    return frozenset([*(code for code in codes if _CODE.fullmatch(code)), *groups()])


@lru_cache(maxsize=256)
def members(names: tuple[str, ...]) -> frozenset[str]:
    """The markets that the names stand for, with the groups' own names, for copy that is judged for one."""
    return frozenset(member for name in names for member in (name, *groups().get(name, ())))


def market_of(market: str | None, locale: str) -> str:
    """The market that copy is judged for: the one that is named, otherwise the region of its locale."""
    return market or locale.partition("-")[2]


def _known(name: str) -> str:
    if name not in known_markets():
        raise ValueError(f"'{name}' is no market: {nearest(name, known_markets())}")
    return name


Market = Annotated[str, AfterValidator(_known)]
"""A country code such as DE, or a group such as EU."""


def missing(wanted: Iterable[str], given: tuple[str, ...]) -> frozenset[str]:
    """The markets among `wanted` that `given` does not stand for; none when nothing is given."""
    return members(tuple(wanted)) - members(given) if given else frozenset()
