"""Everything that the page of one draft shows, gathered once a request."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.brand.brand import Brand
from app.brand.tiers import TIERS, Tier
from app.brief.facts import Fact
from app.copywriting.places import SlotPlace, place_of_draft
from app.copywriting.reapproving import ChangedValue, changed_values
from app.copywriting.reviewing import ReviewDesk, possible
from app.copywriting.whole_emails import EmailOffice
from app.db.blobs import BlobStore
from app.db.review_tables import NoteSort, Review, ReviewNote
from app.db.tables import Draft, DraftState, SlotRecord
from app.errors import Conflict
from app.release.receipt_story import ReceiptReader, ReceiptStory
from app.release.values import SLOT
from app.review.actions.approve import roles_of
from app.review.situation import Actor, Situation
from app.tokens import token_names
from app.verdicts.reports import Verdict
from app.web.draft_page.differences import Run, runs_between
from app.web.draft_page.findings import FieldView, FindingView, elsewhere, fields_of
from app.web.draft_page.marking import shown
from app.web.draft_page.queue import Neighbours, neighbours_of
from app.web.email_links import EmailLink, email_links
from app.web.labels import load_labels
from app.web.queue_page.words import tiers_in_words

_TOLD, _TOLD_IN_REVIEW = ("submit", "withdraw"), ("approve", "request_changes", "reject", "withdraw")
_BY_RULES = "the guardrails do not pass it"


@dataclass(frozen=True)
class FactView:
    """A value that the copy states, by its token, with where it comes from."""

    token: str
    shown: str
    fact: Fact | None
    meaning: str
    """Of a variable: what it is about; it is not a fact but differs by reader."""


@dataclass(frozen=True)
class Variant:
    """A draft of the same position."""

    draft: Draft
    fields: tuple[tuple[str, str], ...]
    current: bool


@dataclass(frozen=True)
class Compared:
    """A field beside the approved copy that it came from. `runs` is empty where nothing differs."""

    view: FieldView
    runs: tuple[Run, ...]
    unchanged: bool


@dataclass(frozen=True)
class Part:
    """A part of the confidence: its share of the whole, and which of three bands it lies in."""

    name: str
    value: float
    weight: float
    band: str


@dataclass(frozen=True)
class Talk:
    """A note with the answers to it."""

    note: ReviewNote
    answers: tuple[ReviewNote, ...]
    mine: bool
    """Whether it is an open question that this person may answer."""


def band_of(value: float) -> str:
    """A name of the group `band`: the upper, middle or lower third."""
    return "high" if value >= 2 / 3 else "middle" if value >= 1 / 3 else "low"


@dataclass(frozen=True, eq=False)
class Look:
    """One draft as one person looks at it. What is slow is read when the page comes to it."""

    office: ReviewDesk
    draft: Draft
    actor: Actor
    at: dt.datetime

    @cached_property
    def situation(self) -> Situation:
        """The draft judged with the facts and rules of now."""
        return self.office.situation(self.draft, self.actor, self.at)

    @cached_property
    def place(self) -> SlotPlace | None:
        """The position that it was written for; None when its brief has it no more."""
        try:
            return place_of_draft(self.office.desk, self.draft)
        except Conflict:
            return None

    @cached_property
    def brand(self) -> Brand:
        """The brand, in the draft's language and market where its place is known."""
        return self.place.job.brand if self.place else self.office.desk.library(self.draft.brand).brand

    # the copy

    def value_of(self, token: str) -> str:
        """What readers see in the place of a token; the token itself where nobody knows."""
        facts = self.place.job.facts if self.place else None
        if facts is not None and token in facts.facts:
            return facts.render(token)
        variable = self.brand.variables.get(token)
        return variable.fallback if variable is not None else f"{{{token}}}"

    @cached_property
    def fields(self) -> tuple[Compared, ...]:
        """The copy by field, with findings, beside the approved copy."""
        draft, before = self.draft, self.situation.ground.approved_copy
        views = fields_of(draft.kind, draft.copy_fields, self.situation.report, self.brand, self.value_of)
        return tuple(self._compared(view, before.get(view.name)) for view in views)

    def _compared(self, view: FieldView, before: str | None) -> Compared:
        text = self.draft.copy_fields[view.name]
        if before is None or before == text:
            return Compared(view, (), before is not None and not view.findings)
        runs = tuple(Run(run.sort, shown(run.text, self.value_of)) for run in runs_between(before, text))
        return Compared(view, runs, unchanged=False)

    @property
    def has_ancestor(self) -> bool:
        """Whether it came from approved copy."""
        return bool(self.situation.ground.approved_copy)

    @property
    def words(self) -> int:
        """Words of the fields that are not approved already."""
        return self.situation.ground.words(self.draft)

    @cached_property
    def other_findings(self) -> tuple[FindingView, ...]:
        """Findings about no field."""
        return elsewhere(self.draft.copy_fields, self.situation.report, self.brand)

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """All findings, by number."""
        return (*(item for field in self.fields for item in field.view.findings), *self.other_findings)

    @cached_property
    def facts(self) -> tuple[FactView, ...]:
        """The values that the copy states."""
        known = self.place.job.facts.facts if self.place else {}
        names = sorted(set().union(*(token_names(text) for text in self.draft.copy_fields.values())))
        variables = self.brand.variables
        return tuple(
            FactView(
                name,
                self.value_of(name),
                known.get(name),
                variables[name].meaning if name in variables else "",
            )
            for name in names
        )

    @property
    def changed_values(self) -> tuple[ChangedValue, ...]:
        """The values whose change ended its approval, where nobody has approved those of now."""
        return changed_values(self.situation) if self.draft.state is not DraftState.APPROVED else ()

    @cached_property
    def emails(self) -> tuple[EmailLink, ...]:
        """The email that it stands in, where that needs an approval as a whole."""
        place, office = self.place, EmailOffice.over(self.office.desk)
        if place is None:
            return ()
        where = {"locale": self.draft.locale, "segment": self.draft.segment}
        return email_links(office, place.stored, self.actor, self.at, **where)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The drafts of the position side by side, this one among them."""
        return tuple(
            Variant(
                draft=item,
                fields=tuple((name, shown(text, self.value_of)) for name, text in item.copy_fields.items()),
                current=item.id == self.draft.id,
            )
            for item in self.office.desk.drafts.in_slot(self.draft)
        )

    @property
    def current_text(self) -> tuple[tuple[str, str], ...]:
        """The copy as readers see it, by field."""
        return next(item.fields for item in self.variants if item.current)

    @property
    def bound_values(self) -> tuple[FactView, ...]:
        """The values that an approval covers."""
        return tuple(item for item in self.facts if item.token in self.situation.values and item.fact)

    @property
    def around(self) -> tuple[tuple[str, str], ...]:
        """What else an approval covers: where the link leads and the like, by names of the group `around`."""
        return tuple((name, value) for name, value in self.situation.shown.items() if name in SLOT)

    @property
    def known_tokens(self) -> tuple[str, ...]:
        """What copy for this place may state."""
        return tuple(sorted(self.place.job.context.allowed_tokens or ())) if self.place else ()

    # where it stands

    @property
    def segment_name(self) -> str:
        """How people call the audience."""
        found = self.brand.segments.get(self.brand.aliases.get(self.draft.segment, self.draft.segment))
        return found.name if found is not None else self.draft.segment

    @property
    def brief_name(self) -> str:
        """How people call the brief."""
        return self.place.job.brief.name if self.place else self.draft.brief_id

    @property
    def reasons(self) -> tuple[tuple[str, str], ...]:
        """What demands the tier: its name where the reason has one, and words."""
        found = []
        for reason in self.situation.ground.tiering.reasons:
            tier, separator, words = reason.partition(": ")
            found.append((tier, self._in_words(words)) if separator else ("", reason))
        return tuple(found)

    def _in_words(self, reason: str) -> str:
        """The reason with the kind, and the role of a fact, as people call them."""
        kind, label = self.draft.kind, load_labels()
        words = reason.replace(f"a block of the kind {kind}", f"the {label('kind', kind)} of an email")
        before, found, role = words.partition("a fact of the role ")
        return f"{before}a value: {label('fact_role', role)}" if found else words

    @property
    def waiting(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each role that has not approved, with the people who could."""
        return tuple((role, self.situation.with_roles((role,))) for role in self.situation.missing)

    @property
    def review(self) -> Review | None:
        """The review that it is in."""
        return self.situation.review

    @property
    def deadline(self) -> dt.datetime | None:
        """Until when reviewers may decide, with what open questions have added by now."""
        return self.situation.until

    @cached_property
    def neighbours(self) -> Neighbours:
        """The drafts beside it in the queue."""
        return neighbours_of(self.office, self.review)

    # what may be done

    @cached_property
    def refusals(self) -> Mapping[str, str]:
        """Every action with why this person cannot do it now; empty words where they can."""
        name = f"draft {self.draft.id}"
        return {
            action: tiers_in_words(why.replace(name, "this draft"))
            for action, why in possible(self.situation).items()
        }

    @property
    def told_refusals(self) -> tuple[tuple[str, str], ...]:
        """Those of them whose reason helps a person on. What the rules found stands in the copy already."""
        told = _TOLD_IN_REVIEW if self.review is not None else _TOLD
        refused, short = ("submit", "approve"), load_labels()("draft_why_not", "refused")
        unfit = self.situation.report.verdict is not Verdict.PASS
        return tuple(
            (name, short if unfit and name in refused and _BY_RULES in why else why)
            for name, why in self.refusals.items()
            if why and name in told
        )

    @property
    def higher_tiers(self) -> tuple[Tier, ...]:
        """What it can be raised to."""
        return TIERS[TIERS.index(self.situation.tier) + 1 :]

    @property
    def approving(self) -> tuple[str, ...]:
        """The roles in which the person would approve."""
        return roles_of(self.situation)

    @property
    def colleagues(self) -> tuple[str, ...]:
        """Everybody who can be asked."""
        return tuple(name for name in sorted(self.situation.members) if name != self.actor.email)

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everybody who could take it."""
        return self.situation.with_roles((*self.situation.needed, "brand owner"))

    # what was said and done

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        """What people said, each question with its answer."""
        notes = self.situation.notes
        owner = "brand owner" in self.actor.roles
        return tuple(
            Talk(
                note=note,
                answers=tuple(item for item in notes if item.answers == note.id),
                mine=note.open and (owner or note.asked == self.actor.email),
            )
            for note in notes
            if note.sort is not NoteSort.ANSWER
        )

    @cached_property
    def rounds(self) -> list[Review]:
        """Every way through review."""
        return self.office.reviews.rounds(self.draft.id)

    @cached_property
    def answer(self) -> SlotRecord | None:
        """How the position was answered."""
        return self.office.desk.drafts.answer_of(self.draft)

    @cached_property
    def story(self) -> ReceiptStory:
        """The receipt in words."""
        return ReceiptReader(BlobStore(self.office.desk.drafts.engine)).story(self.draft)

    @property
    def band(self) -> str:
        """Which of three bands the confidence as a whole lies in."""
        score = self.draft.confidence
        return band_of(score.score) if score is not None else ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the confidence is made of, the heaviest part first."""
        score = self.draft.confidence
        if score is None:
            return ()
        found = (Part(name, value, weight, band_of(value)) for name, (value, weight) in score.parts.items())
        return tuple(sorted(found, key=lambda part: -part.weight))
