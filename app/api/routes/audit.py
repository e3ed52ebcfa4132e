"""GET /v1/audit: what people did, for those who run a brand."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.api.deps import BrandQuery, CallerDep
from app.api.examples import DRAFT_ID, HASH
from app.api.finding import DeskDep
from app.api.paging import Cursor, Limit, Page, decode_cursor, encode_cursor, number_of
from app.api.route import Route
from app.brand.roles import Scope
from app.caller import Caller
from app.db.audit import EVERY_BRAND
from app.db.audit_log import AuditFilter, AuditLog
from app.release.library import Libraries

router = APIRouter(route_class=Route, prefix="/v1/audit", tags=["audit"])
_EXAMPLE: dict[str, Any] = {
    "seq": 41,
    "brand": "larkfell",
    "at": "2026-11-27T14:00:00Z",
    "actor": "8d0c3c5cf2a04d1b9a1b2f4f7cf8c9a1",
    "who": "cal@larkfell.example",
    "action": "draft.edit",
    "subject": f"draft {DRAFT_ID}",
    "data": {"verdict": "pass", "state": "draft"},
    "previous": HASH,
    "hash": HASH,
}


class RecordView(BaseModel):
    """One thing that was done. Records form one chain over all brands: each names the hash before it."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    seq: int
    brand: str = Field(description="`*` for what is about every brand, such as people and published content")
    at: dt.datetime
    actor: str = Field(description="Id of a person; `machine` for a command, `clock` for what time did")
    who: str = Field(description="The actor's address as it is stored now; an alias for who was erased")
    action: str
    subject: str
    data: dict[str, JsonValue]
    previous: str
    hash: str


class RecordPage(Page[RecordView]):
    """Records, newest first."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"items": [_EXAMPLE], "next": None}]}
    )


@router.get("", operation_id="list_audit", summary="What people did")
def list_audit(
    *,
    caller: CallerDep,
    desk: DeskDep,
    brand: BrandQuery = None,
    subject: Annotated[
        str | None,
        Query(max_length=300, description="Only what was done to this", examples=[f"draft {DRAFT_ID}"]),
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Only from this moment on")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RecordPage:
    """Records of the brands that the key may operate, newest first. What is about every brand is told to keys
    that may operate every brand. Checking the chain is a command: `copydesk audit verify`.
    """
    wanted = caller.wanted(brand, Scope.OPERATE)
    position = decode_cursor(cursor, 1)
    log = AuditLog(desk.drafts.engine)
    found = log.records(
        AuditFilter(
            brands=(*wanted, *_of_every_brand(caller, desk.serving.libraries, brand)),
            subject=subject,
            since=since,
            before=number_of(position[0]) if position is not None else None,
            limit=limit + 1,
        )
    )
    shown = found[:limit]
    names = log.names([record.actor for record in shown])
    items = tuple(
        RecordView(**record.model_dump(), who=names.get(record.actor, record.actor)) for record in shown
    )
    following = encode_cursor(str(shown[-1].seq)) if len(found) > limit else None
    return RecordPage(items=items, next=following)


def _of_every_brand(caller: Caller, libraries: Libraries, brand: str | None) -> tuple[str, ...]:
    """The mark of records that are about every brand, where the caller may see them."""
    known = {*libraries.serving, *libraries.faults}
    operates = brand is None and all(caller.may(name, Scope.OPERATE) for name in known)
    return (EVERY_BRAND,) if operates else ()
