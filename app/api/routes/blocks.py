"""GET /v1/blocks: the approved content."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, ServingDep
from app.api.paging import Cursor, Limit, Page, page_of
from app.api.route import Route
from app.api.validation import invalid
from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.http.errors import FieldProblem
from app.yaml12 import nearest

router = APIRouter(route_class=Route, prefix="/v1/blocks", tags=["content"])

Kind = Annotated[str | None, Query(max_length=60, description="Only this block kind", examples=["hero"])]
Journey = Annotated[
    str | None,
    Query(max_length=60, description="Only content written for this journey", examples=["winback"]),
]
Locale = Annotated[
    str | None, Query(max_length=20, description="Only content in this locale", examples=["en-US"])
]


class BlockView(BaseModel):
    """One approved block, with who wrote it and who approved it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "brand": "larkfell",
                    "id": "cta_winback_trail",
                    "kind": "cta",
                    "journey": "winback",
                    "evergreen": False,
                    "message": None,
                    "locales": ["en-US"],
                    "segments": [],
                    "copy": {"label": "See what is new"},
                    "image": None,
                    "author": "Cal Copywriter",
                    "approved_by": ["Ada Brand"],
                    "approved_on": "2026-09-01",
                    "review_by": "2027-03-01",
                    "hash": "0123456789abcdef",
                }
            ]
        },
    )

    brand: str
    id: str
    kind: str
    journey: str | None
    evergreen: bool = Field(description="Whether it can stand in any journey at any time")
    message: str | None
    locales: tuple[str, ...]
    segments: tuple[str, ...] = Field(description="Audiences that it was written for; empty for any")
    copy_: dict[str, str] = Field(alias="copy", description="The copy by field, with typed tokens")
    image: str | None
    author: str
    approved_by: tuple[str, ...]
    approved_on: dt.date
    review_by: dt.date = Field(description="When somebody has to look at it again")
    hash: str = Field(description="First 16 hex digits of the hash of what was approved")


@router.get("", operation_id="list_blocks", summary="The approved content")
async def list_blocks(
    *,
    caller: CallerDep,
    serving: ServingDep,
    brand: BrandQuery = None,
    kind: Kind = None,
    journey: Journey = None,
    locale: Locale = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[BlockView]:
    """Approved blocks of one brand or of all that you see, by brand and id."""
    if kind is not None and kind not in KINDS:
        fault = FieldProblem(
            where="query", field="kind", message="is no block kind", expected=nearest(kind, KINDS)
        )
        raise invalid([fault])
    serves = serving.libraries.serving
    found = [
        _view(name, placed.block)
        for name in caller.wanted(brand, Scope.READ)
        if name in serves
        for placed in serves[name].blocks
        if kind in (None, placed.block.kind)
        and journey in (None, placed.block.journey)
        and (locale is None or locale in placed.block.locales)
    ]
    return page_of(found, lambda item: f"{item.brand}/{item.id}", limit, cursor)


def _view(brand: str, block: ApprovedBlock) -> BlockView:
    return BlockView(
        brand=brand,
        id=block.id,
        kind=block.kind,
        journey=block.journey,
        evergreen=block.evergreen,
        message=block.message,
        locales=block.locales,
        segments=block.segments,
        copy=block.copy_,
        image=block.image,
        author=block.author,
        approved_by=block.approval.by,
        approved_on=block.approval.on,
        review_by=block.approval.review_by,
        hash=block.approval.hash,
    )
