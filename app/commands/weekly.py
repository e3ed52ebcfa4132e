"""`copydesk weekly`: one week of a brand in numbers."""

import click

from app.commands.common import print_table, settings_from


@click.command()
@click.option("--brand", help="The brand; may be left out where there is only one.")
@click.option("--week", "name", metavar="WEEK", help="Such as 2026-W48; the present one when missing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def weekly(brand: str | None, name: str | None, as_json: bool) -> None:
    """What was asked, written, refused and approved in one week, beside the week before."""
    import datetime as dt

    from app.copywriting.repeated_edits import yaml_for
    from app.copywriting.weekly import Week, rows_of, weekly_review
    from app.main import brands_of, library_for, open_settings_store

    settings = settings_from()
    week = Week.named(name) if name else Week.of(dt.datetime.now(dt.UTC))
    brands = brands_of(settings, brand)
    if len(brands) != 1:
        raise click.UsageError(f"say which brand with --brand: {', '.join(brands)}")
    store = open_settings_store(settings)
    try:
        review = weekly_review(store.engine, brands[0], week)
    finally:
        store.close()
    if as_json:
        click.echo(review.model_dump_json(indent=2))
        return
    if review.now.empty:
        click.echo(f"{brands[0]}: nothing happened in {week}")
    print_table(("what", str(week), review.before.week), rows_of(review), "")
    for edit in review.repeated:
        click.echo("\n" + yaml_for(edit, library_for(settings, brands[0]).brand).rstrip())
