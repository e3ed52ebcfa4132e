"""`copydesk brand new`: a brand of one's own, whole and valid, whose comments say what to change first."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import counted, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.scaffold.names import NewBrand
    from app.settings import Settings


@click.command("new")
@click.argument("brand_id", metavar="NAME")
@click.option("--name", help='The name as readers know it, such as "Acme Tools"; by default made of NAME.')
@click.option("--locale", help="Language and region of the copy; en-US when missing, en-GB with --market GB.")
@click.option("--market", help="Where it sells, such as US; the region of the locale when missing.")
@click.option("--host", help="The host that links lead to; www.NAME.example when missing.")
@click.option("--owner", help="Who answers for the brand, as an address; owner@ the host when missing.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Start a content folder of your own here, with prompts and layouts, and make the brand in it.",
)
def brand_new(  # noqa: PLR0917  # one parameter an option
    brand_id: str,
    name: str | None,
    locale: str | None,
    market: str | None,
    host: str | None,
    owner: str | None,
    into: Path | None,
) -> None:
    """Make a complete brand NAME: brand/NAME and blocks/NAME with comments, and a brief to try it with.

    NAME is the folder's name: small letters, digits and underscores. Nothing that exists is changed.
    """
    from app.scaffold.names import new_brand

    brand = new_brand(brand_id, name=name, locale=locale, market=market, host=host, owner=owner)
    settings = settings_from(content=into.absolute() if into is not None else None)
    _prepare(settings, brand, into)
    brief = _make(settings, brand)
    _say_what_next(settings, brand, brief, into)


def _prepare(settings: "Settings", brand: "NewBrand", into: Path | None) -> None:
    from app.scaffold.content import check_usable, start_content
    from app.settings import PACKAGE, content_root

    if into is not None:
        for part in start_content(settings.content, content_root()):
            click.echo(f"copied {part}")
    check_usable(settings.content, f"copydesk brand new {brand.id} --into DIR")
    if PACKAGE in settings.content.parents:
        click.echo(
            f"note: {settings.content} belongs to the installed package, and an upgrade replaces it; "
            "with --into DIR the brand gets a content folder of your own",
            err=True,
        )


def _make(settings: "Settings", brand: "NewBrand") -> Path:
    """The brand's files and a brief for it; returns the brief's path."""
    import datetime as dt

    from app.errors import UsageError
    from app.main import new_brief
    from app.scaffold.brand import write_brand

    brief = settings.content / "examples" / f"{brand.id}_welcome.yaml"
    if brief.exists():
        raise UsageError(f"{brief} is there already", "another name for the brand, or move the brief away")
    files = write_brand(settings.content, brand, dt.datetime.now(dt.UTC).date())
    new_brief(settings, "welcome", brand.id, brief)
    for part in ("brand", "blocks"):
        folder = settings.content / part / brand.id
        made = [path for path in files if folder in path.parents]
        texts = [path.read_text("utf-8") for path in made if path.suffix == ".yaml"]
        lines = sum(len(text.splitlines()) for text in texts)
        click.echo(f"made {part}/{brand.id}: {counted(len(made), 'file')}, {counted(lines, 'line')} of YAML")
    click.echo(f"made examples/{brief.name}")
    for line in _choices(settings, brand):
        click.echo(line)
    click.echo()
    return brief


def _choices(settings: "Settings", brand: "NewBrand") -> "Iterator[str]":
    """What follows from locale and market, so that nobody finds it out from copy that was refused."""
    from babel.languages import get_official_languages

    from app.scaffold.brand import CORE_PACK, packs_for, writes_american

    packs = packs_for(settings.content, brand)
    spelling = "American" if writes_american(brand) else "British"
    none = "" if packs != [CORE_PACK] else f"; brand/_packs has none of its own for {brand.market}"
    yield f"copy for {brand.locale} in {spelling} spelling; rule packs: {', '.join(packs)}{none}"
    spoken = get_official_languages(brand.market, de_facto=True)
    if spoken and "en" not in spoken:
        yield (
            f"note: the words of a new brand are English, and people in {brand.market} read "
            f"{' and '.join(spoken)}: docs/brand.md says how to add a language"
        )


def _shown(path: Path) -> Path:
    """The path as a person would type it here."""
    return path.relative_to(Path.cwd()) if Path.cwd() in path.parents else path


def _say_what_next(settings: "Settings", brand: "NewBrand", brief: Path, into: Path | None) -> None:
    folder = _shown(settings.content / "brand" / brand.id)
    blocks = _shown(settings.content / "blocks" / brand.id)
    if into is not None:
        export = f"    export COPYDESK_CONTENT={settings.content}"
        click.echo(f"This content folder is yours. Say so to every command:\n\n{export}\n")
    click.echo(
        f"It can be tried as it is:\n\n"
        f"    copydesk brand check {brand.id}\n"
        f"    copydesk generate {_shown(brief)} --out out/{brand.id}\n\n"
        f"Then make it yours. CHANGE marks what to look at first, in this order:\n\n"
        f"    {folder / 'brand.yaml'}: what you sell, address, hosts\n"
        f"    {folder / 'voice.yaml'}: how you sound\n"
        f"    {folder / 'segments.yaml'}: whom you write to\n"
        f"    {blocks}: approved content; read every line\n"
        f"    {folder / 'claims.yaml'}: what you may not claim\n\n"
        f"After a change of approved content: copydesk brand seal {brand.id}"
    )
