"""How audit records hold together: what the hash of one covers, and the check of a whole chain.

A record is hashed as the portable backup writes its row, so that a database and its backup are checked alike.
The hash covers the number, the hash before and everything that the record says; of `data` it covers what is
stored, with the version of its form, so that reading an old form never changes a hash.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.manifest import json_bytes

DOMAIN = b"copydesk audit record 1\n"
"""Stands before what is hashed, so that no hash of something else is ever one of a record."""
COVERED = ("seq", "brand", "at", "actor", "action", "subject", "data", "previous")
GENESIS = hashlib.sha256(b"copydesk audit chain 1\n").hexdigest()
"""What the first record names as the one before it."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many records there are, and the hash of the last one."""

    count: int = 0
    hash: str = GENESIS


def record_hash(row: Mapping[str, Any]) -> str:
    """The hash of a record given as a row of the portable backup."""
    return hashlib.sha256(DOMAIN + json_bytes({name: row[name] for name in COVERED})).hexdigest()


def moment_text(at: dt.datetime) -> str:
    """A moment as it is hashed: ISO 8601 in UTC."""
    return at.astimezone(dt.UTC).isoformat()


@dataclass
class ChainCheck:
    """Follows a chain record by record, and keeps the first fault. `marks` are heads that were seen before,
    by number of records.
    """

    marks: Mapping[int, frozenset[str]] = field(default_factory=dict)
    head: Head = Head()
    fault: str = ""
    """The first record that is not as it was written, and what about it; empty as long as there is none."""
    confirmed: int = 0
    """The number of the last record that a mark vouches for."""

    def follow(self, rows: Iterable[Mapping[str, Any]]) -> "ChainCheck":
        """Check all rows, in the order of their numbers; stops at the first fault."""
        try:
            self.fault = self._first_fault(rows) or self._missing_end()
        except ValueError as error:
            self.fault = f"record {self.head.count + 1} cannot be read: {error}"
        return self

    def _first_fault(self, rows: Iterable[Mapping[str, Any]]) -> str:
        for row in rows:
            fault = self._fault_of(row)
            if fault:
                return fault
            self.head = Head(row["seq"], row["hash"])
            if row["seq"] in self.marks:
                self.confirmed = row["seq"]
        return ""

    def _fault_of(self, row: Mapping[str, Any]) -> str:
        seq, expected = row["seq"], self.head.count + 1
        if seq != expected:
            return f"record {expected} is missing: record {seq} follows {self.head.count or 'nothing'}"
        if row["previous"] != self.head.hash:
            before = f"record {seq - 1}" if seq > 1 else "the beginning"
            return (
                f"record {seq} does not follow {before}: it names {row['previous'][:12]} as the hash before"
                f" it, and that is {self.head.hash[:12]}"
            )
        actual = record_hash(row)
        if row["hash"] != actual:
            return (
                f"record {seq} ({row['action']} of {row['subject']}) is not what was written: its contents"
                f" have the hash {actual[:12]}, and it was stored with {row['hash'][:12]}"
            )
        if seq in self.marks and self.marks[seq] != {row["hash"]}:
            signed = ", ".join(sorted(mark[:12] for mark in self.marks[seq]))
            return (
                f"record {seq} is not the one that a checkpoint signed: its hash is {row['hash'][:12]}, and"
                f" {signed} was signed; what was rewritten lies between {self.confirmed + 1} and {seq}"
            )
        return ""

    def _missing_end(self) -> str:
        last = max(self.marks, default=0)
        if last <= self.head.count:
            return ""
        return (
            f"record {self.head.count + 1} is missing: the chain ends with record {self.head.count}, and a"
            f" checkpoint signed {last}; the end was cut off, or an older state was restored"
        )
