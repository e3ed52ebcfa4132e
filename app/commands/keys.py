"""`copydesk keys`: the keys with which people and machines come in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from app.commands.common import as_json, counted, opened_people, print_table, settings_from
from app.commands.people import DATABASE, JSON

if TYPE_CHECKING:
    import datetime as dt

    from app.brand.roles import Scope
    from app.db.people import KnownKey, NewKey

DAYS = 90
MOST_DAYS = 3650
EXPIRY = click.option(
    "--days",
    default=DAYS,
    show_default=True,
    type=click.IntRange(1, MOST_DAYS),
    help="Days until the key ends.",
)


@click.group()
def keys() -> None:
    """Keys: a person's way into the API, with scopes and an end."""


@keys.command("create")
@click.argument("email")
@click.option("--name", default="key", show_default=True, help="What it is for, such as 'laptop'.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help="read, check, write, generate, export, operate; by default all "
    "that the person's roles allow. May be given several times.",
)
@EXPIRY
@click.option("--no-expiry", is_flag=True, help="A key that never ends by itself.")
@JSON
@DATABASE
def keys_create(
    *,
    email: str,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    no_expiry: bool,
    in_json: bool,
    database: str | None,
) -> None:
    """Make a key for a person and show it, once."""
    chosen = _scopes(scopes)
    with opened_people(settings_from(database=database)) as store:
        if not chosen:
            chosen = _allowed(store.get(email).grants)
        made = store.create_key(email, name, chosen, None if no_expiry else _end(days))
    _show_new(made, in_json=in_json)


@keys.command("list")
@click.argument("email", required=False)
@JSON
@DATABASE
def keys_list(email: str | None, in_json: bool, database: str | None) -> None:
    """All keys, or those of one person. Secrets are stored nowhere."""
    with opened_people(settings_from(database=database)) as store:
        found = store.keys(email)
    if in_json:
        click.echo(as_json([key_record(known) for known in found]))
    else:
        key_table(found)


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
@DATABASE
def keys_revoke(key_id: str, database: str | None) -> None:
    """End a key, in every process within seconds."""
    with opened_people(settings_from(database=database)) as store:
        key = store.revoke_key(_id(key_id))
    click.echo(f"key {key.id} ({key.name}) is revoked")


@keys.command("rotate")
@click.argument("key_id", metavar="ID")
@EXPIRY
@click.option(
    "--grace-hours",
    default=24,
    show_default=True,
    type=click.IntRange(0, 24 * 30),
    help="How long the old key works still.",
)
@JSON
@DATABASE
def keys_rotate(key_id: str, days: int, grace_hours: int, in_json: bool, database: str | None) -> None:
    """Make a key with the same name and scopes in place of one, and let that one end."""
    import datetime as dt

    with opened_people(settings_from(database=database)) as store:
        made = store.rotate_key(_id(key_id), _end(days), grace=dt.timedelta(hours=grace_hours))
    _show_new(made, in_json=in_json)
    if not in_json:
        click.echo(f"the old key works for {counted(grace_hours, 'hour')} still", err=True)


def key_table(found: "Sequence[KnownKey]") -> None:
    """Print keys as a table."""
    rows = [
        (
            known.key.id,
            known.person.email,
            known.key.name,
            " ".join(known.key.scopes),
            _state(known),
            f"{known.key.last_used_at:%Y-%m-%d %H:%M}" if known.key.last_used_at else "never",
        )
        for known in found
    ]
    print_table(("id", "person", "name", "scopes", "state", "last used"), rows, "there is no key")


def key_record(known: "KnownKey") -> dict[str, Any]:
    """A key as JSON, without its hash."""
    return {
        **known.key.model_dump(exclude={"secret_hash", "person_id"}),
        "person": known.person.email,
        "state": _state(known),
    }


def _show_new(made: "NewKey", *, in_json: bool) -> None:
    ends = made.row.expires_at
    if in_json:
        click.echo(
            as_json({"id": made.row.id, "key": made.text, "scopes": made.row.scopes, "expires_at": ends})
        )
        return
    click.echo(made.text)
    words = f"ends on {ends:%Y-%m-%d}" if ends else "never ends by itself"
    click.echo(
        f"scopes: {', '.join(made.row.scopes)}; it {words}. It is shown this once: keep it now.", err=True
    )


def _scopes(names: tuple[str, ...]) -> "list[Scope]":
    """The scopes with these names. Raises UsageError with the nearest one."""
    from app.brand.roles import Scope
    from app.errors import UsageError
    from app.yaml12 import nearest

    for name in names:
        if name.lower() not in set(Scope):
            raise UsageError(f"there is no scope '{name}'", nearest(name.lower(), Scope))
    return [Scope(name.lower()) for name in names]


def _allowed(grants: "Sequence[Any]") -> "list[Scope]":
    from app.brand.roles import ALLOWED, Scope
    from app.errors import UsageError

    found = {scope for grant in grants for scope in ALLOWED[grant.role]}
    if not found:
        raise UsageError("the person has no role yet", "copydesk people grant, or name scopes with --scope")
    return [scope for scope in Scope if scope in found]


def _end(days: int) -> "dt.datetime":
    import datetime as dt

    from app.db.tables import now

    return now() + dt.timedelta(days=days)


def _id(text: str) -> str:
    """The id in a key's text or in an id as listed; the secret part of a whole key is not looked at."""
    return text.removeprefix("cdk_").partition("_")[0]


def _state(known: "KnownKey") -> str:
    from app.db.tables import now

    key = known.key
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is None:
        return "no expiry"
    return f"{'expired' if key.expires_at <= now() else 'ends'} {key.expires_at:%Y-%m-%d}"
