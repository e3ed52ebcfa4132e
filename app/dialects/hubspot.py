"""HubSpot: HubL, which is like Jinja2, in an email with programmable content.

Sources: HubL's references of filters, variables and if statements (developers.hubspot.com). In emails without
programmable content neither filters nor conditions work on personalization tokens. 0 counts as nothing.
"""

import re

from app.dialects.dialect import Dialect, Feature, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.jinja import TAGS
from app.dialects.nodes import Equals, HasValue, Page, Place

_PATH = re.compile(r"(contact|company)\.[a-z_]\w*")
_SIMPLE = re.compile(r"[\w .,!?:;/()-]*")
_ESCAPED = {
    Place.TEXT: "|escape",
    Place.ATTRIBUTE: "|escape",
    Place.URL: "|urlencode|replace('+', '%20')",
    Place.PLAIN: "",
}
_PAGES = {
    Page.UNSUBSCRIBE: "{{ unsubscribe_link_all }}",
    Page.VIEW_IN_BROWSER: "{{ view_as_page_url }}",
    Page.PREFERENCES: "{{ unsubscribe_link }}",
}


class HubSpot(Dialect):
    """The tags of HubSpot."""

    id = "hubspot"
    name = "HubSpot"

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "contact.firstname")
        return path

    def field(self, name: str) -> str:
        self.refuse(Feature.LOOP, "a contact has no lists")

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        value, escaped = _trimmed(value), _ESCAPED[spot.place]
        if _SIMPLE.fullmatch(fallback):
            return f"{{{{ {value}|default('{fallback}', true){escaped} }}}}"
        instead = self.literal(shown(fallback, spot.place), spot.place)
        return f"{{% if {value} %}}{{{{ {value}{escaped} }}}}{{% else %}}{instead}{{% endif %}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = _trimmed(value)
        if isinstance(test, Equals):
            if not _SIMPLE.fullmatch(test.value):
                why = f"no source says how HubL writes quotes and other signs in strings: {test.value!r}"
                self.refuse(Feature.COMPARISON, why)
            condition += f" == '{test.value}'"
        return Fork(f"{{% if {condition} %}}", "{% else %}", "{% endif %}")

    def some(self, value: str, spot: Spot) -> Fork:
        self.refuse(Feature.LOOP, "a contact has no lists")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        self.refuse(Feature.LOOP, "a contact has no lists")

    def page(self, page: Page, spot: Spot) -> str:
        return _PAGES[page]

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, TAGS)
        return text


def _trimmed(value: str) -> str:
    return f"{value}|default('', true)|string|trim"
