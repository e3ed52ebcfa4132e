"""A deck: all copy of a brief in one table, as readers will see it, for people without an account.

Values are filled in as the target's locale shows them, and variables with what is said when they are not
known. Each row carries the hash of the draft and of the text that it shows, so that edits that come back are
held against what they were made on.
"""

import datetime as dt
from collections.abc import Sequence

from app.blocks.approved import digest
from app.copywriting.briefs import lenient_jobs
from app.copywriting.consequences import shown
from app.copywriting.desk import Desk
from app.copywriting.models import Strict
from app.copywriting.slots import Candidate, SlotNow
from app.copywriting.values_back import same_text
from app.db.service_tables import StoredBrief
from app.db.tables import DraftState, Origin
from app.errors import Conflict
from app.generation.plan import SlotJob
from app.release.kept_back import kept_back
from app.release.library import ContentLibrary
from app.tokens import fill_mapped

HASH_DIGITS = 16


class DeckField(Strict):
    """One field of one draft, as a row of the deck. Lengths are characters."""

    name: str
    label: str
    text: str
    """With the values filled in."""
    length: int
    longest: int
    """With the longest value that a variable may have."""
    most: int
    least: int
    text_hash: str

    @property
    def fits(self) -> bool:
        """Whether the longest form is within the limits."""
        return self.least <= self.length and self.longest <= self.most


class DeckVariant(Strict):
    """One draft of a slot; `chosen` is the one that would be used."""

    draft: str
    draft_hash: str
    number: int
    chosen: bool
    state: DraftState
    source: str
    """Who wrote it, in words."""
    approved_block: bool
    fields: tuple[DeckField, ...]


class DeckSlot(Strict):
    """One slot; without variants `empty` says why."""

    kind: str
    variants: tuple[DeckVariant, ...]
    empty: str


class DeckEmail(Strict):
    """One email: a target and a segment."""

    locale: str
    market: str
    segment: str
    segment_name: str
    send_at: dt.datetime
    slots: tuple[DeckSlot, ...]


class Deck(Strict):
    """All emails of a brief with their copy."""

    brief: str
    brand: str
    brand_name: str
    name: str
    revision: int
    owner: str
    objective: str
    message: str
    emails: tuple[DeckEmail, ...]

    @property
    def variants(self) -> int:
        """How many drafts the deck shows."""
        return sum(len(slot.variants) for email in self.emails for slot in email.slots)


def build_deck(desk: Desk, stored: StoredBrief) -> Deck:
    """The deck of a stored brief as of now. Raises Conflict when the brief names what does not exist."""
    library = desk.library(stored.brand)
    jobs, problems = lenient_jobs(stored, library)
    if not jobs:
        raise Conflict(f"brief '{stored.id}' cannot be shown", "; ".join(problems))
    emails: dict[tuple[str, str], list[SlotNow]] = {}
    for slot in desk.slots(stored, jobs, library):
        emails.setdefault((slot.job.target.locale, slot.job.segment.id), []).append(slot)
    brief = stored.content
    return Deck(
        brief=stored.id,
        brand=stored.brand,
        brand_name=library.brand.identity.name,
        name=stored.name,
        revision=stored.revision,
        owner=stored.owner,
        objective=brief.objective,
        message=brief.message,
        emails=tuple(_email(slots, library) for slots in emails.values()),
    )


def _email(slots: Sequence[SlotNow], library: ContentLibrary) -> DeckEmail:
    job = slots[0].job
    return DeckEmail(
        locale=job.target.locale,
        market=job.target.market,
        segment=job.segment.id,
        segment_name=job.segment.name,
        send_at=job.target.window.send_at,
        slots=tuple(_slot(slot, library) for slot in slots),
    )


def _slot(slot: SlotNow, library: ContentLibrary) -> DeckSlot:
    variants = tuple(
        _variant(item, slot.job, library, number) for number, item in enumerate(slot.candidates, start=1)
    )
    decision = slot.record.decision if slot.record else None
    why = decision.sentence if decision else "Nothing has been generated or written for this slot yet."
    if slot.job.suppressed is not None:
        why = kept_back(slot.job.suppressed).sentence
    return DeckSlot(kind=slot.job.kind.id, variants=variants, empty="" if variants else why)


def _variant(item: Candidate, job: SlotJob, library: ContentLibrary, number: int) -> DeckVariant:
    draft = item.draft
    return DeckVariant(
        draft=draft.id,
        draft_hash=draft_hash(draft.content_hash),
        number=number,
        chosen=number == 1,
        state=draft.state,
        source=_source(item),
        approved_block=item.block is not None,
        fields=tuple(
            _field(name, text, job, library)
            for name, text in draft.copy_fields.items()
            if name in job.kind.schema.specs()
        ),
    )


def _source(item: Candidate) -> str:
    draft = item.draft
    if item.block is not None:
        return f"approved block {item.block.id}"
    edits = draft.receipt.edits
    if draft.origin is Origin.EDITED and edits:
        return f"edited by {edits[-1].by}"
    return f"written by {draft.author}"


def _field(name: str, text: str, job: SlotJob, library: ContentLibrary) -> DeckField:
    spec = job.kind.schema.specs()[name]
    seen = shown(text, job, library)
    return DeckField(
        name=name,
        label=spec.label,
        text=seen,
        length=len(seen),
        longest=_longest(text, job, library),
        most=spec.max_chars,
        least=spec.min_chars,
        text_hash=text_hash(seen),
    )


def _longest(text: str, job: SlotJob, library: ContentLibrary) -> int:
    def value(name: str) -> str:
        variable = library.brand.variables.get(name)
        if variable is not None:
            return max((variable.fallback, *variable.examples), key=len)
        return job.facts.render(name) if name in job.facts.facts else "{" + name + "}"

    return len(fill_mapped(text, value).text)


def draft_hash(content_hash: str) -> str:
    """The hash of a draft's copy as a deck carries it."""
    return content_hash[:HASH_DIGITS]


def text_hash(text: str) -> str:
    """The hash of a shown text; spaces do not count, since spreadsheets change them."""
    return digest(same_text(text))[:HASH_DIGITS]
