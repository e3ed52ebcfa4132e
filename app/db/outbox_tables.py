"""Tables of what is told to people and to other services: webhooks, deliveries, who wants no mail."""

import datetime as dt
from enum import StrEnum

from pydantic import JsonValue
from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from app.db.stored import Moment, StoredJson, Word
from app.db.tables import Table, new_id, now


class Webhook(Table, table=True):
    """An address of another service that is told what happens to a brand.

    Its secrets are stored as they are: each message is signed with them.
    """

    __tablename__ = "webhook"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60, index=True)
    url: str = Field(max_length=500)
    events: tuple[str, ...] = Field(
        sa_column=Column(StoredJson("events", tuple[str, ...]), nullable=False),
    )
    """`draft.approved`, `draft.*` or `*`."""
    secret: str = Field(max_length=100)
    old_secret: str | None = Field(default=None, max_length=100)
    """The one before, which signs besides until `old_secret_until`."""
    old_secret_until: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    created_by: str = Field(max_length=300)
    """By email; empty for a command on the machine itself."""
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    disabled_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    failures: int = 0
    """Tries in a row that failed."""
    paused_until: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    """It was away or asked to wait: nothing is sent to it before."""
    last_error: str = Field(default="", max_length=300)
    """Why the last try failed; empty after one that was accepted."""


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Delivery(Table, table=True):
    """One event on its way to one webhook or one person. `id` is what a receiver knows it by.

    While it is sent, `owner` holds it until `lease_until`. Where that has passed the process is gone, and
    another one sends it again under the same id.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "number"),
        Index("ix_delivery_order", "webhook_id", "subject", "number"),
        Index("ix_delivery_address", "address", "state"),
        Index("ix_delivery_lease", "lease_until"),
        Index("ix_delivery_settled", "state", "settled_at"),
    )

    number: int | None = Field(default=None, primary_key=True)
    """Its place in the order in which events happened."""
    id: str = Field(default_factory=new_id, max_length=32, unique=True)
    brand: str = Field(max_length=60)
    event: str = Field(max_length=100)
    subject: str = Field(max_length=200)
    data: dict[str, JsonValue] = Field(
        sa_column=Column(StoredJson("announcement", dict[str, JsonValue]), nullable=False)
    )
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    """The line of a mail; empty for a webhook."""
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    """When it happened."""
    webhook_id: str | None = Field(default=None, foreign_key="webhook.id", max_length=32)
    address: str | None = Field(default=None, max_length=300)
    """Of a person; None for a webhook."""
    state: DeliveryState = Field(
        default=DeliveryState.WAITING, sa_column=Column(Word(DeliveryState), nullable=False)
    )
    tries: int = 0
    due_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    owner: str | None = Field(default=None, max_length=32)
    lease_until: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    settled_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    last_error: str = Field(default="", max_length=300)


class MailOff(Table, table=True):
    """A person who wants no mail."""

    __tablename__ = "mail_off"

    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=32)
    since: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
