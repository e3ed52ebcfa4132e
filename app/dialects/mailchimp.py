"""Mailchimp: merge tags between `*|` and `|*`.

Sources: Mailchimp's pages on merge tags and on conditional merge tags. No source says that it escapes a
value in HTML or encodes it in an address, so that a value stands between tags of HTML or in plain text only.
"""

import re

from app.dialects.bare import BareDialect
from app.dialects.dialect import Feature, Fork, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page

_PATH = re.compile(r"[A-Z][A-Z0-9_]{0,9}")
_VALUE = re.compile(r"[\w .,'-]+")
_PAGES = {
    Page.UNSUBSCRIBE: "*|UNSUB|*",
    Page.VIEW_IN_BROWSER: "*|ARCHIVE|*",
    Page.PREFERENCES: "*|UPDATE_PROFILE|*",
}


class Mailchimp(BareDialect):
    """The tags of Mailchimp."""

    id = "mailchimp"
    name = "Mailchimp"
    tags = re.compile(r"\*\||\|\*")
    no_address = "no source says that it encodes a value for an address"

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "FNAME, at most ten capitals, digits and underscores")
        return path

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        self.refuse_escaping(spot)
        instead = self.literal(shown(fallback, spot.place), spot.place)
        other = f"*|ELSE:|*{instead}" if instead else ""
        return f"*|IF:{value}|**|{value}|*{other}*|END:IF|*"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = value
        if isinstance(test, Equals):
            if not _VALUE.fullmatch(test.value):
                self.refuse(Feature.COMPARISON, f"its conditions have no quotes around {test.value!r}")
            condition += f"={test.value}"
        return Fork(f"*|IF:{condition}|*", "*|ELSE:|*", "*|END:IF|*")

    def page(self, page: Page, spot: Spot) -> str:
        return _PAGES[page]
