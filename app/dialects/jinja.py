"""Jinja2, for a sender of one's own. Autoescape is taken to be off: every value is escaped by its tag.

Source: the template designer documentation of Jinja 3.1 (filters default, trim, escape, urlencode). A path
with dots needs its first parts to be there, or an environment with ChainableUndefined.
"""

import re
from urllib.parse import quote

from app.dialects.dialect import Dialect, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page, Place

TAGS = re.compile(r"\{[{%#]|\{\Z")
PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
NAME = re.compile(r"\w[\w $#-]*")
"""A name with blanks or signs, which stands in single quotes."""
_SIMPLE = re.compile(r"[\w .,!?:;/()-]*")
"""Strings that stand in single quotes as they are; others stand outside of tags, or are compared encoded."""
_ESCAPED = {
    Place.TEXT: "|e",
    Place.ATTRIBUTE: "|e",
    Place.URL: "|urlencode|replace('/', '%2F')",
    Place.PLAIN: "",
}
_PAGES = {
    Page.UNSUBSCRIBE: "unsubscribe_url",
    Page.VIEW_IN_BROWSER: "view_in_browser_url",
    Page.PREFERENCES: "preferences_url",
}


class Jinja(Dialect):
    """The tags of Jinja2."""

    id = "jinja"
    name = "Jinja2"

    def property(self, path: str, spot: Spot) -> str:
        if not PATH.fullmatch(path):
            self.no_such_path(path, "first_name or person.first_name")
        return path

    def field(self, name: str) -> str:
        if PATH.fullmatch(name):
            return f"item.{name}"
        if not NAME.fullmatch(name):
            self.no_such_field(name, "name, product.name or Product Name")
        return f"item['{name}']"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        value, escaped = _trimmed(value), _ESCAPED[spot.place]
        if _SIMPLE.fullmatch(fallback):
            return f"{{{{ ({value} or '{fallback}'){escaped} }}}}"
        instead = self.literal(shown(fallback, spot.place), spot.place)
        return f"{{% if {value} %}}{{{{ {value}{escaped} }}}}{{% else %}}{instead}{{% endif %}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = _trimmed(value)
        if isinstance(test, Equals):
            simple = _SIMPLE.fullmatch(test.value)
            condition += f" == '{test.value}'" if simple else f"|urlencode == '{quote(test.value)}'"
        return Fork(f"{{% if {condition} %}}", "{% else %}", "{% endif %}")

    def some(self, value: str, spot: Spot) -> Fork:
        return Fork(f"{{% if {value} %}}", "{% else %}", "{% endif %}")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        begin = f"{{% for item in (({value}) or [])[:{most}] %}}"
        return Loop(begin, "", "{% else %}", "{% endfor %}")

    def page(self, page: Page, spot: Spot) -> str:
        name = _PAGES[page]
        return f"{{{{ {name} }}}}" if spot.place is Place.PLAIN else f"{{{{ {name}|e }}}}"

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, TAGS)
        return text


def _trimmed(value: str) -> str:
    """The value as a text without white space around it; nothing for one that is absent or null."""
    return f"(('' if {value}|default(none) is none else {value})|string|trim)"
