"""What is to be told to people and to other services, kept with what it tells until it was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlmodel import Session


@dataclass(frozen=True)
class Announcement:
    """One event. `people` are the addresses of those who get a mail, `words` its line; webhooks of the brand
    get `event`, `subject` and `data`.
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
    """Keep it inside the caller's transaction, to be sent once that has been stored."""
