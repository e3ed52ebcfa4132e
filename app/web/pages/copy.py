"""Briefs and their copy: where each stands, what is in its positions, submitting, and writing by hand."""

import datetime as dt
import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.consequences import shown
from app.copywriting.desk import Desk
from app.copywriting.human_copy import try_copy, write_draft
from app.copywriting.places import LONGEST_FIELD, SlotPlace, place_for
from app.copywriting.reapproving import offered
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.standing import standings
from app.copywriting.whole_emails import EmailOffice
from app.db.service_tables import StoredBrief
from app.db.tables import new_id
from app.errors import ContentError, CopydeskError
from app.http.errors import InvalidRequest
from app.verdicts.reports import GuardReport, Verdict
from app.web.copy_page.new_values import new_values
from app.web.copy_page.office import AnswersDep, BriefDep, count_judge, said_of
from app.web.copy_page.views import brief_view
from app.web.deps import BrandDep, SessionsDep, SignedIn, VisitDep, texts_in
from app.web.draft_page.findings import elsewhere, fields_of
from app.web.email_links import email_links
from app.web.office import DeskDep, OfficeDep
from app.web.visit import Visit

router = APIRouter()
A_PAGE = 20
MOST_SUBMITTED = 400
_CHOSEN = re.compile(r"([0-9a-f]{32}):([0-9]{1,9})\Z")
BRIEF = "/brands/{brand}/briefs/{brief_id}"


@router.get("/brands/{brand}/copy")
def briefs(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    desk: DeskDep,
    answers: AnswersDep,
    whose: Annotated[str, Query(pattern="^(mine|all)$")] = "mine",
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The person's briefs, or all of the brand, with where each stands."""
    owner = caller.email if whose == "mine" else None
    found = answers.briefs(brand, owner, after=after, limit=A_PAGE + 1)
    library = desk.library(brand)
    return visit.show(
        "copy.html.jinja",
        brand=brand,
        whose=whose,
        briefs=standings(answers, library.brand, found[:A_PAGE]),
        after=after,
        more=after + A_PAGE if len(found) > A_PAGE else None,
        before=max(0, after - A_PAGE) if after else None,
        may=_may(caller, brand),
    )


@router.get(BRIEF)
def brief(
    *, visit: VisitDep, caller: SignedIn, stored: BriefDep, office: OfficeDep, sessions: SessionsDep
) -> Response:
    """One brief in words, with what stands in each position."""
    return show_brief(visit, caller, office, stored, sessions.clock())


@router.post(BRIEF + "/submit")
async def submit(
    *,
    request: Request,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    stored: BriefDep,
    office: OfficeDep,
    sessions: SessionsDep,
) -> Response:
    """Submit the chosen drafts for review; those that cannot be are named with the reason."""
    caller.require(brand, Scope.REVIEW)
    form = await request.form()
    chosen = [str(value) for value in form.getlist("draft")]
    return await run_in_threadpool(_submit, visit, caller, office, stored, chosen=chosen, at=sessions.clock())


def _submit(
    visit: Visit,
    caller: Caller,
    office: ReviewDesk,
    stored: StoredBrief,
    *,
    chosen: list[str],
    at: dt.datetime,
) -> Response:
    parts = [_CHOSEN.match(item) for item in chosen[:MOST_SUBMITTED]]
    if not parts or None in parts:
        trouble = "no draft is chosen: tick those that reviewers are to read"
        return show_brief(visit, caller, office, stored, at, status=422, trouble=trouble)
    actor = caller.actor(stored.brand)
    done, refused = 0, {}
    for part in filter(None, parts):
        draft_id, seen = part[1], int(part[2])
        try:
            draft = office.desk.drafts.find(draft_id, [stored.brand])
            if draft.brief_id != stored.id:
                raise InvalidRequest("it belongs to another brief")
            office.act("submit", draft, actor, seen=seen, at=at)
            done += 1
        except CopydeskError as error:
            refused[draft_id] = ". ".join(filter(None, (error.message, error.hint)))
    if refused:
        return show_brief(visit, caller, office, stored, at, status=409, refused=refused, submitted=done)
    said = "submitted_one" if done == 1 else "submitted_several"
    return visit.go(f"/brands/{stored.brand}/briefs/{stored.id}", said=said, count=str(done))


@router.get(BRIEF + "/write")
def write_page(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    stored: BriefDep,
    desk: DeskDep,
    locale: Annotated[str, Query(max_length=20)] = "",
    audience: Annotated[str, Query(max_length=60)] = "",
    position: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The form for a person's own copy in one position; the first one where none is named."""
    caller.require(brand, Scope.WRITE)
    place = _place(desk, stored, locale, audience, position)
    return _show_writing(visit, stored, place, dict.fromkeys(KINDS[place.job.kind.id].schema.specs(), ""))


@router.post(BRIEF + "/write")
async def write(
    *, request: Request, visit: VisitDep, caller: SignedIn, brand: BrandDep, stored: BriefDep, desk: DeskDep
) -> Response:
    """Judge a person's copy, or keep it as a draft, also when the rules refuse it."""
    caller.require(brand, Scope.WRITE)
    form = texts_in(await request.form())
    count_judge(request, visit, caller)
    return await run_in_threadpool(_write, visit, caller, desk, stored, form)


def _write(visit: Visit, caller: Caller, desk: Desk, stored: StoredBrief, form: dict[str, str]) -> Response:
    place = _place(desk, stored, form.get("locale", ""), form.get("audience", ""), form.get("position", ""))
    fields = {
        name: form.get(f"copy.{name}", "").strip()[:LONGEST_FIELD]
        for name in KINDS[place.job.kind.id].schema.specs()
    }
    draft_id = form.get("draft_id", "")
    if not re.fullmatch("[0-9a-f]{32}", draft_id):
        draft_id = new_id()
    try:
        if form.get("do") != "keep":
            report = try_copy(desk, place, fields, by=caller.email, engine=visit.service.version)
            return _show_writing(visit, stored, place, fields, draft_id=draft_id, report=report)
        written = write_draft(
            desk, place, fields, by=caller.email, engine=visit.service.version, draft_id=draft_id
        )
    except ContentError as error:
        problems = said_of(error)
        return _show_writing(visit, stored, place, fields, draft_id=draft_id, problems=problems)
    passes = written.report.verdict is Verdict.PASS
    where = f"/brands/{stored.brand}/drafts/{written.draft.id}"
    return visit.go(where, said="copy_kept" if passes else "copy_kept_refused")


def _place(desk: Desk, stored: StoredBrief, locale: str, audience: str, position: str) -> SlotPlace:
    content = stored.content
    return place_for(
        desk,
        stored,
        locale=locale or content.targets[0].locale,
        segment=audience or content.segments[0].id,
        kind=position or content.slots[0].kind,
    )


def show_brief(
    visit: Visit,
    caller: Caller,
    office: ReviewDesk,
    stored: StoredBrief,
    at: dt.datetime,
    *,
    status: int = 200,
    trouble: str = "",
    refused: dict[str, str] | None = None,
    submitted: int = 0,
) -> Response:
    """The page of a brief, with what could not be done on it."""
    desk, actor = office.desk, caller.actor(stored.brand)
    view = brief_view(desk, stored, desk.library(stored.brand))
    return visit.show(
        "brief.html.jinja",
        status=status,
        brand=stored.brand,
        brief=view,
        again=new_values(offered(office, stored, actor, at), view),
        emails=email_links(EmailOffice.over(desk), stored, actor, at),
        may=_may(caller, stored.brand),
        trouble=trouble,
        refused=refused or {},
        submitted=submitted,
    )


def _show_writing(
    visit: Visit,
    stored: StoredBrief,
    place: SlotPlace,
    fields: dict[str, str],
    *,
    draft_id: str = "",
    report: GuardReport | None = None,
    problems: list[str] | None = None,
) -> Response:
    job, brand = place.job, place.library.brand

    def value_of(token: str) -> str:
        return shown("{" + token + "}", job, place.library)

    views = fields_of(job.kind.id, fields, report, brand, value_of) if report is not None else ()
    return visit.show(
        "write.html.jinja",
        status=422 if problems else 200,
        brand=stored.brand,
        stored=stored,
        job=job,
        specs=KINDS[job.kind.id].schema.specs(),
        fields=fields,
        draft_id=draft_id or new_id(),
        report=report,
        views=views,
        others=elsewhere(fields, report, brand) if report is not None else (),
        problems=problems or [],
        tokens=sorted(job.context.allowed_tokens),
        value_of=value_of,
    )


def _may(caller: Caller, brand: str) -> dict[str, bool]:
    return {scope.value: caller.may(brand, scope) for scope in Scope}
