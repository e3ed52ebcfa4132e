"""Jinja2, for a sender of one's own. Autoescape is taken to be off: every value is escaped by its tag.

Source: the template designer documentation of Jinja 3.1 (filters default, trim, escape, urlencode). A path
with dots needs its first parts to be there, or an environment with ChainableUndefined.
"""

import re

from app.dialects.dialect import Dialect, Fork, Loop, Spot
from app.dialects.nodes import Equals, HasValue, Page, Place

TAGS = re.compile(r"\{\{|\{%|\{#")
PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
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
        return f"item.{name}"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        given = f"{_trimmed(value)} or {quoted(fallback)}"
        match spot.place:
            case Place.PLAIN:
                return f"{{{{ {given} }}}}"
            case Place.URL:
                return f"{{{{ ({given})|urlencode|replace('/', '%2F') }}}}"
            case Place.TEXT | Place.ATTRIBUTE:
                return f"{{{{ ({given})|e }}}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = _trimmed(value)
        if isinstance(test, Equals):
            condition += f" == {quoted(test.value)}"
        return Fork(f"{{% if {condition} %}}", "{% else %}", "{% endif %}")

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


def quoted(text: str) -> str:
    """A string in single quotes, without signs that HTML or an attribute would read."""
    return "'" + re.sub(r"[\\'\"<>{}%&]", lambda found: f"\\x{ord(found[0]):02x}", text) + "'"
