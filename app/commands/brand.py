"""`copydesk brand`: brand folders, checked and sealed."""

import sys

import click

from app.commands.brand_diff import brand_diff
from app.commands.brand_new import brand_new
from app.commands.brand_variables import brand_variables
from app.commands.common import PERSON, counted, settings_from


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
    from app.contents import check_brand_folder, unpublished
    from app.main import brands_of, describe_brand, moment

    settings = settings_from()
    failed = False
    for name in brands_of(settings, brand_id):
        found = check_brand_folder(settings, name, moment(as_of))
        for problem in found.problems:
            click.echo(str(problem))
        for remark in found.remarks:
            click.echo(f"note: {remark}")
        failed = failed or bool(found.problems)
        if verbose:
            for line in describe_brand(settings, name):
                click.echo(f"  {line}")
        verdict = counted(len(found.problems), "problem") if found.problems else "ok"
        click.echo(f"{name}: {verdict} ({found.counts})")
    note = unpublished(settings)
    if note:
        click.echo(f"note: {note}")
    sys.exit(1 if failed else 0)


@brand.command("seal")
@click.argument("brand_id", metavar="BRAND")
@click.option(
    "--as", "by", metavar="EMAIL", envvar=PERSON, help="Who seals, for the audit; by default the machine."
)
@click.option("--database", help="Where it is recorded; by default COPYDESK_DATABASE.")
def brand_seal(brand_id: str, by: str | None, database: str | None) -> None:
    """Record the content hash of blocks that are new or changed, for a brand that nobody approves for yet.

    Each is judged first. One that the guardrails refuse is not sealed, and the exit status is 1. As soon as
    people have roles that approve for the brand, only blocks that they approved are sealed, and `copydesk
    blocks approve` is what does both. What is sealed is recorded in the audit.
    """
    from app.contents import seal_brand
    from app.main import brands_of
    from app.release.sealing import never_sealed

    settings = settings_from(database=database)
    brands_of(settings, brand_id)
    sealing = seal_brand(settings, brand_id, by=by or "")
    for placed in sealing.sealed:
        what = "new" if never_sealed(placed) else "changed"
        click.echo(f"sealed {placed.block.id} ({what}): {placed.document.file}:{placed.line}")
    for placed, problems in sealing.refused:
        click.echo(f"not sealed {placed.block.id}:")
        for problem in problems:
            click.echo(f"  {problem}")
    if sealing.sealed and sealing.by_names:
        click.echo(
            f"note: nobody has a role that approves for {brand_id}, so who approved is what the files say: "
            "`copydesk people add`, then `copydesk blocks approve`"
        )
    if sealing.sealed and not sealing.recorded:
        click.echo("note: there is no database yet, so the audit does not tell of it")
    click.echo(f"{counted(len(sealing.sealed), 'block')} sealed", nl=not sealing.refused)
    if sealing.refused:
        click.echo(f", {len(sealing.refused)} refused: reword them, then seal again")
        sys.exit(1)
