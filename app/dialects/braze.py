"""Braze: Liquid with properties in `${}`.

Sources: the documentation of Braze on Liquid and on email templates (repository braze-inc/braze-docs). Braze
takes Liquid out of HTML comments before it reads the template, and offers no page to view an email at.
"""

import re

from app.dialects.dialect import Feature, Spot
from app.dialects.liquid import Liquid
from app.dialects.nodes import Page

_SOURCES = "custom_attribute|event_properties|api_trigger_properties|canvas_entry_properties"
_PATH = re.compile(rf"((?:{_SOURCES})\.)?([A-Za-z_][\w -]*)")


class Braze(Liquid):
    """The tags of Braze."""

    id = "braze"
    name = "Braze"
    comments = False
    output = ("{{", "}}")

    def property(self, path: str, spot: Spot) -> str:
        found = _PATH.fullmatch(path)
        if not found:
            self.no_such_path(path, "first_name, custom_attribute.tier or event_properties.items")
        return f"{found[1] or ''}${{{found[2]}}}"

    def page(self, page: Page, spot: Spot) -> str:
        if page is Page.VIEW_IN_BROWSER:
            self.refuse(Feature.VIEW_IN_BROWSER, "it offers no page to view an email at")
        if page is Page.PREFERENCES:
            why = (
                "the tag names a preference centre of the account: write its link into the template at Braze"
            )
            self.refuse(Feature.PREFERENCES, why)
        return "{{${set_user_to_unsubscribed_url}}}"
