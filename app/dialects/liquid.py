"""Liquid, as several platforms speak it: what their dialects share.

Liquid has no escapes in strings. A fallback with a quote in it therefore stands outside of tags, and a value
with one is compared percent-encoded. `default` leaves white space alone, so that `strip` goes before it.
Source: the Liquid reference (filters strip, default, escape, url_encode, replace; tags assign, if, for).
"""

import re
from typing import ClassVar
from urllib.parse import quote_plus

from app.dialects.dialect import Dialect, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Place

TAGS = re.compile(r"\{[{%]|\{\Z")
PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
NAME = re.compile(r"\w[\w $#-]*")
"""A name with blanks or signs, which stands in single quotes."""
_SIMPLE = re.compile(r"[\w .,!?:;/()-]*")
"""Strings that stand in single quotes as they are."""
_ESCAPED = {
    Place.TEXT: " | escape",
    Place.ATTRIBUTE: " | escape",
    Place.URL: " | url_encode | replace: '+', '%20'",
    Place.PLAIN: "",
}


class Liquid(Dialect):
    """The tags of Liquid."""

    absent: ClassVar[str] = ""
    """A filter that comes first where the platform stops at a property that is not there."""
    output: ClassVar[tuple[str, str]] = ("{{ ", " }}")

    def field(self, name: str) -> str:
        if PATH.fullmatch(name):
            return f"item.{name}"
        if not NAME.fullmatch(name):
            self.no_such_field(name, "name, product.name or Product Name")
        return f"item['{name}']"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        begin, end = self.output
        value, escaped = self._stripped(value), _ESCAPED[spot.place]
        if _SIMPLE.fullmatch(fallback):
            return f"{begin}{value} | default: '{fallback}'{escaped}{end}"
        instead = self.literal(shown(fallback, spot.place), spot.place)
        return (
            f"{{% assign cd = {value} %}}{{% if cd == '' %}}{instead}"
            f"{{% else %}}{{{{ cd{escaped} }}}}{{% endif %}}"
        )

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        value = self._stripped(value)
        if isinstance(test, HasValue):
            condition = "cd != ''"
        elif _SIMPLE.fullmatch(test.value):
            condition = f"cd == '{test.value}'"
        else:
            value += " | url_encode"
            condition = f"cd == '{quote_plus(test.value)}'"
        begin = f"{{% assign cd = {value} %}}{{% if {condition} %}}"
        return Fork(begin, "{% else %}", "{% endif %}")

    def some(self, value: str, spot: Spot) -> Fork:
        begin = f"{{% assign cd = {value}{self.absent} | size %}}{{% if cd != 0 %}}"
        return Fork(begin, "{% else %}", "{% endif %}")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        return Loop(f"{{% for item in {value} limit: {most} %}}", "", "{% else %}", "{% endfor %}")

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, TAGS)
        return text

    def _stripped(self, value: str) -> str:
        return f"{value}{self.absent} | strip"
