"""`copydesk db`: looking after the database."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import counted, settings_from

if TYPE_CHECKING:
    from app.settings import Settings

_DATABASE = click.option("--database", help="The database's URL; by default COPYDESK_DATABASE.")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """The database: bring it up to date, back it up, check it."""


def _url(settings: "Settings") -> str:
    return settings.database.get_secret_value()


@db.command("upgrade")
@_DATABASE
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
def db_upgrade(database: str | None, dry_run: bool) -> None:
    """Make the tables, or bring them to this version. What is stored is kept; make a backup first."""
    from app.db.engine import upgrade_database
    from app.main import database_options

    settings = settings_from(database=database)
    plan = upgrade_database(_url(settings), database_options(settings), dry_run=dry_run)
    for revision, words in plan.steps:
        click.echo(f"  {revision}  {words}")
    before = f"schema {plan.found}" if plan.found else "no tables"
    if not plan.steps:
        click.echo(f"{plan.name} is at schema {plan.target} already")
    elif dry_run:
        click.echo(f"{plan.name} would go from {before} to schema {plan.target}; nothing was changed")
    else:
        click.echo(f"{plan.name} went from {before} to schema {plan.target}")


@db.command("backup")
@click.argument("file", type=_FILE)
@_DATABASE
@click.option(
    "--portable",
    is_flag=True,
    help="Of SQLite, too, write the archive that both databases take. Of Postgres it is always written.",
)
def db_backup(file: Path, database: str | None, portable: bool) -> None:
    """Write all that is stored to FILE while others go on: a copy of SQLite's file, or an archive.

    FILE must be new; it is read back and checked before it gets its name. It holds copy and hashed keys:
    keep it safe.
    """
    from app.db.backup import back_up
    from app.db.engine import existing_database
    from app.main import database_options, version

    settings = settings_from(database=database)
    with existing_database(_url(settings), database_options(settings)) as engine:
        written = back_up(engine, file, portable=portable, made_by=version())
    click.echo(f"{file}: {written.size:,} bytes, checked; {written.words}")


@db.command("restore")
@click.argument("file", type=_FILE)
@_DATABASE
def db_restore(file: Path, database: str | None) -> None:
    """Bring the backup FILE into a new, empty database, and that to this version's schema."""
    from app.db.backup import restore
    from app.main import database_options

    settings = settings_from(database=database)
    click.echo(f"restored: {restore(_url(settings), file, database_options(settings))}")


@db.command("check")
@_DATABASE
def db_check(database: str | None) -> None:
    """Look at connection, schema, structure and every stored value.

    Exit status 1 when anything is wrong; the words say what to do.
    """
    from app.db.checkup import check_up
    from app.main import database_options

    settings = settings_from(database=database)
    problems = 0
    for checked in check_up(_url(settings), database_options(settings)):
        problems += len(checked.problems) + checked.more
        click.echo(f"{checked.name}: {'WRONG' if checked.problems else checked.found}")
        for problem in checked.problems:
            click.echo(f"  {problem}")
        if checked.more:
            click.echo(f"  and {checked.more} more")
        if checked.problems:
            click.echo(f"  -> {checked.hint}")
    click.echo(counted(problems, "problem") if problems else "ok")
    sys.exit(1 if problems else 0)


_PRUNED = {"judgements": "answer", "deliveries": "message"}
"""What is counted where it is no blob."""


@db.command("prune")
@_DATABASE
@click.option("--dry-run", is_flag=True, help="Say what would go, and take nothing away.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def db_prune(database: str | None, dry_run: bool, as_json: bool) -> None:
    """Take away bytes behind receipts whose time is over (COPYDESK_RETAIN_...).

    A running service does it every hour. The hash of what goes stays, with the day.
    """
    from app.contents import prune
    from app.main import open_settings_store

    settings = settings_from(database=database)
    store = open_settings_store(settings)
    try:
        found = prune(settings, store, dry_run=dry_run)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({name: asdict(item) for name, item in found.items()}))
        return
    for name, item in found.items():
        verb = "would go" if dry_run else "pruned"
        things = counted(item.blobs, _PRUNED.get(name, "blob"))
        click.echo(f"{name}: {things} {verb} ({item.bytes:,} bytes)")
