"""Mautic: tokens in braces, which a contact's values replace as they are.

Sources: mautic/mautic, app/bundles/LeadBundle/Helper/TokenHelper.php (values are neither escaped nor trimmed,
and 0 counts as nothing; with `|true` an empty value comes out as the word "true");
mautic/user-documentation, docs/configuration/variables.rst.
"""

import re

from app.dialects.bare import BareDialect
from app.dialects.dialect import Feature, Fork, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page

_PATH = re.compile(r"[a-z][a-z0-9_]*")
_PAGES = {Page.UNSUBSCRIBE: "{unsubscribe_url}", Page.VIEW_IN_BROWSER: "{webview_url}"}
_NO_CONDITION = (
    "its templates have no conditions: send one email for each segment, or use dynamic content there"
)


class Mautic(BareDialect):
    """The tokens of Mautic."""

    id = "mautic"
    name = "Mautic"
    tags = re.compile(r"(\{|%7B)[a-z_]+(=[^}]*)?(\}|%7D)", re.IGNORECASE)
    no_address = "an empty value comes out as the word 'true'"

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "firstname, the alias of a contact field")
        return path

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        self.refuse_escaping(spot)
        instead = shown(fallback, spot.place)
        if re.search(r"[|{}]", instead) or instead == "true":
            self.refuse(Feature.FALLBACK, f"its tokens cannot hold the fallback {fallback!r}")
        return f"{{contactfield={value}|{instead}}}" if instead else f"{{contactfield={value}}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        feature = Feature.COMPARISON if isinstance(test, Equals) else Feature.CONDITION
        self.refuse(feature, _NO_CONDITION)

    def page(self, page: Page, spot: Spot) -> str:
        if page is Page.PREFERENCES:
            self.refuse(
                Feature.PREFERENCES, "its preference centre is the page for unsubscribing, when switched on"
            )
        return _PAGES[page]
