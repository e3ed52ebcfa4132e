"""/v1/brands/{brand}/proposals: what edits and people propose for a brand's rules, and what became of it."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, Repeatable
from app.api.finding import DeskDep, DraftPath, draft_for
from app.api.paging import Cursor, Page, decode_cursor, encode_cursor, no_cursor
from app.api.route import Route
from app.api.routes.library import BrandPath
from app.api.routes.waivers import OfficeDep
from app.api.validation import invalid
from app.brand.roles import PersonRole, Scope
from app.copywriting.proposals import decide, proposals_of, propose_wrong_finding, shown_proposal
from app.copywriting.weekly import repeated_edits
from app.db.proposal_tables import ProposalSort, ProposalState
from app.db.tables import now
from app.errors import Conflict, NotFound, NotPermitted, OutOfDate, UsageError
from app.http.errors import FieldProblem
from app.review.action import Said

router = APIRouter(route_class=Route, tags=["review"])
_EXAMPLE: dict[str, Any] = {
    "key": "0f7a5c1d",
    "sort": "repeated_edit",
    "state": "open",
    "title": "“utilize” becomes “use”",
    "detail": "in 4 drafts over 2 weeks (en)",
    "lines": "- forbid: utilize\n  instead: use\n",
    "by": "",
    "at": None,
    "draft": "",
    "decided_by": "",
    "decided_at": None,
    "reason": "",
}


class ProposalView(BaseModel):
    """One proposal with the lines that a person would add; nothing is written by itself."""

    model_config = ConfigDict(frozen=True, from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]})

    key: str = Field(description="What it is decided by")
    sort: ProposalSort
    state: ProposalState
    title: str
    detail: str
    lines: str = Field(description="YAML for the voice guide, or a line of JSON for the corpus")
    by: str = Field(description="Email; empty where it was found in edits")
    at: dt.datetime | None
    draft: str = Field(description="The draft that it is about; empty where there are several")
    decided_by: str
    decided_at: dt.datetime | None
    reason: str = Field(description="Why it was declined")


class DecisionRequest(BaseModel):
    """What becomes of a proposal."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "declined", "reason": "It is a name."}]},
    )

    decision: Literal["accepted", "declined"]
    reason: Annotated[str, Field(max_length=5000)] = Field(default="", description="Needed for declining")


class WrongFindingRequest(BaseModel):
    """Which finding is wrong, and why."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [{"revision": 2, "field": "label", "rule": "voice", "why": "It names a walk."}]
        },
    )

    revision: Annotated[int, Field(ge=1, lt=10**9)] = Field(description="The draft's revision as you read it")
    field: Annotated[str, Field(max_length=60)] = Field(description="The field whose text it is about")
    rule: Annotated[str, Field(max_length=60)] = Field(description="The rule, as the finding names it")
    start: Annotated[int, Field(ge=0, lt=10**9)] | None = Field(
        default=None, description="Where it begins; needed where the rule found several things in the field"
    )
    why: Said


@router.get("/v1/brands/{brand}/proposals", operation_id="list_proposals", summary="What is proposed")
def list_proposals(
    *,
    brand: BrandPath,
    caller: CallerDep,
    desk: DeskDep,
    state: Annotated[ProposalState, Query(description="Only what is in this state")] = ProposalState.OPEN,
    cursor: Cursor = None,
) -> Page[ProposalView]:
    """What reviewers changed again and again, and findings that somebody called wrong, the newest first."""
    caller.require(brand, Scope.READ)
    engine, library = desk.drafts.engine, desk.library(brand)
    (after,) = decode_cursor(cursor, 1) or ("",)
    try:
        page = proposals_of(engine, library.brand, repeated_edits(engine, brand, now()), state, after)
    except NotFound as error:
        raise no_cursor() from error
    return Page[ProposalView](
        items=tuple(map(ProposalView.model_validate, page.items)),
        next=encode_cursor(page.after) if page.after else None,
    )


@router.post(
    "/v1/brands/{brand}/proposals/{key}",
    operation_id="decide_proposal",
    summary="Accept or decline a proposal",
)
def decide_proposal(
    *,
    brand: BrandPath,
    key: Annotated[str, Path(max_length=64, description="`key` of the proposal", examples=["0f7a5c1d"])],
    body: DecisionRequest,
    caller: CallerDep,
    desk: DeskDep,
) -> ProposalView:
    """A brand owner decides. Accepting writes nothing into brand/: a person adds the `lines`."""
    caller.require(brand, Scope.REVIEW)
    if PersonRole.BRAND_OWNER not in caller.roles(brand):
        raise NotPermitted("only a brand owner decides on proposals", "ask one")
    engine, library, at = desk.drafts.engine, desk.library(brand), now()
    try:
        decided = decide(
            engine,
            library.brand,
            repeated_edits(engine, brand, at),
            key=key,
            state=ProposalState(body.decision),
            by=caller.email,
            at=at,
            reason=body.reason,
        )
    except UsageError as error:
        raise invalid([_fault("reason", error.message, error.hint)]) from error
    return ProposalView.model_validate(decided)


@router.post(
    "/v1/drafts/{draft_id}/wrong-finding",
    operation_id="propose_wrong_finding",
    summary="Say that a finding is wrong",
    status_code=201,
    dependencies=[Repeatable],
)
def say_wrong(
    *, draft_id: DraftPath, body: WrongFindingRequest, caller: CallerDep, office: OfficeDep
) -> ProposalView:
    """Keep the line as a proposal for the corpus of copy that must pass. The finding stands until the rules
    change; the same finding in the same copy is kept once.
    """
    draft, at = draft_for(office.desk, caller, draft_id, Scope.REVIEW), now()
    if draft.revision != body.revision:
        words = f"draft {draft.id} is at revision {draft.revision}, not at {body.revision}"
        raise OutOfDate(words, "read it again")
    report = office.situation(draft, caller.actor(draft.brand), at).report
    found = [
        item
        for item in report.findings
        if (item.field, item.rule) == (body.field, body.rule) and body.start in (None, item.start)
    ]
    if len({item.start for item in found}) != 1:
        words = f"'{body.rule}' found {len(found)} things in '{body.field}'"
        raise Conflict(words, "say which by `start`" if found else "its verdict names fields and rules")
    engine = office.desk.drafts.engine
    try:
        kept = propose_wrong_finding(engine, draft, found[0], by=caller.email, why=body.why, at=at)
    except UsageError as error:
        raise invalid([_fault("why", error.message, error.hint)]) from error
    return ProposalView.model_validate(shown_proposal(kept))


def _fault(name: str, message: str, expected: str) -> FieldProblem:
    return FieldProblem(where="body", field=name, message=message, expected=expected)
