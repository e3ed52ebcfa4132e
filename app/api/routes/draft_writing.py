"""POST /v1/drafts and /v1/drafts/{id}/redo: a person's copy for a slot, and having a draft written anew."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answers import SlotView, slot_view
from app.api.deps import AsksJudge, AsksModel, CallerDep, NewIds, ServiceDep
from app.api.draft_views import draft_view
from app.api.etags import etag
from app.api.examples import DRAFT_ID
from app.api.finding import DeskDep, DraftPath, brief_for, draft_for
from app.api.route import Route
from app.api.routes.drafts import WRITTEN_OUT, DraftWritten, Fields
from app.brand.roles import Scope
from app.copywriting.human_copy import write_draft
from app.copywriting.places import place_for
from app.copywriting.redoing import LONGEST_NOTE, MOST_SIBLINGS, Wish, redo, redo_place
from app.http.deadline import deadline

router = APIRouter(route_class=Route, prefix="/v1/drafts", tags=["drafts"])
Name = Annotated[str, Field(max_length=60)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NOTE, strip_whitespace=True)]


class DraftRequest(BaseModel):
    """A person's copy for one slot of a stored brief."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "brief": "corrie_viewed",
                    "brand": "larkfell",
                    "locale": "en-US",
                    "segment": "weekend_hikers",
                    "kind": "cta",
                    "copy_fields": {"label": "See the {product.name}"},
                }
            ]
        },
    )

    brief: Name = Field(description="Id of a stored brief")
    brand: Name | None = Field(default=None, description="Where several brands have a brief of this id")
    locale: Annotated[str, Field(max_length=20)]
    segment: Name = Field(description="Id or alias")
    kind: Name
    copy_fields: Fields = Field(description="Every field of the kind, with tokens or with values")
    image: Name | None = Field(default=None, description="An asset of the brand")


class RedoRequest(BaseModel):
    """What should be otherwise, and how many siblings are wanted."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"note": "shorter, less pushy"}]}
    )

    note: Note
    count: Annotated[int, Field(ge=1, le=MOST_SIBLINGS)] = 2
    seconds: Annotated[
        float | None, Field(gt=0, le=3600, description="The longest to wait for the model")
    ] = None


_SLOT: dict[str, Any] = {
    "locale": "en-US",
    "segment": "weekend_hikers",
    "kind": "cta",
    "outcome": "generated",
    "reason": "passed",
    "sentence": "Every guardrail passed and the confidence is sufficient.",
    "who_acts": "nobody",
    "held": False,
    "block": None,
    "offered": [],
    "wanted": 2,
    "variants": [
        {"draft_id": DRAFT_ID, "copy_fields": {"label": "Have a look"}, "source": "openai/gpt-4o-mini"}
    ],
    "refused": [],
    "trace": [],
    "stored": False,
}


class Redone(BaseModel):
    """Siblings of a draft. When nothing passes there are none, and the slot's decision says why; the draft
    itself stays as it is either way.
    """

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {"parent": DRAFT_ID, "note": "shorter, less pushy", "wish_read": True, "slot": _SLOT}
            ]
        },
    )

    parent: str
    note: str
    wish_read: bool = Field(
        description="False for a small model, which cannot follow a wish: it only writes other lines"
    )
    slot: SlotView = Field(description="The decision, the siblings as variants, the refused lines")


@router.post(
    "",
    operation_id="create_draft",
    summary="Write copy into a slot",
    status_code=201,
    dependencies=[AsksJudge],
)
def create_draft(
    *,
    body: DraftRequest,
    response: Response,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    ids: NewIds,
) -> DraftWritten:
    """Store your own copy for a slot of a stored brief. The guardrails judge it with the brief's facts, as of
    the moment of sending; copy that they refuse is kept as well, and `why_not` says what blocks it.
    """
    stored = brief_for(desk, caller, body.brief, body.brand, Scope.WRITE)
    place = place_for(desk, stored, locale=body.locale, segment=body.segment, kind=body.kind)
    written = write_draft(
        desk,
        place,
        body.copy_fields,
        by=caller.email,
        engine=service.version,
        image=body.image,
        draft_id=ids.new(),
    )
    response.headers["Location"] = f"/v1/drafts/{written.draft.id}"
    response.headers["ETag"] = etag(written.draft.revision)
    return DraftWritten(
        draft=draft_view(written.draft, None),
        changed=True,
        written_values=written.values,
        note=WRITTEN_OUT,
    )


@router.post(
    "/{draft_id}/redo",
    operation_id="redo_draft",
    summary="Have a draft written anew",
    dependencies=[AsksModel],
)
async def redo_draft(
    *,
    draft_id: DraftPath,
    body: RedoRequest,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    ids: NewIds,
) -> Redone:
    """Ask the model for siblings of a draft with a wish such as "shorter, less pushy". The guardrails judge
    the wish, since it steers the model, and every line that comes of it. What passes is stored with this
    draft as its parent.
    """
    draft = await asyncio.to_thread(draft_for, desk, caller, draft_id, Scope.GENERATE)
    place = await asyncio.to_thread(redo_place, desk, draft, body.note)
    wish = Wish(body.note, body.count, caller.email, ids.new())
    async with deadline(service, body.seconds) as cutoff:
        settled = await redo(desk, service.generation, place, draft, wish, cutoff=cutoff)
    reads = service.generation.models[0].profile.style == "capable"
    return Redone(parent=draft.id, note=body.note, wish_read=reads, slot=slot_view(settled))
