"""Tables of review: each way of a draft through it, what people said on the way, approvals of blocks."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Text
from sqlmodel import Field

from app.brand.tiers import Tier
from app.db.stored import Moment, StoredJson, Word
from app.db.tables import Table, new_id, now


class Closed(StrEnum):
    """How a review ended."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    EDITED = "edited"
    """The guardrails refuse an edit of it, so that it went back to its writer."""


class RejectReason(StrEnum):
    """Why a draft is rejected for good."""

    OFF_BRAND = "off_brand"
    UNTRUE = "untrue"
    NOT_LAWFUL = "not_lawful"
    UNCLEAR = "unclear"
    WRONG_AUDIENCE = "wrong_audience"
    REPEATS_OTHERS = "repeats_others"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


class NoteSort(StrEnum):
    """What somebody said about a draft."""

    COMMENT = "comment"
    QUESTION = "question"
    ANSWER = "answer"
    REASON = "reason"
    """Why changes are requested, or why it was rejected, withdrawn or moved to a higher tier."""
    EVENT = "event"
    """What time did: the deadline passed."""


class Review(Table, table=True):
    """One way of a draft through review, from its submission to an end. `closed_at` None: it is open.

    `harm` orders the queue: what an error would do times how likely one is, in thousandths (app.review.harm).
    """

    __tablename__ = "review"
    __table_args__ = (
        Index("ix_review_queue", "brand", "closed_at", "harm", "id"),
        Index("ix_review_due", "closed_at", "due_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    draft_id: str = Field(
        sa_column=Column(String(32), ForeignKey("draft.id"), nullable=False, index=True), max_length=32
    )
    brand: str = Field(max_length=60)
    brief_id: str = Field(max_length=60)
    journey: str = Field(max_length=60)
    locale: str = Field(max_length=20)
    market: str = Field(max_length=2)
    segment: str = Field(max_length=60)
    kind: str = Field(max_length=60)
    tier: Tier = Field(sa_column=Column(Word(Tier), nullable=False))
    why: tuple[str, ...] = Field(sa_column=Column(StoredJson("reasons", tuple[str, ...]), nullable=False))
    """What demands the tier, the most demanding first."""
    harm: int
    words: int
    """Words that a reviewer has to read: those of fields that are not approved already."""
    submitted_by: str = Field(max_length=300)
    submitted_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    send_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    due_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    """Past this the slot takes the safe block. It waits while a question is open, but no longer than
    `latest_at`."""
    latest_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    held_since: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    """Since when a question holds the deadline up."""
    held_seconds: float = 0.0
    """For how long earlier questions did."""
    assignee: str | None = Field(default=None, max_length=300)
    reminded_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    closed_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    closed_as: Closed | None = Field(default=None, sa_column=Column(Word(Closed), nullable=True))
    reason: RejectReason | None = Field(default=None, sa_column=Column(Word(RejectReason), nullable=True))


class ReviewNote(Table, table=True):
    """What somebody said about a draft. A question names a person, and is open until it is answered."""

    __tablename__ = "review_note"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    draft_id: str = Field(
        sa_column=Column(String(32), ForeignKey("draft.id"), nullable=False, index=True), max_length=32
    )
    sort: NoteSort = Field(sa_column=Column(Word(NoteSort), nullable=False))
    by: str = Field(max_length=300)
    """Email; empty for what time did."""
    text: str = Field(sa_type=Text)
    asked: str | None = Field(default=None, max_length=300)
    """Whom a question is for."""
    answers: str | None = Field(default=None, max_length=32)
    """The question that an answer belongs to."""
    answered_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))

    @property
    def open(self) -> bool:
        """Whether it is a question without an answer."""
        return self.sort is NoteSort.QUESTION and self.answered_at is None


class BlockApproval(Table, table=True):
    """An approval of a block of blocks/ by a person in a role: the file names people, this proves it.

    `words_hash` is that of everything in the block but its approval, so that a change of it needs new ones.
    """

    __tablename__ = "block_approval"
    __table_args__ = (Index("ix_block_approval_brand", "brand", "block_id"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    block_id: str = Field(max_length=60)
    words_hash: str = Field(max_length=64)
    by: str = Field(max_length=300)
    role: str = Field(max_length=60)
    tier: Tier = Field(sa_column=Column(Word(Tier), nullable=False))
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class SparedBlocks(Table, table=True):
    """The blocks of a brand that served before anybody could approve for it: nobody approves those anew.

    Written once, when the first person gets a role that approves, and never changed: from then on the brand
    has people who approve, whoever comes and goes.
    """

    __tablename__ = "spared_blocks"

    brand: str = Field(primary_key=True, max_length=60)
    hashes: tuple[str, ...] = Field(sa_column=Column(StoredJson("spared", tuple[str, ...]), nullable=False))
    """Their content hashes, as their files record them."""
    version: str = Field(max_length=64)
    """The published version that held them; empty for the files of the folder, which served then."""
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
