"""The slot of a stored brief that a draft stands in, and the judgement of copy that people write for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.blocks.registry import KINDS
from app.brand.markets import market_of
from app.brief.json_document import JsonDocument
from app.copywriting.desk import Desk
from app.db.service_tables import StoredBrief
from app.db.tables import Draft
from app.db.waivers import Waivers
from app.errors import Conflict, ContentError, UsageError
from app.generation.hashing import Named, name_content, name_slot
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob, jobs_of
from app.release.approvals import Place
from app.release.content import SlotContent
from app.release.library import ContentLibrary
from app.release.values import Surroundings
from app.verdicts.reports import GuardReport, Verdict
from app.verdicts.waivers import Waiver, counted
from app.yaml12 import nearest

LONGEST_FIELD = 2000
"""Characters of one field that a person may send; the guardrails' limits are far lower and say more."""


@dataclass(frozen=True)
class SlotPlace:
    """One slot of a stored brief, with the brand as it serves."""

    stored: StoredBrief
    job: SlotJob
    library: ContentLibrary


def place_for(desk: Desk, stored: StoredBrief, *, locale: str, segment: str, kind: str) -> SlotPlace:
    """The slot that a request names by locale, segment and kind. Raises ContentError for a name that the
    brief does not have, Conflict when the brief names what does not exist any more.
    """
    library = desk.library(stored.brand)
    jobs = _jobs(stored, library)
    key = (locale, library.brand.aliases.get(segment, segment), kind)
    asked = JsonDocument.of({})
    problems = [
        asked.problem((field,), f"brief '{stored.id}' has no {field} '{name}'", nearest(name, known))
        for place, (field, name) in enumerate(zip(("locale", "segment", "kind"), key, strict=True))
        if name not in (known := {job.key[place] for job in jobs})
    ]
    if problems:
        raise ContentError(problems)
    return SlotPlace(stored, next(job for job in jobs if job.key == key), library)


def place_of_draft(desk: Desk, draft: Draft) -> SlotPlace:
    """The slot that a draft was written for. Raises Conflict when the brief does not have it (any more)."""
    stored = desk.briefs.find(draft.brand, draft.brief_id)
    if stored is None:
        words = f"the brief '{draft.brief_id}' of this draft is not stored"
        raise Conflict(words, "store the brief, then its facts are known")
    library = desk.library(stored.brand)
    key = (draft.locale, library.brand.aliases.get(draft.segment, draft.segment), draft.kind)
    for job in _jobs(stored, library):
        if job.key == key:
            return SlotPlace(stored, job, library)
    raise Conflict(
        f"brief '{stored.id}' has no slot {' '.join(key)} any more, for which this draft was written",
        "the brief has to ask for it again",
    )


def _jobs(stored: StoredBrief, library: ContentLibrary) -> list[SlotJob]:
    try:
        return jobs_of(stored.content, library)
    except UsageError as error:
        raise Conflict(f"brief '{stored.id}' cannot be used as it is: {error.message}", error.hint) from error


def judged(desk: Desk, place: SlotPlace, draft: Draft) -> GuardReport:
    """The report on a draft with the facts of its slot, as of the moment of sending, as the gate judges.

    Waivers of such texts count. Where a model judges as well, it is asked about copy that the rules pass, and
    its answers go on the draft's receipt. Answers about the copy that stood there before are dropped.
    """
    draft.receipt = draft.receipt.model_copy(
        update={"judgements": None, "waivers": _waivers(desk, place, draft)}
    )
    report = by_receipt(place, draft)
    if desk.asking is None:
        return only_counted(draft, report)
    passes = report.verdict is Verdict.PASS
    judgements = desk.asking(list(draft.copy_fields.values()) if passes else [])
    draft.receipt = draft.receipt.model_copy(update={"judgements": judgements})
    return only_counted(draft, by_receipt(place, draft))


def only_counted(draft: Draft, report: GuardReport) -> GuardReport:
    """The report; the draft's receipt keeps the waivers that let something in it pass."""
    kept = tuple(item for item in draft.receipt.waivers if item.id in counted(report))
    draft.receipt = draft.receipt.model_copy(update={"waivers": kept})
    return report


def _waivers(desk: Desk, place: SlotPlace, draft: Draft) -> tuple[Waiver, ...]:
    """What people let pass in such texts, for the slot's market and locale."""
    target = place.job.target
    market = market_of(target.market, target.locale)
    texts = draft.copy_fields.values()
    found = Waivers(desk.drafts.engine).standing(draft.brand, target.locale, market, list(texts))
    return tuple(row.given for row in found)


def place_of(
    job: SlotJob, library: ContentLibrary, jobs: Sequence[SlotJob] = (), *, segment: str | None = None
) -> Place:
    """The email that a slot belongs to, as of the moment of sending. `jobs` are all of its slots, where more
    than the one matters; `segment` is who reads it, where that is not the slot's own.
    """
    return Place(
        library,
        job.brief.journey.value,
        job.segment.id if segment is None else segment,
        job.facts,
        job.as_of,
        job.target.market,
        job.target.flags,
        brief=job.brief.id,
        slots=around(jobs or [job]),
    )


def around(jobs: Iterable[SlotJob]) -> dict[str, Surroundings]:
    """What stands around the words of each slot, by kind."""
    return {job.kind.id: job.around for job in jobs}


def by_receipt(place: SlotPlace, draft: Draft) -> GuardReport:
    """The report on a draft with the model's answers and the waivers that its receipt has."""
    job = place.job
    return judge_of(job, place.library)(SlotContent.of_draft(draft), facts=job.facts, as_of=job.as_of)


def named_now(desk: Desk, place: SlotPlace) -> Named:
    """What a verdict of now rests on; the prompt is part of it only where a model wrote."""
    content = name_content(place.library, desk.serving.prompts, desk.serving.version)
    named = name_slot(content, place.job)
    return Named(named.hashes.model_copy(update={"prompt": ""}), named.blobs)


def whole_copy(kind: str, fields: Mapping[str, Any], at: str = "copy_fields") -> dict[str, str]:
    """The fields of a kind, each once and none empty. Raises ContentError that names each fault."""
    document = JsonDocument.of({at: dict(fields)})
    specs = KINDS[kind].schema.specs()
    problems = [
        document.problem((at, name), f"a '{kind}' has no field '{name}'", nearest(name, specs))
        for name in fields
        if name not in specs
    ]
    problems += [
        document.problem((at,), f"'{name}' is missing", f"every field of a '{kind}': {', '.join(specs)}")
        for name in specs
        if name not in fields
    ]
    problems += [
        document.problem((at, name), "is empty", "copy for every field")
        for name, text in fields.items()
        if name in specs and not str(text).strip()
    ]
    if problems:
        raise ContentError(problems)
    try:
        return KINDS[kind].schema.model_validate(dict(fields)).texts()
    except ValidationError as error:
        first = error.errors()[0]
        raise ContentError([document.problem((at, *first["loc"]), str(first["msg"]))]) from error
