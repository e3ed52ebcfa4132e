"""`copydesk check`: any copy in, a verdict a line out."""

import sys
from typing import TYPE_CHECKING

import click

from app.commands.common import judge_in_command, settings_from

if TYPE_CHECKING:
    from typing import BinaryIO


@click.command()
@click.option("--brand", "brand_id", help="Judge by this brand's rules; without it by the rule packs alone.")
@click.option(
    "--locale", help="Locale of lines that name none; by default the brand's first, without a brand en-US."
)
@click.option("--market", help="Market of lines that name none, such as US; by default the locale's region.")
@click.option("--as-of", "as_of", help="Moment to judge for, ISO 8601; now when missing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    help="text for people, jsonl for programs; by default text on a terminal and jsonl elsewhere.",
)
@click.argument("file", type=click.File("rb"), default="-")
def check(  # noqa: PLR0917  # one parameter an option
    brand_id: str | None,
    locale: str | None,
    market: str | None,
    as_of: str | None,
    form: str | None,
    file: "BinaryIO",
) -> None:
    """Judge any copy: JSON Lines in, a verdict a line out.

    \b
    Each line of FILE is an object with `text` and, as known:
      id       what the verdict calls the line by
      field    subject, preheader, headline, body or cta; body when missing
      locale   such as en-GB
      market   such as GB
      segment  a segment of the brand, for the consents that its members gave
      facts    an object of what is true, such as {"price": "$39.00", "percent_off": 20};
               {} says that there are no facts; without it a value only warns

    Exit status 0 when all pass, 1 when any does not, 2 for bad usage.
    """  # noqa: D301  # the character that makes click keep lines, not the two letters
    from app.generation.check_door import Tally, format_text
    from app.main import check_door, moment

    settings, tally = settings_from(), Tally()
    as_text = form == "text" or (form is None and sys.stdout.isatty())
    with judge_in_command(settings) as asking:
        door = check_door(settings, brand_id, locale, market, moment(as_of), asking=asking)
        for result in door.check_stream(file):
            tally.add(result)
            click.echo(format_text(result) if as_text else result.as_json())
    sys.exit(tally.status)
