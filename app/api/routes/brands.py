"""GET /v1/brands: the brands that the caller sees."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, ServingDep
from app.api.paging import Cursor, Limit, Page, page_of
from app.api.route import Route
from app.blocks.registry import KINDS
from app.brand.roles import PersonRole, Scope
from app.caller import Caller
from app.release.serving import Serving

router = APIRouter(route_class=Route, prefix="/v1/brands", tags=["content"])
_EXAMPLE: dict[str, Any] = {
    "id": "larkfell",
    "serves": True,
    "current": True,
    "name": "Larkfell",
    "owner": "Nora Hale",
    "locales": ["en-US"],
    "your_roles": ["copywriter"],
    "segments": 3,
    "blocks": 61,
    "hash": "3f6c0f8c",
}


class BrandSummary(BaseModel):
    """One brand. What it holds is null while it is disabled."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: str
    serves: bool = Field(description="Whether requests for it are answered")
    current: bool = Field(description="False when its files do not load and its last valid version serves")
    name: str | None = None
    owner: str | None = Field(default=None, description="Who answers for the brand's files")
    locales: tuple[str, ...] = ()
    your_roles: tuple[PersonRole, ...] = Field(description="What you are for this brand")
    segments: int = Field(default=0, description="How many segments are documented")
    blocks: int = Field(default=0, description="How many approved blocks there are")
    hash: str | None = Field(default=None, description="Hash of the brand's files, as receipts name it")


class BrandDetails(BrandSummary):
    """One brand with what a brief for it may name."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "sells": "gear and clothes for days outside",
                    "link_hosts": ["larkfell.example"],
                    "kpis": ["clicks"],
                    "generated_kinds": ["subject", "hero", "cta"],
                    "journeys": ["winback"],
                    "offers": ["autumn_sale"],
                    "variables": ["person.first_name"],
                    "assets": ["ridge"],
                }
            ]
        },
    )

    sells: str | None = None
    link_hosts: tuple[str, ...] = Field(default=(), description="Hosts that a brief's links may lead to")
    kpis: tuple[str, ...] = Field(default=(), description="KPIs that a brief may pursue")
    generated_kinds: tuple[str, ...] = Field(default=(), description="Block kinds that a model may write")
    journeys: tuple[str, ...] = Field(default=(), description="Journeys with approved content")
    offers: tuple[str, ...] = ()
    variables: tuple[str, ...] = Field(default=(), description="Merge variables that copy may use")
    assets: tuple[str, ...] = Field(default=(), description="Images that a brief may name")


@router.get("", operation_id="list_brands", summary="The brands that you see")
async def list_brands(
    caller: CallerDep, serving: ServingDep, limit: Limit = 50, cursor: Cursor = None
) -> Page[BrandSummary]:
    """Brands for which you have any role, by id."""
    found = [_summary(brand, caller, serving) for brand in caller.brands(Scope.READ)]
    return page_of(found, lambda item: item.id, limit, cursor)


@router.get("/{brand}", operation_id="get_brand", summary="One brand and what a brief for it may name")
async def get_brand(
    brand: Annotated[str, Path(max_length=60, examples=["larkfell"])], caller: CallerDep, serving: ServingDep
) -> BrandDetails:
    """One brand: KPIs, offers, variables and images by the names that a brief uses."""
    caller.require(brand, Scope.READ)
    summary = _summary(brand, caller, serving).model_dump()
    library = serving.libraries.serving.get(brand)
    if library is None:
        return BrandDetails(**summary)
    contract = library.brand.contract
    journeys = {placed.block.journey for placed in library.blocks if placed.block.journey}
    return BrandDetails(
        **summary,
        sells=library.brand.identity.sells,
        link_hosts=library.brand.identity.link_hosts,
        kpis=contract.may_optimise,
        generated_kinds=tuple(kind for kind in KINDS if kind in contract.may_generate),
        journeys=tuple(sorted(journeys)),
        offers=tuple(library.brand.offers),
        variables=tuple(library.brand.variables),
        assets=tuple(asset.id for asset in library.brand.assets.assets),
    )


def _summary(brand: str, caller: Caller, serving: Serving) -> BrandSummary:
    library = serving.libraries.serving.get(brand)
    roles = tuple(role for role in PersonRole if role in caller.roles(brand))
    current = brand not in serving.libraries.faults
    if library is None:
        return BrandSummary(id=brand, serves=False, current=current, your_roles=roles)
    identity = library.brand.identity
    return BrandSummary(
        id=brand,
        serves=True,
        current=current,
        name=identity.name,
        owner=identity.owner,
        locales=identity.locales,
        your_roles=roles,
        segments=len(library.brand.segments),
        blocks=len(library.blocks),
        hash=library.brand.hash,
    )
