"""A button that was refused, let pass, asked about, sent back and approved, and an email with it."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from app.brand.roles import PersonRole
from app.copywriting.choosing import choose_ready
from app.copywriting.editing import edit_draft
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.waiving import WaiverOrder, give
from app.copywriting.whole_emails import EmailOffice, seen_of
from app.db.drafts import DraftChange
from app.db.exports import Exports
from app.db.people import People
from app.db.receipts import DraftApproval
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.tables import Draft
from app.db.waiver_tables import StoredWaiver
from app.review.action import Order
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.situation import Actor
from tests.copywriting.office import BY, NOW, Office

LOUD = "COME BACK OUTSIDE NOW"
UNTIL = NOW + dt.timedelta(days=30)
PLACE = ("en-US", "weekend_hikers", SINGLE)
ROLES = {"cal": "copywriter", "rae": "brand reviewer", "lea": "legal"}


@dataclass
class Reviewed:
    """The office with people who act one minute after another. `draft` is the button as it is stored now."""

    office: Office
    draft_id: str = ""
    actors: dict[str, Actor] = field(default_factory=dict)
    minutes: int = 0

    @classmethod
    def at(cls, root: Path) -> "Reviewed":
        """An office whose low tier asks two roles, and for the email as a whole; legal may waive."""
        office = Office.at(root)
        office.desk.contract["approvers"]["low"] = ["brand reviewer", "legal"]
        tier = {"whole_email": True, "people": 2}
        office.desk.contract["review"] = {"tiers": {"low": tier}, "may_waive": ["legal"]}
        office.generate()
        people, made = People(office.store.engine), cls(office)
        for name, role in ROLES.items():
            person = people.add(f"{name}@fernhill.example", f"{name.title()} Long")
            people.grant(person.email, "fernhill", [PersonRole(role)])
            made.actors[name] = Actor(person.email, person.id, frozenset({role}))
        made.draft_id = office.chosen("cta").id
        return made

    @property
    def draft(self) -> Draft:
        """The button."""
        return self.office.draft(self.draft_id)

    def moment(self) -> dt.datetime:
        """The next minute."""
        self.minutes += 1
        return NOW + dt.timedelta(minutes=self.minutes)

    def act(self, name: str, action: str, order: Order | None = None) -> None:
        """Somebody does something about the button."""
        desk, draft = ReviewDesk.over(self.office.copydesk), self.draft
        desk.act(action, draft, self.actors[name], order, seen=draft.revision, at=self.moment())

    def edit(self, label: str) -> None:
        """Cal writes other words."""
        edit_draft(self.office.copydesk, self.draft, {"label": label}, seen=self.draft.revision, by=BY)

    def waive(self) -> StoredWaiver:
        """Lea lets the loud words pass."""
        order = WaiverOrder("label", "voice", "The name of the campaign.", UNTIL, self.draft.revision)
        desk = ReviewDesk.over(self.office.copydesk)
        return give(desk, self.draft, self.actors["lea"], order, at=self.moment())

    def go(self) -> None:
        """Loud words are let pass, asked about, sent back, submitted again and approved."""
        self.edit(LOUD)
        self.waive()
        self.act("cal", "comment", CommentOrder(text="Loud on purpose."))
        self.act("cal", "submit")
        self.act("rae", "ask", AskOrder(person=BY, text="Is it registered?"))
        asked = ReviewDesk.over(self.office.copydesk).reviews.notes(self.draft_id)[-1]
        self.act("cal", "answer", AnswerOrder(question=asked.id, text="Since May."))
        self.act("rae", "request_changes", ChangesOrder(text="Say so in the brief."))
        self.act("cal", "submit")
        self.act("rae", "approve")
        self.act("lea", "approve")

    def email(self) -> None:
        """An email with the button is approved as a whole."""
        office = self.office
        for kind in ("subject", "hero"):
            draft = office.approve(office.chosen(kind), "brand reviewer", "someone@fernhill.example")
            self._choose(kind, office.approve(draft, "legal", "another@fernhill.example").id)
        self._choose("cta", self.draft_id)
        choose_ready(office.copydesk, Exports(office.store.engine), office.stored(), BY)
        self._choose("footer", None)
        for name, action in (("cal", "submit"), ("rae", "approve"), ("lea", "approve")):
            self.act_on_email(name, action)

    def act_on_email(self, name: str, action: str, order: Order | None = None) -> None:
        """Somebody does something about the whole email."""
        desk = EmailOffice.over(self.office.copydesk)
        situation = desk.situation(self.office.stored(), PLACE, self.actors[name], self.moment())
        desk.act(action, situation, order, seen=seen_of(situation))

    def forge(self, approval: DraftApproval) -> None:
        """Put an approval on the receipt of the button past Copydesk."""
        draft = self.draft
        receipt = draft.receipt.model_copy(update={"approvers": (*draft.receipt.approvers, approval)})
        self.office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"receipt": receipt})])

    def _choose(self, kind: str, draft: str | None) -> None:
        arm = Arm(name=SINGLE, draft=draft, block=f"{kind}_evergreen" if draft is None else None)
        row = ChosenSlot(
            brand="fernhill",
            brief_id="fernhill_hello",
            locale="en-US",
            segment="weekend_hikers",
            kind=kind,
            arms=(arm,),
            chosen_by=BY,
        )
        Exports(self.office.store.engine).choose([row])
