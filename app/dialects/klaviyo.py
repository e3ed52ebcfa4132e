"""Klaviyo: the language of Django's templates, with tags of its own.

Sources: Klaviyo's message personalization reference and its Django filter glossary. Django has no filter that
takes white space off; `truncatewords` joins a text's words anew and does. A literal in a tag counts as safe
and is never escaped, so that a fallback with special signs stands outside of tags. 0 counts as nothing.
"""

import re
from urllib.parse import quote

from app.dialects.dialect import Dialect, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page, Place

_TAGS = re.compile(r"\{[{%#]|\{\Z")
_PATH = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
_PROPERTY = re.compile(r"[\w $#-]+")
_SIMPLE = re.compile(r"[\w .,!?:;/()-]*")
_ESCAPED = {Place.TEXT: "escape", Place.ATTRIBUTE: "escape", Place.URL: "urlencode:''", Place.PLAIN: "safe"}
_PAGES = {
    Page.UNSUBSCRIBE: "{% unsubscribe_link %}",
    Page.VIEW_IN_BROWSER: "{% web_view_link %}",
    Page.PREFERENCES: "{% manage_preferences_link %}",
}


class Klaviyo(Dialect):
    """The tags of Klaviyo."""

    id = "klaviyo"
    name = "Klaviyo"

    def property(self, path: str, spot: Spot) -> str:
        if _PATH.fullmatch(path):
            return path
        if not _PROPERTY.fullmatch(path):
            self.no_such_path(path, "first_name, event.items or the name of a property: Favorite City")
        return f"person|lookup:'{path}'"

    def field(self, name: str) -> str:
        if _PATH.fullmatch(name):
            return f"item.{name}"
        if not _PROPERTY.fullmatch(name):
            self.no_such_field(name, "name, product.title or Product Name")
        return f"item|lookup:'{name}'"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        value, escaped = _trimmed(value), _ESCAPED[spot.place]
        if _SIMPLE.fullmatch(fallback):
            return f"{{{{ {value}|default:'{fallback}'|{escaped} }}}}"
        instead = self.literal(shown(fallback, spot.place), spot.place)
        return f"{{% if {value} %}}{{{{ {value}|{escaped} }}}}{{% else %}}{instead}{{% endif %}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = _trimmed(value)
        if isinstance(test, Equals):
            simple = _SIMPLE.fullmatch(test.value)
            condition += (
                f" == '{test.value}'" if simple else f"|urlencode:'' == '{quote(test.value, safe='')}'"
            )
        return Fork(f"{{% if {condition} %}}", "{% else %}", "{% endif %}")

    def some(self, value: str, spot: Spot) -> Fork:
        return Fork(f"{{% if {value} %}}", "{% else %}", "{% endif %}")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        begin = f"{{% if {value} %}}{{% for item in {value}|slice:':{most}' %}}"
        return Loop(begin, "{% endfor %}", "{% else %}", "{% endif %}")

    def page(self, page: Page, spot: Spot) -> str:
        return _PAGES[page]

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, _TAGS)
        return text


def _trimmed(value: str) -> str:
    return f"{value}|default:''|truncatewords:999"
