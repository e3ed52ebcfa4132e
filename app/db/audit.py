"""What people did, kept so that a change of it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlmodel import Session


@dataclass(frozen=True)
class AuditNote:
    """One thing that somebody did. `data` holds states, roles, tiers and hashes, and never an address, a
    name or a text that a person wrote: those can be erased, the record cannot.
    """

    brand: str
    actor: str
    """The id of a person; `machine` for a command on the machine itself, `clock` for what time did."""
    action: str
    """`draft.approve`."""
    subject: str
    """What it was done to: `draft 1f3...`."""
    data: Mapping[str, JsonValue] = field(default_factory=dict)


def note(session: Session, entry: AuditNote) -> None:
    """Keep the record in the caller's transaction: what was done and its record stand or fall together."""
