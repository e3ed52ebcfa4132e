"""GET /v1/segments: the documented audiences."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, ServingDep
from app.api.paging import Cursor, Limit, Page, page_of
from app.api.route import Route
from app.brand.roles import Scope
from app.brand.segments import Layer, Segment

router = APIRouter(route_class=Route, prefix="/v1/segments", tags=["content"])


class SegmentView(BaseModel):
    """One audience, as the brand documents it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "brand": "larkfell",
                    "id": "weekend_hikers",
                    "aliases": ["hikers"],
                    "name": "Weekend hikers",
                    "layer": "affinity",
                    "purpose": "Bring people back to the trail",
                    "audience": "people who hike at weekends",
                    "inclusion": "two or more hiking orders in 24 months",
                    "exclusion": "staff",
                    "owner": "Lifecycle team",
                    "primary_kpi": "clicks",
                    "value_tier": "standard",
                    "consents": ["personalisation"],
                }
            ]
        },
    )

    brand: str
    id: str
    aliases: tuple[str, ...] = Field(description="Other names that a brief may use for it")
    name: str
    layer: Layer
    purpose: str
    audience: str = Field(description="The readers as a model is told about them")
    inclusion: str
    exclusion: str
    owner: str
    primary_kpi: str
    value_tier: str = Field(description="The rung of an offer's ladder that these readers get")
    consents: tuple[str, ...] = Field(description="What every member has agreed to")


@router.get("", operation_id="list_segments", summary="The documented audiences")
async def list_segments(
    caller: CallerDep,
    serving: ServingDep,
    brand: BrandQuery = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SegmentView]:
    """Segments of one brand or of all that you see, by brand and id."""
    serves = serving.libraries.serving
    found = [
        _view(name, segment)
        for name in caller.wanted(brand, Scope.READ)
        if name in serves
        for segment in serves[name].brand.segments.values()
    ]
    return page_of(found, lambda item: f"{item.brand}/{item.id}", limit, cursor)


def _view(brand: str, segment: Segment) -> SegmentView:
    return SegmentView(brand=brand, **segment.model_dump())
