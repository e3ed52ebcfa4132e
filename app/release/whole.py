"""Whole emails: parts that pass alone can mislead together, so a tier may ask for an approval of them all.

The approval is bound to the brief, to the email's contents in their order with their links and pictures, to
its place and to every commercial value that it states, by one digest. Whoever asks for another email has
another digest, and so no approval.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.blocks.approved import ApprovedBlock, digest
from app.blocks.registry import REQUIRED
from app.brand.contract import DecisionContract
from app.brand.markets import market_of
from app.brand.tiers import TIERS, Tier, Tiering
from app.db.email_tables import EmailApproval, EmailPart
from app.db.emails import ApprovedVersion
from app.release.approvals import BRAND_OWNER, Obstacle, Place, tiering_of
from app.release.authors import Authors
from app.release.content import SlotContent, writers
from app.release.values import commercial_values, shown_values


class EmailApprovals(Protocol):
    """Where the gate reads approvals of whole emails as they are stored now: the Emails."""

    def of_version(self, brand: str, version: str) -> Sequence[EmailApproval]:
        """The approvals of the version with this digest that nothing has ended."""
        ...

    def of_part(
        self, brand: str, place: tuple[str, str, str], part: EmailPart, brief: str = ""
    ) -> Sequence[ApprovedVersion]:
        """Each approved version that holds a part, of emails for a locale, market and segment; of one brief,
        where it is named.
        """
        ...

    def people(self) -> Mapping[str, str]:
        """What everybody is called, by address."""
        ...


class NoEmails:
    """Nobody has approved an email as a whole."""

    def of_version(self, brand: str, version: str) -> Sequence[EmailApproval]:
        """None."""
        return ()

    def of_part(
        self, brand: str, place: tuple[str, str, str], part: EmailPart, brief: str = ""
    ) -> Sequence[ApprovedVersion]:
        """None."""
        return ()

    def people(self) -> Mapping[str, str]:
        """Nobody."""
        return {}


def part_of(content: SlotContent) -> EmailPart:
    """A slot of an email as its approval names it."""
    source = content.source
    if isinstance(source, ApprovedBlock):
        return EmailPart(kind=content.kind, source=f"block {source.id}", content=source.content_hash())
    name = f"draft {source.id}" if source is not None else "preview"
    locale = source.locale if source is not None else ""
    return EmailPart(
        kind=content.kind,
        source=name,
        content=digest([content.kind, locale, dict(content.copy_fields), content.image]),
    )


def version_digest(slots: Sequence[SlotContent], place: Place) -> str:
    """What an approval of the email is bound to: brief and place, parts in order with what stands around
    them, commercial values.
    """
    texts = [text for content in slots for text in content.copy_fields.values()]
    return digest(
        [
            place.library.brand.id,
            place.journey,
            place.segment,
            place.facts.locale,
            market_of(place.market, place.facts.locale),
            [part_of(content).model_dump() for content in slots],
            commercial_values(texts, place.facts),
            place.brief,
            [dict(place.around(content.kind)) for content in slots],
        ]
    )


def whole_tiering(slots: Iterable[SlotContent], place: Place) -> Tiering | None:
    """The highest tier of a slot that asks for approval of the whole email, with its reasons; None where
    none does.
    """
    terms = place.library.brand.contract.review.terms
    if not any(terms(tier).whole_email for tier in TIERS):
        return None
    asking = [
        (found, content.kind)
        for content in slots
        if terms((found := tiering_of(content, place)).tier).whole_email
    ]
    if not asking:
        return None
    highest = max((found.tier for found, _ in asking), key=TIERS.index)
    words = [f"{kind}: {found.reasons[0]}" for found, kind in asking if found.tier is highest]
    return Tiering(highest, tuple(words))


def writers_of(slots: Iterable[SlotContent], authors: Authors) -> frozenset[str]:
    """The addresses of everybody who wrote any part of the email."""
    found: set[str] = set()
    for content in slots:
        source = content.source
        if isinstance(source, ApprovedBlock):
            found |= authors.wrote(source.author)
        elif source is not None:
            found |= writers(source)
    return frozenset(found)


@dataclass(frozen=True)
class Missing:
    """What an email's approval lacks: roles, and how many more people."""

    roles: tuple[str, ...]
    people: int

    @property
    def nothing(self) -> bool:
        """Whether it is complete."""
        return not self.roles and not self.people


def counting(
    approvals: Iterable[EmailApproval],
    contract: DecisionContract,
    tier: Tier,
    wrote: Collection[str],
    at: dt.datetime,
) -> tuple[EmailApproval, ...]:
    """The approvals that count at a moment: not ended, not too old, by nobody who wrote a part."""
    days = dt.timedelta(days=contract.review.terms(tier).valid_days)
    return tuple(
        item
        for item in approvals
        if item.ended_at is None and item.by not in wrote and at.date() <= (item.at + days).date()
    )


def missing(given: Sequence[EmailApproval], contract: DecisionContract, tier: Tier) -> Missing:
    """What is not there yet of what the contract asks for in the tier."""
    roles = {item.role for item in given}
    people = max(contract.review.terms(tier).people, 1)
    return Missing(
        tuple(role for role in contract.needed(tier) if role not in roles),
        max(0, people - len({item.by for item in given})),
    )


def lacking_as_a_whole(
    slots: Sequence[SlotContent], place: Place, emails: EmailApprovals
) -> Iterator[Obstacle]:
    """What keeps an email back although each of its slots may go out."""
    tiering = whole_tiering(slots, place)
    if tiering is None:
        return
    approvals = emails.of_version(place.library.brand.id, version_digest(slots, place))
    yield from _lacking(approvals, writers_of(slots, Authors(emails.people())), place, tiering)


def lacking_its_email(content: SlotContent, place: Place, emails: EmailApprovals) -> Iterator[Obstacle]:
    """What keeps a single slot back at the moment of sending: no email that holds it is approved with these
    values, in the tier that the email was in, and in no lower one than the slot's own.

    An evergreen block of a required kind goes out all the same, since the alternative is a hole.
    """
    tiering = whole_tiering([content], place)
    if tiering is None or (place.last_resort and content.evergreen and content.kind in REQUIRED):
        return
    brand = place.library.brand
    segment = brand.aliases.get(place.segment, place.segment)
    where = (place.facts.locale, market_of(place.market, place.facts.locale), segment)
    wrote = writers_of([content], Authors(emails.people()))
    states = shown_values(content.copy_fields.values(), place.facts).items()
    for version in emails.of_part(brand.id, where, part_of(content), place.brief):
        asked = tiering.at_least(version.tier)
        if states <= version.shown.items() and not list(_lacking(version.approvals, wrote, place, asked)):
            return
    yield from _lacking((), wrote, place, tiering)


def _lacking(
    approvals: Iterable[EmailApproval], wrote: Collection[str], place: Place, tiering: Tiering
) -> Iterator[Obstacle]:
    contract, tier = place.library.brand.contract, tiering.tier
    given = counting(approvals, contract, tier, wrote, place.as_of)
    lacks = missing(given, contract, tier)
    if lacks.nothing:
        return
    who = lacks.roles or contract.needed(tier) or BRAND_OWNER
    people = f" by {lacks.people} more people" if not lacks.roles else f" by: {', '.join(lacks.roles)}"
    yield Obstacle(
        f"the email lacks an approval as a whole{people} ({'; '.join(tiering.reasons)}; "
        f"tier {tier.value} asks for it)",
        who,
    )
