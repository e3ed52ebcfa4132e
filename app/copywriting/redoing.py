"""Having a draft written anew with a wish: siblings of the draft, and the draft stays as it is."""

import asyncio
from dataclasses import dataclass, replace

from app.brief.json_document import JsonDocument
from app.copywriting.briefs import as_json
from app.copywriting.desk import Desk
from app.copywriting.places import SlotPlace, place_of_draft
from app.db.tables import Draft
from app.errors import Conflict, ContentError
from app.generation.cutoff import Cutoff
from app.generation.engine import Demand, Settled
from app.generation.plan import Redo, SlotJob, brief_problems, wish_problems
from app.generation.service import Generation

MOST_SIBLINGS = 10
LONGEST_NOTE = 500


def redo_place(desk: Desk, draft: Draft, note: str) -> SlotPlace:
    """The slot of a draft that may be written anew with this wish.

    Raises Conflict for a kind that no model writes, ContentError when a guardrail refuses the wish: it
    steers the model like the brief's own words.
    """
    place = place_of_draft(desk, draft)
    job = place.job
    if not job.kind.generated:
        raise Conflict(f"a '{job.kind.id}' is approved content and never written by a model", "write it")
    if job.kind.id not in job.brand.contract.may_generate:
        raise Conflict(f"the decision contract does not let a model write a '{job.kind.id}'", "write it")
    if job.suppressed is not None:
        raise Conflict(f"these readers get no '{job.kind.id}': {job.suppressed.words}", "other flags")
    stored = place.stored.content
    against = brief_problems(stored, JsonDocument.of(as_json(stored)), place.library)
    if against:
        words = f"the rules that serve now refuse brief '{stored.id}': {against[0].message}"
        raise Conflict(words, f"{against[0].expected or 'change the brief'} ({against[0].field})")
    problems = wish_problems(note, job, JsonDocument.of({"note": note}))
    if problems:
        raise ContentError(problems)
    return place


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a draft that is written anew, and how many siblings.

    `request_id` tells this asking from another with the same words.
    """

    note: str
    count: int
    by: str
    request_id: str


async def redo(
    desk: Desk,
    generation: Generation,
    place: SlotPlace,
    draft: Draft,
    wish: Wish,
    *,
    cutoff: Cutoff | None = None,
) -> Settled:
    """Ask the model for siblings. What passes is stored with `draft` as its parent; when nothing
    does no draft is made, and the decision says why.
    """
    job = await asyncio.to_thread(_job, desk, place, draft, wish)
    demand = Demand(requested_by=wish.by, content_version=desk.serving.version)
    (settled,) = await generation.run(place.library, desk.serving.prompts, [job], demand, cutoff=cutoff)
    return settled


def _job(desk: Desk, place: SlotPlace, draft: Draft, wish: Wish) -> SlotJob:
    """The draft's slot with other terms: nothing is reused, nothing is said that a draft of the slot says
    already, and nothing takes the place of what fails.
    """
    job = place.job
    (slot,) = desk.slots(place.stored, [job], place.library)
    others = tuple(item.draft.copy_fields for item in slot.candidates if item.draft.id != draft.id)
    request = job.request.model_copy(update={"variants": wish.count, "reuse": "never", "on_fallback": "hold"})
    redo_of = Redo(draft.id, draft.copy_fields, wish.note, wish.request_id, others)
    return replace(job, request=request, redo=redo_of)
