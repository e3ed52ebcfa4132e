"""Tables of what ships: which variant a person chose for a slot, and what was exported."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, Index
from sqlmodel import Field as ColumnField

from app.db.stored import Moment, StoredJson
from app.db.tables import Table, new_id, now

SINGLE = "only"
"""The name of the arm where one variant is chosen and nothing is tested."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Arm(_Frozen):
    """What one arm of a test shows in a slot: a draft or an approved block by its id, or nothing there."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,30}$")]
    draft: str | None = None
    block: str | None = None
    control: bool = False
    """Whether the others are measured against it; it was written by a person."""


class ChosenSlot(Table, table=True):
    """What a person chose for one slot. Rows are only added; the newest of a place counts."""

    __tablename__ = "chosen_slot"
    __table_args__ = (Index("ix_chosen_slot_place", "brand", "brief_id"),)

    id: str = ColumnField(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = ColumnField(max_length=60)
    brief_id: str = ColumnField(max_length=60)
    locale: str = ColumnField(max_length=20)
    segment: str = ColumnField(max_length=60)
    kind: str = ColumnField(max_length=60)
    test: str = ColumnField(default="", max_length=60)
    """The name of the test; empty where one variant was chosen."""
    arms: tuple[Arm, ...] = ColumnField(sa_column=Column(StoredJson("arms", tuple[Arm, ...]), nullable=False))
    chosen_by: str = ColumnField(max_length=300)
    chosen_at: dt.datetime = ColumnField(default_factory=now, sa_column=Column(Moment, nullable=False))

    @property
    def place(self) -> tuple[str, str, str]:
        """Locale, segment and kind."""
        return self.locale, self.segment, self.kind


ANYBODY_ELSE = ""
"""Stands for a segment where readers are meant who are in none of those that an email is for."""


class ExportedSlot(_Frozen):
    """One slot of an exported email: what stood in it, and what approved it."""

    segment: str
    """ANYBODY_ELSE for readers of none of the export's segments."""
    kind: str
    source: str
    """As the gate names it: the draft or block with the hash that was approved."""
    draft: str | None = None
    block: str | None = None
    copy_fields: dict[str, str]
    public_id: str
    """A short id without meaning, which may stand in links and reports."""
    facts: dict[str, str] = Field(default_factory=dict)
    """The facts that it states, as they were rendered for its segment."""

    @property
    def readers(self) -> str:
        """Who reads it, in words."""
        return self.segment or "anybody else"


class ExportContent(_Frozen):
    """What an export was made of."""

    subject: str
    """As it was written, with tokens."""
    slots: tuple[ExportedSlot, ...]
    facts: dict[str, str]
    """The facts of all slots; where segments have different values, all of them."""
    links: dict[str, str] = Field(default_factory=dict)
    """Where each slot leads, by segment and kind, without what tracking adds."""
    lists: Annotated[dict[str, str], Field(exclude_if=lambda lists: not lists)] = Field(default_factory=dict)
    """By segment and kind, the list of the reader's own that the products come from."""
    claims: tuple[str, ...] = ()
    """Entries of the claims library that the copy says."""
    files: dict[str, str] = Field(default_factory=dict)
    """SHA-256 of each file of the package but the manifest."""
    manifest: str = ""
    """SHA-256 of the manifest; empty for an export from before packages were kept."""
    warnings: tuple[str, ...] = ()


class Export(Table, table=True):
    """One email as it was handed to a platform's account. Rows are only added."""

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_brief", "brand", "brief_id"),)

    id: str = ColumnField(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = ColumnField(max_length=60)
    brief_id: str = ColumnField(max_length=60)
    brief_revision: int
    locale: str = ColumnField(max_length=20)
    segments: tuple[str, ...] = ColumnField(
        sa_column=Column(StoredJson("segments", tuple[str, ...]), nullable=False)
    )
    arm: str = ColumnField(default=SINGLE, max_length=30)
    account: str = ColumnField(max_length=60)
    platform: str = ColumnField(max_length=60)
    content_version: str = ColumnField(default="", max_length=64)
    """The published version that served; empty where content was read from files."""
    template_hash: str = ColumnField(max_length=64)
    content: ExportContent = ColumnField(
        sa_column=Column(StoredJson("export", ExportContent), nullable=False)
    )
    exported_by: str = ColumnField(max_length=300)
    exported_at: dt.datetime = ColumnField(default_factory=now, sa_column=Column(Moment, nullable=False))
    do_not_send_after: dt.datetime | None = ColumnField(default=None, sa_column=Column(Moment, nullable=True))
