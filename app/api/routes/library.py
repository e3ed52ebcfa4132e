"""/v1/brands/{brand}/inventory and /weekly: what is approved and its state, and one week in numbers."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, ServiceDep, ServingDep
from app.api.paging import Cursor, Limit, page_of
from app.api.route import Route
from app.api.validation import invalid
from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.copywriting.inventory import Item
from app.copywriting.weekly import Week, WeeklyReview, weekly_review
from app.db.tables import now
from app.errors import UsageError
from app.http.errors import FieldProblem
from app.release.inventory import Cause, InventoryState
from app.yaml12 import nearest

router = APIRouter(route_class=Route, prefix="/v1/brands", tags=["content"])
BrandPath = Annotated[str, Path(max_length=60, description="Id of a brand", examples=["larkfell"])]
_ITEM: dict[str, Any] = {
    "sort": "block",
    "id": "proof_winback",
    "kind": "proof",
    "journey": "winback",
    "locales": ["en-US"],
    "segments": [],
    "copy": {"quote": "Dry feet after two days on the ridge."},
    "author": "cal.morrow@larkfell.example",
    "state": "needs_refreshing",
    "since": "2026-09-01",
    "review_by": "2026-12-15",
    "last_used": "2026-11-20",
    "why": [{"cause": "review_near", "detail": "", "day": "2026-12-15"}],
}


class WhyView(BaseModel):
    """One reason why a piece needs refreshing."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    cause: Cause
    detail: str = Field(description="The rule, the claim or the values; empty where the cause says it all")
    day: dt.date | None = Field(description="The day that it is about")


class PieceView(BaseModel):
    """One approved block or draft."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    sort: str = Field(description="`block` or `draft`")
    id: str
    kind: str
    journey: str | None = Field(description="null for content that can stand in any journey")
    locales: tuple[str, ...]
    segments: tuple[str, ...] = Field(description="Audiences that it was written for; empty for any")
    copy_: dict[str, str] = Field(
        alias="copy", validation_alias="copy", description="The copy by field, with typed tokens"
    )
    author: str
    state: InventoryState
    since: dt.date = Field(description="The day of its approval")
    review_by: dt.date | None
    last_used: dt.date | None = Field(description="When it was exported or taken over last; null for never")
    why: tuple[WhyView, ...] = Field(description="Why it needs refreshing, the worst first")


class InventoryPage(BaseModel):
    """One page of what is approved."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {"items": [_ITEM], "next": None, "worked_out_at": "2026-11-27T09:00:00Z", "judged": True}
            ]
        },
    )

    items: tuple[PieceView, ...]
    next: str | None = Field(default=None, description="Cursor of the next page; null on the last one")
    worked_out_at: dt.datetime | None = Field(
        description="When claims, values and uses were looked at; null while that is being done"
    )
    judged: bool = Field(description="Whether every rule has had its say about the content that serves")


_WEEK: dict[str, Any] = {
    "week": "2026-W48",
    "runs": 4,
    "briefs": 3,
    "slots": 36,
    "written": 22,
    "reused": 9,
    "fell_back": 5,
    "refused_lines": 31,
    "approved": 18,
    "changes_requested": 2,
    "rejected": 1,
    "expired": 1,
    "withdrawn": 0,
    "words_read": 612,
    "model_calls": 58,
    "cost_usd": "0.41",
    "hours_to_approval": {"count": 18, "median": 5.5, "lower": 3.0, "upper": 20.0},
    "refused_by_rule": {"grounding": 12, "banned_claims": 7},
    "fell_back_because": {"too_few_variants": 3},
    "rejected_because": {"unclear": 1},
    "reuse_rate": 0.25,
    "cost_per_accepted": "0.0228",
    "words_per_accepted": 34.0,
}
_BAR: dict[str, Any] = {
    "slots": 36,
    "written": 22,
    "reused": 9,
    "fell_back": 5,
    "approved": 18,
    "rejected": 1,
    "expired": 1,
}


class WeeklyView(WeeklyReview):
    """One week of a brand beside the week before, and twelve weeks of counts up to it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "brand": "larkfell",
                    "now": _WEEK,
                    "before": {**_WEEK, "week": "2026-W47"},
                    "weeks": [{"week": "2026-W48", "counts": _BAR}],
                    "edited": [{"kind": "subject", "field": "subject", "edits": 4, "by_reviewers": 3}],
                    "repeated": [],
                }
            ]
        },
    )


@router.get("/{brand}/inventory", operation_id="get_inventory", summary="What is approved, and its state")
def get_inventory(
    *,
    brand: BrandPath,
    caller: CallerDep,
    service: ServiceDep,
    serving: ServingDep,
    state: Annotated[InventoryState | None, Query(description="Only what is in this state")] = None,
    kind: Annotated[str | None, Query(max_length=60, description="Only this block kind")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> InventoryPage:
    """Approved blocks and drafts by sort and id, each with why it needs refreshing. Review dates are those of
    now; the rest is worked out beside the requests, and `worked_out_at` says as of when.
    """
    caller.require(brand, Scope.READ)
    if kind is not None and kind not in KINDS:
        raise invalid([_fault("kind", "is no block kind", nearest(kind, KINDS))])
    found = service.inventories.look(serving.library(brand), service.store, now())
    wanted = [item for item in found.items if state in (None, item.state) and kind in (None, item.kind)]
    page = page_of(wanted, _key, limit, cursor)
    return InventoryPage(
        items=tuple(map(PieceView.model_validate, page.items)),
        next=page.next,
        worked_out_at=found.at,
        judged=found.judged,
    )


@router.get("/{brand}/weekly", operation_id="get_weekly_review", summary="One week in numbers")
def get_weekly_review(
    brand: BrandPath,
    caller: CallerDep,
    service: ServiceDep,
    week: Annotated[
        str | None,
        Query(
            max_length=20,
            description="A week of ISO 8601; the present one when missing",
            examples=["2026-W48"],
        ),
    ] = None,
) -> WeeklyView:
    """What was asked, written, refused by rule, approved and rejected, its cost, and the words that reviewers
    had to read, beside the week before. Weeks begin on Monday, in UTC.
    """
    caller.require(brand, Scope.READ)
    try:
        wanted = Week.named(week) if week is not None else Week.of(now())
    except UsageError as error:
        raise invalid([_fault("week", error.message, error.hint)]) from error
    return WeeklyView(**dict(weekly_review(service.store.engine, brand, wanted)))


def _key(item: Item) -> str:
    return item.key


def _fault(name: str, message: str, expected: str) -> FieldProblem:
    return FieldProblem(where="query", field=name, message=message, expected=expected)
