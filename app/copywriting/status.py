"""Where a brief stands: for each target, segment and slot what is there, what blocks export, who must act.

Export asks the gate. The reasons here are the gate's own, as of the moment of sending, and to them come those
that the gate cannot know: a slot that was never answered, and copy that was written for an earlier brief.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from pydantic import Field

from app.blocks.registry import REQUIRED
from app.brand.roles import PersonRole
from app.copywriting.briefs import lenient_jobs
from app.copywriting.desk import Desk
from app.copywriting.models import Strict
from app.copywriting.places import place_of
from app.copywriting.slots import Candidate, InMemory, SlotNow
from app.copywriting.whole_emails import lacking_emails
from app.db.service_tables import StoredBrief
from app.db.tables import DraftState, Origin
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob
from app.release.approvals import COPYWRITER, Obstacle
from app.release.gate import Gate
from app.release.kept_back import kept_back
from app.release.library import ContentLibrary
from app.verdicts.decisions import Outcome, Reason, WhoActs
from app.verdicts.reports import Verdict


class Blocking(Strict):
    """One thing that keeps content from being exported, and the roles that can do something about it."""

    reason: str
    who: tuple[str, ...]


class DraftStatus(Strict):
    """One draft of a slot; `blocking` is empty when it could be exported as it is."""

    id: str
    state: DraftState
    origin: Origin
    author: str
    revision: int
    block: str | None
    """The approved block that it is word for word."""
    verdict: Verdict
    """As of the moment of sending, with the facts and rules of now."""
    blocking: tuple[Blocking, ...]


class SlotStatus(Strict):
    """One slot of one email. `outcome` and `reason` are those of its latest answer, empty without one."""

    kind: str
    required: bool
    outcome: Outcome | None
    reason: Reason | None
    sentence: str
    held: bool
    wanted: int
    """How many variants the brief asks for."""
    suppressed: str = ""
    """Which suppression flag keeps the block or the email from these readers, and why; else empty."""
    drafts: tuple[DraftStatus, ...]
    ready: bool
    """Whether one of the drafts can be exported, or the slot may stay out."""
    blocking: tuple[Blocking, ...]
    """What keeps the draft that would be used from being exported; empty when the slot is ready."""


class EmailStatus(Strict):
    """One email: a target and a segment. `blocking` is about the email as a whole.

    `stopped` says which suppression flag stops it, and why; there is nothing to export then.
    """

    locale: str
    market: str
    segment: str
    send_at: dt.datetime
    stopped: str = ""
    ready: bool
    blocking: tuple[Blocking, ...]
    slots: tuple[SlotStatus, ...]


class BriefStatus(Strict):
    """A brief with all its emails. `who_acts` counts the slots that wait for each role."""

    brief: str
    brand: str
    name: str
    revision: int
    owner: str
    problems: tuple[str, ...] = ()
    """What the rules that serve now hold against the brief itself."""
    slots: int
    ready: int
    emails_ready: int
    emails_stopped: int = 0
    """Emails that a suppression flag stops: nobody has to do anything about them."""
    who_acts: dict[str, int] = Field(default_factory=dict)
    emails: tuple[EmailStatus, ...]


def status_of(desk: Desk, stored: StoredBrief) -> BriefStatus:
    """Where a stored brief stands. Raises ContentError when its brand does not serve."""
    library = desk.library(stored.brand)
    jobs, problems = lenient_jobs(stored, library)
    whole = lacking_emails(desk, stored, library, jobs)
    return brief_status(stored, desk.slots(stored, jobs, library), library, problems, whole)


def brief_status(
    stored: StoredBrief,
    slots: Sequence[SlotNow],
    library: ContentLibrary,
    problems: Sequence[str] = (),
    whole: Mapping[tuple[str, str], Sequence[Obstacle]] = MappingProxyType({}),
) -> BriefStatus:
    """The status of a brief from what stands in its slots now; `whole` is what emails lack as a whole, by
    locale and segment.
    """
    gate = Gate(InMemory(item.draft for slot in slots for item in slot.candidates))
    emails: dict[tuple[str, str], list[SlotNow]] = {}
    for slot in slots:
        emails.setdefault((slot.job.target.locale, slot.job.segment.id), []).append(slot)
    answered = tuple(_email(items, library, gate, whole.get(key, ())) for key, items in emails.items())
    lines = [line for email in answered for line in email.slots]
    waiting = Counter(role for line in lines for role in _waits_for(line.blocking))
    waiting.update(role for email in answered for role in _waits_for(email.blocking))
    return BriefStatus(
        brief=stored.id,
        brand=stored.brand,
        name=stored.name,
        revision=stored.revision,
        owner=stored.owner,
        problems=tuple(problems),
        slots=len(lines),
        ready=sum(line.ready for line in lines),
        emails_ready=sum(email.ready for email in answered) if not problems else 0,
        emails_stopped=sum(bool(email.stopped) for email in answered),
        who_acts=dict(waiting.most_common()),
        emails=answered,
    )


def _waits_for(blocking: Sequence[Blocking]) -> set[str]:
    return {role for item in blocking for role in item.who}


def _email(
    slots: Sequence[SlotNow], library: ContentLibrary, gate: Gate, whole: Sequence[Obstacle]
) -> EmailStatus:
    job = slots[0].job
    lines = tuple(_slot(slot, library, gate) for slot in slots)
    stop = job.suppressed if job.stopped else None
    asked_for = {slot.job.kind.id for slot in slots}
    missing = tuple(
        Blocking(reason=f"{kind}: is required and the brief has no slot for it", who=COPYWRITER)
        for kind in REQUIRED
        if kind not in asked_for
    ) + tuple(Blocking(reason=item.words, who=item.who) for item in whole)
    return EmailStatus(
        locale=job.target.locale,
        market=job.target.market,
        segment=job.segment.id,
        send_at=job.target.window.send_at,
        stopped=stop.words if stop is not None else "",
        ready=stop is None and not missing and all(line.ready for line in lines),
        blocking=missing if stop is None else (),
        slots=lines,
    )


def _slot(slot: SlotNow, library: ContentLibrary, gate: Gate) -> SlotStatus:
    job, decision = slot.job, slot.record.decision if slot.record else None
    if job.suppressed is not None:  # whatever was stored before, as of now these readers get none
        decision = kept_back(job.suppressed)
    drafts = tuple(_draft(item, job, library, gate) for item in slot.candidates)
    ready = job.suppressed is not None or any(not draft.blocking for draft in drafts)
    blocking = () if ready else drafts[0].blocking if drafts else tuple(_empty(slot))
    return SlotStatus(
        kind=job.kind.id,
        required=job.kind.required,
        outcome=decision.outcome if decision else None,
        reason=decision.reason if decision else None,
        sentence=decision.sentence if decision else "Nothing has been asked for this slot yet.",
        held=decision.held if decision else False,
        wanted=job.request.variants,
        suppressed=decision.suppressed if decision else "",
        drafts=drafts,
        ready=ready or not blocking,
        blocking=blocking,
    )


def _draft(item: Candidate, job: SlotJob, library: ContentLibrary, gate: Gate) -> DraftStatus:
    content = item.content
    report = judge_of(job, library)(content, facts=job.facts, as_of=job.as_of)
    found = [*_changed(item), *gate.obstacles(content, place_of(job, library), report)]
    draft = item.draft
    return DraftStatus(
        id=draft.id,
        state=draft.state,
        origin=draft.origin,
        author=draft.author,
        revision=draft.revision,
        block=item.block.id if item.block else None,
        verdict=report.verdict,
        blocking=tuple(Blocking(reason=obstacle.words, who=obstacle.who) for obstacle in found),
    )


def _changed(item: Candidate) -> Iterator[Obstacle]:
    if item.changed:
        yield Obstacle(
            f"the brief asks otherwise since this was written: {', '.join(item.changed)}", COPYWRITER
        )


def _empty(slot: SlotNow) -> Iterator[Blocking]:
    """Why a slot without any copy blocks; nothing for an optional one that was left out on purpose."""
    if slot.record is None:
        yield Blocking(reason="nothing has been generated or written for this slot yet", who=COPYWRITER)
        return
    decision = slot.record.decision
    if decision.outcome is Outcome.LEFT_OUT and not decision.held:
        return
    who = decision.who_acts if decision.who_acts is not WhoActs.NOBODY else WhoActs.COPYWRITER
    if decision.held:
        kind = "is required and missing" if slot.job.request.on_fallback == "use" else "is held for a person"
        yield Blocking(reason=f"{slot.job.kind.id} {kind}. {decision.sentence}", who=(who.value,))
        return
    yield Blocking(reason="its drafts were rejected or withdrawn", who=(PersonRole.COPYWRITER.value,))
