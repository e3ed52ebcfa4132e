"""/v1/waivers: findings that somebody whom the contract names lets pass for a while."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, NewIds
from app.api.finding import DeskDep, draft_for
from app.api.paging import Cursor, Limit, Page, decode_cursor, encode_cursor, moment_of
from app.api.route import Route
from app.brand.roles import Scope
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.waiving import WaiverOrder, give, revoke
from app.db.tables import now
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.review.action import LONGEST_TEXT

router = APIRouter(route_class=Route, prefix="/v1/waivers", tags=["review"])
_WAIVER: dict[str, Any] = {
    "id": "1c4d1c52f0a44b3c8f2f6f0c1d7b9e10",
    "brand": "larkfell",
    "draft": "3fe0c4b0a4a94b0c8d7b0a4f5f1f1c2e",
    "field": "headline",
    "rule": "shouting",
    "category": "shouting_spam",
    "start": 0,
    "end": 8,
    "text": "9f2c5b1de0a4475c8a1f4be3b5d3a9c7e21f0d6b4c8a9e7f5d3b1c2a0e8f6d4c",
    "locale": "en-US",
    "market": "US",
    "by": "lena.hart@larkfell.example",
    "role": "legal",
    "reason": "LARKFELL is how the shop in Leeds is called",
    "at": "2026-11-27T09:00:00Z",
    "until": "2027-02-01T00:00:00Z",
    "revoked_at": None,
    "revoked_by": None,
    "holds": True,
}
WaiverPath = Annotated[
    str, Path(max_length=32, description="Id of a waiver", examples=["1c4d1c52f0a44b3c8f2f6f0c1d7b9e10"])
]


class WaiverRequest(BaseModel):
    """Which finding is to pass, why, and until when."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {name: _WAIVER[name] for name in ("draft", "field", "rule", "reason", "until")}
                | {"revision": 3}
            ]
        },
    )

    draft: Annotated[str, Field(max_length=32)] = Field(description="The draft that the finding is about")
    revision: Annotated[int, Field(ge=1, lt=10**9)] = Field(description="The draft's revision as you read it")
    field: Annotated[str, Field(max_length=60)] = Field(description="The field whose text it is about")
    rule: Annotated[str, Field(max_length=60)] = Field(description="The rule, as the finding names it")
    start: Annotated[int, Field(ge=0, lt=10**9)] | None = Field(
        default=None, description="Where it begins; needed where the rule found several things in the field"
    )
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)] = Field(
        description="Why it may pass; stands on the receipt"
    )
    until: AwareDatetime = Field(description="From then on it blocks again; at most 180 days from now")


class WaiverView(BaseModel):
    """One finding that somebody let pass: of this text, in this market and locale."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_WAIVER]})

    id: str
    brand: str
    draft: str = Field(description="The draft that it was given for")
    field: str
    rule: str
    category: str
    start: int
    end: int
    text: str = Field(description="SHA-256 of the text: another text is not covered")
    locale: str
    market: str
    by: str
    role: str
    reason: str
    at: dt.datetime
    until: dt.datetime
    revoked_at: dt.datetime | None
    revoked_by: str | None
    holds: bool = Field(description="Whether it lets the finding pass now")


async def office_of(desk: DeskDep) -> ReviewDesk:
    """The review desk, for the length of one request."""
    return ReviewDesk.over(desk)


OfficeDep = Annotated[ReviewDesk, Depends(office_of)]


@router.get("", operation_id="list_waivers", summary="Findings that were waived")
def list_waivers(
    *,
    caller: CallerDep,
    desk: DeskDep,
    brand: BrandQuery = None,
    draft: Annotated[str | None, Query(max_length=32, description="Only those given for this draft")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[WaiverView]:
    """Every waiver of the brands that you see, the newest first, those that ended as well."""
    place = decode_cursor(cursor, 2)
    rows = Waivers(desk.drafts.engine).page(
        caller.wanted(brand, Scope.READ),
        draft_id=draft,
        after=(moment_of(place[0]), place[1]) if place else None,
        limit=limit + 1,
    )
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Page[WaiverView](
        items=tuple(map(_view, rows[:limit])),
        next=encode_cursor(last.at.isoformat(), last.id) if last is not None else None,
    )


@router.post("", operation_id="give_waiver", summary="Let a finding pass", status_code=201)
def give_waiver(body: WaiverRequest, caller: CallerDep, office: OfficeDep, ids: NewIds) -> WaiverView:
    """Let one finding about one text pass, in one market and locale, for at most 180 days. Whom the contract
    names in `review.may_waive` may, for copy that they did not write. Ungrounded values, personal data,
    injection, what is never inferred, words of the prompt and parts of the layout are never waived.
    """
    draft = draft_for(office.desk, caller, body.draft, Scope.REVIEW)
    order = WaiverOrder(body.field, body.rule, body.reason, body.until, body.revision, body.start)
    actor = caller.actor(draft.brand)
    return _view(give(office, draft, actor, order, at=now(), waiver_id=ids.new()))


@router.delete("/{waiver_id}", operation_id="revoke_waiver", summary="End a waiver")
def revoke_waiver(waiver_id: WaiverPath, caller: CallerDep, office: OfficeDep) -> WaiverView:
    """From now on the finding blocks again, in every draft and at the next export or fetch."""
    caller.require_scope(Scope.REVIEW)
    row = Waivers(office.desk.drafts.engine).find(waiver_id, caller.visible)
    caller.require(row.brand, Scope.REVIEW)
    return _view(revoke(office, row, caller.actor(row.brand), now()))


def _view(row: StoredWaiver) -> WaiverView:
    same = {name: getattr(row, name) for name in WaiverView.model_fields if name not in ("draft", "holds")}
    return WaiverView(**same, draft=row.draft_id, holds=row.holds(now()))
