"""`copydesk audit`: what people did, and whether the record of it is as it was written."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.common import as_json, counted, print_table, settings_from

if TYPE_CHECKING:
    from app.db.audit_chain import ChainCheck
    from app.db.audit_tables import AuditRecord
    from app.db.checkpoints import Marks
    from app.settings import Settings

FILE = click.Path(dir_okay=False, path_type=Path)
DATABASE = click.option("--database", help="The database's URL; by default COPYDESK_DATABASE.")


@click.group()
def audit() -> None:
    """What people did, kept in a chain of records; checkpoints of it, and its check."""


@audit.command("list")
@click.option("--brand", help="Only what is about this brand.")
@click.option("--subject", help="Only what was done to this, such as 'draft 1f3...'.")
@click.option("--since", help="Only from this moment on, such as 2026-11-27.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Most records.")
@click.option("--json", "in_json", is_flag=True, help="JSON instead of a table.")
@DATABASE
def audit_list(
    *,
    brand: str | None,
    subject: str | None,
    since: str | None,
    limit: int,
    in_json: bool,
    database: str | None,
) -> None:
    """What was done, the newest first."""
    from contextlib import closing

    from app.db.audit_log import AuditFilter, AuditLog
    from app.main import moment, open_settings_store

    wanted = AuditFilter(
        brands=None if brand is None else [brand],
        subject=subject,
        since=None if since is None else moment(since),
        limit=limit,
    )
    with closing(open_settings_store(settings_from(database=database))) as store:
        log = AuditLog(store.engine)
        records = log.records(wanted)
        names = log.names([record.actor for record in records])
    if in_json:
        click.echo(as_json([record.model_dump() for record in records]))
        return
    rows = [_shown(record, names.get(record.actor, record.actor)) for record in records]
    print_table(
        ("record", "when (UTC)", "brand", "who", "action", "what", "data"), rows, "nothing is recorded"
    )


@audit.command("verify")
@click.argument("file", type=FILE, required=False)
@DATABASE
@click.option(
    "--checkpoint",
    "checkpoints",
    type=FILE,
    help="A file of checkpoints; by default, for the database of the settings, COPYDESK_AUDIT_CHECKPOINTS.",
)
@click.option(
    "--public-key",
    "public_keys",
    type=FILE,
    multiple=True,
    help="A key that signed them, one for each that was ever used; by default that of COPYDESK_AUDIT_KEY.",
)
def audit_verify(
    file: Path | None, database: str | None, checkpoints: Path | None, public_keys: tuple[Path, ...]
) -> None:
    """Compute the whole chain anew, and name the first record that is not as it was written.

    FILE is a SQLite database or a portable backup; without one it is the database of the settings, which is
    held against the checkpoints of the settings. Nothing is changed, and nothing but the files is needed.
    Exit status 1 when anything is wrong, 2 when it cannot be told.
    """
    from app.db.audit_chain import ChainCheck
    from app.db.audit_log import check_database, check_file
    from app.main import database_options

    if file is not None and database is not None:
        raise click.UsageError("give a FILE or --database, not both")
    settings = settings_from(database=database)
    if checkpoints is None and file is None and database is None:
        checkpoints = _configured(settings, public_keys)
    marks = _marks(settings, checkpoints, public_keys)
    check = ChainCheck(marks=marks.marks if marks is not None else {})
    options = database_options(settings)
    if file is not None:
        check_file(file, options, check)
    else:
        check_database(settings.database.get_secret_value(), options, check)
    problems = [*([check.fault] if check.fault else []), *(marks.problems if marks is not None else ())]
    for problem in problems:
        click.echo(f"WRONG: {problem}")
    click.echo(_summary(check, marks))
    sys.exit(1 if problems else 0)


@audit.command("checkpoint")
@click.option("--out", type=FILE, help="The file to add it to; by default COPYDESK_AUDIT_CHECKPOINTS.")
@DATABASE
def audit_checkpoint(out: Path | None, database: str | None) -> None:
    """Sign where the chain stands with COPYDESK_AUDIT_KEY, and add that as a line to a file.

    Keep the file where nobody who can write to the database can change it.
    """
    from contextlib import closing

    from app.checkpoints import checkpoint
    from app.main import open_settings_store

    settings = settings_from(database=database)
    with closing(open_settings_store(settings)) as store:
        made = checkpoint(settings, store, out)
    place = out or settings.audit_checkpoints
    click.echo(f"{place}: {counted(made.count, 'record')} up to {made.head[:16]}, signed with key {made.key}")


@audit.group("key")
def audit_key() -> None:
    """The key that signs checkpoints."""


@audit_key.command("new")
@click.argument("file", type=FILE)
def audit_key_new(file: Path) -> None:
    """Write a new private key to FILE, readable by you alone. An existing file is never written over."""
    from app.db.checkpoints import new_key

    made = new_key(file)
    click.echo(f"{file}: key {made}; set COPYDESK_AUDIT_KEY to it, and keep its public half elsewhere:")
    click.echo(f"  COPYDESK_AUDIT_KEY={file} copydesk audit key public > audit_{made}.pem")


@audit_key.command("public")
@click.argument("file", type=FILE, required=False)
def audit_key_public(file: Path | None) -> None:
    """Print the public half of the private key in FILE, by default of COPYDESK_AUDIT_KEY."""
    from app.db.checkpoints import public_text, read_key
    from app.errors import UsageError

    place = file or settings_from().audit_key
    if place is None:
        raise UsageError("no key is set", "`copydesk audit key new FILE` makes one")
    click.echo(public_text(read_key(place).public_key()), nl=False)


def _configured(settings: "Settings", public_keys: Sequence[Path]) -> Path | None:
    """The file of checkpoints that the settings name, where it is there with a key to believe it by."""
    place = settings.audit_checkpoints
    if not place.exists():
        if settings.audit_key is not None:
            click.echo(f"{place} is not there: `copydesk audit checkpoint` writes it", err=True)
        return None
    if not public_keys and settings.audit_key is None:
        click.echo(f"{place} was not looked at: --public-key FILE, or COPYDESK_AUDIT_KEY", err=True)
        return None
    return place


def _marks(settings: "Settings", checkpoints: Path | None, public_keys: Sequence[Path]) -> "Marks | None":
    """What the checkpoints vouch for, by keys that somebody names: a file never vouches for itself."""
    from app.db.checkpoints import read_checkpoints, read_key, read_public_key
    from app.errors import UsageError

    if checkpoints is None:
        if public_keys:
            raise UsageError("--public-key is for checkpoints", "name their file with --checkpoint")
        return None
    keys = [read_public_key(path) for path in public_keys]
    if not keys and settings.audit_key is not None:
        keys = [read_key(settings.audit_key).public_key()]
    if not keys:
        raise UsageError(
            "the checkpoints cannot be believed without the key that signed them",
            "--public-key FILE: what `copydesk audit key public` printed",
        )
    return read_checkpoints(checkpoints, keys)


def _summary(check: "ChainCheck", marks: "Marks | None") -> str:
    held = counted(check.head.count, "record")
    if check.fault:
        return f"{held} before that {'is' if check.head.count == 1 else 'are'} as written"
    followed = f"{held} in one chain, up to {check.head.hash[:16]}"
    if marks is None:
        return (
            f"{followed}; without --checkpoint it stays open whether the end was cut off or all was rewritten"
        )
    if marks.last is None:
        return f"{followed}; no checkpoint counts"
    last = marks.last
    return f"{followed}; the first {last.count} as signed on {last.at:%Y-%m-%d %H:%M} UTC by key {last.key}"


def _shown(record: "AuditRecord", who: str) -> tuple[str, ...]:
    data = ", ".join(f"{name} {_plain(value)}" for name, value in record.data.items())
    at = f"{record.at:%Y-%m-%d %H:%M:%S}"
    return (str(record.seq), at, record.brand, who, record.action, record.subject, data)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(map(_plain, value))
    return value if isinstance(value, str) else as_json(value).replace("\n", "")
