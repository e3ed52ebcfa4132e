"""POST /v1/variants: a brief in one call, answered at once or as a stream while slots are decided."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict

from app.api.answers import AnswerView, BriefRef, answer_view, slot_view
from app.api.deps import AsksModel, CallerDep, Repeatable, ServiceDep, ServingDep
from app.api.route import Route
from app.brand.roles import Scope
from app.brief.json_document import JsonDocument
from app.brief.models import Brief
from app.caller import Caller
from app.copywriting.desk import Desk
from app.copywriting.revising import keep_brief
from app.db.runs import NewRun
from app.errors import CopydeskError
from app.generation.engine import Demand, Retry, Settled, SlotDone
from app.generation.pattern import thin_patterns
from app.generation.plan import SlotJob, plan
from app.generation.summary import summarise
from app.http.deadline import deadline
from app.http.errors import FieldProblem, InvalidRequest
from app.http.problems import answer_for
from app.release.library import ContentLibrary
from app.release.serving import Serving
from app.service import Service

router = APIRouter(route_class=Route, prefix="/v1/variants", tags=["copy"])
STREAM = "text/event-stream"
FEW = 4
"""Variants of a brief that is checked and stored in milliseconds, which other requests can wait for."""
Seconds = Annotated[
    float | None,
    Query(gt=0, le=3600, description="The longest to wait for models; then open slots get approved content"),
]


@dataclass(frozen=True)
class Wishes:
    """How a brief is to be answered, by the content that serves."""

    serving: Serving
    retry: Retry
    seconds: float | None


async def wishes_of(
    serving: ServingDep,
    retry: Annotated[
        Retry,
        Query(description="Stored answers to ask for again: none, fallbacks for a passing reason, or all"),
    ] = Retry.NONE,
    seconds: Seconds = None,
) -> Wishes:
    """The query of an operation that asks a model."""
    return Wishes(serving, retry, seconds)


WishesDep = Annotated[Wishes, Depends(wishes_of)]


class Progress(BaseModel):
    """How far a request is: slots that have their answer, of all."""

    model_config = ConfigDict(frozen=True)

    done: int
    total: int


@dataclass(frozen=True)
class Asked:
    """A brief that was checked and stored, ready to be answered."""

    brief: BriefRef
    jobs: tuple[SlotJob, ...]
    library: ContentLibrary
    serving: Serving
    demand: Demand
    seconds: float | None
    run: NewRun | None = None
    """The run that answers it, where it is stored already."""


@router.post(
    "",
    operation_id="write_variants",
    summary="Have a brief answered",
    dependencies=[AsksModel, Repeatable],
    response_model=AnswerView,
    responses={
        200: {
            "description": "Every slot with its decision and its drafts. As a stream: `progress` and `slot` "
            "events while slots are decided, then `answer` with the whole, or `problem`.",
            "content": {STREAM: {"schema": {"type": "string"}}},
        }
    },
)
async def write_variants(
    body: Brief,
    request: Request,
    caller: CallerDep,
    service: ServiceDep,
    wishes: WishesDep,
) -> Response:
    """Check and store the brief, ask the model for every slot and segment, judge every line, and answer each
    slot: generated, reused, or with approved content and the reason. Slots that an earlier request had
    answered are not asked again unless `retry` says so. Drafts are stored as each slot is decided.
    """
    caller.require(body.brand, Scope.GENERATE)
    if check_size(service, body) <= FEW:
        asked = await service.store.promptly.run(prepare, service, caller, body, wishes)
    else:
        asked = await asyncio.to_thread(prepare, service, caller, body, wishes)
    if STREAM in request.headers.get("accept", ""):
        return StreamingResponse(_events(service, asked, request), media_type=STREAM)
    answer = await answered(service, asked)
    return JSONResponse(answer.model_dump(mode="json"))


def check_size(service: Service, brief: Brief) -> int:
    """How many variants a brief asks for. Raises InvalidRequest when one request may not ask for so many."""
    wanted = sum(slot.variants for slot in brief.slots) * len(brief.segments) * len(brief.targets)
    most = service.settings.request_variants
    if wanted <= most:
        return wanted
    words = f"the brief asks for {wanted} variants, one request may ask for {most}"
    fault = FieldProblem(
        pointer="/slots", field="slots", message=words, expected="fewer slots, segments or targets"
    )
    raise InvalidRequest(words, "split the brief, or ask for fewer variants", errors=[fault])


def prepare(service: Service, caller: Caller, brief: Brief, wishes: Wishes) -> Asked:
    """Check a brief with what serves, and store it. Raises ContentError with every problem, NotPermitted when
    it would change a stored one and the caller may not.
    """
    serving = wishes.serving
    library = serving.library(brief.brand)
    jobs = plan(brief, JsonDocument.of(brief.model_dump(mode="json")), library)
    desk = Desk(service.briefs, service.drafts, serving)
    may_change = caller.may(brief.brand, Scope.WRITE)
    demand = Demand(caller.email, wishes.retry, serving.version)
    run = service.generation.new_run(library, serving.prompts, jobs, demand)
    kept = keep_brief(desk, brief, library, by=caller.email, may_change=may_change, run=run)
    if run.answered is None:
        service.store.open_run(run)
    stored = kept.stored
    ref = BriefRef(brand=stored.brand, id=stored.id, revision=stored.revision)
    return Asked(ref, tuple(jobs), library, serving, demand, wishes.seconds, run)


async def answered(
    service: Service, asked: Asked, on_done: Callable[[SlotDone], None] | None = None
) -> AnswerView:
    """Every slot answered, within the request's time. Raises StorageError; finished slots stay stored."""
    started = time.monotonic()
    generation = service.generation
    async with deadline(service, asked.seconds) as cutoff:
        settled = await generation.run(
            asked.library,
            asked.serving.prompts,
            asked.jobs,
            asked.demand,
            opened=asked.run,
            cutoff=cutoff,
            on_done=on_done,
        )
    model = generation.models[0]
    thin = thin_patterns(asked.jobs, asked.library, model.profile)
    summary = summarise(settled, model.name, time.monotonic() - started, thin=thin)
    return answer_view(settled, summary, asked.brief, asked.serving.version)


async def _events(service: Service, asked: Asked, request: Request) -> AsyncIterator[bytes]:
    """The answer as events. The work goes on when the reader is gone, so that what was paid for is stored."""
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def decided(done: SlotDone) -> None:
        queue.put_nowait(_event("slot", slot_view(Settled(done.job, done.answer))))
        queue.put_nowait(_event("progress", Progress(done=done.done, total=done.total)))

    async def work() -> None:
        try:
            queue.put_nowait(_event("answer", await answered(service, asked, decided)))
        except CopydeskError as error:
            body = bytes(answer_for(error, request.scope).body).decode()
            queue.put_nowait(format_sse_event(data_str=body, event="problem"))
        finally:
            queue.put_nowait(None)

    queue.put_nowait(_event("progress", Progress(done=0, total=len(asked.jobs))))
    working = asyncio.create_task(work())
    service.background.add(working)
    working.add_done_callback(service.background.discard)
    while (event := await queue.get()) is not None:
        yield event


def _event(name: str, data: BaseModel) -> bytes:
    return format_sse_event(data_str=data.model_dump_json(), event=name)
