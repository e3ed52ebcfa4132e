"""A brief and what stands in its positions, as the pages show them: counted and listed, not judged."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.blocks.registry import KINDS
from app.brief.facts import DeadlineFact, Fact, UrlFact
from app.brief.models import Target
from app.copywriting.briefs import lenient_jobs
from app.copywriting.consequences import shown
from app.copywriting.desk import Desk
from app.copywriting.slots import Candidate, SlotNow
from app.db.run_answers import SlotAnswered
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, DraftState, Refusal
from app.generation.plan import SlotJob
from app.release.library import ContentLibrary
from app.verdicts.decisions import SENTENCES, Decision
from app.verdicts.reports import Verdict

_TO_SUBMIT = (DraftState.DRAFT, DraftState.CHANGES_REQUESTED)


@dataclass(frozen=True)
class FactView:
    """One fact: its name, the value as readers of the target see it, who says so, until when it holds."""

    name: str
    value: str
    source: str
    until: dt.datetime | None


@dataclass(frozen=True)
class TextView:
    """One field of a copy as readers see it."""

    label: str
    text: str


@dataclass(frozen=True)
class CopyView:
    """One draft of a position. `passes` is its verdict as it was stored."""

    id: str
    revision: int
    state: DraftState
    texts: tuple[TextView, ...]
    author: str
    changed: tuple[str, ...]
    block: bool
    passes: bool
    to_submit: bool


@dataclass(frozen=True)
class PositionView:
    """One position for one audience. `decision` is that of the latest answer."""

    kind: str
    wanted: int
    decision: Decision | None
    drafts: tuple[CopyView, ...]
    suppressed: str
    path: str
    """The query that names it."""


@dataclass(frozen=True)
class AudienceView:
    """One audience of one target with its positions."""

    locale: str
    market: str
    id: str
    name: str
    message: str
    positions: tuple[PositionView, ...]


@dataclass(frozen=True)
class TargetView:
    """One target with what may be said there."""

    locale: str
    market: str
    send_at: dt.datetime
    time_zone: str
    facts: tuple[FactView, ...]
    links: Mapping[str, str]


@dataclass(frozen=True)
class BriefView:
    """A stored brief with everything that stands in its positions."""

    stored: StoredBrief
    problems: tuple[str, ...]
    targets: tuple[TargetView, ...]
    audiences: tuple[AudienceView, ...]

    @property
    def to_submit(self) -> int:
        """Drafts that can be submitted."""
        return sum(copy.to_submit for a in self.audiences for p in a.positions for copy in p.drafts)


def brief_view(desk: Desk, stored: StoredBrief, library: ContentLibrary) -> BriefView:
    """The brief as it is now, by the content that serves."""
    jobs, problems = lenient_jobs(stored, library)
    slots = desk.slots(stored, jobs, library)
    emails: dict[tuple[str, str], list[SlotNow]] = {}
    for slot in slots:
        emails.setdefault((slot.job.target.locale, slot.job.segment.id), []).append(slot)
    first = {job.target.locale: job for job in reversed(jobs)}
    return BriefView(
        stored=stored,
        problems=tuple(problems),
        targets=tuple(_target(target, first.get(target.locale)) for target in stored.content.targets),
        audiences=tuple(_audience(items, library) for items in emails.values()),
    )


def _target(target: Target, job: SlotJob | None) -> TargetView:
    sheet = job.facts if job is not None else target.fact_sheet()
    facts = tuple(
        FactView(name, sheet.render(name), fact.source, _until(fact)) for name, fact in sheet.facts.items()
    )
    window = target.window
    return TargetView(
        target.locale, target.market, window.send_at, window.time_zone, facts, dict(target.links)
    )


def _until(fact: Fact) -> dt.datetime | None:
    ends = [fact.valid_until, fact.value if isinstance(fact, DeadlineFact) else None]
    known = [moment for moment in ends if moment is not None]
    return min(known) if known and not isinstance(fact, UrlFact) else fact.valid_until


def _audience(slots: Sequence[SlotNow], library: ContentLibrary) -> AudienceView:
    job = slots[0].job
    return AudienceView(
        locale=job.target.locale,
        market=job.target.market,
        id=job.segment.id,
        name=job.segment.name,
        message=job.message,
        positions=tuple(_position(slot, library) for slot in slots),
    )


def _position(slot: SlotNow, library: ContentLibrary) -> PositionView:
    job = slot.job
    return PositionView(
        kind=job.kind.id,
        wanted=job.request.variants,
        decision=slot.record.decision if slot.record is not None else None,
        drafts=tuple(_copy(item, job, library) for item in slot.candidates),
        suppressed=job.suppressed.words if job.suppressed is not None else "",
        path=f"locale={job.target.locale}&audience={job.segment.id}&position={job.kind.id}",
    )


def _copy(item: Candidate, job: SlotJob, library: ContentLibrary) -> CopyView:
    draft = item.draft
    passes = draft.receipt.verdicts.verdict is Verdict.PASS
    return CopyView(
        id=draft.id,
        revision=draft.revision,
        state=draft.state,
        texts=tuple(texts_of(draft.kind, draft.copy_fields, job, library)),
        author=draft.author,
        changed=item.changed,
        block=item.block is not None,
        passes=passes,
        to_submit=draft.state in _TO_SUBMIT and item.block is None and passes,
    )


def texts_of(kind: str, copy: Mapping[str, str], job: SlotJob, library: ContentLibrary) -> Iterator[TextView]:
    """The fields of a copy with their names, as readers see them."""
    specs = KINDS[kind].schema.specs()
    for name, text in copy.items():
        yield TextView(specs[name].label if name in specs else name, shown(text, job, library))


@dataclass(frozen=True)
class RefusedView:
    """A line that is not used, and why."""

    texts: tuple[TextView, ...]
    why: str


@dataclass(frozen=True)
class AnswerView:
    """One position of a run that was decided."""

    decision: Decision
    drafts: tuple[tuple[Draft, tuple[TextView, ...]], ...]
    refused: tuple[RefusedView, ...]
    earlier: bool
    """Whether an earlier asking had it answered."""


def answer_view(answered: SlotAnswered, job: SlotJob, library: ContentLibrary, run_id: str) -> AnswerView:
    """The answer of one position."""
    return AnswerView(
        decision=answered.record.decision,
        drafts=tuple(
            (draft, tuple(texts_of(draft.kind, draft.copy_fields, job, library))) for draft in answered.drafts
        ),
        refused=tuple(_refused(item, job, library) for item in answered.refusals),
        earlier=answered.record.run_id != run_id,
    )


def _refused(item: Refusal, job: SlotJob, library: ContentLibrary) -> RefusedView:
    words = [finding.message for finding in item.findings]
    why = "; ".join(dict.fromkeys([*words, *filter(None, [item.detail])])) or SENTENCES[item.reason][0]
    return RefusedView(tuple(texts_of(job.kind.id, item.copy_fields, job, library)), why)
