"""Sends what the outbox holds, outside of any transaction.

At least once: a process that ends between sending and noting leaves the delivery to the next one, which sends
it again under the same id.
"""

import datetime as dt
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import structlog
from sqlalchemy import Engine

from app.db.deliveries import Claimed, Deliveries, Result
from app.db.outbox_tables import Delivery, DeliveryState, Webhook
from app.db.tables import now
from app.errors import UsageError
from app.notify.connection import NotSent, post
from app.notify.mail import NO_SERVER, MailNotSent, send_mail
from app.notify.message import body_of
from app.notify.pauses import pause, retry_after
from app.notify.signing import signed_headers
from app.notify.targets import Allowed
from app.settings import Settings

LEASE = dt.timedelta(minutes=5)
"""Longer than sending one can take."""
_AWAY = (408, 425, 429)
_GONE = 410
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answered:
    """How a webhook took a message: `error` is empty when it accepted it."""

    error: str = ""
    away: bool = False
    """It could not be reached or asked to wait: the next message would fare no better."""
    gone: bool = False
    """It wants no message ever again."""
    asked_seconds: float = 0.0


@dataclass
class Sent:
    """Counts of what came of the deliveries that were due."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0


class Sender:
    """Sends what is due. Several may run at once, in any number of processes."""

    def __init__(self, settings: Settings, engine: Engine, clock: Callable[[], dt.datetime] = now) -> None:
        self._settings = settings
        self._deliveries = Deliveries(engine)
        self._allowed = Allowed.by(settings)
        self._clock = clock

    def send_due(self, seconds: float = float("inf")) -> Sent:
        """Send until nothing is due, or begin no other after so many seconds. Raises StorageError.

        Without a mail server mail is not tried: it waits for one, and is given up when it is too old.
        """
        sent, began = Sent(), time.monotonic()
        mail = self._settings.smtp_url is not None
        if not mail:
            at = self._clock()
            sent.given_up += self._deliveries.give_up_mail(at - self._longest, NO_SERVER, at)
        while time.monotonic() - began < seconds:
            claimed = self._deliveries.claim(self._clock(), LEASE, mail=mail)
            if claimed is None:
                break
            results = self._results(claimed)
            self._deliveries.settle(claimed, results, self._clock())
            for result in results:
                sent.delivered += result.state is DeliveryState.DELIVERED
                sent.failed += result.state is DeliveryState.WAITING
                sent.given_up += result.state is DeliveryState.GIVEN_UP
        return sent

    def test(self, webhook: Webhook) -> str:
        """Send a `webhook.test` now; returns why it was not accepted, empty when it was."""
        trial = Delivery(brand=webhook.brand, event="webhook.test", subject=f"webhook {webhook.id}", data={})
        return self._tell(webhook, trial).error

    @property
    def _longest(self) -> dt.timedelta:
        """How long after its event a message may wait."""
        return dt.timedelta(hours=self._settings.notify_hours)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The usual authorities, or those in SSL_CERT_FILE. Reading them takes a tenth of a second."""
        import httpx

        return httpx.create_ssl_context()

    def _results(self, claimed: Claimed) -> list[Result]:
        """Send, and say for each row what came of it."""
        try:
            if claimed.webhook is not None:
                return [self._to_webhook(claimed.webhook, claimed.rows[0])]
            send_mail(claimed.rows, self._settings)
        except MailNotSent as error:
            return [self._failed(row, str(error), final=error.final) for row in claimed.rows]
        except Exception as error:  # noqa: BLE001 - what it stumbles over must not come back for ever
            words = f"Copydesk could not send it ({type(error).__qualname__})"
            return [self._failed(row, words) for row in claimed.rows]
        return [Result(DeliveryState.DELIVERED) for _ in claimed.rows]

    def _to_webhook(self, webhook: Webhook, row: Delivery) -> Result:
        answered = self._tell(webhook, row)
        if not answered.error:
            return Result(DeliveryState.DELIVERED)
        failures = webhook.failures + 1
        result = self._failed(
            row,
            answered.error,
            tries=max(failures, row.tries),
            asked=answered.asked_seconds,
            final=answered.gone,
        )
        used_up = failures >= self._settings.notify_tries
        turn_off = answered.gone or (result.state is DeliveryState.GIVEN_UP and used_up)
        return replace(result, pause=answered.away, turn_off=turn_off)

    def _failed(
        self, row: Delivery, words: str, *, tries: int = 0, asked: float = 0.0, final: bool = False
    ) -> Result:
        """Another try later, or none; `tries` where more than the row's own count for the pause."""
        at = self._clock()
        late = at - row.at >= self._longest
        over = final or late or row.tries >= self._settings.notify_tries
        log.warning(
            "message given up" if over else "message not sent",
            delivery=row.id,
            webhook=row.webhook_id,
            problem=words,
        )
        if over:
            return Result(DeliveryState.GIVEN_UP, words)
        return Result(DeliveryState.WAITING, words, again_at=at + pause(tries or row.tries, asked))

    def _tell(self, webhook: Webhook, delivery: Delivery) -> Answered:
        """Send a message to a webhook, signed with the secrets that hold."""
        at = self._clock()
        secrets = [webhook.secret]
        if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > at:
            secrets.append(webhook.old_secret)
        body = body_of(delivery)
        headers = {
            "content-type": "application/json",
            "user-agent": "Copydesk",
            **signed_headers(delivery.id, at, body, secrets),
        }
        try:
            target = self._allowed.target(webhook.url)
            status, answer = post(
                target,
                headers,
                body,
                trust=self._trust if target.scheme == "https" else None,
                seconds=self._settings.webhook_seconds,
                private_allowed=self._allowed.private,
            )
        except UsageError as error:
            return Answered(error.message, away=True)
        except NotSent as error:
            return Answered(str(error), away=True)
        return _answered(status, answer.get("retry-after", ""), at)


def _answered(status: int, wish: str, at: dt.datetime) -> Answered:
    if 200 <= status < 300:
        return Answered()
    words = f"it answered with status {status}"
    if 300 <= status < 400:
        words += ", and redirects are not followed"
    away = status >= 500 or status in _AWAY
    return Answered(words, away=away, gone=status == _GONE, asked_seconds=retry_after(wish, at))
