"""The table of what people did: one chain of records in a database, in which each names the one before."""

import datetime as dt

from pydantic import JsonValue
from sqlalchemy import Column, Index, Integer
from sqlmodel import Field

from app.db.stored import Moment, StoredJson
from app.db.tables import Table

LONGEST = {"brand": 60, "actor": 60, "action": 100, "subject": 300}
"""Characters of each column that the caller fills."""


class AuditRecord(Table, table=True):
    """One thing that was done. Rows are only added, in one line without a gap: see app.db.audit_chain."""

    __tablename__ = "audit_record"
    __table_args__ = (
        Index("ix_audit_record_brand_seq", "brand", "seq"),
        Index("ix_audit_record_subject_seq", "subject", "seq"),
    )

    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    brand: str = Field(max_length=LONGEST["brand"])
    """The brand that it is about; `*` for every brand."""
    at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    actor: str = Field(max_length=LONGEST["actor"])
    action: str = Field(max_length=LONGEST["action"])
    subject: str = Field(max_length=LONGEST["subject"])
    data: dict[str, JsonValue] = Field(
        sa_column=Column(StoredJson("audit", dict[str, JsonValue]), nullable=False)
    )
    previous: str = Field(max_length=64)
    """The hash of the record before; that of the first is written down in app.db.audit_chain."""
    hash: str = Field(max_length=64)
