"""The table of waivers: which finding about which text somebody let pass, until when, and what ended it."""

import datetime as dt

from sqlalchemy import Column, ForeignKey, Index, String, Text
from sqlmodel import Field

from app.db.stored import Moment
from app.db.tables import Table, new_id, now
from app.verdicts.waivers import Waiver


class StoredWaiver(Table, table=True):
    """A waiver as it was given. `text` is the hash of the field's text; `draft_id` and `field` say where it
    stood. Nothing but its revocation changes.
    """

    __tablename__ = "waiver"
    __table_args__ = (Index("ix_waiver_text", "brand", "text"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    draft_id: str = Field(
        sa_column=Column(String(32), ForeignKey("draft.id"), nullable=False, index=True), max_length=32
    )
    field: str = Field(max_length=60)
    rule: str = Field(max_length=60)
    category: str = Field(max_length=60)
    text: str = Field(max_length=64)
    start: int
    end: int
    locale: str = Field(max_length=20)
    market: str = Field(max_length=2)
    by: str = Field(max_length=300)
    role: str = Field(max_length=60)
    reason: str = Field(sa_type=Text)
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    until: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    revoked_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    revoked_by: str | None = Field(default=None, max_length=300)

    @property
    def given(self) -> Waiver:
        """As a receipt carries it."""
        return Waiver(**{name: getattr(self, name) for name in Waiver.model_fields})

    def holds(self, at: dt.datetime) -> bool:
        """Whether it lets something pass at a moment."""
        return self.revoked_at is None and at < self.until
