"""The tables. JSON columns carry a version (app.db.stored), moments are UTC, ids are random hex.

Nothing here is special to SQLite: strings have lengths, enumerations are stored as words, and every
constraint has a name that a migration can refer to.
"""

import datetime as dt
import uuid
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, MetaData, String, Text
from sqlmodel import Field, SQLModel

from app.blocks.approved import digest
from app.brand.tiers import Tier
from app.db.receipts import Hashes, Receipt
from app.db.stored import Moment, StoredJson, Usd, Word
from app.verdicts.decisions import Confidence, Decision, Outcome, Reason
from app.verdicts.reports import Finding

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def new_id() -> str:
    """A random id, 32 hex digits."""
    return uuid.uuid4().hex


def now() -> dt.datetime:
    """The moment of writing. No rule reads it: what is judged gets `as_of`."""
    return dt.datetime.now(dt.UTC)


class Table(SQLModel):
    """Base of the tables, with metadata of their own."""

    metadata = METADATA


class DraftState(StrEnum):
    """Where a draft stands in review."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Origin(StrEnum):
    """Who wrote the words."""

    GENERATED = "generated"
    HUMAN = "human"
    EDITED = "edited"


class CallOutcome(StrEnum):
    """How a call to a model ended."""

    ANSWERED = "answered"
    UNUSABLE = "unusable"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    NOT_INSTALLED = "not_installed"
    CANCELLED = "cancelled"


class Run(Table, table=True):
    """One `generate`: which brief, with which model and content. Without `finished_at` it was cut off."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_week", "brand", "started_at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brief_id: str = Field(max_length=60, index=True)
    brief_hash: str = Field(max_length=64)
    brand: str = Field(max_length=60)
    model: str = Field(default="", max_length=200)
    hashes: Hashes = Field(sa_column=Column(StoredJson("hashes", Hashes), nullable=False))
    requested_by: str = Field(default="", max_length=300)
    """Who asked, by email; empty for a command on the machine itself."""
    started_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    finished_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class SlotRecord(Table, table=True):
    """The finished answer of one slot, so that a rerun does not ask for it again."""

    __tablename__ = "slot_record"
    __table_args__ = (Index("ix_slot_record_week", "brand", "created_at"),)

    fingerprint: str = Field(primary_key=True, max_length=64)
    run_id: str = Field(foreign_key="run.id", max_length=32, index=True)
    brand: str = Field(max_length=60)
    brief_id: str = Field(max_length=60, index=True)
    locale: str = Field(max_length=20)
    segment: str = Field(max_length=60)
    kind: str = Field(max_length=60)
    decision: Decision = Field(sa_column=Column(StoredJson("decision", Decision), nullable=False))
    outcome: Outcome = Field(sa_column=Column(Word(Outcome), nullable=False))
    reason: Reason = Field(sa_column=Column(Word(Reason), nullable=False))
    transient: bool
    redo_of: str | None = Field(default=None, max_length=32)
    """The draft that was to be written anew; such an answer is none of the slot's own."""
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))

    @classmethod
    def of(
        cls,
        fingerprint: str,
        decision: Decision,
        *,
        run: Run,
        locale: str,
        segment: str,
        kind: str,
        redo_of: str | None = None,
    ) -> "SlotRecord":
        """The record of `decision`; the columns that are searched follow from it."""
        return cls(
            fingerprint=fingerprint,
            run_id=run.id,
            brand=run.brand,
            brief_id=run.brief_id,
            locale=locale,
            segment=segment,
            kind=kind,
            redo_of=redo_of,
            decision=decision,
            outcome=decision.outcome,
            reason=decision.reason,
            transient=decision.transient,
        )


class Draft(Table, table=True):
    """A stored Variant with its author, state and receipt. `review_by` is set when it is approved."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_place", "brand", "kind", "segment", "locale", "state"),
        Index("ix_draft_page", "brand", "created_at", "id"),
        Index("ix_draft_edited", "brand", "origin", "updated_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    brief_id: str = Field(max_length=60, index=True)
    journey: str = Field(max_length=60)
    message: str = Field(default="", max_length=300)
    locale: str = Field(max_length=20)
    segment: str = Field(max_length=60)
    kind: str = Field(max_length=60)
    copy_fields: dict[str, str] = Field(sa_column=Column(StoredJson("copy", dict[str, str]), nullable=False))
    content_hash: str = Field(max_length=64)
    state: DraftState = Field(default=DraftState.DRAFT, sa_column=Column(Word(DraftState), nullable=False))
    author: str = Field(max_length=300)
    origin: Origin = Field(default=Origin.GENERATED, sa_column=Column(Word(Origin), nullable=False))
    block: str | None = Field(default=None, max_length=60)
    """The approved block that the copy was taken from, when it was."""
    image: str | None = Field(default=None, max_length=60)
    receipt: Receipt = Field(sa_column=Column(StoredJson("receipt", Receipt), nullable=False))
    confidence: Confidence | None = Field(
        default=None, sa_column=Column(StoredJson("confidence", Confidence), nullable=True)
    )
    slot_fingerprint: str | None = Field(
        default=None,
        sa_column=Column(String(64), ForeignKey("slot_record.fingerprint"), nullable=True, index=True),
    )
    ordinal: int = 0
    """Place among the variants of its slot, best first."""
    revision: int = 1
    """Counts the changes of the row; whoever changes it has to name the one that they saw."""
    parent_id: str | None = Field(default=None, max_length=32, index=True)
    """The draft that this one was written anew from."""
    note: str = Field(default="", max_length=500)
    """What the person who had it written anew asked for ("shorter, less pushy")."""
    requested_by: str = Field(default="", max_length=300)
    """Who asked for it, by email; empty for a command on the machine itself."""
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    updated_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    approved_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    review_by: dt.date | None = None
    tier: Tier | None = Field(default=None, sa_column=Column(Word(Tier), nullable=True))
    """The highest risk tier that it was ever in: an edit does not lower it. None before it was in review."""

    def actual_hash(self) -> str:
        """The hash of the copy as it is now, computed as `Variant.content_hash` does."""
        return digest([self.kind, self.locale, self.copy_fields])


class ModelCall(Table, table=True):
    """One call to a model, whatever came of it. The slot need not be finished."""

    __tablename__ = "model_call"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    run_id: str = Field(foreign_key="run.id", max_length=32, index=True)
    slot_fingerprint: str = Field(max_length=64, index=True)
    model: str = Field(max_length=200)
    seconds: float
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Field(default=Decimal(0), sa_column=Column(Usd, nullable=False))
    outcome: CallOutcome = Field(sa_column=Column(Word(CallOutcome), nullable=False))
    request_hash: str = Field(default="", max_length=64)
    answer_hash: str = Field(default="", max_length=64)
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class Refusal(Table, table=True):
    """A line that the guardrails refused, kept with what they found."""

    __tablename__ = "refusal"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    run_id: str = Field(foreign_key="run.id", max_length=32, index=True)
    slot_fingerprint: str = Field(foreign_key="slot_record.fingerprint", max_length=64, index=True)
    copy_fields: dict[str, str] = Field(sa_column=Column(StoredJson("copy", dict[str, str]), nullable=False))
    findings: tuple[Finding, ...] = Field(
        sa_column=Column(StoredJson("findings", tuple[Finding, ...]), nullable=False)
    )
    reason: Reason = Field(default=Reason.GUARDRAIL_REFUSED, sa_column=Column(Word(Reason), nullable=False))
    detail: str = Field(default="", sa_type=Text)
    """Why it was refused when no finding says so: a duplicate, a rule that could not judge."""
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
