"""The weekly review, its table for a spreadsheet, and what is proposed for rules and voice."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from app.brand.roles import PersonRole
from app.copywriting.proposals import decide, open_edits, proposals_of
from app.copywriting.repeated_edits import RepeatedEdit
from app.copywriting.weekly import Figures, Measure, Week, WeeklyReview, as_csv, repeated_edits, weekly_review
from app.db.proposal_tables import ProposalState
from app.db.tables import now
from app.errors import NotPermitted, UsageError
from app.http.errors import MalformedRequest
from app.verdicts.decisions import SENTENCES, Reason
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.plots import Plot, plot
from app.web.visit import Visit

router = APIRouter()
ANSWERS = (Measure.WRITTEN, Measure.REUSED, Measure.FELL_BACK)
ENDS = (Measure.APPROVED, Measure.REJECTED, Measure.EXPIRED)
Name = Annotated[str, Query(max_length=20)]
Place = Annotated[str, Query(max_length=32)]
HOURS_A_DAY = 24


@router.get("/brands/{brand}/weekly")
def weekly(visit: VisitDep, brand: BrandDep, week: Name = "") -> Response:
    """One week beside the one before."""
    at, wanted = now(), _week(week)
    review = weekly_review(visit.service.store.engine, brand, wanted)
    library = visit.serving.libraries.serving.get(brand)
    edits, because = list(review.repeated), review.now.fell_back_because.items()
    engine = visit.service.store.engine
    return visit.show(
        "weekly.html.jinja",
        brand=brand,
        week=wanted,
        earlier=wanted.plus(-1),
        later=wanted.plus(1) if wanted.monday < Week.of(at).monday else None,
        present=wanted == Week.of(at),
        review=review,
        figures=_figures(review.now, review.before),
        fell_back=[(SENTENCES[Reason(name)][0], count) for name, count in because],
        plots=_plots(review),
        proposals=open_edits(engine, library.brand, edits) if library is not None else [],
    )


@router.get("/brands/{brand}/weekly.csv")
def weekly_csv(visit: VisitDep, brand: BrandDep, week: Name = "") -> Response:
    """The same as a table for a spreadsheet."""
    wanted = _week(week)
    text = as_csv(weekly_review(visit.service.store.engine, brand, wanted))
    headers = {"content-disposition": f'attachment; filename="{brand}-{wanted}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/brands/{brand}/proposals")
def proposals(
    *, visit: VisitDep, caller: SignedIn, brand: BrandDep, state: Name = "", after: Place = ""
) -> Response:
    """What was found in edits and what people said of findings; with a state, a page of those in it."""
    states = [item for item in ProposalState if item.value == state] or list(ProposalState)
    return _list(visit, brand, states, after=after if len(states) == 1 else "", may=_may(caller.roles(brand)))


@router.post("/brands/{brand}/proposals")
def decide_proposal(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    key: Annotated[str, Form(max_length=64)] = "",
    decision: Annotated[str, Form(pattern="^(accepted|declined)$")] = "accepted",
    reason: Annotated[str, Form(max_length=5000)] = "",
) -> Response:
    """Accept or decline one. Raises NotPermitted, NotFound, Conflict."""
    if not _may(caller.roles(brand)):
        raise NotPermitted("only a brand owner decides on proposals", "ask one")
    engine, library = visit.service.store.engine, visit.serving.library(brand)
    state, at = ProposalState(decision), now()
    edits = _edits(visit, brand, at)
    try:
        decide(engine, library.brand, edits, key=key, state=state, by=caller.email, at=at, reason=reason)
    except UsageError as error:
        problem = f"{error.message}: {error.hint}"
        return _list(visit, brand, list(ProposalState), may=True, refused=key, typed=reason, problem=problem)
    return visit.go(f"/brands/{brand}/proposals#p-{key[:16]}", said=f"proposal_{state.value}")


def _list(
    visit: Visit,
    brand: str,
    states: list[ProposalState],
    *,
    may: bool,
    after: str = "",
    refused: str = "",
    typed: str = "",
    problem: str = "",
) -> Response:
    engine, library = visit.service.store.engine, visit.serving.library(brand)
    edits = _edits(visit, brand, now())
    return visit.show(
        "proposals.html.jinja",
        status=422 if problem else 200,
        brand=brand,
        pages=[proposals_of(engine, library.brand, edits, state, after) for state in states],
        later=bool(after),
        may=may,
        refused=refused,
        typed=typed,
        problem=problem,
    )


def _edits(visit: Visit, brand: str, at: dt.datetime) -> list[RepeatedEdit]:
    return repeated_edits(visit.service.store.engine, brand, at)


def _may(roles: frozenset[PersonRole]) -> bool:
    return PersonRole.BRAND_OWNER in roles


def _week(name: str) -> Week:
    """The week of a request, the present one for none. Raises MalformedRequest."""
    try:
        return Week.named(name) if name else Week.of(now())
    except UsageError as error:
        raise MalformedRequest(error.message, error.hint) from error


def _plots(review: WeeklyReview) -> list[tuple[str, Plot]]:
    weeks = [bar.week for bar in review.weeks]
    made = []
    for name, measures, shades in (("answers", ANSWERS, (0, 1, 2)), ("ends", ENDS, (1, 3, 2))):
        rows = [[bar.counts[measure] for measure in measures] for bar in review.weeks]
        made.append(
            (name, plot(_TITLES[name], [_WORDS[measure] for measure in measures], weeks, rows, shades))
        )
    return made


_TITLES = {"answers": "What stood in the positions", "ends": "How reviews ended"}
_WORDS = {
    Measure.WRITTEN: "written by the model",
    Measure.REUSED: "approved copy used again",
    Measure.FELL_BACK: "approved copy used, or left out",
    Measure.APPROVED: "approved",
    Measure.REJECTED: "rejected",
    Measure.EXPIRED: "expired",
}


def _figures(mine: Figures, theirs: Figures) -> list[tuple[str, str, str]]:
    """The numbers at the top: words, this week, the week before."""
    rows = []
    for words, show in (
        ("Runs asked for", lambda one: str(one.runs)),
        ("Briefs", lambda one: str(one.briefs)),
        ("Positions answered", lambda one: str(one.slots)),
        ("Written by the model", lambda one: str(one.written)),
        ("Approved copy used again", lambda one: f"{one.reused}{_share(one.reuse_rate)}"),
        ("Approved copy used instead, or left out", lambda one: str(one.fell_back)),
        ("Lines refused by rules", lambda one: str(one.refused_lines)),
        ("Approved", lambda one: str(one.approved)),
        ("Changes requested", lambda one: str(one.changes_requested)),
        ("Rejected", lambda one: str(one.rejected)),
        ("Expired", lambda one: str(one.expired)),
        ("Words to read for one approved draft", lambda one: _number(one.words_per_accepted)),
        ("Cost of one approved draft", lambda one: _money(one.cost_per_accepted)),
        ("Cost in all", lambda one: _money(one.cost_usd)),
        ("From brief to approved", _time),
    ):
        rows.append((words, show(mine), show(theirs)))
    return rows


def _time(one: Figures) -> str:
    spread = one.hours_to_approval
    if spread is None:
        return "–"
    middle = _hours(spread.median)
    if spread.count == 1:
        return middle
    return f"{middle} (half of {spread.count} between {_hours(spread.lower)} and {_hours(spread.upper)})"


def _hours(hours: float) -> str:
    return f"{hours:.1f} h" if hours < 2 * HOURS_A_DAY else f"{hours / HOURS_A_DAY:.1f} days"


def _share(rate: float | None) -> str:
    return "" if rate is None else f" ({rate:.0%})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _money(value: Decimal | None) -> str:
    return "–" if value is None else f"${value:.4f}" if 0 < value < 1 else f"${value:.2f}"
