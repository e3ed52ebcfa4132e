"""GET /v1/drafts/{id}/receipt: why a draft says what it says, and the bytes behind each hash of it."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, ServiceDep
from app.api.examples import RECEIPT, REPLAY, VERSION
from app.api.finding import DeskDep, DraftPath, draft_for
from app.api.paging import Limit
from app.api.route import Route
from app.brand.roles import Scope
from app.copywriting.dossier_lines import story_with_review
from app.db.blobs import BlobStore
from app.db.content import ContentStore
from app.errors import NotFound
from app.generation.replaying import Replay, Replayed
from app.release.receipt_story import ReceiptReader, ReceiptStory

router = APIRouter(route_class=Route, tags=["drafts"])
versions = APIRouter(route_class=Route, prefix="/v1/versions", tags=["content"])
BYTES = "application/octet-stream"
HashPath = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{6,64}$",
        description="A hash of the receipt, or of a file in one of its listings; it may be shortened",
        examples=["8f14e45fceea"],
    ),
]


class ReceiptView(ReceiptStory):
    """A receipt in words, and what became of every hash on it: `kept`, `pruned` by retention, or a fault."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [RECEIPT]})


class Bytes(Response):
    """Stored bytes as they are."""

    media_type = BYTES


@router.get(
    "/v1/drafts/{draft_id}/receipt", operation_id="get_receipt", summary="Why a draft says what it says"
)
def get_receipt(draft_id: DraftPath, caller: CallerDep, desk: DeskDep) -> ReceiptView:
    """Who or what wrote the draft, what judged it, who edited, reviewed and approved it, also as part of
    whole emails, and every hash of what it came from, each looked up and verified. Approvals and waivers that
    the audit has no record of are marked.
    """
    draft = draft_for(desk, caller, draft_id, Scope.READ)
    story = story_with_review(desk.drafts.engine, draft)
    return ReceiptView.model_validate(story.model_dump())


class ReplayView(Replayed):
    """What came of judging the stored copy again: `same`, `different`, or `cannot` with what is missing."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [REPLAY]})


@router.get(
    "/v1/drafts/{draft_id}/receipt/replay",
    operation_id="replay_receipt",
    summary="Whether the rules of then still judge a draft the same",
)
def replay_receipt(draft_id: DraftPath, caller: CallerDep, desk: DeskDep, service: ServiceDep) -> ReplayView:
    """The copy as it is stored, judged again by the rules, facts and brief that its receipt names, as of the
    same moment. No model is asked: answers that the receipt holds are taken.
    """
    draft = draft_for(desk, caller, draft_id, Scope.READ)
    replay = Replay(BlobStore(desk.drafts.engine), desk.briefs, service.version)
    return ReplayView.model_validate(replay(draft).model_dump())


@router.get(
    "/v1/drafts/{draft_id}/receipt/{digest}",
    operation_id="get_receipt_bytes",
    summary="The bytes behind a hash of a receipt",
    response_class=Bytes,
    responses={
        200: {
            "description": "The bytes, whose SHA-256 is the hash",
            "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def get_receipt_bytes(draft_id: DraftPath, digest: HashPath, caller: CallerDep, desk: DeskDep) -> Response:
    """The request sent, the raw answer, facts, rules, contract, a listing, or a file that a listing names.
    Hashes of anything else are not found, and neither are bytes that retention took.
    """
    draft = draft_for(desk, caller, draft_id, Scope.READ)
    found = ReceiptReader(BlobStore(desk.drafts.engine)).show(draft, digest, whole_version=False)
    if found.data is None:
        raise NotFound(f"the bytes of '{digest}' cannot be had: {found.words}")
    headers = {"Content-Disposition": f'attachment; filename="{found.hash}"', "ETag": f'"{found.hash}"'}
    return Response(found.data, media_type=BYTES, headers=headers)


class VersionView(BaseModel):
    """One published state of all brands' content."""

    model_config = ConfigDict(frozen=True)

    version: str = Field(description="Its hash, as receipts name it")
    published_at: dt.datetime
    serves: bool = Field(description="Whether it is the one that serves")
    author: str | None = Field(description="Who published it, and why; for keys that operate every brand")
    note: str | None


class VersionList(BaseModel):
    """The versions that were published last, newest first."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"items": [VERSION]}]})

    items: tuple[VersionView, ...]


@versions.get("", operation_id="list_versions", summary="Published versions of the content")
def list_versions(caller: CallerDep, desk: DeskDep, limit: Limit = 50) -> VersionList:
    """Which states of the content were published, and which one serves. Publishing is a command."""
    caller.require_scope(Scope.READ)
    store = ContentStore(desk.drafts.engine)
    move = store.serving()
    libraries = desk.serving.libraries
    operates = all(caller.may(brand, Scope.OPERATE) for brand in {*libraries.serving, *libraries.faults})
    return VersionList(
        items=tuple(
            VersionView(
                version=item.hash,
                published_at=item.created_at,
                serves=move is not None and move.version == item.hash,
                author=item.author if operates else None,
                note=item.note if operates else None,
            )
            for item in store.versions(limit)
        )
    )
