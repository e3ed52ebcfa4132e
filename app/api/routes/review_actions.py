"""POST /v1/drafts/{id}/<action>: every action of review, built from the one list of them; and the review."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from app.api.deps import CallerDep, Repeatable, ServiceDep
from app.api.draft_views import draft_view
from app.api.etags import SeenDep, etag
from app.api.finding import DeskDep, DraftPath, draft_for
from app.api.review_views import ReviewedDraft, ReviewView, review_view
from app.api.route import Route
from app.brand.roles import Scope
from app.caller import Caller
from app.copywriting.reviewing import SEEN_BY_ALL, ReviewDesk, possible
from app.review.action import Order
from app.review.registry import ACTIONS
from app.review.situation import Situation

router = APIRouter(route_class=Route, prefix="/v1/drafts", tags=["review"])


@dataclass(frozen=True)
class Offer:
    """How an action is offered over HTTP; any of `scopes` is enough."""

    summary: str
    description: str
    example: dict[str, Any] = field(default_factory=dict)
    scopes: tuple[Scope, ...] = (Scope.REVIEW,)


OFFERS: dict[str, Offer] = {
    "submit": Offer(
        "Submit a draft for review",
        "The guardrails have to pass it with the facts and rules of now. The answer says its tier with the "
        "reasons, who has to approve, and until when.",
    ),
    "take": Offer(
        "Say who reads a draft",
        "You, or the `assignee`; with `release` nobody. Others who may decide still may.",
        {"assignee": "rosa.lindt@larkfell.example"},
    ),
    "ask": Offer(
        "Ask somebody about a draft",
        "Until the question is answered nobody approves, and the deadline waits up to the contract's limit.",
        {"person": "lena.hart@larkfell.example", "text": "Does report 7 cover this wording?"},
    ),
    "answer": Offer(
        "Answer a question about a draft",
        "The person who was asked answers, or a brand owner. With the last answer the deadline runs on.",
        {"question": "6f1d2a3b4c5d4e6f8091a2b3c4d5e6f7", "text": "Yes, page 4."},
    ),
    "comment": Offer(
        "Comment on a draft",
        "Changes nothing about the draft, and needs no If-Match.",
        {"text": "I like the second line best."},
    ),
    "approve": Offer(
        "Approve a draft",
        "In the missing roles that you have, for this copy and the values that it states. Nobody approves "
        "what they wrote or edited. With the last approval that the contract asks for it is approved. Give "
        "`seen` of the review that you read: values of offers change without the draft's revision.",
        {"seen": "9f2c5b1de0a4475c"},
    ),
    "request_changes": Offer(
        "Send a draft back",
        "Ends its review and the approvals that were given; it can be edited and submitted again.",
        {"text": "The headline promises more than the body keeps."},
    ),
    "reject": Offer(
        "Reject a draft for good",
        "With a reason of the list.",
        {"reason": "unclear", "text": "Nobody will know what 'it' is."},
    ),
    "withdraw": Offer(
        "Take a draft back",
        "Its writers do, a copywriter, legal or the brand owner; approved content too, which is not sent any "
        "more from then on.",
        {"text": "The campaign is off."},
        (Scope.REVIEW, Scope.WRITE),
    ),
    "escalate": Offer(
        "Raise a draft's tier",
        "A reviewer sees more risk than the contract's matrix does. Nothing lowers it again.",
        {"tier": "restricted", "text": "This reads like medical advice."},
    ),
}
"""What people do; the clock does the rest."""


def shown(office: ReviewDesk, situation: Situation, caller: Caller) -> ReviewView:
    """The review as this caller sees it."""
    brand = situation.draft.brand
    found = possible(situation)
    actions = {}
    for name, offer in OFFERS.items():
        allowed = any(caller.may(brand, scope) for scope in offer.scopes)
        actions[name] = found[name] if allowed else "your roles or this key's scopes do not allow it"
    return review_view(situation, office.reviews.rounds(situation.draft.id), actions)


@router.get("/{draft_id}/review", operation_id="get_review", summary="A draft's review")
def get_review(
    draft_id: DraftPath, response: Response, caller: CallerDep, service: ServiceDep, desk: DeskDep
) -> ReviewView:
    """Its tier with the reasons, who approved and who still has to, the deadline as it stands, what was said,
    every way through review so far, and for each action whether you may do it now and why not. Of a draft
    that is not in review: what its review would ask for. The ETag is the draft's revision.
    """
    draft = draft_for(desk, caller, draft_id, Scope.READ)
    response.headers["ETag"] = etag(draft.revision)
    office = ReviewDesk.over(desk)
    situation = office.situation(draft, caller.actor(draft.brand), service.clock())
    return shown(office, situation, caller)


def _endpoint(name: str) -> Callable[..., ReviewedDraft]:
    """The route's function for one action."""
    scopes = OFFERS[name].scopes

    def act(
        *,
        draft_id: DraftPath,
        body: Order,
        response: Response,
        caller: CallerDep,
        service: ServiceDep,
        desk: DeskDep,
        seen: SeenDep,
    ) -> ReviewedDraft:
        allowed = [scope for scope in scopes if scope in caller.identity.scopes]
        draft = draft_for(desk, caller, draft_id, allowed[0] if allowed else scopes[0])
        require = seen.allow if name in SEEN_BY_ALL else seen.require
        revision = require(draft.revision, f"draft {draft.id}")
        office, actor = ReviewDesk.over(desk), caller.actor(draft.brand)
        changed = office.act(name, draft, actor, body, seen=revision, at=service.clock())
        response.headers["ETag"] = etag(changed.revision)
        situation = office.situation(changed, actor, service.clock())
        return ReviewedDraft(
            draft=draft_view(changed, desk.drafts.answer_of(changed), situation.review),
            review=shown(office, situation, caller),
        )

    return act


def _with_body(endpoint: Callable[..., ReviewedDraft], name: str) -> Callable[..., ReviewedDraft]:
    """The function with the action's own order as its body, which may be missing where nothing is needed."""
    model, example = ACTIONS[name].order, OFFERS[name].example
    optional = not any(info.is_required() for info in model.model_fields.values())
    body = inspect.Parameter(
        "body",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[model, Body(examples=[example])],
        default=model() if optional else inspect.Parameter.empty,
    )
    signature = inspect.signature(endpoint)
    parameters = [body if item.name == "body" else item for item in signature.parameters.values()]
    endpoint.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return endpoint


for _name, _offer in OFFERS.items():
    router.add_api_route(
        f"/{{draft_id}}/{_name.replace('_', '-')}",
        _with_body(_endpoint(_name), _name),
        methods=["POST"],
        operation_id=f"{_name}_draft",
        summary=_offer.summary,
        description=_offer.description,
        dependencies=[Repeatable],
    )
