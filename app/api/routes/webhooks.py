"""/v1/webhooks: where other services are told what happens to a brand."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep, NewIds, ServiceDep
from app.api.paging import Cursor, Limit, Page, page_of
from app.api.route import Route
from app.brand.roles import Scope
from app.caller import Caller
from app.db.outbox_tables import Webhook
from app.db.webhooks import Webhooks
from app.notify.sender import Sender
from app.notify.targets import LONGEST_URL, MOST_EVENTS, Allowed, checked_events
from app.service import Service

router = APIRouter(route_class=Route, prefix="/v1/webhooks", tags=["webhooks"])
MOST_GRACE_HOURS = 24 * 30
_WEBHOOK: dict[str, Any] = {
    "id": "0a4d1c52f0a44b3c8f2f6f0c1d7b9e10",
    "brand": "larkfell",
    "url": "https://hooks.example.com/copydesk",
    "events": ["draft.*"],
    "created_by": "ada@larkfell.example",
    "created_at": "2026-11-27T09:00:00Z",
    "enabled": True,
    "failures": 0,
    "last_error": "",
    "old_secret_until": None,
}
WebhookPath = Annotated[
    str, Path(max_length=32, description="Id of a webhook", examples=["0a4d1c52f0a44b3c8f2f6f0c1d7b9e10"])
]
Event = Annotated[str, Field(max_length=100)]


async def webhooks_of(service: ServiceDep) -> Webhooks:
    """The stored webhooks."""
    return Webhooks(service.store.engine)


WebhooksDep = Annotated[Webhooks, Depends(webhooks_of)]


class WebhookRequest(BaseModel):
    """A new webhook."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{name: _WEBHOOK[name] for name in ("brand", "url", "events")}]},
    )

    brand: Annotated[str, Field(max_length=60)]
    url: Annotated[
        str, Field(max_length=LONGEST_URL, description="https, on a host that the operator listed")
    ]
    events: Annotated[
        tuple[Event, ...],
        Field(min_length=1, max_length=MOST_EVENTS, description="`draft.approved`, `draft.*` or `*`"),
    ]


class RotateRequest(BaseModel):
    """How long the secret until now goes on signing besides the new one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"grace_hours": 24}]}
    )

    grace_hours: Annotated[int, Field(ge=0, le=MOST_GRACE_HOURS)] = 24


class WebhookView(BaseModel):
    """A webhook, without its secret."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_WEBHOOK]})

    id: str
    brand: str
    url: str
    events: tuple[str, ...]
    created_by: str
    created_at: dt.datetime
    enabled: bool = Field(description="False once it kept failing; a test that is accepted turns it on again")
    failures: int = Field(description="Tries in a row that failed")
    last_error: str = Field(description="Why the last try failed; empty after one that was accepted")
    old_secret_until: dt.datetime | None = Field(description="Until when the secret before signs besides")


class WebhookWithSecret(WebhookView):
    """A webhook at the only moment at which its secret is shown."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [{**_WEBHOOK, "secret": "whsec_c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M="}]
        },
    )

    secret: str


class WebhookTested(BaseModel):
    """How a webhook took a message of the event `webhook.test`."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"accepted": True, "error": "", "webhook": _WEBHOOK}]}
    )

    accepted: bool
    error: str
    webhook: WebhookView


@router.get("", operation_id="list_webhooks", summary="Webhooks")
def list_webhooks(
    caller: CallerDep,
    webhooks: WebhooksDep,
    brand: BrandQuery = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[WebhookView]:
    """The webhooks of one brand or of all that you operate, by id. Needs the scope operate."""
    found = webhooks.of_brands(caller.wanted(brand, Scope.OPERATE))
    return page_of([_view(webhook) for webhook in found], lambda item: item.id, limit, cursor)


@router.post("", operation_id="create_webhook", summary="Add a webhook", status_code=201)
def create_webhook(
    *,
    body: WebhookRequest,
    response: Response,
    caller: CallerDep,
    service: ServiceDep,
    webhooks: WebhooksDep,
    ids: NewIds,
) -> WebhookWithSecret:
    """Have events of a brand sent to a URL. The answer holds the secret that messages are signed with: it is
    shown this once. Needs the scope operate.
    """
    brand = caller.require(body.brand, Scope.OPERATE)
    Allowed.by(service.settings).target(body.url)
    webhook = Webhook(
        id=ids.new(),
        brand=brand,
        url=body.url,
        events=checked_events(body.events),
        secret="",
        created_by=caller.email,
    )
    stored = webhooks.add(webhook, actor=caller.identity.person_id)
    response.headers["Location"] = f"/v1/webhooks/{stored.id}"
    return _with_secret(stored)


@router.get("/{webhook_id}", operation_id="get_webhook", summary="One webhook")
def get_webhook(webhook_id: WebhookPath, caller: CallerDep, webhooks: WebhooksDep) -> WebhookView:
    """A webhook with how it fared last. Needs the scope operate."""
    return _view(_for(webhooks, caller, webhook_id))


@router.delete("/{webhook_id}", operation_id="delete_webhook", summary="Remove a webhook", status_code=204)
def delete_webhook(webhook_id: WebhookPath, caller: CallerDep, webhooks: WebhooksDep) -> None:
    """Forget a webhook and all that was to be sent to it. Needs the scope operate."""
    _for(webhooks, caller, webhook_id)
    webhooks.remove(webhook_id, actor=caller.identity.person_id)


@router.post("/{webhook_id}/test", operation_id="test_webhook", summary="Try a webhook")
def test_webhook(
    webhook_id: WebhookPath, caller: CallerDep, service: ServiceDep, webhooks: WebhooksDep
) -> WebhookTested:
    """Send a message of the event `webhook.test` now, and say how it was taken. One that is accepted turns a
    webhook on again. Needs the scope operate.
    """
    error = _try(service, _for(webhooks, caller, webhook_id))
    webhook = webhooks.note_test(webhook_id, error, actor=caller.identity.person_id)
    return WebhookTested(accepted=not error, error=error, webhook=_view(webhook))


@router.post("/{webhook_id}/rotate", operation_id="rotate_webhook", summary="A new secret")
def rotate_webhook(
    webhook_id: WebhookPath, body: RotateRequest, caller: CallerDep, webhooks: WebhooksDep, _: NewIds
) -> WebhookWithSecret:
    """Sign with a new secret, which is shown this once. The one before signs besides for some hours, so that
    a receiver can change over without losing a message. Needs the scope operate.
    """
    _for(webhooks, caller, webhook_id)
    grace = dt.timedelta(hours=body.grace_hours)
    return _with_secret(webhooks.rotate(webhook_id, grace=grace, actor=caller.identity.person_id))


def _for(webhooks: Webhooks, caller: Caller, webhook_id: str) -> Webhook:
    """The webhook. Raises NotFound in the same words for what is not there and what the caller does not see,
    NotPermitted for what they see and may not touch.
    """
    found = webhooks.find(webhook_id)
    caller.require_of(found.brand if found else None, Scope.OPERATE, "webhook", webhook_id)
    return webhooks.get(webhook_id)


def _try(service: Service, webhook: Webhook) -> str:
    return Sender(service.settings, service.store.engine).test(webhook)


def _view(webhook: Webhook) -> WebhookView:
    return WebhookView(**_shown(webhook))


def _with_secret(webhook: Webhook) -> WebhookWithSecret:
    return WebhookWithSecret(**_shown(webhook), secret=webhook.secret)


def _shown(webhook: Webhook) -> dict[str, Any]:
    kept = set(WebhookView.model_fields) - {"enabled"}
    return {**webhook.model_dump(include=kept), "enabled": webhook.disabled_at is None}
