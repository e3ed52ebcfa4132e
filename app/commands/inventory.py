"""`copydesk inventory`: what is approved, and what of it needs refreshing."""

from typing import TYPE_CHECKING

import click

from app.commands.common import as_json as json_text
from app.commands.common import counted, settings_from

if TYPE_CHECKING:
    from app.copywriting.inventory import Inventory


@click.command()
@click.option("--brand", help="The brand; may be left out where there is only one.")
@click.option("--as-of", "as_of", help="Moment to look from, ISO 8601; now when missing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def inventory(brand: str | None, as_of: str | None, as_json: bool) -> None:
    """Everything that is approved for a brand, and why some of it needs refreshing.

    Review dates, claims that expire, values that changed, rules of now and of later days, and what was not
    used for half a year. Each piece is judged: a thousand blocks take minutes.
    """
    from app.copywriting.inventory import Inventories
    from app.main import brands_of, desk_of, moment, open_settings_store

    settings = settings_from()
    brands = brands_of(settings, brand)
    if len(brands) != 1:
        raise click.UsageError(f"say which brand with --brand: {', '.join(brands)}")
    store = open_settings_store(settings)
    try:
        library = desk_of(settings, store).library(brands[0])
        found = Inventories().work_out(library, store, moment(as_of))
    finally:
        store.close()
    stale = [item for item in found.items if item.why]
    if as_json:
        click.echo(json_text(_plain(brands[0], found)))
        return
    for item in stale:
        click.echo(f"{item.sort} {item.id} ({item.kind}, {', '.join(item.locales)})")
        for why in item.why:
            day = f" {why.day}" if why.day is not None else ""
            click.echo("  " + f"{why.cause.value.replace('_', ' ')}{day}: {why.detail}".rstrip(": "))
    fresh = counted(len(found.items) - len(stale), "piece")
    click.echo(f"{brands[0]}: {fresh} approved, {len(stale)} to be refreshed")


def _plain(brand: str, found: "Inventory") -> dict[str, object]:
    items = [
        {
            "sort": item.sort,
            "id": item.id,
            "kind": item.kind,
            "journey": item.journey,
            "locales": item.locales,
            "segments": item.segments,
            "state": item.state.value,
            "since": item.since,
            "review_by": item.review_by,
            "last_used": item.last_used,
            "why": [{"cause": w.cause.value, "detail": w.detail, "day": w.day} for w in item.why],
        }
        for item in found.items
    ]
    return {"brand": brand, "worked_out_at": found.at, "items": items}
