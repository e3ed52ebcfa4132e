"""POST /v1/briefs/{id}/exports and GET /v1/exports: emails handed over in a platform's merge tags."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine

from app.api.deps import BrandQuery, CallerDep, NewIds
from app.api.etags import known_tag
from app.api.export_examples import EXPORT, EXPORT_LINE, EXPORT_REQUEST, EXPORTS_MADE
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.paging import Cursor, Limit, Page, decode_cursor, encode_cursor, moment_of
from app.api.route import Route
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.exported import state_of
from app.copywriting.shipping import Wanted, kept_package, make, record
from app.db.blobs import BlobStore
from app.db.exports import Exports, ExportWanted
from app.db.release_tables import Export, ExportedSlot

router = APIRouter(route_class=Route, prefix="/v1/exports", tags=["exports"])
making = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/exports", tags=["exports"])
ZIP = "application/zip"
Name = Annotated[str, Field(max_length=60)]
ExportPath = Annotated[
    str,
    Path(max_length=32, description="Id of an export", examples=["7b1e6f0a52c94f0d8a3b5c9d1e2f3a4b"]),
]
_TAG: dict[str, Any] = {"ETag": {"description": "Of the package", "schema": {"type": "string"}}}


class ExportRequest(BaseModel):
    """To which account, and which emails of the brief; all of them when nothing is said."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [EXPORT_REQUEST]})

    account: Name = Field(description="A file in platforms/ of the brand")
    locale: Annotated[str, Field(max_length=20)] | None = None
    segments: Annotated[tuple[Name, ...], Field(max_length=100)] = Field(
        default=(), description="Ids or aliases"
    )
    arm: Annotated[str, Field(max_length=30)] | None = Field(
        default=None, description="Only this arm of the tests; emails without a test are left out then"
    )
    together: bool = Field(default=False, description="One conditional email for all segments of a locale")
    despite_checks: bool = Field(
        default=False, description="Also where the checks of emails find an error; the hand-off note says so"
    )


class ExportLine(BaseModel):
    """One email as it was handed to an account."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [EXPORT_LINE]})

    id: str
    brand: str
    brief: str
    brief_revision: int
    locale: str
    segments: tuple[str, ...]
    arm: str = Field(description="`only` where nothing is tested")
    account: str
    platform: str
    subject: str = Field(description="As it was written, with tokens")
    exported_by: str = Field(description="By email")
    exported_at: dt.datetime
    do_not_send_after: dt.datetime | None = Field(description="The earliest end of what it states")
    package: str | None = Field(description="Where the package is fetched; null when it is not kept")


class ExportMade(ExportLine):
    """An export that was made just now."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [EXPORTS_MADE["exports"][0]]})

    warnings: tuple[str, ...] = Field(description="What the hand-off note says a person has to look at")


class ExportsMade(BaseModel):
    """What was exported of a brief, and what suppression flags keep from readers."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [EXPORTS_MADE]})

    exports: tuple[ExportMade, ...]
    kept_back: tuple[str, ...]


class ExportView(ExportMade):
    """The whole record of an export, and whether it still holds."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [EXPORT]})

    content_version: str = Field(description="The published content that served; empty for a folder")
    template_hash: str
    slots: tuple[ExportedSlot, ...]
    facts: dict[str, str] = Field(description="Every value that it states")
    links: dict[str, str] = Field(description="By segment and kind")
    claims: tuple[str, ...] = Field(description="Entries of the claims library that it says")
    files: dict[str, str] = Field(description="SHA-256 of each file of the package but the manifest")
    manifest: str = Field(description="SHA-256 of the manifest; empty when the package is not kept")
    stale: tuple[str, ...] = Field(
        description="Why it may not be sent any more as it is: what would be exported otherwise today"
    )


class Zip(Response):
    """The package as a zip."""

    media_type = ZIP


@making.post("", operation_id="export_brief", summary="Export the chosen emails", status_code=201)
def export_brief(
    *,
    brief_id: BriefPath,
    body: ExportRequest,
    caller: CallerDep,
    desk: DeskDep,
    ids: NewIds,
    brand: BriefBrand = None,
) -> ExportsMade:
    """Every email passes the gate and the checks again, and is printed in the merge tags of the account's
    platform. The records are kept with their packages, all or none: one email that is refused stops all.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.EXPORT)
    exports = Exports(desk.drafts.engine, caller.identity.person_id)
    wanted = Wanted(**body.model_dump())
    made = make(desk, exports, stored, wanted, by=caller.email, named=ids.named)
    return ExportsMade(exports=tuple(map(_made, record(exports, made))), kept_back=made.kept_back)


@router.get("", operation_id="list_exports", summary="What was exported")
def list_exports(
    *,
    caller: CallerDep,
    desk: DeskDep,
    brand: BrandQuery = None,
    brief: Annotated[str | None, Query(max_length=60, description="Only this brief")] = None,
    account: Annotated[str | None, Query(max_length=60, description="Only this account")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ExportLine]:
    """Exports, the newest first; one that is made meanwhile never moves a page. Whether an export still holds
    is said by GET /v1/exports/{export_id}.
    """
    position = decode_cursor(cursor, 2)
    wanted = ExportWanted(
        brands=caller.wanted(brand, Scope.READ),
        brief_id=brief,
        account=account,
        after=(moment_of(position[0]), position[1]) if position else None,
        limit=limit + 1,
    )
    found = Exports(desk.drafts.engine).page(wanted)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=tuple(ExportLine(**_line(row)) for row in found[:limit]),
        next=encode_cursor(last.exported_at.isoformat(), last.id) if last else None,
    )


@router.get("/{export_id}", operation_id="get_export", summary="One export")
def get_export(export_id: ExportPath, caller: CallerDep, desk: DeskDep) -> ExportView:
    """What an export was made of, and whether it still holds. What was pasted elsewhere cannot be recalled:
    `stale` says why it has to be replaced.
    """
    row = _export(desk.drafts.engine, caller, export_id)
    content = row.content
    return ExportView(
        **_line(row),
        warnings=content.warnings,
        content_version=row.content_version,
        template_hash=row.template_hash,
        slots=content.slots,
        facts=content.facts,
        links=content.links,
        claims=content.claims,
        files=content.files,
        manifest=content.manifest,
        stale=state_of(desk, row, dt.datetime.now(dt.UTC)).stale,
    )


@router.get(
    "/{export_id}/package",
    operation_id="get_export_package",
    summary="The package of an export",
    response_class=Zip,
    responses={
        200: {
            "description": "A zip of the files as they were handed over",
            "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
            "headers": _TAG,
        },
        304: {"description": "It is what If-None-Match names", "headers": _TAG},
    },
)
def get_export_package(
    *,
    export_id: ExportPath,
    caller: CallerDep,
    desk: DeskDep,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", max_length=2000, description="The ETag of what you have")
    ] = None,
) -> Response:
    """The email in the platform's tags, previews, pictures, receipts and the hand-off note, byte for byte as
    they were recorded. Not found once retention took them.
    """
    row = _export(desk.drafts.engine, caller, export_id)
    tag = f'"{row.content.manifest}"'
    headers = {"ETag": tag, "Content-Disposition": f'attachment; filename="{row.id}.zip"'}
    if row.content.manifest and if_none_match is not None and known_tag(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(kept_package(BlobStore(desk.drafts.engine), row), media_type=ZIP, headers=headers)


def _export(engine: Engine, caller: Caller, export_id: str) -> Export:
    """The export. Raises NotFound or NotPermitted."""
    caller.require_scope(Scope.READ)
    found = Exports(engine).find(export_id, caller.visible)
    caller.require(found.brand, Scope.READ)
    return found


def _line(row: Export) -> dict[str, Any]:
    return {
        "id": row.id,
        "brand": row.brand,
        "brief": row.brief_id,
        "brief_revision": row.brief_revision,
        "locale": row.locale,
        "segments": row.segments,
        "arm": row.arm,
        "account": row.account,
        "platform": row.platform,
        "subject": row.content.subject,
        "exported_by": row.exported_by,
        "exported_at": row.exported_at,
        "do_not_send_after": row.do_not_send_after and row.do_not_send_after.astimezone(dt.UTC),
        "package": f"/v1/exports/{row.id}/package" if row.content.manifest else None,
    }


def _made(row: Export) -> ExportMade:
    return ExportMade(**_line(row), warnings=row.content.warnings)
