"""`copydesk webhooks` and `copydesk outbox`: telling other services and people what happens."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from app.commands.common import as_json, counted, print_table, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.db.outbox_tables import Delivery, Webhook
    from app.db.webhooks import Webhooks
    from app.settings import Settings

JSON = click.option("--json", "in_json", is_flag=True, help="JSON instead of a table.")
DATABASE = click.option("--database", help="Where they are stored; by default COPYDESK_DATABASE.")
MACHINE = "machine"
"""Who does it, as the audit names a command."""
STATES = ("waiting", "delivered", "given_up")


@click.group()
def webhooks() -> None:
    """Webhooks: other services that are told what happens to a brand."""


@webhooks.command("add")
@click.argument("brand")
@click.argument("url")
@click.option(
    "--event",
    "events",
    multiple=True,
    help="Such as draft.approved, or draft.*; by default * for all. May be given several times.",
)
@JSON
@DATABASE
def webhooks_add(brand: str, url: str, events: tuple[str, ...], in_json: bool, database: str | None) -> None:
    """Have events of BRAND sent to URL, and show the secret that they are signed with, once."""
    from app.db.outbox_tables import Webhook
    from app.main import brands_of
    from app.notify.targets import Allowed, checked_events

    settings = settings_from(database=database)
    Allowed.by(settings).target(url)
    chosen = checked_events(events or ("*",))
    made = Webhook(brand=brands_of(settings, brand)[0], url=url, events=chosen, secret="", created_by="")
    with _opened(settings) as store:
        _show_secret(store.add(made, actor=MACHINE), in_json=in_json)


@webhooks.command("list")
@click.option("--brand", help="Only this brand.")
@JSON
@DATABASE
def webhooks_list(brand: str | None, in_json: bool, database: str | None) -> None:
    """All webhooks with how they fared last. Secrets are not shown."""
    with _opened(settings_from(database=database)) as store:
        found = store.of_brands([brand] if brand else None)
    if in_json:
        click.echo(as_json([_record(webhook) for webhook in found]))
        return
    rows = [
        (hook.id, hook.brand, hook.url, " ".join(hook.events), _state(hook), hook.last_error)
        for hook in found
    ]
    print_table(("id", "brand", "url", "events", "state", "last error"), rows, "there is no webhook")


@webhooks.command("remove")
@click.argument("webhook_id", metavar="ID")
@DATABASE
def webhooks_remove(webhook_id: str, database: str | None) -> None:
    """Forget a webhook and all that was to be sent to it."""
    with _opened(settings_from(database=database)) as store:
        store.remove(webhook_id, actor=MACHINE)
    click.echo(f"webhook {webhook_id} is removed")


@webhooks.command("test")
@click.argument("webhook_id", metavar="ID")
@DATABASE
def webhooks_test(webhook_id: str, database: str | None) -> None:
    """Send a message now. One that is accepted turns a webhook on again that had been turned off.

    Exit status 1 when it was not accepted.
    """
    import sys

    from app.notify.sender import Sender

    settings = settings_from(database=database)
    with _opened(settings) as store:
        error = Sender(settings, store.engine).test(store.get(webhook_id))
        store.note_test(webhook_id, error, actor=MACHINE)
    click.echo(f"not accepted: {error}" if error else "accepted")
    sys.exit(1 if error else 0)


@webhooks.command("rotate")
@click.argument("webhook_id", metavar="ID")
@click.option(
    "--grace-hours",
    default=24,
    show_default=True,
    type=click.IntRange(0, 24 * 30),
    help="How long the old secret signs besides.",
)
@JSON
@DATABASE
def webhooks_rotate(webhook_id: str, grace_hours: int, in_json: bool, database: str | None) -> None:
    """Sign with a new secret, and show it, once."""
    import datetime as dt

    with _opened(settings_from(database=database)) as store:
        made = store.rotate(webhook_id, grace=dt.timedelta(hours=grace_hours), actor=MACHINE)
    _show_secret(made, in_json=in_json)
    if not in_json:
        click.echo(f"the old secret signs for {counted(grace_hours, 'hour')} still", err=True)


@click.group()
def outbox() -> None:
    """Messages to people and webhooks that wait, were sent, or were given up."""


@outbox.command("send")
@DATABASE
def outbox_send(database: str | None) -> None:
    """Send all that is due. A running service does it by itself; this is for cron where none runs."""
    from app.notify.sender import Sender

    settings = settings_from(database=database)
    with _engine(settings) as engine:
        sent = Sender(settings, engine).send_due()
    click.echo(
        f"{counted(sent.delivered, 'message')} sent, {sent.failed} to be tried again, "
        f"{sent.given_up} given up"
    )


@outbox.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--brand", help="Only this brand.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="At most.")
@JSON
@DATABASE
def outbox_list(
    *, state: str | None, brand: str | None, limit: int, in_json: bool, database: str | None
) -> None:
    """Messages, newest first, with why the last try failed or why none is made."""
    from app.db.deliveries import Deliveries
    from app.db.outbox_tables import DeliveryState

    settings = settings_from(database=database)
    with _engine(settings) as engine:
        wanted = DeliveryState(state) if state else None
        found = Deliveries(engine).listed(state=wanted, brand=brand, limit=limit)
    if settings.smtp_url is None:
        found = [_waiting_for_a_server(delivery) for delivery in found]
    if in_json:
        click.echo(as_json([_delivery_record(delivery) for delivery in found]))
        return
    columns = ("id", "event", "subject", "to", "state", "tries", "next try", "last error")
    print_table(columns, [_delivery_row(delivery) for delivery in found], "there is no message")


@contextmanager
def _engine(settings: "Settings") -> "Iterator[Engine]":
    """The settings' database, closed at the end of the block. Raises StorageError."""
    from contextlib import closing

    from app.main import open_settings_store

    with closing(open_settings_store(settings)) as store:
        yield store.engine


@contextmanager
def _opened(settings: "Settings") -> "Iterator[Webhooks]":
    """The webhooks in the settings' database, closed at the end of the block. Raises StorageError."""
    from app.db.webhooks import Webhooks

    with _engine(settings) as engine:
        yield Webhooks(engine)


def _show_secret(webhook: "Webhook", *, in_json: bool) -> None:
    if in_json:
        click.echo(as_json({**_record(webhook), "secret": webhook.secret}))
        return
    click.echo(webhook.secret)
    click.echo(
        f"webhook {webhook.id} of {webhook.brand} gets {', '.join(webhook.events)}. "
        "Its secret is shown this once: keep it now.",
        err=True,
    )


def _record(webhook: "Webhook") -> dict[str, Any]:
    """A webhook as JSON, without its secrets."""
    return webhook.model_dump(exclude={"secret", "old_secret"})


def _state(webhook: "Webhook") -> str:
    if webhook.disabled_at is not None:
        return f"off since {webhook.disabled_at:%Y-%m-%d %H:%M}"
    return f"on, {webhook.failures} failed in a row" if webhook.failures else "on"


def _waiting_for_a_server(delivery: "Delivery") -> "Delivery":
    """The delivery as it stands where no mail server is set: mail that waits is not tried."""
    from app.notify.mail import NO_SERVER

    if delivery.address and delivery.settled_at is None:
        delivery.last_error = NO_SERVER
    return delivery


def _delivery_record(delivery: "Delivery") -> dict[str, Any]:
    return delivery.model_dump(exclude={"number", "owner", "lease_until"})


def _delivery_row(delivery: "Delivery") -> tuple[str, ...]:
    waits = delivery.settled_at is None
    return (
        delivery.id,
        delivery.event,
        delivery.subject,
        delivery.address or f"webhook {delivery.webhook_id}",
        delivery.state,
        str(delivery.tries),
        f"{delivery.due_at:%Y-%m-%d %H:%M:%S}" if waits else "",
        delivery.last_error,
    )
