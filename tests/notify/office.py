"""What tests of messages work with: a database with people, a clock of their own, and a sender."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.brand.roles import PersonRole
from app.db.deliveries import Deliveries
from app.db.outbox import Announcement, announce
from app.db.outbox_tables import Delivery, Webhook
from app.db.people import People
from app.db.webhooks import Webhooks
from app.notify.sender import Sender
from app.settings import Settings

BRAND = "larkfell"
ADA = "ada@example.com"
APPROVED = Announcement(BRAND, "draft.approved", "draft 1f3", {"state": "approved"})


@dataclass
class Office:
    """Messages, at a time that the test sets."""

    engine: Engine
    settings: Settings
    ahead: dt.timedelta = field(default_factory=dt.timedelta)

    def now(self) -> dt.datetime:
        """The time, as far ahead as the test went."""
        return dt.datetime.now(dt.UTC) + self.ahead

    def wait(self, **time: float) -> None:
        """Let time pass: `wait(minutes=2)`."""
        self.ahead += dt.timedelta(**time)

    def set(self, **settings: Any) -> None:
        """Other settings from now on."""
        self.settings = Settings(**{**self.settings.model_dump(exclude_unset=True), **settings})

    @property
    def sender(self) -> Sender:
        """A sender by the settings."""
        return Sender(self.settings, self.engine, self.now)

    def tell(self, **changes: Any) -> None:
        """Announce, and store it."""
        with Session(self.engine) as session, session.begin():
            announce(session, replace(APPROVED, **changes))

    def mail(self, words: str, *people: str, **changes: Any) -> None:
        """Announce something to people, by default to Ada."""
        self.tell(people=people or (ADA,), words=words, **changes)

    def add_person(self, email: str, *roles: PersonRole, brand: str = BRAND) -> None:
        people = People(self.engine)
        people.add(email, "Somebody")
        if roles:
            people.grant(email, brand, roles)

    def hook(self, url: str, *events: str, brand: str = BRAND) -> Webhook:
        """A new webhook."""
        made = Webhook(brand=brand, url=url, events=events or ("*",), secret="", created_by="")
        return Webhooks(self.engine).add(made, actor="machine")

    def find(self, hook: Webhook) -> Webhook:
        """The webhook as it is now."""
        return Webhooks(self.engine).get(hook.id)

    @property
    def deliveries(self) -> list[Delivery]:
        """All of them, oldest first."""
        return Deliveries(self.engine).listed(limit=1000)[::-1]

    @property
    def states(self) -> list[str]:
        return [delivery.state.value for delivery in self.deliveries]

    @property
    def errors(self) -> list[str]:
        return [delivery.last_error for delivery in self.deliveries]
