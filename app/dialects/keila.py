"""Keila: Liquid, by the library Solid.

Source: pentacent/keila, lib/keila/mailings/campaign_renderer.ex: what a campaign's template is given.
"""

from app.dialects.dialect import Feature, Spot
from app.dialects.liquid import PATH, Liquid
from app.dialects.nodes import Page


class Keila(Liquid):
    """The tags of Keila."""

    id = "keila"
    name = "Keila"

    def property(self, path: str, spot: Spot) -> str:
        if not PATH.fullmatch(path) or not path.startswith(("contact.", "campaign.")):
            self.no_such_path(path, "contact.first_name or contact.data.city")
        return path

    def page(self, page: Page, spot: Spot) -> str:
        if page is Page.PREFERENCES:
            self.refuse(Feature.PREFERENCES, "it has no page for preferences")
        return "{{ unsubscribe_link }}" if page is Page.UNSUBSCRIBE else "{{ campaign.public_link }}"
