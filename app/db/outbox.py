"""What is to be told to people and to other services, kept with what it tells until it was told."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlmodel import Session, col, select

from app.brand.roles import EVERY_BRAND
from app.db.outbox_tables import Delivery, MailOff, Webhook
from app.db.service_tables import Person, RoleGrant

LONGEST_LINE = 300


@dataclass(frozen=True)
class Announcement:
    """One event. `people` are the addresses of those who get a mail, `words` its line; webhooks of the brand
    get `event`, `subject` and `data`.

    `data` holds ids and states, and never copy or anything about a person: it leaves for other services.
    """

    brand: str
    event: str
    """`draft.approved`."""
    subject: str
    """What it is about: `draft 1f3...`."""
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    words: str = ""


def announce(session: Session, announcement: Announcement) -> None:
    """Keep it inside the caller's transaction, to be sent once that has been stored.

    A mail goes only to somebody who is known, active, has a role for the brand and wants mail: an address
    that came from elsewhere gets none.
    """
    session.add_all([*_to_webhooks(session, announcement), *_to_people(session, announcement)])


def wants(events: Collection[str], event: str) -> bool:
    """Whether one of `events` names `event`: itself, its kind as `draft.*`, or all as `*`."""
    return not {event, f"{event.partition('.')[0]}.*", "*"}.isdisjoint(events)


def reachable(session: Session, brand: str, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses that get mail about the brand."""
    query = (
        select(Person.email)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(
            col(Person.email).in_(addresses),
            col(Person.disabled_at).is_(None),
            col(RoleGrant.brand).in_((brand, EVERY_BRAND)),
            col(Person.id).not_in(select(MailOff.person_id)),
        )
    )
    return frozenset(session.exec(query))


def _to_webhooks(session: Session, announcement: Announcement) -> Iterator[Delivery]:
    query = select(Webhook).where(Webhook.brand == announcement.brand, col(Webhook.disabled_at).is_(None))
    for webhook in session.exec(query.order_by(col(Webhook.created_at), col(Webhook.id))):
        if wants(webhook.events, announcement.event):
            yield _delivery(announcement, webhook_id=webhook.id)


def _to_people(session: Session, announcement: Announcement) -> Iterator[Delivery]:
    addresses = list(dict.fromkeys(address.strip().lower() for address in announcement.people))
    if not addresses:
        return
    found = reachable(session, announcement.brand, addresses)
    words = " ".join((announcement.words or announcement.event).split())[:LONGEST_LINE]
    for address in addresses:
        if address in found:
            yield _delivery(announcement, address=address, words=words)


def _delivery(
    announcement: Announcement, *, webhook_id: str | None = None, address: str | None = None, words: str = ""
) -> Delivery:
    return Delivery(
        brand=announcement.brand,
        event=announcement.event,
        subject=announcement.subject,
        data=dict(announcement.data),
        words=words,
        webhook_id=webhook_id,
        address=address,
    )
