"""GET, POST and PATCH /v1/briefs: what copywriters ask for, stored with every revision."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, NewIds
from app.api.etags import SeenDep, etag
from app.api.examples import BRIEF, BRIEF_LINE, BRIEF_VIEW, EFFECT, REVISION
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.paging import Cursor, Limit, Page, decode_cursor, encode_cursor, moment_of
from app.api.route import Route
from app.brand.roles import Scope
from app.brief.json_document import JsonDocument
from app.brief.models import Brief, Journey
from app.copywriting.briefs import as_json
from app.copywriting.consequences import Consequences
from app.copywriting.desk import Desk
from app.copywriting.revising import patch_brief
from app.db.briefs import BriefFilter
from app.db.service_tables import BriefRevision, StoredBrief
from app.errors import Conflict, NotFound
from app.generation.plan import plan

router = APIRouter(route_class=Route, prefix="/v1/briefs", tags=["briefs"])


class BriefSummary(BaseModel):
    """One stored brief in a list, without its content."""

    model_config = ConfigDict(frozen=True, from_attributes=True, json_schema_extra={"examples": [BRIEF_LINE]})

    brand: str
    id: str
    revision: int
    name: str
    owner: str = Field(description="Who stored it first, by email")
    journey: Journey
    send_at: dt.datetime = Field(description="The earliest moment of sending of its targets")
    created_at: dt.datetime
    updated_at: dt.datetime


class BriefView(BaseModel):
    """A stored brief at one of its revisions."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [BRIEF_VIEW]})

    brand: str
    id: str
    revision: int = Field(description="The revision of `content`")
    current_revision: int = Field(description="The newest revision, which is the ETag")
    owner: str = Field(description="Who stored it first, by email")
    changed_by: str = Field(description="Who made this revision")
    change: str = Field(description="What was done, in a few words")
    send_at: dt.datetime = Field(description="The earliest moment of sending of its targets")
    created_at: dt.datetime
    updated_at: dt.datetime
    content: Brief


class BriefChanged(BaseModel):
    """A brief after a change, and what the change did to existing copy."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"brief": BRIEF_VIEW, "changed": True, "effect": EFFECT}]},
    )

    brief: BriefView
    changed: bool = Field(description="False when the patch changed nothing: then there is no new revision")
    effect: Consequences


class RevisionLine(BaseModel):
    """One revision of a brief: who made it, and what was done."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    revision: int
    author: str
    change: str
    created_at: dt.datetime


class Revisions(BaseModel):
    """Every revision of a brief, the newest first."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"items": [REVISION]}]})

    items: tuple[RevisionLine, ...]


@router.post(
    "",
    operation_id="create_brief",
    summary="Store a brief",
    status_code=201,
)
def create_brief(
    *,
    body: Annotated[Brief, Body(examples=[BRIEF])],
    response: Response,
    caller: CallerDep,
    desk: DeskDep,
    ids: NewIds,
) -> BriefView:
    """Check a brief with the rules that serve and store it as revision 1. All that is wrong with it is
    answered at once, each problem with its JSON Pointer, and then nothing is stored. No model is asked.
    """
    caller.require(body.brand, Scope.WRITE)
    plan(body, JsonDocument.of(as_json(body)), desk.library(body.brand))
    try:
        stored = desk.briefs.create(body, author=caller.email)
    except Conflict:
        # A second run of the same request after a crash finds what the first one stored.
        known = desk.briefs.find(body.brand, body.id)
        if not (ids.repeatable and known and known.content == body and known.owner == caller.email):
            raise
        stored = known
    response.headers["Location"] = f"/v1/briefs/{stored.id}?brand={stored.brand}"
    response.headers["ETag"] = etag(stored.revision)
    return _current(desk, stored)


@router.get("", operation_id="list_briefs", summary="Stored briefs")
def list_briefs(
    *,
    caller: CallerDep,
    desk: DeskDep,
    brand: BrandQuery = None,
    journey: Annotated[Journey | None, Query(description="Only this journey")] = None,
    owner: Annotated[str | None, Query(max_length=300, description="Only briefs of this person")] = None,
    sends_from: Annotated[AwareDatetime | None, Query(description="Sent at this moment or later")] = None,
    sends_until: Annotated[AwareDatetime | None, Query(description="Sent at this moment or before")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[BriefSummary]:
    """Briefs without their content, the one that was stored last first; a new one never moves a page."""
    position = decode_cursor(cursor, 3)
    after = (moment_of(position[0]), position[1], position[2]) if position else None
    wanted = BriefFilter(
        brands=caller.wanted(brand, Scope.READ),
        journey=journey.value if journey else None,
        owner=owner,
        sends_from=sends_from,
        sends_until=sends_until,
        after=after,
        limit=limit + 1,
    )
    found = desk.briefs.page(wanted)
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return Page(
        items=tuple(BriefSummary.model_validate(line) for line in shown),
        next=encode_cursor(last.created_at.isoformat(), last.brand, last.id) if last else None,
    )


@router.get("/{brief_id}", operation_id="get_brief", summary="One brief")
def get_brief(
    *,
    brief_id: BriefPath,
    response: Response,
    caller: CallerDep,
    desk: DeskDep,
    brand: BriefBrand = None,
    revision: Annotated[
        int | None, Query(ge=1, le=1_000_000_000, description="An earlier revision; the newest when missing")
    ] = None,
) -> BriefView:
    """A brief as it is, or as it was at one of its revisions. The ETag is its newest revision."""
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    number = revision or stored.revision
    found = desk.briefs.revision(stored.brand, stored.id, number)
    if found is None:
        raise NotFound(
            f"brief '{stored.id}' has no revision {number}", f"its newest revision is {stored.revision}"
        )
    response.headers["ETag"] = etag(stored.revision)
    return _view(stored, found)


@router.patch("/{brief_id}", operation_id="patch_brief", summary="Change a brief")
def change_brief(
    *,
    brief_id: BriefPath,
    body: Annotated[
        dict[str, Any],
        Body(
            description="A JSON merge patch (RFC 7396) of the brief's content: objects are merged, null "
            "removes, lists take the place of the old ones",
            examples=[{"notes": "Helpful and unhurried.", "slots": [{"kind": "subject", "variants": 3}]}],
        ),
    ],
    response: Response,
    caller: CallerDep,
    desk: DeskDep,
    seen: SeenDep,
    brand: BriefBrand = None,
) -> BriefChanged:
    """Store a new revision. The result is checked as a new brief would be. Copy is kept, and approvals end
    whose values the change concerns: `effect` names them. Needs If-Match.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.WRITE)
    seen.require(stored.revision, f"brief '{stored.id}'")
    revised = patch_brief(desk, stored, body, desk.library(stored.brand), by=caller.email)
    response.headers["ETag"] = etag(revised.stored.revision)
    shown = _current(desk, revised.stored)
    return BriefChanged(brief=shown, changed=revised.changed, effect=revised.effect)


@router.get("/{brief_id}/revisions", operation_id="list_brief_revisions", summary="A brief's revisions")
def list_revisions(
    brief_id: BriefPath, caller: CallerDep, desk: DeskDep, brand: BriefBrand = None
) -> Revisions:
    """Every revision of a brief, the newest first: who made it and what was done."""
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    found = desk.briefs.revisions(stored.brand, stored.id)
    return Revisions(items=tuple(RevisionLine.model_validate(item) for item in found))


def _current(desk: Desk, stored: StoredBrief) -> BriefView:
    found = desk.briefs.revision(stored.brand, stored.id, stored.revision)
    if found is None:
        raise NotFound(f"there is no brief '{stored.id}'")
    return _view(stored, found)


def _view(stored: StoredBrief, revision: BriefRevision) -> BriefView:
    return BriefView(
        brand=stored.brand,
        id=stored.id,
        revision=revision.revision,
        current_revision=stored.revision,
        owner=stored.owner,
        changed_by=revision.author,
        change=revision.change,
        send_at=min(target.window.send_at for target in revision.content.targets),
        created_at=stored.created_at,
        updated_at=revision.created_at,
        content=revision.content,
    )
