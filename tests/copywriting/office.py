"""A copywriter's office for every test: the generation desk with its brief stored and answered."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.copywriting.desk import Desk as Copydesk
from app.copywriting.places import place_of
from app.copywriting.slots import SlotNow
from app.copywriting.status import BriefStatus, EmailStatus, SlotStatus, status_of
from app.db.drafts import DraftChange
from app.db.receipts import DraftApproval
from app.db.service_tables import StoredBrief
from app.db.store import Store, open_store
from app.db.tables import Draft, DraftState
from app.generation.plan import jobs_of
from app.llm.scripted import ScriptedModel
from app.main import desk_of, plan_brief, store_brief
from app.release.approvals import Place
from app.release.values import commercial_values
from tests.generation.desk import Desk, answering

BY = "cal@fernhill.example"
REVIEWER = "rae@fernhill.example"
NOW = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)


@dataclass
class Office:
    """`desk` holds the files, `copydesk` what the verbs work with. The brief is changed before `write`."""

    desk: Desk
    _stores: list[Store] = field(default_factory=list)
    _desks: list[Copydesk] = field(default_factory=list)

    @classmethod
    def at(cls, root: Path) -> "Office":
        """An office under `root`."""
        return cls(Desk.at(root))

    @property
    def brief(self) -> dict[str, Any]:
        """The brief as it will be written."""
        return self.desk.brief

    @property
    def store(self) -> Store:
        """The one open store of the test."""
        if not self._stores:
            self._stores.append(open_store(self.desk.database))
        return self._stores[0]

    @property
    def copydesk(self) -> Copydesk:
        """Stored briefs and drafts with the content that serves now."""
        if not self._desks:
            self._desks.append(desk_of(self.desk.settings, self.store))
        return self._desks[0]

    def write(self) -> Path:
        """Write brand, blocks and brief; what serves is read anew."""
        self._desks.clear()
        return self.desk.write()

    def keep(self, by: str = BY) -> StoredBrief:
        """Store the brief as the command does, without asking a model."""
        planned = plan_brief(self.desk.settings, self.write())
        return store_brief(self.desk.settings, self.store, planned, by).stored

    def generate(self, script: Callable[..., Any] | None = None) -> StoredBrief:
        """Store the brief and answer it."""
        stored = self.keep()
        self.desk.run(ScriptedModel(script or answering()))
        return stored

    def stored(self) -> StoredBrief:
        """The brief as it is stored now."""
        found = self.copydesk.briefs.find("fernhill", self.brief["id"])
        assert found is not None
        return found

    def status(self) -> BriefStatus:
        """Where the brief stands."""
        return status_of(self.copydesk, self.stored())

    def slots(self) -> dict[tuple[str, str, str], SlotNow]:
        """What stands in each slot."""
        desk, stored = self.copydesk, self.stored()
        library = desk.library("fernhill")
        return {s.job.key: s for s in desk.slots(stored, jobs_of(stored.content, library), library)}

    def chosen(self, kind: str, segment: str = "weekend_hikers", locale: str = "en-US") -> Draft:
        """The draft that would be used for a slot."""
        found = self.slots()[locale, segment, kind].chosen
        assert found is not None
        return found.draft

    def naming(self, token: str, kind: str = "hero", segment: str = "weekend_hikers") -> Draft:
        """The first draft of a slot whose copy holds a token."""
        found = (item.draft for item in self.slots()["en-US", segment, kind].candidates)
        return next(d for d in found if any("{" + token + "}" in text for text in d.copy_fields.values()))

    def approve(self, draft: Draft, role: str = "brand reviewer", by: str = REVIEWER) -> Draft:
        """Approve a draft with the values that its slot has now."""
        key = (draft.locale, draft.segment, draft.kind)
        job = self.slots()[key].job
        approval = DraftApproval(
            by=by,
            role=role,
            at=NOW,
            content_hash=draft.content_hash,
            values=commercial_values(draft.copy_fields.values(), job.facts, job.around),
        )
        receipt = draft.receipt.model_copy(update={"approvers": (*draft.receipt.approvers, approval)})
        values: Mapping[str, Any] = {
            "receipt": receipt,
            "state": DraftState.APPROVED,
            "approved_at": NOW,
            "review_by": dt.date(2027, 6, 1),
        }
        self.copydesk.drafts.change([DraftChange(draft.id, draft.revision, values)])
        return self.draft(draft.id)

    def place(self, kind: str, segment: str = "weekend_hikers") -> Place:
        """The email of a slot, as the gate looks at it."""
        job = self.slots()["en-US", segment, kind].job
        return place_of(job, self.copydesk.library("fernhill"))

    def draft(self, draft_id: str) -> Draft:
        """A draft as it is stored now."""
        found = self.store.find_draft(draft_id)
        assert found is not None
        return found


def email(status: BriefStatus, segment: str = "weekend_hikers", locale: str = "en-US") -> EmailStatus:
    """One email of a status."""
    (found,) = [item for item in status.emails if (item.segment, item.locale) == (segment, locale)]
    return found


def slot(status: BriefStatus, kind: str, segment: str = "weekend_hikers") -> SlotStatus:
    """One slot of a status."""
    (found,) = [item for item in email(status, segment).slots if item.kind == kind]
    return found


def reasons(status: SlotStatus) -> str:
    """What blocks a slot, in one text."""
    return "; ".join(item.reason for item in status.blocking)
