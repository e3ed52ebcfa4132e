"""/v1/briefs/{id}/emails: each email as it is put together, and its approval as a whole."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, Repeatable
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.route import Route
from app.brand.roles import Scope
from app.brand.tiers import Tier
from app.caller import Caller
from app.copywriting.whole_emails import EmailOffice, seen_of
from app.db.email_tables import EmailVersion
from app.db.release_tables import SINGLE
from app.db.service_tables import StoredBrief
from app.db.tables import now
from app.review.action import LONGEST_TEXT, Nothing, Order
from app.review.emails.actions.request_changes import ChangesOrder
from app.review.emails.actions.withdraw import WithdrawOrder
from app.review.emails.situation import EmailSituation, EmailState

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/emails", tags=["review"])
_SEEN = "0f2c5b1de0a4.6f1d2a3b4c5d.1"
_PLACE: dict[str, Any] = {"locale": "en-US", "segment": "lapsed_buyers", "seen": _SEEN}
_EMAIL: dict[str, Any] = {
    "locale": "en-US",
    "market": "US",
    "segment": "lapsed_buyers",
    "arm": "only",
    "state": "in_review",
    "tier": "restricted",
    "why": ["proof: restricted: it is a block of the kind proof"],
    "needed": ["brand reviewer", "legal", "brand owner"],
    "people": 3,
    "waits_for": ["brand reviewer"],
    "due_at": "2026-12-02T09:00:00Z",
    "versions": [
        {
            "digest": "0f2c5b1de0a4475c8a1f4be3b5d3a9c7e21f0d6b4c8a9e7f5d3b1c2a0e8f6d4c",
            "parts": [{"kind": "hero", "source": "block hero_evergreen_outside", "content": "9f2c5b1d"}],
        }
    ],
    "values": {"offer.discount": "20%"},
    "obstacles": [],
    "approvals": [],
    "note": "",
    "seen": _SEEN,
}
Seen = Annotated[str, Field(max_length=200, description="`seen` of the email as you read it")]


class EmailAction(BaseModel):
    """Which email, as it was seen."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [_PLACE]})

    locale: Annotated[str, Field(max_length=20)]
    segment: Annotated[str, Field(max_length=60, description="Id or alias; empty for anybody else")]
    arm: Annotated[str, Field(max_length=30)] = Field(default=SINGLE, description="In a test, by its name")
    seen: Seen


class EmailChanges(EmailAction):
    """What should be otherwise about it."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [_PLACE | {"text": "The two offers read as if they add up."}]},
    )

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class EmailWithdrawal(EmailAction):
    """Why, in words."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)] | None = None


class EmailApprovalView(BaseModel):
    """One approval of the email as it was submitted."""

    model_config = ConfigDict(frozen=True)

    by: str
    role: str
    at: dt.datetime
    ended_at: dt.datetime | None
    ended_why: str


class EmailView(BaseModel):
    """One email as it is put together now."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EMAIL]})

    locale: str
    market: str
    segment: str = Field(description="Empty for readers of none of the brief's segments")
    arm: str
    state: EmailState
    tier: Tier | None = Field(description="The tier that asks for the approval; null where none does")
    why: tuple[str, ...]
    needed: tuple[str, ...] = Field(description="The roles that all have to approve, in order")
    people: int = Field(description="How many different people have to")
    waits_for: tuple[str, ...] = Field(description="The roles whose turn it is")
    due_at: dt.datetime | None = Field(description="Past this it is not released, unless approved")
    versions: tuple[EmailVersion, ...] = Field(description="What the approval is bound to, in order")
    values: dict[str, str] = Field(description="The commercial values that it states")
    obstacles: tuple[str, ...] = Field(description="What keeps its slots from going out")
    approvals: tuple[EmailApprovalView, ...]
    note: str = Field(description="What was said when its review ended")
    seen: str = Field(description="To be sent with an action: refused when anything has changed since")


class EmailList(BaseModel):
    """The emails of a brief whose slots have all been chosen."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"items": [_EMAIL]}]})

    items: tuple[EmailView, ...]


async def emails_of(desk: DeskDep) -> EmailOffice:
    """Reviews of whole emails, for the length of one request."""
    return EmailOffice.over(desk)


OfficeDep = Annotated[EmailOffice, Depends(emails_of)]


@router.get("", operation_id="list_brief_emails", summary="Whole emails and their approval")
def list_brief_emails(
    *,
    brief_id: BriefPath,
    caller: CallerDep,
    office: OfficeDep,
    brand: BriefBrand = None,
    locale: Annotated[str | None, Query(max_length=20)] = None,
    segment: Annotated[str | None, Query(max_length=60, description="Id or alias")] = None,
) -> EmailList:
    """Each email whose slots have all been chosen: what it is put together from, which tier asks for an
    approval of the whole, who has approved it and who has to.
    """
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.READ)
    actor = caller.actor(stored.brand)
    found = office.situations(stored, actor, now(), locale=locale, segment=segment)
    return EmailList(items=tuple(email_view(situation) for _, situation in found))


@router.post("/submit", operation_id="submit_email", summary="Submit an email", dependencies=[Repeatable])
def submit_email(
    *, brief_id: BriefPath, body: EmailAction, caller: CallerDep, office: OfficeDep, brand: BriefBrand = None
) -> EmailView:
    """Have the email looked at as a whole. Each of its slots has to be one that the gate would let pass."""
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.REVIEW)
    return _done("submit", office, stored, caller, body, Nothing())


@router.post("/approve", operation_id="approve_email", summary="Approve an email", dependencies=[Repeatable])
def approve_email(
    *, brief_id: BriefPath, body: EmailAction, caller: CallerDep, office: OfficeDep, brand: BriefBrand = None
) -> EmailView:
    """Approve it as it is put together, with these values. Nobody does who wrote any part of it; another
    slot, order or value, or an edit, ends the approval.
    """
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.REVIEW)
    return _done("approve", office, stored, caller, body, Nothing())


@router.post(
    "/request-changes",
    operation_id="request_email_changes",
    summary="Send an email back",
    dependencies=[Repeatable],
)
def request_email_changes(
    *, brief_id: BriefPath, body: EmailChanges, caller: CallerDep, office: OfficeDep, brand: BriefBrand = None
) -> EmailView:
    """Say what should be otherwise. Ends the review and the approvals that were given in it."""
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.REVIEW)
    return _done("request_changes", office, stored, caller, body, ChangesOrder(text=body.text))


@router.post(
    "/withdraw", operation_id="withdraw_email", summary="Take an email back", dependencies=[Repeatable]
)
def withdraw_email(
    *,
    brief_id: BriefPath,
    body: EmailWithdrawal,
    caller: CallerDep,
    office: OfficeDep,
    brand: BriefBrand = None,
) -> EmailView:
    """End its review, or its approval: it is not exported any more. Its slots stay approved."""
    stored = brief_for(office.desk, caller, brief_id, brand, Scope.REVIEW)
    return _done("withdraw", office, stored, caller, body, WithdrawOrder(text=body.text))


def _done(  # noqa: PLR0917
    name: str, office: EmailOffice, stored: StoredBrief, caller: Caller, body: EmailAction, order: Order
) -> EmailView:
    place, actor = (body.locale, body.segment, body.arm), caller.actor(stored.brand)
    moment = now()
    office.act(name, office.situation(stored, place, actor, moment), order, seen=body.seen)
    return email_view(office.situation(stored, place, actor, moment))


def email_view(situation: EmailSituation) -> EmailView:
    """One email with its review."""
    email, review = situation.email, situation.review
    return EmailView(
        locale=email.locale,
        market=email.market,
        segment=email.segment,
        arm=email.arm,
        state=situation.state,
        tier=email.tiering.tier if email.tiering is not None else None,
        why=email.tiering.reasons if email.tiering is not None else (),
        needed=situation.needed,
        people=situation.people,
        waits_for=situation.next_roles if situation.state is EmailState.IN_REVIEW else (),
        due_at=situation.until,
        versions=email.versions,
        values=dict(email.shown),
        obstacles=email.obstacles,
        approvals=tuple(
            EmailApprovalView(
                by=item.by, role=item.role, at=item.at, ended_at=item.ended_at, ended_why=item.ended_why
            )
            for item in situation.approvals
            if review is not None and item.version == review.digest
        ),
        note=review.note if review is not None else "",
        seen=seen_of(situation),
    )
