"""The parts that the layout prints under every email, whoever wrote the rest."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.brand.models import Disclosure, holds
from app.emails.content import Filler, Mark, Words


@dataclass(frozen=True)
class Mandatory:
    """Why the reader gets the email, who sends it, how to stop it, and what the law wants said.

    Without address and unsubscribe link the sending platform's own footer says both.
    """

    why_received: Words
    postal_address: Words | None
    unsubscribe_label: Words
    unsubscribe_link: str
    preferences_label: Words
    preferences_link: str
    disclosures: tuple[Words | Mark, ...]
    """With the marks of the conditions under which they are printed."""

    @property
    def conditional(self) -> bool:
        """Whether some readers get other disclosures than others."""
        return any(isinstance(part, Mark) for part in self.disclosures)


def mandatory_parts(
    filler: Filler, disclosures: Sequence[Words | Mark], *, unsubscribe: str, preferences: str
) -> Mandatory:
    """The mandatory parts of an email that owes these disclosures; the last two are links.

    Where the platform adds the footer, `unsubscribe` is empty, and so is the address.
    """
    identity = filler.brand.identity
    address = filler.words(identity.postal_address, "layout", "postal_address") if unsubscribe else None
    return Mandatory(
        why_received=filler.words(identity.why_received, "layout", "why_received"),
        postal_address=address,
        unsubscribe_label=filler.words(identity.unsubscribe_label, "layout", "unsubscribe_label"),
        unsubscribe_link=unsubscribe,
        preferences_label=filler.words(identity.preferences_label, "layout", "preferences_label"),
        preferences_link=preferences,
        disclosures=tuple(disclosures),
    )


def applies(disclosure: Disclosure, journey: str, kinds: set[str], as_of: dt.datetime) -> bool:
    """Whether the layout has to print the disclosure: empty `kinds` or `journeys` mean any."""
    right_kind = not disclosure.kinds or bool(kinds.intersection(disclosure.kinds))
    right_journey = not disclosure.journeys or journey in disclosure.journeys
    begun = holds(disclosure.effective_from, as_of)
    return disclosure.place == "layout" and right_kind and right_journey and begun
