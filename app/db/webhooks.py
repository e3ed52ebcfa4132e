"""The webhooks of each brand: where, for which events, and with which secret messages are signed."""

import base64
import datetime as dt
import secrets
from collections.abc import Collection

from pydantic import JsonValue
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.db.audit import AuditNote, note
from app.db.outbox_tables import Delivery, Webhook
from app.db.tables import now
from app.db.transactions import Transactions
from app.errors import Conflict, NotFound

MOST = 20
"""Webhooks of one brand."""
_SECRET_BYTES = 32


class Webhooks(Transactions):
    """Webhooks by id. `actor` is who does it, as the audit names them: a person's id, or `machine`."""

    def add(self, webhook: Webhook, *, actor: str) -> Webhook:
        """Store a new one, whose URL was checked, with a new secret. Raises Conflict when there are too many,
        or one of the same brand with this URL. One with the same id is what an earlier try has stored.
        """
        webhook.secret = _new_secret()
        with self._write() as session:
            stored = session.get(Webhook, webhook.id)
            if stored is not None:
                return stored
            same = select(func.count()).where(col(Webhook.brand) == webhook.brand)
            if session.exec(same).one() >= MOST:
                raise Conflict(f"brand '{webhook.brand}' has {MOST} webhooks already", "remove one first")
            if session.exec(same.where(col(Webhook.url) == webhook.url)).one():
                raise Conflict(
                    "the brand has a webhook with this URL", "remove it first, or rotate its secret"
                )
            session.add(webhook)
            _audit(session, webhook, "webhook.add", actor)
        return webhook

    def find(self, webhook_id: str) -> Webhook | None:
        """The webhook with this id."""
        with self._read() as session:
            return session.get(Webhook, webhook_id)

    def get(self, webhook_id: str) -> Webhook:
        """The same. Raises NotFound."""
        with self._read() as session:
            return _known(session, webhook_id)

    def of_brands(self, brands: Collection[str] | None = None) -> list[Webhook]:
        """The webhooks of these brands, or of all, oldest first."""
        query = select(Webhook).order_by(col(Webhook.created_at), col(Webhook.id))
        if brands is not None:
            query = query.where(col(Webhook.brand).in_(brands))
        with self._read() as session:
            return list(session.exec(query))

    def remove(self, webhook_id: str, *, actor: str) -> None:
        """Forget it, with all deliveries to it. Raises NotFound."""
        with self._write() as session:
            webhook = _known(session, webhook_id)
            session.execute(delete(Delivery).where(col(Delivery.webhook_id) == webhook.id))
            session.delete(webhook)
            _audit(session, webhook, "webhook.remove", actor)

    def rotate(self, webhook_id: str, *, grace: dt.timedelta, actor: str) -> Webhook:
        """A new secret; the one until now signs besides for `grace`. Raises NotFound."""
        with self._write() as session:
            webhook = _known(session, webhook_id)
            webhook.old_secret, webhook.old_secret_until = webhook.secret, now() + grace
            webhook.secret = _new_secret()
            session.add(webhook)
            _audit(session, webhook, "webhook.rotate", actor)
        return webhook

    def note_test(self, webhook_id: str, error: str, *, actor: str) -> Webhook:
        """Note how a test ended, `error` empty for one that was accepted: that turns it on again where it was
        off. Raises NotFound.
        """
        with self._write() as session:
            webhook = _known(session, webhook_id)
            webhook.last_error = error
            if not error:
                webhook.disabled_at, webhook.paused_until, webhook.failures = None, None, 0
            session.add(webhook)
            _audit(session, webhook, "webhook.test", actor)
        return webhook


def _new_secret() -> str:
    """As Standard Webhooks writes one."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _known(session: Session, webhook_id: str) -> Webhook:
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound(f"there is no webhook '{webhook_id}'", "copydesk webhooks list")
    return webhook


def _audit(session: Session, webhook: Webhook, action: str, actor: str) -> None:
    data: dict[str, JsonValue] = {"events": [*webhook.events], "enabled": webhook.disabled_at is None}
    note(session, AuditNote(webhook.brand, actor, action, f"webhook {webhook.id}", data))
