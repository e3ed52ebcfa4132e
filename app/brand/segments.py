"""Segments: documented audiences. One that nobody wrote down cannot be written for."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.brand.base import Id, Line, Strict
from app.brand.effects import Effect


class Layer(StrEnum):
    """The five layers of segmentation."""

    LIFECYCLE = "lifecycle"
    BEHAVIOUR = "behaviour"
    AFFINITY = "affinity"
    VALUE_TIER = "value_tier"
    SUPPRESSION = "suppression"


class Segment(Strict):
    """One audience: why it exists, who is in, who is out, who answers for it, what it is measured by."""

    id: Annotated[Id, Effect.ROUTING]
    aliases: Annotated[tuple[Id, ...], Effect.ROUTING] = ()
    name: Annotated[Line, Effect.REPORT]
    layer: Annotated[Layer, Effect.ROUTING]
    purpose: Annotated[Line, Effect.PROMPT]
    audience: Annotated[Line, Effect.PROMPT]
    """The readers in a few words, as the model is told about them ("weekend hikers")."""
    inclusion: Annotated[Line, Effect.LOADING]
    exclusion: Annotated[Line, Effect.REPORT]
    owner: Annotated[Line, Effect.REPORT]
    primary_kpi: Annotated[Id, Effect.REPORT]
    value_tier: Annotated[Id, Effect.ROUTING] = "standard"
    """The rung of an offer's ladder that these readers get."""
    consents: Annotated[tuple[Id, ...], Effect.PROMPT] = ()
    """The consents that every member has given; a variable that needs another one is not used for them."""
    flags: Annotated[tuple[Id, ...], Effect.DECISION] = ()
    """Suppression flags that every member carries. A suppression segment carries its own id besides."""

    @property
    def carried(self) -> tuple[str, ...]:
        """All flags that its members carry."""
        return (*self.flags, self.id) if self.layer is Layer.SUPPRESSION else self.flags


WHOLE_EMAIL = "email"
"""What a suppression names to stop everything; the other names are block kinds."""


class Suppression(Strict):
    """What a suppression flag stops. The flag is one that segments or a brief's targets list, or the id of a
    suppression segment.
    """

    flag: Annotated[Id, Effect.LOADING]
    reason: Annotated[Line, Effect.DECISION]
    """Why, in words that people are shown beside what is missing."""
    stops: Annotated[tuple[Id, ...], Field(min_length=1), Effect.DECISION]
    """Block kinds that are left out, or `email`: none is made."""
    journeys: Annotated[tuple[Id, ...], Effect.DECISION] = ()
    """The journeys in which it holds; all when empty."""
    owner: Annotated[Line, Effect.REPORT]


class Segments(Strict):
    """segments.yaml."""

    suppressions: tuple[Suppression, ...] = ()
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
