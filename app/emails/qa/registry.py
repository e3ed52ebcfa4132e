"""Every rule, in the order in which a report lists them."""

from app.emails.qa import (
    clients,
    images,
    inbox,
    leftovers,
    links,
    mandatory,
    page,
    reading,
    size,
    text_part,
)
from app.emails.qa.models import Rule

RULES: tuple[Rule, ...] = (
    *size.RULES,
    *inbox.RULES,
    *page.RULES,
    *mandatory.RULES,
    *links.RULES,
    *images.RULES,
    *reading.RULES,
    *text_part.RULES,
    *leftovers.RULES,
    *clients.RULES,
)
