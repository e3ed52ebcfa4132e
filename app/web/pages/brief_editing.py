"""Briefs as text in the browser: from a starter or as stored, with faults at their line and column."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from app.blocks.approved import digest
from app.brand.roles import Scope
from app.brief.models import Journey
from app.copywriting.brief_text import LONGEST, brief_text, read_text
from app.copywriting.desk import Desk
from app.copywriting.revising import Revised, preview_brief, revise_brief
from app.db.service_tables import StoredBrief
from app.errors import Conflict, ContentError, OutOfDate, Problem
from app.generation.starters import starter
from app.settings import Settings, content_root
from app.web.copy_page.office import BriefDep
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.office import DeskDep
from app.web.pages.copy import BRIEF
from app.web.visit import Visit
from app.yaml12 import quoted

router = APIRouter()
_AUTHOR = re.compile(r"^author: .*$", re.MULTILINE)
Text = Annotated[str, Form(max_length=LONGEST)]
Short = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True)
class Trouble:
    """Why a text is not stored: faults with the line that each is in, or a sentence."""

    faults: tuple[tuple[Problem, str], ...] = ()
    words: str = ""
    meanwhile: tuple[str, ...] = ()
    """What others changed since the text was loaded."""


@router.get("/brands/{brand}/new-brief")
def new_brief(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    desk: DeskDep,
    journey: Annotated[Journey | None, Query()] = None,
) -> Response:
    """The journeys that there are starters for, or the starter of one as a text to be edited."""
    caller.require(brand, Scope.WRITE)
    if journey is None:
        return visit.show("new_brief.html.jinja", brand=brand, journeys=list(Journey))
    library = desk.library(brand)
    now = dt.datetime.now(dt.UTC)
    made = starter(library, _starters(visit.service.settings), journey.value, now=now, file="brief.yaml")
    text = _AUTHOR.sub(lambda _: f"author: {quoted(caller.email)}", made.text, count=1)
    return _show(visit, brand, text, journey=journey)


@router.post("/brands/{brand}/new-brief")
def store_brief(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    desk: DeskDep,
    text: Text,
    journey: Annotated[Journey | None, Form()] = None,
) -> Response:
    """Store a new brief. What is wrong with it is said at its line, and the text stays."""
    caller.require(brand, Scope.WRITE)
    try:
        read = read_text(text, desk.library(brand))
        stored = desk.briefs.create(read.brief, author=caller.email)
    except ContentError as error:
        return _show(visit, brand, text, journey=journey, trouble=_faults(error, text), status=422)
    except Conflict as error:
        trouble = Trouble(words=f"{error.message}: {error.hint}")
        return _show(visit, brand, text, journey=journey, trouble=trouble, status=409)
    return visit.go(f"/brands/{brand}/briefs/{stored.id}", said="brief_stored")


@router.get(BRIEF + "/edit")
def edit_page(*, visit: VisitDep, caller: SignedIn, brand: BrandDep, stored: BriefDep) -> Response:
    """A stored brief as a text."""
    caller.require(brand, Scope.WRITE)
    return _show(visit, brand, brief_text(stored.content), stored=stored)


@router.post(BRIEF + "/edit")
def edit(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    stored: BriefDep,
    desk: DeskDep,
    text: Text,
    revision: Annotated[int, Form(ge=1, le=1_000_000_000)],
    looked: Short = "",
    do: Short = "look",
) -> Response:
    """Show what the text would change, or store it: only once that has been looked at."""
    caller.require(brand, Scope.WRITE)
    library = desk.library(brand)
    try:
        if stored.revision != revision:
            raise OutOfDate("somebody else changed this brief while you had it open")
        read = read_text(text, library, stored)
        seen = digest([text, revision])
        if do != "save" or looked != seen:
            effect = preview_brief(desk, stored, read.brief, library)
            return _show(visit, brand, text, stored=stored, effect=effect, looked=seen)
        revised = revise_brief(desk, stored, read.brief, library, by=caller.email)
    except ContentError as error:
        return _show(visit, brand, text, stored=stored, trouble=_faults(error, text), status=422)
    except OutOfDate:
        now = desk.brief(stored.id, [brand])
        trouble = _meanwhile(desk, now, revision)
        return _show(visit, brand, text, stored=now, trouble=trouble, status=412)
    ended = len(revised.effect.approvals_ended)
    said = "brief_unchanged" if not revised.changed else "brief_changed_ended" if ended else "brief_changed"
    return visit.go(f"/brands/{brand}/briefs/{stored.id}", said=said, ended=str(ended))


def _faults(error: ContentError, text: str) -> Trouble:
    lines = text.replace("\r\n", "\n").split("\n")
    return Trouble(
        faults=tuple(
            (problem, lines[problem.line - 1] if 0 < problem.line <= len(lines) else "")
            for problem in sorted(error.problems, key=lambda item: (item.line, item.column))
        )
    )


def _meanwhile(desk: Desk, stored: StoredBrief, seen: int) -> Trouble:
    newer = [item for item in desk.briefs.revisions(stored.brand, stored.id) if item.revision > seen]
    return Trouble(
        words="Somebody else changed this brief meanwhile. Your text is kept below; nothing is stored yet.",
        meanwhile=tuple(f"{item.author}: {item.change}" for item in reversed(newer)),
    )


def _show(
    visit: Visit,
    brand: str,
    text: str,
    *,
    journey: Journey | None = None,
    stored: StoredBrief | None = None,
    trouble: Trouble | None = None,
    effect: Revised | None = None,
    looked: str = "",
    status: int = 200,
) -> Response:
    return visit.show(
        "brief_text.html.jinja",
        status=status,
        brand=brand,
        text=text,
        journey=journey,
        stored=stored,
        trouble=trouble,
        effect=effect,
        looked=looked,
        most=LONGEST,
    )


def _starters(settings: Settings) -> Path:
    """Where the starters are: with the content, or those that come with Copydesk."""
    own = settings.content / "examples" / "starters"
    return own if own.is_dir() else content_root() / "examples" / "starters"
