"""GET and PATCH /v1/drafts/{id}: what was written, with its verdicts, and editing it."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import AsksJudge, CallerDep, ServiceDep
from app.api.draft_views import DraftView, draft_view
from app.api.etags import SeenDep, etag
from app.api.examples import DRAFT
from app.api.finding import DeskDep, DraftPath, draft_for
from app.api.route import Route
from app.brand.roles import Scope
from app.copywriting.editing import edit_draft
from app.copywriting.human_copy import WrittenValue, written_values
from app.copywriting.places import LONGEST_FIELD, place_of_draft
from app.db.reviews import Reviews

router = APIRouter(route_class=Route, prefix="/v1/drafts", tags=["drafts"])
Text = Annotated[str, Field(max_length=LONGEST_FIELD)]
Fields = Annotated[dict[Annotated[str, Field(max_length=60)], Text], Field(min_length=1, max_length=20)]
WRITTEN_OUT = (
    "values that stand in a person's copy as themselves are compared with the facts by value and by use; "
    "a token would follow the fact and be formatted for each locale"
)


class EditRequest(BaseModel):
    """New text for some fields of a draft, with tokens such as {product.name}; other fields stay."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"copy_fields": {"headline": "Take your time to decide"}}]},
    )

    copy_fields: Fields


class DraftWritten(BaseModel):
    """A draft after a person wrote or edited it."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [{"draft": DRAFT, "changed": True, "written_values": [], "note": WRITTEN_OUT}]
        },
    )

    draft: DraftView
    changed: bool = Field(description="False when the copy is what it was: then nothing was stored")
    written_values: tuple[WrittenValue, ...] = Field(
        description="Values that stand in the copy as themselves, and the tokens that could stand for them"
    )
    note: str = Field(description="How such values are judged")


@router.get("/{draft_id}", operation_id="get_draft", summary="One draft")
def get_draft(draft_id: DraftPath, response: Response, caller: CallerDep, desk: DeskDep) -> DraftView:
    """A draft with its copy, the findings in place, the confidence with its parts, why the slot was answered
    as it was, and the receipt. The ETag is its revision.
    """
    draft = draft_for(desk, caller, draft_id, Scope.READ)
    response.headers["ETag"] = etag(draft.revision)
    review = Reviews(desk.drafts.engine).open_of(draft.id)
    return draft_view(draft, desk.drafts.answer_of(draft), review)


@router.patch("/{draft_id}", operation_id="edit_draft", summary="Edit a draft", dependencies=[AsksJudge])
def change_draft(
    *,
    draft_id: DraftPath,
    body: EditRequest,
    response: Response,
    caller: CallerDep,
    service: ServiceDep,
    desk: DeskDep,
    seen: SeenDep,
) -> DraftWritten:
    """Store new text for some fields. The guardrails judge it with the brief's facts, as of the moment of
    sending; copy that they refuse is kept as well, and `why_not` says what blocks it. An edit ends every
    approval of the draft, and whoever edits it cannot approve it. Needs If-Match.
    """
    draft = draft_for(desk, caller, draft_id, Scope.WRITE)
    revision = seen.require(draft.revision, f"draft {draft.id}")
    edited = edit_draft(desk, draft, body.copy_fields, seen=revision, by=caller.email, at=service.clock())
    response.headers["ETag"] = etag(edited.draft.revision)
    return DraftWritten(
        draft=draft_view(
            edited.draft,
            desk.drafts.answer_of(edited.draft),
            Reviews(desk.drafts.engine).open_of(edited.draft.id),
        ),
        changed=edited.change is not None,
        written_values=written_values(place_of_draft(desk, edited.draft), edited.draft.copy_fields),
        note=WRITTEN_OUT,
    )
