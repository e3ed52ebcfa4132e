"""How well each feature of each dialect is proven: data/matrix.yaml, and what an export makes of it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from app.dialects.dialect import Feature
from app.dialects.nodes import (
    Each,
    Equals,
    HasItems,
    HasValue,
    InSegment,
    Nodes,
    PageLink,
    Place,
    Show,
    When,
    walk,
)
from app.yaml12 import read_as

FILE = Path(__file__).parent / "data" / "matrix.yaml"
_OF_PLACE = {
    Place.TEXT: Feature.ESCAPE_TEXT,
    Place.ATTRIBUTE: Feature.ESCAPE_ATTRIBUTE,
    Place.URL: Feature.ESCAPE_URL,
    Place.PLAIN: Feature.SUBJECT,
}
_OF_TEST = {
    HasValue: Feature.CONDITION,
    Equals: Feature.COMPARISON,
    InSegment: Feature.SEGMENT,
    HasItems: Feature.LOOP,
}


class State(StrEnum):
    """How a cell is proven, the best way first."""

    ENGINE = "engine"
    SHIMS = "shims"
    SOURCE = "source"
    UNVERIFIED = "unverified"
    REFUSED = "refused"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """A page or a file that says how the platform does it, and when it was read."""

    address: str
    date: date


class Cell(_Strict):
    """One feature of one dialect."""

    state: State
    why: str = ""
    """What is open or what the platform cannot."""
    source: str = ""
    """One of the dialect's sources, by name."""
    confirm: str = ""
    """What the account may confirm; an export that needs the feature is refused until it does."""
    note: str = ""

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if bool(self.why) != (self.state in (State.UNVERIFIED, State.REFUSED)):
            raise ValueError("'why' belongs to what is unverified or refused, and only to that")
        if self.state is State.SOURCE and not self.source:
            raise ValueError("a cell proven by a source names it")
        return self


class Column(_Strict):
    """One dialect."""

    engine: str
    """What renders it in tests; empty where nothing can."""
    note: str = ""
    shims: tuple[str, ...] = ()
    """What is ours when the tests render it."""
    sources: dict[str, Source] = {}
    features: dict[Feature, Cell]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        missing = [feature.value for feature in Feature if feature not in self.features]
        if missing:
            raise ValueError(f"no cell for {', '.join(missing)}")
        for feature, cell in self.features.items():
            if cell.source and cell.source not in self.sources:
                raise ValueError(f"{feature.value} names the source '{cell.source}', which is not there")
            if cell.state in (State.ENGINE, State.SHIMS) and not self.engine:
                raise ValueError(f"{feature.value} is proven by an engine, and none is named")
            if cell.state is State.SHIMS and not self.shims:
                raise ValueError(f"{feature.value} is proven with shims, and none is listed")
        unsubscribe = self.features[Feature.UNSUBSCRIBE]
        if unsubscribe.state is State.UNVERIFIED and not unsubscribe.confirm:
            raise ValueError("an unverified unsubscribe link says what the account has to confirm")
        return self


class _Matrix(RootModel[dict[str, Column]]):
    """The file."""


class Doubt(_Strict):
    """A cell that an export has to speak of."""

    dialect: str
    feature: Feature
    cell: Cell

    def __str__(self) -> str:
        asked = f"; the account may confirm {self.cell.confirm}" if self.cell.confirm else ""
        return f"{self.dialect}, {self.feature.value}: {self.cell.state.value}, {self.cell.why}{asked}"


@cache
def matrix() -> dict[str, Column]:
    """Every dialect's column, by its id. Raises ContentError for a file that says too little or too much."""
    found, _ = read_as(FILE, _Matrix, FILE.name)
    return found.root


def features_of(nodes: Nodes) -> frozenset[Feature]:
    """What a template needs of a platform."""
    found: set[Feature] = set()
    for node in walk(nodes):
        match node:
            case Show(fallback=fallback, place=place):
                found |= {Feature.VARIABLE, Feature.BLANK, Feature.PADDING, _OF_PLACE[place]}
                found |= {Feature.FALLBACK} if fallback else set()
            case PageLink(page=page):
                found.add(Feature(page.value))
            case When(test=test):
                found.add(_OF_TEST[type(test)])
                found |= {Feature.BLANK, Feature.PADDING} if isinstance(test, HasValue | Equals) else set()
            case Each():
                found.add(Feature.LOOP)
            case _:
                pass
    return frozenset(found)


def unproven(dialect: str, features: Collection[Feature]) -> list[Doubt]:
    """The cells of these features that nobody has proven or the platform lacks: an export warns of each."""
    cells = matrix()[dialect].features
    doubtful = (State.UNVERIFIED, State.REFUSED)
    return [
        Doubt(dialect=dialect, feature=feature, cell=cell)
        for feature, cell in cells.items()
        if feature in features and cell.state in doubtful
    ]


def unconfirmed(
    dialect: str, features: Collection[Feature], confirmed: Collection[Feature] = ()
) -> list[Doubt]:
    """The cells among these features that refuse an export until the account confirms them: an unverified
    unsubscribe link, values that the platform does not escape, white space that it takes for a value.
    """
    found = unproven(dialect, features)
    return [doubt for doubt in found if doubt.cell.confirm and doubt.feature not in confirmed]
