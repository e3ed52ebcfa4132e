"""`copydesk brief`: new briefs, stored briefs, where they stand and what changes with their facts."""

import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import PERSON, judge_in_command, settings_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.copywriting.deck import Deck
    from app.copywriting.desk import Desk
    from app.copywriting.fact_changes import TargetChange
    from app.db.service_tables import StoredBrief


@contextmanager
def opened(database: str | None, *, judging: bool = False) -> "Iterator[Desk]":
    """The stored briefs and drafts with the content that serves, closed at the end of the block. `judging`
    says that copy may come in, which the model that judges is then asked about.
    """
    from app.main import desk_of, open_settings_store

    settings = settings_from(database=database)
    with closing(open_settings_store(settings)) as store:
        if not judging:
            yield desk_of(settings, store)
            return
        with judge_in_command(settings) as asking:
            yield desk_of(settings, store, asking)


@contextmanager
def _bar(what: str) -> "Iterator[Callable[[int, int], None]]":
    """A progress bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    shown = Console(stderr=True)
    # No thread draws it: copies of a process with threads are not safe, and the work is done by copies.
    with Progress(console=shown, transient=True, disable=not sys.stderr.isatty(), auto_refresh=False) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)


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

    Exit status 0 when every email could be exported, or is stopped by a suppression flag; 1 when one could
    not.
    """
    from app.console import print_status
    from app.copywriting.status import status_of

    with opened(database) as desk:
        status = status_of(desk, find(desk, brief_id, brand_id))
    if as_json:
        click.echo(status.model_dump_json(indent=2))
    else:
        print_status(status)
    sys.exit(0 if status.emails_ready + status.emails_stopped == len(status.emails) else 1)


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

    made = new_brief(settings_from(), journey, brand_id, out)
    click.echo(f"{made.path} is written; its comments say what to change first")
    for words in made.thin:
        click.echo(f"note: {words}")
    click.echo(f"try it: copydesk generate {made.path} --out out/")


@brief.command("matrix")
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
@click.option(
    "--most",
    type=click.IntRange(1, 1_000_000),
    default=5_000,
    show_default=True,
    help="Combinations of one email that are all rendered; of more, every pair of choices.",
)
@click.option("--together", is_flag=True, help="The conditional email for all segments of each locale.")
def brief_matrix_command(
    brief_id: str, brand_id: str | None, database: str | None, most: int, together: bool
) -> None:
    """Render every email that the brief can become, and look for what readers should never see.

    Every variant that can ship in every slot, with known, missing and blank data of the reader: raw tokens,
    empty places, broken greetings, doubled punctuation. Exit status 1 when a fault is found.
    """
    from app.copywriting.matrix import lines_of, matrix_of
    from app.db.exports import Exports

    with opened(database) as desk, _bar("emails") as advance:
        stored = find(desk, brief_id, brand_id)
        exports = Exports(desk.drafts.engine)
        emails = matrix_of(desk, exports, stored, most=most, together=together, on_email=advance)
    for email in emails:
        for line in lines_of(email):
            click.echo(line)
    faults = sum(sum(email.count.values()) for email in emails)
    click.echo(f"{sum(email.rendered for email in emails):,} renders, {faults:,} with a fault")
    sys.exit(1 if faults else 0)


@brief.command("facts")
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A new value for a fact.")
@click.option("--locale", help="Only at this target; by default at every target that has the fact.")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML with `targets`: per locale what changes of facts, links, window and feed.",
)
@click.option("--apply", "apply_", is_flag=True, help="Store the change; without it the effect is shown.")
@click.option("--revision", type=int, help="With --apply: the revision whose effect you looked at.")
@click.option("--by", metavar="EMAIL", envvar=PERSON, help="Who changes it; needed with --apply.")
@click.option("--json", "as_json", is_flag=True, help="For programs: the whole effect as JSON.")
def brief_facts_command(  # noqa: PLR0917  # one parameter an option
    brief_id: str,
    brand_id: str | None,
    database: str | None,
    values: tuple[str, ...],
    locale: str | None,
    path: Path | None,
    apply_: bool,
    revision: int | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Show what new facts do to existing copy, and apply them. Copy is kept and no model is asked.

    Exit status 1 when the change cannot be applied because of what the brief would then hold.
    """
    from app.console import print_facts
    from app.copywriting.fact_changes import apply_facts, preview_facts, setting
    from app.errors import OutOfDate

    if apply_ and not by:
        raise click.UsageError(f"--apply needs --by EMAIL (or {PERSON})")
    with opened(database) as desk:
        stored = find(desk, brief_id, brand_id)
        if revision not in (None, stored.revision):
            raise OutOfDate(
                f"brief '{brief_id}' is at revision {stored.revision}", "look at the effect again"
            )
        changes = (*setting(stored, _pairs(values), locale), *_file(path)) if values else _file(path)
        if not changes:
            raise click.UsageError("nothing to change: give --set NAME=VALUE or --file")
        library = desk.library(stored.brand)
        shown = preview_facts(desk, stored, changes, library)
        if apply_ and by and shown.can_be_applied:
            shown = apply_facts(desk, stored, changes, library, by=by)
    click.echo(shown.model_dump_json(indent=2)) if as_json else print_facts(shown)
    sys.exit(0 if shown.can_be_applied else 1)


def _pairs(values: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in values:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"'{text}' is not NAME=VALUE, such as product.price=119.00")
        found[name] = value
    return found


def _file(path: Path | None) -> "tuple[TargetChange, ...]":
    from app.copywriting.fact_changes import FactsFile
    from app.yaml12 import read_as

    return read_as(path, FactsFile)[0].targets if path is not None else ()


@brief.command("deck")
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write the deck to.")
@click.option(
    "--format", "form", type=click.Choice(["html", "csv", "both"]), default="both", show_default=True
)
@click.option(
    "--edits",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An edited CSV of this deck, to be stored as edits of its drafts.",
)
@click.option("--by", metavar="EMAIL", envvar=PERSON, help="Who edited it; needed with --edits.")
@click.option("--json", "as_json", is_flag=True, help="With --edits: the answer to every row as JSON.")
def brief_deck_command(  # noqa: PLR0917  # one parameter an option
    brief_id: str,
    brand_id: str | None,
    database: str | None,
    out: Path | None,
    form: str,
    edits: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Write all copy of a brief as a page and a spreadsheet for people without an account, or take the edited
    spreadsheet back.

    With --edits the exit status is 1 when a row was refused.
    """
    if (out is None) == (edits is None):
        raise click.UsageError("give --out FOLDER to write a deck, or --edits FILE to take one back")
    if edits is not None:
        if not by:
            raise click.UsageError(f"--edits needs --by EMAIL (or {PERSON})")
        sys.exit(_take_deck(brief_id, brand_id, database, edits, by=by, as_json=as_json))
    from app.copywriting.deck import build_deck

    with opened(database) as desk:
        deck = build_deck(desk, find(desk, brief_id, brand_id))
    if out is not None:
        for path in _write_deck(deck, out, form):
            click.echo(str(path))


def _write_deck(deck: "Deck", out: Path, form: str) -> list[Path]:
    """The files of a deck. Raises StorageError."""
    from app.copywriting.deck_csv import deck_csv
    from app.copywriting.deck_page import deck_html
    from app.errors import StorageError

    files = {"html": deck_html(deck).encode(), "csv": deck_csv(deck)}
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for suffix, data in files.items():
            if form in (suffix, "both"):
                path = out / f"{deck.brief}.{suffix}"
                path.write_bytes(data)
                written.append(path)
    except OSError as error:
        raise StorageError(
            f"the deck was not written to {out}: {error.strerror}", "choose a writable folder"
        ) from error
    return written


def _take_deck(
    brief_id: str, brand_id: str | None, database: str | None, edits: Path, *, by: str, as_json: bool
) -> int:
    from app.console import print_deck_answer
    from app.copywriting.deck_csv import read_deck
    from app.copywriting.deck_edits import apply_deck

    deck = read_deck(edits.read_bytes())
    with opened(database, judging=True) as desk:
        answer = apply_deck(desk, find(desk, brief_id, brand_id), deck, by=by)
    click.echo(answer.model_dump_json(indent=2)) if as_json else print_deck_answer(answer)
    return 1 if answer.refused else 0
