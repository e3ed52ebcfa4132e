"""Customer.io: Liquid.

Source: its Liquid syntax list. A message may stop at an attribute that is not there: `default` comes first.
"""

from app.dialects.dialect import Spot
from app.dialects.liquid import PATH, Liquid
from app.dialects.nodes import Page

_PAGES = {
    Page.UNSUBSCRIBE: "{% unsubscribe_url %}",
    Page.VIEW_IN_BROWSER: "{% view_in_browser_url %}",
    Page.PREFERENCES: "{% manage_subscription_preferences_url %}",
}


class CustomerIo(Liquid):
    """The tags of Customer.io."""

    id = "customerio"
    name = "Customer.io"
    absent = " | default: ''"

    def property(self, path: str, spot: Spot) -> str:
        if not PATH.fullmatch(path) or "." not in path:
            self.no_such_path(path, "customer.first_name or event.items")
        return path

    def page(self, page: Page, spot: Spot) -> str:
        return _PAGES[page]
