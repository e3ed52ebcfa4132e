"""The table of what people propose for a brand's rules and voice, and what became of it."""

import datetime as dt
from enum import StrEnum

from pydantic import JsonValue
from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from app.db.stored import Moment, StoredJson, Word
from app.db.tables import Table, new_id, now


class ProposalSort(StrEnum):
    """What a proposal is about."""

    WRONG_FINDING = "wrong_finding"
    """A rule found something in copy where there is nothing to find: a line for the corpus."""
    REPEATED_EDIT = "repeated_edit"
    """Reviewers made the same change in several drafts: a rule or an example for the voice guide."""


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Proposal(Table, table=True):
    """One proposal. Nothing is changed by it: who accepts it gets the lines that a person then adds."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("brand", "sort", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    brand: str = Field(max_length=60)
    sort: ProposalSort = Field(sa_column=Column(Word(ProposalSort), nullable=False))
    key: str = Field(max_length=64)
    """A hash of what it proposes, so that the same is proposed once."""
    data: dict[str, JsonValue] = Field(
        sa_column=Column(StoredJson("proposal", dict[str, JsonValue]), nullable=False)
    )
    by: str = Field(max_length=300)
    """Email; empty where it was found in edits."""
    at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    state: ProposalState = Field(
        default=ProposalState.OPEN, sa_column=Column(Word(ProposalState), nullable=False)
    )
    decided_by: str = Field(default="", max_length=300)
    decided_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    reason: str = Field(default="", max_length=500)
    """Why it was declined."""
