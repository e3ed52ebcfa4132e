"""Platforms that put values in as they are, and know no lists: what such dialects refuse."""

import re
from typing import ClassVar, NoReturn

from app.dialects.dialect import Dialect, Feature, Fork, Loop, Spot
from app.dialects.nodes import Place


class BareDialect(Dialect):
    """A dialect in which values are not escaped: they stand between tags of HTML or in plain text only."""

    tags: ClassVar[re.Pattern[str]]
    """What the platform reads as a tag of its own."""
    no_address: ClassVar[str]
    """Why a value may not stand in an address."""

    def refuse_escaping(self, spot: Spot) -> None:
        """Refuse a value where it would have to be escaped by the platform."""
        if spot.place is Place.ATTRIBUTE:
            self.refuse(Feature.ESCAPE_ATTRIBUTE, "a quote in a value would end the attribute")
        if spot.place is Place.URL:
            self.refuse(Feature.ESCAPE_URL, self.no_address)

    def field(self, name: str) -> str:
        self._refuse_list()

    def some(self, value: str, spot: Spot) -> Fork:
        self._refuse_list()

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        self._refuse_list()

    def _refuse_list(self) -> NoReturn:
        self.refuse(Feature.LOOP, "it has no loop over a list")

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, self.tags)
        return text
