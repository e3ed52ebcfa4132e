"""GET /v1/reviews: what waits for review, the worst first; POST /v1/reviews/approve: several at once."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, Repeatable, ServiceDep
from app.api.draft_views import DraftView, draft_view
from app.api.examples import DRAFT, DRAFT_ID
from app.api.finding import DeskDep, draft_for
from app.api.paging import Cursor, Limit, decode_cursor, encode_cursor, moment_of, no_cursor
from app.api.review_views import ReviewPage, review_line
from app.api.route import Route
from app.brand.roles import Scope
from app.brand.tiers import Tier
from app.copywriting.queueing import queue_of
from app.copywriting.reviewing import ReviewDesk
from app.db.reviews import QueueFilter, QueuePlace
from app.errors import UsageError
from app.review.actions.approve import Seen

router = APIRouter(route_class=Route, prefix="/v1/reviews", tags=["review"])
Name = Annotated[str | None, Query(max_length=60)]
MOST_AT_ONCE = 50
SEEN = "9f2c5b1de0a4475c"


class SeenDraft(BaseModel):
    """A draft as the reviewer saw it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=32)]
    revision: Annotated[int, Field(ge=1, le=999_999_999)]
    seen: Seen | None = Field(default=None, description="`seen` of its review as you read it")


class SeveralRequest(BaseModel):
    """Drafts to approve together."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"drafts": [{"id": DRAFT_ID, "revision": 2, "seen": SEEN}]}]},
    )

    drafts: Annotated[tuple[SeenDraft, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class SeveralApproved(BaseModel):
    """The drafts after all of them were approved."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"drafts": [{**DRAFT, "tier": "low"}]}]}
    )

    drafts: tuple[DraftView, ...]


@router.get("", operation_id="list_reviews", summary="What waits for review")
def list_reviews(
    *,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    brand: BrandQuery = None,
    brief: Name = None,
    kind: Name = None,
    segment: Name = None,
    locale: Name = None,
    tier: Tier | None = None,
    assignee: Annotated[
        str | None, Query(max_length=300, description="`me`, `nobody`, or a person by email")
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ReviewPage:
    """Open reviews of one brand or of all that you see, by expected harm, then by deadline, with the copy
    that is to be read and how many there are of each tier. Nothing is judged anew for it: that is what
    GET /v1/drafts/{id}/review does.
    """
    wanted = QueueFilter(
        brands=caller.wanted(brand, Scope.READ),
        brief_id=brief,
        kind=kind,
        segment=segment,
        locale=locale,
        tier=tier,
        assignee={"me": caller.email, "nobody": ""}.get(assignee or "", assignee),
    )
    queue = queue_of(ReviewDesk.over(desk), wanted, service.clock(), after=_place(cursor), limit=limit)
    after = queue.after
    return ReviewPage(
        items=tuple(map(review_line, queue.entries)),
        next=encode_cursor(str(after.harm), after.due_at.isoformat(), after.id) if after else None,
        counts={found: queue.counts.get(found, 0) for found in Tier},
    )


@router.post(
    "/approve",
    operation_id="approve_drafts",
    summary="Approve several drafts at once",
    dependencies=[Repeatable],
)
def approve_drafts(
    body: SeveralRequest, caller: CallerDep, service: ServiceDep, desk: DeskDep
) -> SeveralApproved:
    """Approve drafts as you saw them, all or none. The contract has to allow it for the tier of each
    (`several_at_once`); `errors` names those that cannot be approved, and why.
    """
    caller.require_scope(Scope.REVIEW)
    ids = [item.id for item in body.drafts]
    if len(set(ids)) < len(ids):
        raise UsageError("a draft is named twice", "each once")
    seen = [(draft_for(desk, caller, item.id, Scope.REVIEW), item.revision) for item in body.drafts]
    office, read = ReviewDesk.over(desk), {item.id: item.seen for item in body.drafts}
    done = office.approve_together(seen, caller.actor, service.clock(), read)
    return SeveralApproved(drafts=tuple(draft_view(draft, desk.drafts.answer_of(draft)) for draft in done))


def _place(cursor: str | None) -> QueuePlace | None:
    """The place that a cursor names. Raises InvalidRequest for one that names none."""
    position = decode_cursor(cursor, 3)
    if position is None:
        return None
    harm, due_at, row = position
    if not (harm.isascii() and harm.isdigit()) or len(harm) > 9:
        raise no_cursor()
    return QueuePlace(int(harm), moment_of(due_at), row)
