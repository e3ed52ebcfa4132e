"""What answers one slot, and what the chain and the gate ask others for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.blocks.approved import ApprovedBlock
from app.brief.facts import FactSheet
from app.db.tables import Draft, Origin
from app.release.values import Surroundings
from app.verdicts.judgements import Judgements
from app.verdicts.reports import GuardReport
from app.verdicts.waivers import Waiver

_HUMAN = frozenset({Origin.HUMAN, Origin.EDITED})


def writers(draft: Draft) -> frozenset[str]:
    """Everybody who had a hand in the copy, and so may neither approve it nor let anything in it pass."""
    named = {draft.author, draft.requested_by, *(edit.by for edit in draft.receipt.edits)}
    return frozenset(named - {""})


@dataclass(frozen=True)
class SlotQuery:
    """One slot to be answered: which kind for whom, with what thought, which facts, as of when.

    `turn` is the segment's place in the brief: where several general blocks fit, each segment gets another.
    """

    kind: str
    locale: str
    segment: str
    journey: str
    message: str
    facts: FactSheet
    as_of: dt.datetime
    turn: int = 0
    market: str | None = None
    flags: tuple[str, ...] = ()
    """Suppression flags of the readers besides those of their segment."""
    brief: str = ""
    """The brief whose email it is; empty where nobody said."""
    around: Surroundings = field(default_factory=dict)
    """What stands around the words in its email, as far as it is known."""


@dataclass(frozen=True)
class SlotContent:
    """The copy that stands in one slot and where it came from; `source` None is an unstored preview."""

    kind: str
    copy_fields: Mapping[str, str]
    source: ApprovedBlock | Draft | None
    image: str | None = None

    @classmethod
    def of_block(cls, block: ApprovedBlock) -> "SlotContent":
        """The content of an approved block."""
        return cls(block.kind, dict(block.copy_), block, block.image)

    @classmethod
    def of_draft(cls, draft: Draft) -> "SlotContent":
        """The content of a stored draft."""
        return cls(draft.kind, dict(draft.copy_fields), draft, draft.image)

    @property
    def evergreen(self) -> bool:
        """Whether it is an evergreen block, which may hold nothing that expires."""
        return isinstance(self.source, ApprovedBlock) and self.source.evergreen

    @property
    def by_a_person(self) -> bool:
        """Whether a person wrote or edited it: such copy may hold values that the facts give."""
        return isinstance(self.source, Draft) and self.source.block is None and self.source.origin in _HUMAN

    @property
    def judgements(self) -> Judgements | None:
        """What a model answered about a draft when it was written or edited; a block was read by people."""
        return self.source.receipt.judgements if isinstance(self.source, Draft) else None

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """What people let pass in a draft; nobody does for copy that they had a hand in."""
        if not isinstance(self.source, Draft) or not self.source.receipt.waivers:
            return ()
        mine = writers(self.source)
        return tuple(item for item in self.source.receipt.waivers if item.by not in mine)

    @property
    def label(self) -> str:
        """What people call it."""
        if isinstance(self.source, ApprovedBlock):
            return f"block '{self.source.id}'"
        return f"draft {self.source.id}" if self.source is not None else "preview"


class Judge(Protocol):
    """Judges the copy of one slot with every guardrail, as of a moment and with a target's facts."""

    def __call__(self, content: SlotContent, *, facts: FactSheet, as_of: dt.datetime) -> GuardReport:
        """The merged report over all fields of the copy."""
        ...


class ApprovedDrafts(Protocol):
    """Where approved drafts are looked up: the Store."""

    def last_approved(
        self, *, brand: str, segment: str, kind: str, locale: str, journey: str, limit: int = 3
    ) -> Sequence[Draft]:
        """The drafts approved last for this place, newest first."""
        ...


class DraftLookup(Protocol):
    """Where the gate reads a draft as it is stored now: the Store."""

    def find_draft(self, draft_id: str) -> Draft | None:
        """The stored draft, or None."""
        ...


class NoDrafts:
    """An empty store, for previews and tests without one."""

    def last_approved(
        self, *, brand: str, segment: str, kind: str, locale: str, journey: str, limit: int = 3
    ) -> Sequence[Draft]:
        """Nothing is approved here."""
        return ()

    def find_draft(self, draft_id: str) -> Draft | None:
        """Nothing is stored here."""
        return None
