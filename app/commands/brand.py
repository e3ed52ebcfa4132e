"""`copydesk brand`: brand folders, checked and sealed."""

import sys

import click

from app.commands.brand_diff import brand_diff
from app.commands.brand_new import brand_new
from app.commands.brand_variables import brand_variables
from app.commands.common import counted, settings_from


@click.group()
def brand() -> None:
    """Brand folders: make a new one, check them, seal approved blocks, see who uses what about a reader."""


brand.add_command(brand_diff)
brand.add_command(brand_new)
brand.add_command(brand_variables)


@brand.command("check")
@click.argument("brand_id", metavar="[BRAND]", required=False)
@click.option("--as-of", "as_of", help="Moment to judge for, ISO 8601; now when missing.")
@click.option(
    "--verbose", is_flag=True, help="Also list what the brand holds: owners, measures, sources, licences."
)
def brand_check(brand_id: str | None, as_of: str | None, verbose: bool) -> None:
    """Check one brand or all: files, rule examples, approved blocks, fallback coverage.

    Exit status 1 on any problem.
    """
    from app.main import brands_of, check_brand_folder, describe_brand, moment

    settings = settings_from()
    failed = False
    for name in brands_of(settings, brand_id):
        problems, counts = check_brand_folder(settings, name, moment(as_of))
        for problem in problems:
            click.echo(str(problem))
        failed = failed or bool(problems)
        if verbose:
            for line in describe_brand(settings, name):
                click.echo(f"  {line}")
        click.echo(f"{name}: {counted(len(problems), 'problem') if problems else 'ok'} ({counts})")
    sys.exit(1 if failed else 0)


@brand.command("seal")
@click.argument("brand_id", metavar="BRAND")
def brand_seal(brand_id: str) -> None:
    """Record the content hash of every approved block: do this after its approvers have read it."""
    from app.main import seal_brand

    count = seal_brand(settings_from(), brand_id)
    click.echo(f"{count} {'block' if count == 1 else 'blocks'} sealed")
