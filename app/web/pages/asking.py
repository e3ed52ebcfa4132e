"""Asking the model for variants of a brief, and watching them arrive. Leaving the page does not end it."""

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.sse import format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import StreamingResponse

from app.blocks.approved import digest
from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.asking import (
    RunProgress,
    SlotProgress,
    Wanted,
    Watching,
    brief_at,
    narrowed,
    wanted_jobs,
)
from app.copywriting.desk import Desk
from app.db.run_answers import RunAnswers
from app.db.runs import NewRun
from app.db.service_tables import StoredBrief
from app.db.tables import new_id
from app.errors import ContentError, CopydeskError, NotFound, StorageError, UsageError
from app.generation.engine import Demand, Retry
from app.generation.plan import SlotJob, jobs_of
from app.http.deadline import deadline
from app.http.errors import InvalidRequest
from app.release.library import ContentLibrary
from app.service import Service
from app.web.copy_page.office import AnswersDep, BriefDep, count_model, said_of
from app.web.copy_page.views import answer_view
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.office import DeskDep
from app.web.pages.copy import BRIEF
from app.web.rendering import environment
from app.web.visit import Visit

router = APIRouter()
RUN = BRIEF + "/runs/{run_id}"
LOOK_SECONDS = 0.4
"""How often is looked for new answers while somebody watches."""
STREAM_SECONDS = 240.0
"""After which the stream ends; a browser that still watches opens it again."""
SLACK = dt.timedelta(seconds=30)
MOST_NAMES = 40
MOST_VARIANTS = 10
_COUNTS = ("", *(str(number) for number in range(1, MOST_VARIANTS + 1)))
RunId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Names = Annotated[list[str], Query(max_length=MOST_NAMES)]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asked:
    """A run that is stored and can begin."""

    jobs: list[SlotJob]
    demand: Demand
    run: NewRun


async def wanted_of(
    *,
    revision: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    locale: Names = [],  # noqa: B006  # FastAPI copies it
    audience: Names = [],  # noqa: B006
    position: Names = [],  # noqa: B006
    count: Annotated[int, Query(ge=0, le=MOST_VARIANTS)] = 0,
    again: Annotated[Retry, Query()] = Retry.NONE,
) -> Wanted:
    """What a run was asked for, as its address says."""
    return Wanted(revision, tuple(locale), tuple(audience), tuple(position), count, again)


WantedDep = Annotated[Wanted, Depends(wanted_of)]


@router.get(BRIEF + "/ask")
def ask_page(
    *, visit: VisitDep, caller: SignedIn, brand: BrandDep, stored: BriefDep, desk: DeskDep
) -> Response:
    """The form: which audiences and positions, how many, and what of that is asked again."""
    caller.require(brand, Scope.GENERATE)
    return _show_form(visit, desk, stored, Wanted(stored.revision))


@router.post(BRIEF + "/ask")
async def ask(
    *,
    request: Request,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    stored: BriefDep,
    desk: DeskDep,
    answers: AnswersDep,
) -> Response:
    """Begin, and lead to the page that shows the answers. The same form sent again leads to the same run."""
    caller.require(brand, Scope.GENERATE)
    form = await request.form()
    wanted = _wanted(form)
    told = [str(form.get("once", "")), caller.identity.person_id, brand, stored.id, repr(wanted)]
    run_id = digest(told)[:32]
    where = f"/brands/{brand}/briefs/{stored.id}/runs/{run_id}?{_query(wanted)}"
    if await run_in_threadpool(answers.run, run_id) is not None:
        return visit.go(where)
    if wanted.revision != stored.revision:
        words = (
            f"the brief was changed meanwhile, it is at revision {stored.revision} now; look at it, then ask"
        )
        return await run_in_threadpool(_show_form, visit, desk, stored, wanted, [words])
    try:
        asked = await run_in_threadpool(_prepare, visit, caller, desk, stored, wanted=wanted, run_id=run_id)
        count_model(request, caller)
        await run_in_threadpool(visit.service.store.open_run, asked.run)
    except ContentError as error:
        problems = said_of(error)
        return await run_in_threadpool(_show_form, visit, desk, stored, wanted, problems)
    except StorageError:
        if await run_in_threadpool(answers.run, run_id) is None:
            raise
        return visit.go(where)  # the same form came twice at the same moment
    _begin(visit, desk.library(brand), asked)
    return visit.go(where)


@router.get(RUN)
def run_page(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    stored: BriefDep,
    desk: DeskDep,
    answers: AnswersDep,
    run_id: RunId,
    wanted: WantedDep,
) -> Response:
    """How far a run is, and its answers so far."""
    watching = _watching(visit, desk, stored, answers=answers, run_id=run_id, wanted=wanted)
    progress = watching.progress(dt.datetime.now(dt.UTC))
    library = desk.library(brand)
    return visit.show(
        "run.html.jinja",
        brand=brand,
        stored=stored,
        progress=progress,
        items=[_item(number, slot, library, progress) for number, slot in enumerate(progress.slots)],
        events=f"{visit.request.url.path}/events?{visit.request.url.query}",
        may_submit=caller.may(brand, Scope.REVIEW),
    )


@router.get(RUN + "/events")
def run_events(
    *,
    visit: VisitDep,
    brand: BrandDep,
    stored: BriefDep,
    desk: DeskDep,
    answers: AnswersDep,
    run_id: RunId,
    wanted: WantedDep,
) -> Response:
    """The same as events: `slot` with its part of the page, `progress`, and `end` once nothing more comes."""
    watching = _watching(visit, desk, stored, answers=answers, run_id=run_id, wanted=wanted)
    watching.progress(dt.datetime.now(dt.UTC))
    stream = _events(visit.service, watching, desk.library(brand))
    return StreamingResponse(stream, media_type="text/event-stream")


async def _events(service: Service, watching: Watching, library: ContentLibrary) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    ends = loop.time() + STREAM_SECONDS
    sent: dict[int, str] = {}
    told = -1
    while loop.time() < ends and not service.draining.begun:
        progress = await asyncio.to_thread(watching.progress, dt.datetime.now(dt.UTC))
        for number, slot in enumerate(progress.slots):
            if slot.version and sent.get(number) != slot.version:
                sent[number] = slot.version
                part = await asyncio.to_thread(_part, _item(number, slot, library, progress))
                yield _event("slot", {"number": number, "part": part})
        if progress.done != told:
            told = progress.done
            yield _event("progress", {"done": told, "total": len(progress.slots)})
        if progress.over:
            yield _event("end", {"cut_off": progress.cut_off})
            return
        await asyncio.sleep(LOOK_SECONDS)


def _event(name: str, data: object) -> bytes:
    return format_sse_event(data_str=json.dumps(data), event=name)


def _part(item: dict[str, object]) -> str:
    """The part of the page that one position takes."""
    return environment().get_template("copy/slot.html.jinja").render(item=item)


def _item(
    number: int, slot: SlotProgress, library: ContentLibrary, progress: RunProgress
) -> dict[str, object]:
    job, answered = slot.job, slot.answered
    return {
        "number": number,
        "brand": job.brand.id,
        "audience": job.segment.name,
        "locale": job.target.locale,
        "kind": job.kind.id,
        "over": progress.over,
        "answer": answer_view(answered, job, library, progress.run.id) if answered is not None else None,
    }


def _watching(
    visit: Visit, desk: Desk, stored: StoredBrief, *, answers: RunAnswers, run_id: str, wanted: Wanted
) -> Watching:
    """The run with what it was asked for. Raises NotFound for one of another brief or brand."""
    run = answers.run(run_id)
    if run is None or (run.brand, run.brief_id) != (stored.brand, stored.id):
        raise NotFound(f"this brief has no run '{run_id}'", "look at the brief: answers are kept there")
    library = desk.library(stored.brand)
    brief = brief_at(desk, stored.brand, stored.id, wanted.revision or stored.revision)
    jobs = narrowed(jobs_of(brief, library), wanted)
    service = visit.service
    made = service.generation.new_run(library, visit.serving.prompts, jobs, Demand())
    longest = dt.timedelta(seconds=service.settings.request_seconds) + SLACK
    return Watching(answers, run_id, jobs, made.fingerprints, wanted.retry, longest)


def _prepare(
    visit: Visit, caller: Caller, desk: Desk, stored: StoredBrief, *, wanted: Wanted, run_id: str
) -> Asked:
    """The run, checked and not stored yet. Raises ContentError, InvalidRequest, NotFound."""
    service, serving = visit.service, visit.serving
    library = desk.library(stored.brand)
    brief = brief_at(desk, stored.brand, stored.id, wanted.revision)
    jobs = wanted_jobs(brief, library, wanted)
    number, most = sum(job.request.variants for job in jobs), service.settings.request_variants
    if number > most:
        raise InvalidRequest(
            f"that is {number} variants, and at most {most} can be asked for at once",
            "choose fewer audiences or positions",
        )
    demand = Demand(caller.email, wanted.retry, serving.version)
    run = service.generation.new_run(library, serving.prompts, jobs, demand)
    run.run.id = run_id
    return Asked(jobs, demand, run)


def _begin(visit: Visit, library: ContentLibrary, asked: Asked) -> None:
    """Have the slots answered. The process waits for it before it ends, whoever watches."""
    service, serving = visit.service, visit.serving

    async def work() -> None:
        settled, run_id = False, asked.run.run.id
        try:
            async with deadline(service) as cutoff:
                await service.generation.run(
                    library, serving.prompts, asked.jobs, asked.demand, opened=asked.run, cutoff=cutoff
                )
            settled = True
        except CopydeskError as error:
            log.error("a run did not come to its end", run=run_id, error=type(error).__qualname__)
        finally:
            if not settled:  # whoever watches is told, and need not wait for longer
                with contextlib.suppress(StorageError):
                    await asyncio.to_thread(service.store.finish_run, run_id)

    working = asyncio.create_task(work())
    service.background.add(working)
    working.add_done_callback(service.background.discard)


def _show_form(
    visit: Visit, desk: Desk, stored: StoredBrief, wanted: Wanted, problems: Sequence[str] = ()
) -> Response:
    library = desk.library(stored.brand)
    content = stored.content
    return visit.show(
        "ask.html.jinja",
        status=422 if problems else 200,
        brand=stored.brand,
        stored=stored,
        content=content,
        names={item.id: _name(library, item.id) for item in content.segments},
        generated=[slot.kind for slot in content.slots if KINDS[slot.kind].generated],
        wanted=wanted,
        most=MOST_VARIANTS,
        again=list(Retry),
        once=new_id(),
        problems=problems,
        model=visit.service.generation.models[0].name,
    )


def _name(library: ContentLibrary, segment: str) -> str:
    try:
        return library.brand.segment(segment).name
    except UsageError:  # the brief is older than the brand's files
        return segment


def _wanted(form: FormData) -> Wanted:
    """What the form asks for; everything where nothing is ticked. Raises InvalidRequest."""
    names = {
        field: tuple(dict.fromkeys(str(value) for value in form.getlist(field)[:MOST_NAMES]))
        for field in ("locale", "audience", "position")
    }
    revision, count, again = (str(form.get(field, "")) for field in ("revision", "count", "again"))
    if not (revision.isdecimal() and len(revision) < 10) or count not in _COUNTS or again not in list(Retry):
        raise InvalidRequest("this form is not complete", "load it again")
    return Wanted(
        int(revision), names["locale"], names["audience"], names["position"], int(count or 0), Retry(again)
    )


def _query(wanted: Wanted) -> str:
    pairs: list[tuple[str, str]] = [("revision", str(wanted.revision))]
    pairs += [("locale", name) for name in wanted.locales]
    pairs += [("audience", name) for name in wanted.segments]
    pairs += [("position", name) for name in wanted.kinds]
    pairs += [("count", str(wanted.count))] if wanted.count else []
    pairs += [("again", wanted.retry.value)] if wanted.retry is not Retry.NONE else []
    return urlencode(pairs)
