"""`copydesk generate` and `copydesk demo`: a brief through a model to drafts and previews."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import INTERRUPTED, PERSON, settings_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.db.store import Store
    from app.generation.engine import SlotDone
    from app.llm.protocol import LanguageModel
    from app.main import Generated, Planned
    from app.settings import Settings


@click.command()
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
@click.option("--by", metavar="EMAIL", envvar=PERSON, help="Who asks; by default the brief's author.")
def generate(  # noqa: PLR0917  # one parameter an option
    brief: Path, out: Path, model: str | None, database: str | None, retry: str, by: str | None
) -> None:
    """Answer every slot of BRIEF for every segment, store drafts, and write a preview email a segment.

    The brief is stored too: `copydesk brief status` shows where it stands.
    """
    settings = settings_from(model=model, database=database)
    sys.exit(_generate(settings, brief, out, retry, by or ""))


def _generate(settings: "Settings", brief: Path, out: Path, retry: str, by: str) -> int:
    from app.console import Progress, print_summary
    from app.language_models import check_model_names
    from app.main import (
        build_models,
        open_settings_store,
        prepare_output,
        store_brief,
        write_outputs,
    )

    planned = _planned(settings, brief)
    check_model_names(settings)
    models = build_models(settings)
    prepare_output(out)
    _say_what_is_thin(planned, models[0])
    store = open_settings_store(settings)
    revised = store_brief(settings, store, planned, by)
    for draft_id in revised.effect.approvals_ended:
        click.echo(f"draft {draft_id} is not approved any more: its values changed", err=True)
    with Progress(len(planned.jobs)) as progress:
        generated = _run(
            settings,
            planned=planned,
            store=store,
            models=models,
            retry=retry,
            by=by,
            on_done=progress.slot_done,
        )
    if generated is None:
        kept = f"{progress.done} of {progress.total} slots are kept"
        click.echo(f"stopped; {kept}. Run the same command again to go on.", err=True)
        return INTERRUPTED
    page = write_outputs(generated, out)
    print_summary(generated.summary)
    click.echo(f"\nreport and previews: {page}")
    return 0


def _planned(settings: "Settings", brief: Path) -> "Planned":
    """The brief, checked against the content that serves.

    What serves is said first: a name that the folder has may be unknown in the published version.
    """
    from app.contents import unpublished
    from app.main import plan_brief, served_root

    root = served_root(settings)
    if root.version:
        click.echo(f"content: published version {root.version[:12]}", err=True)
        note = unpublished(settings)
        if note:
            click.echo(f"note: {note}", err=True)
    return plan_brief(settings, brief, root)


def _say_what_is_thin(planned: "Planned", model: "LanguageModel") -> None:
    from app.generation.pattern import thin_patterns

    for words in thin_patterns(planned.jobs, planned.library, model.profile):
        click.echo(f"note: {words}", err=True)


def _run(
    settings: "Settings",
    *,
    planned: "Planned",
    store: "Store",
    models: "tuple[LanguageModel, ...]",
    retry: str,
    by: str,
    on_done: "Callable[[SlotDone], None]",
) -> "Generated | None":
    """The run, or None when the user interrupted it."""
    import asyncio

    from app.generation.engine import Demand, Retry
    from app.main import answer_brief

    demand = Demand(requested_by=by or planned.jobs[0].brief.author, retry=Retry(retry))
    try:
        return asyncio.run(answer_brief(settings, planned, store, models, demand=demand, on_done=on_done))
    except KeyboardInterrupt:
        return None
    finally:
        store.close()


@click.command()
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

    settings = settings_from(model=model, database=f"sqlite:///{out / 'demo.db'}")
    if settings.model == EMBEDDED and not installed():
        click.echo(
            "The embedded model is not installed (`copydesk model install`): a scripted one answers instead."
        )
        settings = settings.model_copy(update={"model": SCRIPTED})
    path = example_brief(settings, brief)
    click.echo(f"Brief: {path}\nModel: {settings.model}\n")
    sys.exit(_generate(settings, path, out, "all", ""))
