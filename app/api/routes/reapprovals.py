"""/v1/briefs/{id}/reapprove: drafts whose values changed and whose copy did not, approved in one action."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, Repeatable
from app.api.finding import BriefBrand, BriefPath, brief_for
from app.api.route import Route
from app.api.routes.waivers import OfficeDep
from app.api.validation import invalid
from app.brand.roles import Scope
from app.brand.tiers import Tier
from app.copywriting.reapproving import ChangedValue, Offered, offered, reapprove
from app.db.tables import Draft, DraftState, now
from app.http.errors import FieldProblem
from app.review.actions.approve import Seen

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/reapprove", tags=["review"])
MOST = 200
_DRAFT = "3fe0c4b0a4a94b0c8d7b0a4f5f1f1c2e"
_SEEN = "9f2c5b1de0a4475c"
_OFFERED: dict[str, Any] = {
    "draft": _DRAFT,
    "revision": 4,
    "locale": "en-US",
    "segment": "lapsed_buyers",
    "kind": "offer",
    "copy_fields": {"headline": "{offer.discount} off until Sunday"},
    "tier": "elevated",
    "several_at_once": True,
    "waits_for": ["performance"],
    "values": [{"name": "offer.discount", "before": "20%", "now": "15%"}],
    "why_not": "",
    "seen": _SEEN,
}


class ValueView(BaseModel):
    """One value that is another than when the draft was approved."""

    model_config = ConfigDict(frozen=True)

    name: str
    before: str | None = Field(description="What reviewers read then; null where that was not kept")
    now: str | None = Field(description="What readers would read now; null where there is no value any more")


class OfferedView(BaseModel):
    """A draft that waits for an approval of new values only."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_OFFERED]})

    draft: str
    revision: int
    locale: str
    segment: str
    kind: str
    copy_fields: dict[str, str]
    tier: Tier
    several_at_once: bool = Field(description="Whether the tier lets it be approved together with others")
    waits_for: tuple[str, ...] = Field(description="The roles whose turn it is")
    values: tuple[ValueView, ...]
    why_not: str = Field(description="Why you cannot approve it now; empty where you can")
    seen: str = Field(description="To be sent with it: refused when its values are others by then")


class OfferedList(BaseModel):
    """What one action could approve again."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"items": [_OFFERED]}]})

    items: tuple[OfferedView, ...]


class SeenDraft(BaseModel):
    """A draft at the revision that was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    draft: Annotated[str, Field(max_length=32)]
    revision: Annotated[int, Field(ge=1, lt=10**9)]
    seen: Seen | None = Field(default=None, description="`seen` of the draft as it was listed")


class ReapproveRequest(BaseModel):
    """Which drafts, each as it was seen."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"drafts": [{"draft": _DRAFT, "revision": 4, "seen": _SEEN}]}]},
    )

    drafts: Annotated[tuple[SeenDraft, ...], Field(min_length=1, max_length=MOST)]


class ReapprovedDraft(BaseModel):
    """A draft after it was approved again; in review as long as somebody else has to."""

    model_config = ConfigDict(frozen=True)

    draft: str
    revision: int
    state: DraftState


class Reapproved(BaseModel):
    """What was approved."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={"examples": [{"items": [{"draft": _DRAFT, "revision": 5, "state": "approved"}]}]},
    )

    items: tuple[ReapprovedDraft, ...]


@router.get("", operation_id="list_reapprovals", summary="Drafts with new values only")
def list_reapprovals(
    *, brief_id: BriefPath, caller: CallerDep, office: OfficeDep, brand: BriefBrand = None
) -> OfferedList:
    """The drafts of a brief that are in review because values changed and their copy did not, each with those
    that it was approved with and those of now.
    """
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.READ)
    found = offered(office, stored, caller.actor(stored.brand), now())
    return OfferedList(items=tuple(map(_offered, found)))


@router.post("", operation_id="reapprove_drafts", summary="Approve new values", dependencies=[Repeatable])
def reapprove_drafts(
    *,
    brief_id: BriefPath,
    body: ReapproveRequest,
    caller: CallerDep,
    office: OfficeDep,
    brand: BriefBrand = None,
) -> Reapproved:
    """Approve drafts again whose copy is unchanged, all or none, in the missing roles that you have. The
    guardrails have to pass each with the new values, and nobody approves what they wrote.
    """
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.REVIEW)
    seen = {item.draft: item.revision for item in body.drafts}
    if len(seen) < len(body.drafts):
        fault = FieldProblem(
            pointer="/drafts", field="drafts", message="names a draft twice", expected="each once"
        )
        raise invalid([fault])
    read = {item.draft: item.seen for item in body.drafts}
    done = reapprove(office, stored, caller.actor(stored.brand), seen, now(), read)
    return Reapproved(items=tuple(map(_reapproved, done)))


def _offered(item: Offered) -> OfferedView:
    draft, situation = item.draft, item.situation
    return OfferedView(
        draft=draft.id,
        revision=draft.revision,
        locale=draft.locale,
        segment=draft.segment,
        kind=draft.kind,
        copy_fields=draft.copy_fields,
        tier=situation.tier,
        several_at_once=situation.terms.several_at_once,
        waits_for=situation.next_roles,
        values=tuple(map(_value, item.values)),
        why_not=item.obstacle,
        seen=situation.seen,
    )


def _value(value: ChangedValue) -> ValueView:
    return ValueView(name=value.name, before=value.before, now=value.now)


def _reapproved(draft: Draft) -> ReapprovedDraft:
    return ReapprovedDraft(draft=draft.id, revision=draft.revision, state=draft.state)
