"""Links to the pages of whole emails, where a tier asks for an approval of the whole."""

import datetime as dt
from dataclasses import dataclass

from app.brand.tiers import TIERS
from app.copywriting.whole_emails import EmailOffice
from app.db.release_tables import ANYBODY_ELSE
from app.db.service_tables import StoredBrief
from app.review.emails.situation import EmailState
from app.review.situation import Actor

NOBODY = "-"
"""Stands in a path for readers of none of the segments."""


@dataclass(frozen=True)
class EmailLink:
    """One email that is approved as a whole; a state for each arm of a test."""

    locale: str
    segment: str
    """Empty for readers of none of the segments."""
    path: str
    states: tuple[EmailState, ...]


def path_of(stored: StoredBrief, locale: str, segment: str) -> str:
    """Where the page of an email is."""
    return path_to(stored.brand, stored.id, locale, segment)


def path_to(brand: str, brief_id: str, locale: str, segment: str) -> str:
    """The same, by the ids of brand and brief."""
    name = NOBODY if segment == ANYBODY_ELSE else segment
    return f"/brands/{brand}/briefs/{brief_id}/emails/{locale}/{name}"


def email_links(
    office: EmailOffice,
    stored: StoredBrief,
    actor: Actor,
    at: dt.datetime,
    *,
    locale: str | None = None,
    segment: str | None = None,
) -> tuple[EmailLink, ...]:
    """The emails of a brief with every position chosen that need an approval as a whole."""
    review = office.desk.library(stored.brand).brand.contract.review
    if not any(review.terms(tier).whole_email for tier in TIERS):
        return ()
    found: dict[tuple[str, str], list[EmailState]] = {}
    for _, situation in office.situations(stored, actor, at, locale=locale, segment=segment):
        if situation.state is not EmailState.NOT_NEEDED:
            email = situation.email
            found.setdefault((email.locale, email.segment), []).append(situation.state)
    return tuple(
        EmailLink(where, "" if who == ANYBODY_ELSE else who, path_of(stored, where, who), tuple(states))
        for (where, who), states in found.items()
    )
