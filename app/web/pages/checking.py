"""Checking copy of one's own: a text, judged, with what was found marked in it. Nothing is stored."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from app.brand.roles import Scope
from app.copywriting.briefs import lenient_jobs
from app.copywriting.checking import check_text
from app.copywriting.consequences import shown
from app.copywriting.desk import Desk
from app.errors import CopydeskError
from app.generation.check_door import CheckDoor
from app.generation.check_lines import FIELDS
from app.generation.plan import SlotJob
from app.http.errors import InvalidRequest
from app.release.library import ContentLibrary
from app.verdicts.reports import Finding, GuardReport, RuleResult, Verdict, verdict_of
from app.web.copy_page.office import AnswersDep, count_judge
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.draft_page.findings import FieldView, FindingView, elsewhere, fields_of
from app.web.office import DeskDep
from app.web.visit import Visit

router = APIRouter()
LONGEST = 20_000
BRIEFS = 100
TEXT = "text"


@dataclass(frozen=True)
class Given:
    """What was typed."""

    text: str = ""
    field: str = "body"
    locale: str = ""
    audience: str = ""
    brief: str = ""


@dataclass(frozen=True)
class Checked:
    """The verdict, the text with its findings, and what nothing was there to judge."""

    verdict: Verdict
    fields: tuple[FieldView, ...]
    others: tuple[FindingView, ...]
    unchecked: tuple[str, ...]


@router.get("/brands/{brand}/check")
def check_page(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    desk: DeskDep,
    answers: AnswersDep,
    brief: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The form."""
    caller.require(brand, Scope.CHECK)
    return _show(visit, desk, answers, brand, Given(brief=brief))


@router.post("/brands/{brand}/check")
def check(
    *,
    request: Request,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    desk: DeskDep,
    answers: AnswersDep,
    text: Annotated[str, Form(max_length=LONGEST)] = "",
    field: Annotated[str, Form(max_length=20)] = "body",
    locale: Annotated[str, Form(max_length=20)] = "",
    audience: Annotated[str, Form(max_length=60)] = "",
    brief: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Judge the text. Who loads the page of the answer again has it judged again."""
    caller.require(brand, Scope.CHECK)
    given = Given(text.replace("\r\n", "\n"), field, locale, audience, brief)
    if not given.text.strip():
        return _show(visit, desk, answers, brand, given, trouble="There is no text to check.")
    count_judge(request, visit, caller)
    try:
        checked = _check(desk, brand, given)
    except CopydeskError as error:
        words = ". ".join(filter(None, (error.message, error.hint)))
        return _show(visit, desk, answers, brand, given, trouble=words)
    return _show(visit, desk, answers, brand, given, checked=checked)


def _check(desk: Desk, brand: str, given: Given) -> Checked:
    library = desk.library(brand)
    if given.brief:
        job = _job(desk, library, given)
        report = check_text(given.text, given.field, job, library, desk.asking)
        return _checked(
            given,
            _named(report.results),
            library,
            job,
            verdict=report.verdict,
            unchecked=report.unchecked,
        )
    locale = given.locale or library.brand.identity.locales[0]
    door = CheckDoor(library.rulebook, locale, None, dt.datetime.now(dt.UTC), asking=desk.asking)
    item = {"text": given.text, "field": given.field}
    result = door.check_item({**item, **({"segment": given.audience} if given.audience else {})})
    found = RuleResult(rule="all", verdict=verdict_of(result.findings), findings=result.findings)
    return _checked(given, _named([found]), library, None, verdict=result.verdict, unchecked=result.unchecked)


def _job(desk: Desk, library: ContentLibrary, given: Given) -> SlotJob:
    """The email of the brief whose facts count. Raises NotFound, UsageError."""
    stored = desk.brief(given.brief, [library.brand.id])
    jobs, problems = lenient_jobs(stored, library)
    if not jobs:
        raise InvalidRequest(f"brief '{stored.id}' cannot be used: {'; '.join(problems)}")
    audience = library.brand.aliases.get(given.audience, given.audience)
    for wanted in ((given.locale, audience), (given.locale, ""), ("", audience)):
        for job in jobs:
            own = (job.target.locale, job.segment.id)
            if all(name in ("", has) for name, has in zip(wanted, own, strict=True)):
                return job
    return jobs[0]


def _named(results: Iterable[RuleResult]) -> GuardReport:
    """The findings as those of the one text."""
    return GuardReport(required=(), results=tuple(_of_text(result) for result in results))


def _of_text(result: RuleResult) -> RuleResult:
    findings = tuple(
        item.model_copy(update={"field": TEXT if _placed(item) else ""}) for item in result.findings
    )
    return result.model_copy(update={"findings": findings})


def _placed(item: Finding) -> bool:
    return item.end > item.start


def _checked(
    given: Given,
    report: GuardReport,
    library: ContentLibrary,
    job: SlotJob | None,
    *,
    verdict: Verdict,
    unchecked: tuple[str, ...],
) -> Checked:
    def value_of(token: str) -> str:
        written = "{" + token + "}"
        return shown(written, job, library) if job is not None else written

    copy = {TEXT: given.text}
    return Checked(
        verdict,
        fields_of("hero", copy, report, library.brand, value_of),
        elsewhere(copy, report, library.brand),
        unchecked,
    )


def _show(
    visit: Visit,
    desk: Desk,
    answers: AnswersDep,
    brand: str,
    given: Given,
    *,
    checked: Checked | None = None,
    trouble: str = "",
) -> Response:
    library = desk.library(brand)
    return visit.show(
        "check.html.jinja",
        status=422 if trouble else 200,
        brand=brand,
        given=given,
        checked=checked,
        trouble=trouble,
        fields=FIELDS,
        locales=library.brand.identity.locales,
        audiences=[(item.id, item.name) for item in library.brand.segments.values()],
        briefs=[(item.id, item.name) for item in answers.briefs(brand, None, after=0, limit=BRIEFS)],
        most=LONGEST,
    )
