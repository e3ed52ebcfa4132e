"""`copydesk brief`: new briefs, stored briefs, where they stand and what changes with their facts."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import settings_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.copywriting.desk import Desk
    from app.db.service_tables import StoredBrief


@contextmanager
def opened(database: str | None) -> "Iterator[Desk]":
    """The stored briefs and drafts with the content that serves, closed at the end of the block."""
    from app.main import desk_of, open_settings_store

    settings = settings_from(database=database)
    store = open_settings_store(settings)
    try:
        yield desk_of(settings, store)
    finally:
        store.close()


def find(desk: "Desk", brief_id: str, brand_id: str | None) -> "StoredBrief":
    """The stored brief among all brands that there are. Raises NotFound or Conflict."""
    return desk.brief(brief_id, desk.briefs.brands_with(brief_id), brand_id)


@click.group()
def brief() -> None:
    """New and stored briefs: where they stand, their facts, and a deck of their copy."""


brand_option = click.option("--brand", "brand_id", help="The brand, where several have a brief of this id.")
database_option = click.option("--database", help="By default COPYDESK_DATABASE or sqlite:///copydesk.db.")


@brief.command("status")
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
@click.option("--json", "as_json", is_flag=True, help="For programs: the whole status as JSON.")
def brief_status_command(brief_id: str, brand_id: str | None, database: str | None, as_json: bool) -> None:
    """Show target by segment by slot what is there, what blocks export, and who must act.

    Exit status 0 when every email could be exported, 1 when one could not.
    """
    from app.console import print_status
    from app.copywriting.status import status_of

    with opened(database) as desk:
        status = status_of(desk, find(desk, brief_id, brand_id))
    if as_json:
        click.echo(status.model_dump_json(indent=2))
    else:
        print_status(status)
    sys.exit(0 if status.emails_ready == len(status.emails) else 1)


@brief.command("new")
@click.argument("journey")
@click.option("--brand", "brand_id", help="The brand; needed where there is more than one.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, which may not exist yet; by default BRAND_JOURNEY.yaml in this folder.",
)
def brief_new_command(journey: str, brand_id: str | None, out: Path | None) -> None:
    """Write a brief with comments for JOURNEY, which can be answered as it is.

    JOURNEY is one of welcome, onboarding, browse_abandonment, cart_reminder, replenishment, post_purchase,
    back_in_stock, winback and newsletter.
    """
    from app.main import new_brief

    written = new_brief(settings_from(), journey, brand_id, out)
    click.echo(f"{written} is written; its comments say what to change first")
    click.echo(f"try it: copydesk generate {written} --out out/")
