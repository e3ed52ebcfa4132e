"""Briefs and drafts by their ids, for somebody who may do something with them."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from app.api.deps import asking_of, service_of, serving_of
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.desk import Desk
from app.db.service_tables import StoredBrief
from app.db.tables import Draft

BriefPath = Annotated[
    str, Path(max_length=60, description="Id of a stored brief", examples=["larkfell_corrie_viewed"])
]
DraftPath = Annotated[
    str,
    Path(max_length=32, description="Id of a draft", examples=["3fe0c4b0a4a94b0c8d7b0a4f5f1f1c2e"]),
]
BriefBrand = Annotated[
    str | None,
    Query(max_length=60, description="The brand, where several that you see have a brief of this id"),
]


async def desk_of(request: Request) -> Desk:
    """What the verbs of copywriting work with, for the length of one request."""
    service, serving = await service_of(request), await serving_of(request)
    return Desk(service.briefs, service.drafts, serving, await asking_of(request))


DeskDep = Annotated[Desk, Depends(desk_of)]


def brief_for(desk: Desk, caller: Caller, brief_id: str, brand: str | None, scope: Scope) -> StoredBrief:
    """The stored brief. Raises NotFound in the same words for what is not there and for what the caller does
    not see, NotPermitted for what they see and may not do, Conflict when the id alone is ambiguous.
    """
    if brand is not None:
        caller.require(brand, scope)
    caller.require_scope(scope)
    stored = desk.brief(brief_id, caller.visible, brand)
    caller.require(stored.brand, scope)
    return stored


def draft_for(desk: Desk, caller: Caller, draft_id: str, scope: Scope) -> Draft:
    """The stored draft. Raises NotFound or NotPermitted."""
    caller.require_scope(scope)
    draft = desk.drafts.find(draft_id, caller.visible)
    caller.require(draft.brand, scope)
    return draft
