"""What is done with a stored brief: where it stands, having it answered, changing its facts."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import AnswerView, BriefRef
from app.api.deps import AsksModel, CallerDep, Repeatable, ServiceDep
from app.api.etags import SeenDep, etag
from app.api.examples import FACTS, FACTS_EFFECT, STATUS
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.route import Route
from app.api.routes.variants import Asked, answered
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.briefs import chosen_jobs, jobs_as_stored
from app.copywriting.desk import Desk
from app.copywriting.fact_changes import FactsEffect, TargetChange, apply_facts, preview_facts
from app.copywriting.status import BriefStatus, status_of
from app.generation.engine import Demand, Retry
from app.generation.plan import SlotJob
from app.http.errors import FieldProblem, InvalidRequest
from app.service import Service

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}", tags=["briefs"])
Name = Annotated[str, Field(max_length=60)]
Names = Annotated[tuple[Name, ...], Field(max_length=40)]


class StatusView(BriefStatus):
    """A brief with all its emails. `who_acts` counts the slots that wait for each role."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [STATUS]})


class FactsView(FactsEffect):
    """What a change of facts does. `revision` is the one it was worked out for, or that it made."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [FACTS_EFFECT]})


class Selection(BaseModel):
    """Which slots to answer; an empty list means all. `seconds` is the longest to wait for models."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"segments": ["weekend_hikers"], "kinds": ["hero"]}]},
    )

    locales: Names = ()
    segments: Names = Field(default=(), description="Ids or aliases")
    kinds: Names = Field(default=(), description="Block kinds, such as hero")
    seconds: Annotated[float | None, Field(gt=0, le=3600)] = None


class RetrySelection(Selection):
    """Which slots to ask for again, and which of their answers: fallbacks for a reason that passes by itself,
    or all.
    """

    retry: Annotated[Retry, Field(description="transient or all")] = Retry.TRANSIENT


ALL = Selection()
ALL_TRANSIENT = RetrySelection()


class FactsRequest(BaseModel):
    """What changes at which targets. Without `apply` the effect is shown and nothing is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [FACTS]})

    apply: bool = False
    targets: Annotated[tuple[TargetChange, ...], Field(min_length=1, max_length=20)]


@router.get("/status", operation_id="get_brief_status", summary="Where a brief stands")
def get_status(
    *, brief_id: BriefPath, response: Response, caller: CallerDep, desk: DeskDep, brand: BriefBrand = None
) -> StatusView:
    """Target by segment by slot: what is there, what blocks export, and who must act.

    The reasons are those of the release gate, as of the moment of sending.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    response.headers["ETag"] = etag(stored.revision)
    return StatusView.model_validate(status_of(desk, stored).model_dump())


@router.post(
    "/generate",
    operation_id="generate_brief",
    summary="Have a stored brief answered",
    dependencies=[AsksModel, Repeatable],
)
async def generate(
    *,
    brief_id: BriefPath,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    body: Annotated[Selection, Body()] = ALL,
    brand: BriefBrand = None,
) -> AnswerView:
    """Answer every slot, or those named: generated, reused, or with approved content and the reason. Slots
    that were answered before, and whose copy still passes, are not asked again.
    """
    return await _answer(service, desk, caller, named=(brief_id, brand), wanted=body, retry=Retry.NONE)


@router.post(
    "/retry",
    operation_id="retry_brief",
    summary="Ask again for answers of a stored brief",
    dependencies=[AsksModel, Repeatable],
)
async def retry(
    *,
    brief_id: BriefPath,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    body: Annotated[RetrySelection, Body()] = ALL_TRANSIENT,
    brand: BriefBrand = None,
) -> AnswerView:
    """Ask the model again: for slots that fell back for a reason that passes by itself (`transient`), or for
    every slot (`all`). Drafts that nobody has taken up are withdrawn when a new answer takes their place.
    """
    return await _answer(service, desk, caller, named=(brief_id, brand), wanted=body, retry=body.retry)


async def _answer(
    service: Service,
    desk: Desk,
    caller: Caller,
    *,
    named: tuple[str, str | None],
    wanted: Selection,
    retry: Retry,
) -> AnswerView:
    """No transaction is open while a model is asked: the brief is read before, drafts are stored after."""

    def prepared() -> Asked:
        stored = brief_for(desk, caller, *named, Scope.GENERATE)
        library = desk.library(stored.brand)
        jobs = chosen_jobs(
            jobs_as_stored(stored, library),
            locales=wanted.locales,
            segments=wanted.segments,
            kinds=wanted.kinds,
        )
        _check_size(service, jobs)
        ref = BriefRef(brand=stored.brand, id=stored.id, revision=stored.revision)
        demand = Demand(caller.email, retry, desk.serving.version)
        return Asked(ref, tuple(jobs), library, desk.serving, demand, wanted.seconds)

    return await answered(service, await asyncio.to_thread(prepared))


def _check_size(service: Service, jobs: Sequence[SlotJob]) -> None:
    """Raises InvalidRequest when more variants are asked for than one request may."""
    count, most = sum(job.request.variants for job in jobs), service.settings.request_variants
    if count > most:
        words = f"these slots ask for {count} variants, one request may ask for {most}"
        fault = FieldProblem(message=words, expected="some of the locales, segments or kinds at a time")
        raise InvalidRequest(words, "name locales, segments or kinds", errors=[fault])


@router.patch("/facts", operation_id="patch_brief_facts", summary="Change a brief's facts")
def change_facts(
    *,
    brief_id: BriefPath,
    body: FactsRequest,
    response: Response,
    caller: CallerDep,
    desk: DeskDep,
    seen: SeenDep,
    brand: BriefBrand = None,
) -> FactsView:
    """Show what new facts, links, windows or feeds do to existing copy: findings it would get, approvals that
    end, emails that would read otherwise. With `apply` (and If-Match) the change is stored with all of that
    at once; copy is kept and no model is asked. Pointers of problems lead into the brief as it would be.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.WRITE)
    what, library = f"brief '{stored.id}'", desk.library(stored.brand)
    if body.apply:
        seen.require(stored.revision, what)
        shown = apply_facts(desk, stored, body.targets, library, by=caller.email)
    else:
        seen.allow(stored.revision, what)
        shown = preview_facts(desk, stored, body.targets, library)
    response.headers["ETag"] = etag(shown.revision)
    return FactsView.model_validate(shown.model_dump())
