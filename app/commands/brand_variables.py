"""`copydesk brand variables`: what emails may say about their readers, on which grounds, and who uses it."""

import textwrap
from typing import TYPE_CHECKING

import click

from app.commands.common import as_json, counted, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.release.uses import ConsentUse, ListUse, VariableUse, VariableUses
    from app.settings import Settings

WIDTH = 110


@click.command("variables")
@click.argument("brand_id", metavar="[BRAND]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
def brand_variables(brand_id: str | None, form: str) -> None:
    """List each variable and list with purpose, basis and consent, who uses it, and who may not get it.

    Stored drafts are counted where the database exists; nothing is made or changed.
    """
    from app.main import brands_of, library_for
    from app.release.uses import variable_uses

    settings = settings_from()
    libraries = [library_for(settings, name) for name in brands_of(settings, brand_id)]
    drafts = _drafts(settings, {item.brand.id: tuple(item.brand.variables) for item in libraries})
    found = [variable_uses(item, drafts.get(item.brand.id)) for item in libraries]
    if form == "json":
        click.echo(as_json([item.model_dump(mode="json") for item in found]))
        return
    for item in found:
        for line in _lines(item):
            click.echo(line)


def _drafts(settings: "Settings", variables: "Mapping[str, Sequence[str]]") -> dict[str, dict[str, int]]:
    """By brand, how many stored drafts use each of its variables; a note when there is no database."""
    from app.db.drafts import Drafts
    from app.db.engine import existing_database
    from app.errors import StorageError
    from app.main import database_options

    try:
        with existing_database(settings.database.get_secret_value(), database_options(settings)) as engine:
            drafts = Drafts(engine)
            return {brand: drafts.count_using(brand, names) for brand, names in variables.items()}
    except StorageError as error:
        click.echo(f"note: stored drafts were not looked at: {error.message}", err=True)
        return {}


def _lines(uses: "VariableUses") -> "Iterator[str]":
    variables, consents = counted(len(uses.variables), "variable"), counted(len(uses.consents), "consent")
    lists = f", {counted(len(uses.lists), 'list')}" if uses.lists else ""
    yield f"{uses.brand}: {variables}, {consents}{lists}"
    for variable in uses.variables:
        yield from _variable(variable)
    for listed in uses.lists:
        yield from _list(listed)
    for consent in uses.consents:
        yield from _consent(consent)
    yield ""
    yield f"nobody uses: {', '.join(uses.unused) or 'none, each is used'}"
    yield ""


def _variable(item: "VariableUse") -> "Iterator[str]":
    told = ", ".join(item.prompt_kinds) or "no kind: no model is told of it"
    yield ""
    yield "{" + item.name + "}"
    yield from _row("meaning", item.meaning)
    yield from _row("purpose", item.purpose)
    yield from _row("basis", _basis(item))
    yield from _row("fallback", f"'{item.fallback}'")
    yield from _row("allowed in", ", ".join(item.kinds))
    yield from _row("prompts of", told)
    yield from _row("may get it", _names(item.segments) if item.consent else "every segment")
    if item.consent is not None:
        yield from _row("may not", _names(item.lacking))
    yield from _row("blocks", str(len(item.blocks)))
    for block in item.blocks:
        twin = f", twin {block.twin}" if block.twin else ""
        yield f"    {block.file}:{block.line} {block.id}{twin}"
    if item.disclosures:
        yield from _row("disclosures", ", ".join(item.disclosures))
    if item.drafts is not None:
        yield from _row("drafts", f"{item.drafts} stored")


def _list(item: "ListUse") -> "Iterator[str]":
    yield ""
    yield f"list {item.id}, up to {counted(item.most, 'item')}"
    yield from _row("meaning", item.meaning)
    yield from _row("purpose", item.purpose)
    yield from _row("basis", _basis(item))
    yield from _row("may get it", _names(item.segments) if item.consent else "every segment")
    if item.consent is not None:
        yield from _row("may not", _names(item.lacking))
    yield from _row("accounts", _names(item.accounts))


def _basis(item: "VariableUse | ListUse") -> str:
    return item.basis.value.replace("_", " ") + (f" '{item.consent}'" if item.consent else "")


def _consent(item: "ConsentUse") -> "Iterator[str]":
    yield ""
    yield f"consent {item.id}"
    yield from _row("wording", f"'{item.wording}'")
    yield from _row("collected", item.collected)
    yield from _row("owner", item.owner)
    yield from _row("needed for", _names((*item.variables, *item.lists)))
    yield from _row("given by", _names(item.segments))
    yield from _row("lacking in", _names(item.lacking))


def _names(names: "Iterable[str]") -> str:
    return ", ".join(names) or "none"


def _row(label: str, text: str) -> "Iterator[str]":
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=f"  {label:<12}", subsequent_indent=" " * 14, break_on_hyphens=False
    )
