"""SendGrid: a part of Handlebars, in dynamic templates and in Marketing Campaigns.

Source: Using Handlebars (twilio.com, docs/sendgrid). Inside blocks a property is reached from `@root`. No
helper takes white space off or encodes for an address. 0 counts as nothing.
"""

import re
from typing import ClassVar

from app.dialects.dialect import Spot
from app.dialects.handlebars import SEGMENT, Handlebars
from app.dialects.nodes import Page

_PATH = re.compile(rf"{SEGMENT}(\.{SEGMENT})*")


class SendGrid(Handlebars):
    """The tags of SendGrid."""

    id = "sendgrid"
    name = "SendGrid"
    equal = "equals"
    less = "lessThan"
    pages: ClassVar = {
        Page.UNSUBSCRIBE: "{{{unsubscribe}}}",
        Page.VIEW_IN_BROWSER: "{{{weblink}}}",
        Page.PREFERENCES: "{{{unsubscribe_preferences}}}",
    }

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "first_name or user.first_name")
        return f"@root.{path}" if spot.nested else path

    def present(self, value: str) -> tuple[str, str]:
        return f"{{{{#if {value}}}}}", "{{/if}}"
