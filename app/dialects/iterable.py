"""Iterable: Handlebars, by the Java library, with helpers of its own.

Source: Personalizing Templates with Handlebars (support.iterable.com 205480365). `cut` of nothing gives what
was to be cut, so that the value itself is asked for as well. `#urlEncode` is java.net.URLEncoder: a blank
becomes `+`, which is right in the query of an address only.
"""

import re
from typing import ClassVar

from app.dialects.dialect import Feature, Spot
from app.dialects.handlebars import SEGMENT, Handlebars
from app.dialects.nodes import Page

_PART = rf"({SEGMENT}|\[[\w .$-]+\])"
_PATH = re.compile(rf"{_PART}(\.{_PART})*")


class Iterable(Handlebars):
    """The tags of Iterable. `[[` is read as well: it begins a value of a data feed."""

    id = "iterable"
    name = "Iterable"
    tags = re.compile(r"\{\{|\[\[|[{\[\\]\Z")
    item = _PATH
    such_items = "name, product.name or [Product Name]"
    equal = "ifEq"
    less = "ifLt"
    pages: ClassVar = {
        Page.UNSUBSCRIBE: "{{unsubscribeUrl}}",
        Page.VIEW_IN_BROWSER: "{{viewInBrowserUrl}}",
        Page.PREFERENCES: "{{hostedUnsubscribeUrl}}",
    }

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "firstName, address.city or [Favorite City]")
        return "../" * spot.loops + path

    def present(self, value: str) -> tuple[str, str]:
        return f"{{{{#and {value} (cut {value} ' ')}}}}", "{{/and}}"

    def url(self, value: str, spot: Spot) -> str:
        if not spot.query:
            self.refuse(
                Feature.ESCAPE_URL, "it writes a blank as +, which is right after the ? of an address only"
            )
        return f"{{{{#urlEncode}}}}{{{{{{{value}}}}}}}{{{{/urlEncode}}}}"
