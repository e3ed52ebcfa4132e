"""Handlebars, as several platforms speak it: what their dialects share.

A fallback stands outside of tags, in the other half of a condition. Strings stand in double quotes, as the
platforms write them, and inside an attribute in single ones.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from app.dialects.dialect import Dialect, Feature, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page, Place

SEGMENT = r"[A-Za-z_]\w*"


class Handlebars(Dialect):
    """The tags of Handlebars."""

    tags: ClassVar[re.Pattern[str]] = re.compile(r"\{\{|[{\\]\Z")
    equal: ClassVar[str]
    """The helper that compares two values."""
    less: ClassVar[str]
    """The helper that holds where the first number is smaller."""

    pages: ClassVar[Mapping[Page, str]]
    item: ClassVar[re.Pattern[str]] = re.compile(rf"{SEGMENT}(\.{SEGMENT})*")
    """Paths of properties of items."""
    such_items: ClassVar[str] = "name or product.name"

    @abstractmethod
    def present(self, value: str) -> tuple[str, str]:
        """The tags around what is shown where a value is there."""

    def url(self, value: str, spot: Spot) -> str:
        """The tag that shows a value percent-encoded."""
        self.refuse(Feature.ESCAPE_URL, "it has no helper that encodes a value for an address")

    def field(self, name: str) -> str:
        if not self.item.fullmatch(name):
            self.no_such_field(name, self.such_items)
        return f"this.{name}"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        begin, end = self.present(value)
        tag = self.url(value, spot) if spot.place is Place.URL else f"{{{{{value}}}}}"
        if spot.place is Place.PLAIN:
            tag = f"{{{tag}}}"
        instead = self.literal(shown(fallback, spot.place), spot.place)
        return f"{begin}{tag}{{{{else}}}}{instead}{end}" if instead else f"{begin}{tag}{end}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        if isinstance(test, HasValue):
            begin, end = self.present(value)
        else:
            begin = f"{{{{#{self.equal} {value} {self._quoted(test.value, spot)}}}}}"
            end = f"{{{{/{self.equal}}}}}"
        return Fork(begin, "{{else}}", end)

    def some(self, value: str, spot: Spot) -> Fork:
        return Fork(f"{{{{#if {value}}}}}", "{{else}}", "{{/if}}")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        begin = f"{{{{#if {value}}}}}{{{{#each {value}}}}}{{{{#{self.less} @index {most}}}}}"
        after = f"{{{{/{self.less}}}}}{{{{/each}}}}"
        return Loop(begin, after, "{{else}}", "{{/if}}")

    def page(self, page: Page, spot: Spot) -> str:
        if spot.loops:
            self.refuse(
                Feature(page.value), "inside a loop its address is not known: put the link outside of it"
            )
        return self.pages[page]

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, self.tags)
        return text

    def _quoted(self, text: str, spot: Spot) -> str:
        quote = "'" if spot.place is Place.ATTRIBUTE else '"'
        if quote in text and spot.place is not Place.ATTRIBUTE:
            quote = "'"
        if quote in text or re.search(r"[\\{}<]", text):
            where = " inside an attribute" if spot.place is Place.ATTRIBUTE else ""
            self.refuse(Feature.COMPARISON, f"it cannot compare with the text {text!r}{where}")
        return f"{quote}{text}{quote}"
