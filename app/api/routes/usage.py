"""GET /v1/usage: what models took, by brand, day and model."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from app.api.deps import BrandQuery, CallerDep, ServiceDep
from app.api.route import Route
from app.api.validation import invalid
from app.brand.roles import Scope
from app.db.tables import now
from app.http.errors import FieldProblem, InvalidRequest

MOST_DAYS = 366
DEFAULT_DAYS = 30
router = APIRouter(route_class=Route, prefix="/v1/usage", tags=["usage"])


class UsageOfDay(BaseModel):
    """What one brand's calls to one model took on one day (UTC)."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    brand: str
    day: dt.date
    model: str
    calls: int
    seconds: float = Field(description="Seconds of waiting for the model")
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal = Field(description="Money in US dollars; 0 for a model of one's own")


class UsageReport(BaseModel):
    """Usage by brand, day and model, and the sum of it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-11-01",
                    "until": "2026-11-30",
                    "items": [
                        {
                            "brand": "larkfell",
                            "day": "2026-11-20",
                            "model": "openai/gpt-4o-mini",
                            "calls": 12,
                            "seconds": 14.2,
                            "prompt_tokens": 9120,
                            "completion_tokens": 804,
                            "cost_usd": "0.001850",
                        }
                    ],
                    "calls": 12,
                    "prompt_tokens": 9120,
                    "completion_tokens": 804,
                    "cost_usd": "0.001850",
                }
            ]
        },
    )

    since: dt.date
    until: dt.date
    items: tuple[UsageOfDay, ...]
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


@router.get("", operation_id="get_usage", summary="Tokens and money by brand and day")
async def get_usage(
    service: ServiceDep,
    caller: CallerDep,
    brand: BrandQuery = None,
    since: Annotated[dt.date | None, Query(description="First day (UTC); 30 days back when missing")] = None,
    until: Annotated[
        dt.date | None, Query(description="Last day (UTC), included; today when missing")
    ] = None,
) -> UsageReport:
    """What models took for one brand or for all that you operate. Needs the scope operate."""
    brands = caller.wanted(brand, Scope.OPERATE)
    first, last = _days(since, until)
    rows = await run_in_threadpool(
        service.store.usage,
        brands=brands,
        since=dt.datetime.combine(first, dt.time(), dt.UTC),
        until=dt.datetime.combine(last, dt.time(), dt.UTC) + dt.timedelta(days=1),
    )
    return UsageReport(
        since=first,
        until=last,
        items=tuple(UsageOfDay.model_validate(row) for row in rows),
        calls=sum(row.calls for row in rows),
        prompt_tokens=sum(row.prompt_tokens for row in rows),
        completion_tokens=sum(row.completion_tokens for row in rows),
        cost_usd=sum((row.cost_usd for row in rows), Decimal(0)),
    )


def _days(since: dt.date | None, until: dt.date | None) -> tuple[dt.date, dt.date]:
    """The first and the last day of the report. Raises InvalidRequest for days that make no report."""
    for name, day in (("since", since), ("until", until)):
        if day is not None and not 2000 <= day.year < 9000:
            raise _unfit(name, "is no year of a report", "a day between 2000 and 8999")
    last = until or now().date()
    first = since or last - dt.timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise _unfit("since", "lies after the last day", f"a day up to {last}")
    if (last - first).days >= MOST_DAYS:
        raise _unfit("since", "lies too far back", f"at most {MOST_DAYS} days, first to last")
    return first, last


def _unfit(name: str, message: str, expected: str) -> InvalidRequest:
    return invalid([FieldProblem(where="query", field=name, message=message, expected=expected)])
