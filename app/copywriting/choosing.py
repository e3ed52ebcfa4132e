"""Choosing what ships: for each slot and segment one approved variant, or a named test set with its control.

Nothing is picked silently: what has not been chosen is not exported. Only what the gate would let pass as of
the moment of sending can be chosen, and each choice is stored with who made it and when.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock
from app.brief.json_document import JsonDocument
from app.copywriting.desk import Desk
from app.copywriting.places import SlotPlace, place_for, place_of
from app.copywriting.slots import InMemory, SlotNow
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, Origin
from app.errors import ContentError, NotFound, Problem, ReleaseRefused
from app.generation.kept_answers import content_of, judge_of
from app.generation.plan import SlotJob, jobs_of
from app.release.content import SlotContent
from app.release.gate import Gate
from app.release.library import ContentLibrary
from app.release.whole import EmailApprovals
from app.yaml12 import nearest

FEWEST_ARMS, MOST_ARMS = 2, 5
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Option:
    """Something that may stand in a slot; `reasons` keep it from being chosen, none when it can be."""

    content: SlotContent
    reasons: tuple[str, ...]

    @property
    def arm(self) -> Arm:
        """The choice of it alone."""
        source = self.content.source
        if isinstance(source, ApprovedBlock):
            return Arm(name=SINGLE, block=source.id)
        return Arm(name=SINGLE, draft=source.id if source is not None else None)


@dataclass(frozen=True)
class SlotOptions:
    """One slot with all that could stand there, and what was chosen."""

    job: SlotJob
    options: tuple[Option, ...]
    chosen: ChosenSlot | None

    @property
    def ready(self) -> tuple[Option, ...]:
        """What can be chosen."""
        return tuple(option for option in self.options if not option.reasons)


def options_of(
    desk: Desk, exports: Exports, stored: StoredBrief, *, locale: str | None = None
) -> list[SlotOptions]:
    """Every slot of a stored brief with its drafts, then the approved blocks that fit it; with `locale` only
    those of it. Slots that a suppression flag keeps from their readers are none.
    """
    library = desk.library(stored.brand)
    jobs = [
        job
        for job in jobs_of(stored.content, library)
        if job.suppressed is None and locale in (None, job.target.locale)
    ]
    chosen = exports.chosen(stored.brand, stored.id)
    slots = desk.slots(stored, jobs, library)
    gate = Gate(InMemory(item.draft for slot in slots for item in slot.candidates))
    return [
        SlotOptions(slot.job, tuple(_options(slot, library, gate)), chosen.get(slot.job.key))
        for slot in slots
    ]


def _options(slot: SlotNow, library: ContentLibrary, gate: Gate) -> Iterator[Option]:
    known = set()
    for candidate in slot.candidates:
        known.add(candidate.block.id if candidate.block else "")
        changed = f"the brief asks otherwise since: {', '.join(candidate.changed)}"
        reasons = obstacles(candidate.content, slot.job, library, gate)
        yield Option(candidate.content, (*((changed,) if candidate.changed else ()), *reasons))
    for placed in library.blocks:
        block = placed.block
        if block.id not in known and _fits(block, slot.job, library):
            content = SlotContent.of_block(block)
            yield Option(content, obstacles(content, slot.job, library, gate))


def _fits(block: ApprovedBlock, job: SlotJob, library: ContentLibrary) -> bool:
    segments = {library.brand.aliases.get(name, name) for name in block.segments}
    return (
        block.kind == job.kind.id
        and job.target.locale in block.locales
        and block.journey in (None, job.brief.journey.value)
        and (not segments or job.segment.id in segments)
    )


def obstacles(content: SlotContent, job: SlotJob, library: ContentLibrary, gate: Gate) -> tuple[str, ...]:
    """Why the gate would not let this content pass in a slot, as of the moment of sending."""
    report = judge_of(job, library)(content, facts=job.facts, as_of=job.as_of)
    return tuple(item.words for item in gate.obstacles(content, place_of(job, library), report))


def choose_ready(desk: Desk, exports: Exports, stored: StoredBrief, by: str) -> list[ChosenSlot]:
    """For each slot without a choice that has just one thing to choose, choose that; returns the new rows."""
    rows = [
        _row(stored, slot.job, "", (slot.ready[0].arm,), by)
        for slot in options_of(desk, exports, stored)
        if slot.chosen is None and len(slot.ready) == 1
    ]
    exports.choose(rows)
    return rows


def choose(
    desk: Desk,
    exports: Exports,
    stored: StoredBrief,
    key: Key,
    arms: Sequence[Arm],
    *,
    by: str,
    test: str = "",
    choice_id: str | None = None,
) -> ChosenSlot:
    """Choose what stands in one slot: one arm, or with `test` several, of which one is the control. With the
    id of an earlier choice that one stays, and is answered.

    Raises ContentError with every reason why the choice cannot ship.
    """
    locale, segment, kind = key
    place = place_for(desk, stored, locale=locale, segment=segment, kind=kind)
    problems = list(_problems(desk, place, arms, test))
    if problems:
        raise ContentError(problems)
    row = _row(stored, place.job, test, tuple(arms), by)
    row.id = choice_id or row.id
    return exports.choose([row])[0]


def _row(stored: StoredBrief, job: SlotJob, test: str, arms: tuple[Arm, ...], by: str) -> ChosenSlot:
    locale, segment, kind = job.key
    return ChosenSlot(
        brand=stored.brand,
        brief_id=stored.id,
        locale=locale,
        segment=segment,
        kind=kind,
        test=test,
        arms=arms,
        chosen_by=by,
    )


def _problems(desk: Desk, place: SlotPlace, arms: Sequence[Arm], test: str) -> Iterator[Problem]:
    asked = JsonDocument.of({})
    names = [arm.name for arm in arms]
    if test:
        if not FEWEST_ARMS <= len(arms) <= MOST_ARMS:
            words = f"a test has {FEWEST_ARMS} to {MOST_ARMS} arms, this one has {len(arms)}"
            yield asked.problem(("arms",), words)
        if sum(arm.control for arm in arms) != 1:
            yield asked.problem(("arms",), "one arm is the control", "exactly one with control")
    elif len(arms) != 1:
        yield asked.problem(("arms",), f"{len(arms)} arms and no test", "one arm, or the name of a test")
    if len(set(names)) < len(names):
        yield asked.problem(("arms",), "two arms have the same name")
    for index, arm in enumerate(arms):
        for words, hint in _faults(desk, place, arm):
            yield asked.problem(("arms", index), words, hint)


def _faults(desk: Desk, place: SlotPlace, arm: Arm) -> Iterator[tuple[str, str]]:
    job, library = place.job, place.library
    try:
        content = content_of_arm(desk, library, arm)
    except NotFound as error:
        yield error.message, error.hint
        return
    if content is None:
        if job.kind.required:
            yield f"a {job.kind.id} is required and cannot be left out", "a draft or a block"
        return
    if arm.control and not _by_a_person(content):
        yield "the control was not written by a person", "a draft that a person wrote, or an approved block"
    for words in obstacles(content, job, library, gate_over([content])):
        yield words, "what is approved and passes now"


def content_of_arm(desk: Desk, library: ContentLibrary, arm: Arm) -> SlotContent | None:
    """What an arm shows; None where it leaves the slot out. Raises NotFound for a draft or a block that is
    not there (any more).
    """
    if arm.draft is not None:
        return content_of(desk.drafts.find(arm.draft, [library.brand.id]), library)
    return block_content(library, arm.block) if arm.block is not None else None


def block_content(library: ContentLibrary, block: str) -> SlotContent:
    """The content of an approved block. Raises NotFound with the nearest known one."""
    placed = library.find(block)
    if placed is None:
        hint = nearest(block, [item.block.id for item in library.blocks])
        raise NotFound(f"there is no approved block '{block}'", hint)
    return SlotContent.of_block(placed.block)


def gate_over(contents: Iterable[SlotContent], emails: EmailApprovals | None = None) -> Gate:
    """The gate over content whose drafts were read just now."""
    drafts = InMemory(item.source for item in contents if isinstance(item.source, Draft))
    return Gate(drafts, emails=emails)


def _by_a_person(content: SlotContent) -> bool:
    source = content.source
    return isinstance(source, ApprovedBlock) or (isinstance(source, Draft) and source.origin is Origin.HUMAN)


def arms_of(chosen: Sequence[ChosenSlot]) -> tuple[str, ...]:
    """The names of the arms of one email whose slots were chosen so. Raises ReleaseRefused where its
    slots belong to different tests, or to one test with different arms.
    """
    tests = {row.test: tuple(arm.name for arm in row.arms) for row in chosen if row.test}
    same = {frozenset(arm.name for arm in row.arms) for row in chosen if row.test}
    if len(tests) > 1 or len(same) > 1:
        names = ", ".join(sorted(tests))
        raise ReleaseRefused(
            [f"the slots belong to different tests or arms: {names}"], "one test for an email"
        )
    return next(iter(tests.values()), (SINGLE,))
