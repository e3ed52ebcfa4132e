"""Tables of whole emails in review: what one was put together from, and who approved it as that."""

import datetime as dt
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Index, String, Text
from sqlmodel import Field

from app.brand.tiers import Tier
from app.db.stored import Moment, StoredJson, Word
from app.db.tables import Table, new_id, now


class EmailClosed(StrEnum):
    """How the review of an email ended."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"
    """It was submitted again, with other contents."""


class EmailPart(BaseModel):
    """One slot of an email: its kind, what stands there, and the hash of that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    source: str
    """`draft <id>` or `block <id>`."""
    content: str


class EmailVersion(BaseModel):
    """One reading of an email, in order: what readers get for whom the conditions of its slots hold, or what
    the others get.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    """Of the parts in order, their commercial values, and the place: app.release.whole."""
    parts: tuple[EmailPart, ...]


class EmailReview(Table, table=True):
    """One way of a whole email through review. `closed_at` None: it is open. `revision` counts its changes.

    `digest` is that of the first version; `shown` are the commercial values as reviewers read them.
    """

    __tablename__ = "email_review"
    __table_args__ = (
        Index("ix_email_review_brief", "brand", "brief_id"),
        Index("ix_email_review_due", "closed_at", "due_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    brief_id: str = Field(max_length=60)
    locale: str = Field(max_length=20)
    market: str = Field(max_length=2)
    segment: str = Field(max_length=60)
    arm: str = Field(max_length=30)
    tier: Tier = Field(sa_column=Column(Word(Tier), nullable=False))
    why: tuple[str, ...] = Field(sa_column=Column(StoredJson("reasons", tuple[str, ...]), nullable=False))
    digest: str = Field(max_length=64)
    versions: tuple[EmailVersion, ...] = Field(
        sa_column=Column(StoredJson("email", tuple[EmailVersion, ...]), nullable=False)
    )
    shown: dict[str, str] = Field(sa_column=Column(StoredJson("shown", dict[str, str]), nullable=False))
    revision: int = 1
    submitted_by: str = Field(max_length=300)
    submitted_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    due_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    closed_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    closed_as: EmailClosed | None = Field(default=None, sa_column=Column(Word(EmailClosed), nullable=True))
    note: str = Field(default="", sa_type=Text)
    """What was said when it ended."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Locale, segment and arm."""
        return self.locale, self.segment, self.arm


class EmailApproval(Table, table=True):
    """One approval of one version of an email. It holds as long as nothing of the version changes."""

    __tablename__ = "email_approval"
    __table_args__ = (Index("ix_email_approval_version", "brand", "version"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    review_id: str = Field(
        sa_column=Column(String(32), ForeignKey("email_review.id"), nullable=False, index=True),
        max_length=32,
    )
    brand: str = Field(max_length=60)
    version: str = Field(max_length=64)
    """The digest of what was approved."""
    by: str = Field(max_length=300)
    role: str = Field(max_length=60)
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    ended_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    ended_why: str = Field(default="", max_length=300)
