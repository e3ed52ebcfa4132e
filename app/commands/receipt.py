"""`copydesk receipt`: why a draft says what it says, with the bytes behind every hash, and its replay."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import settings_from
from app.commands.proposal_text import SHORT

if TYPE_CHECKING:
    from app.db.store import Store
    from app.db.tables import Draft

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")


@click.group()
def receipt() -> None:
    """Receipts of drafts: what they came from, whether that still holds, and a page for people."""


@contextmanager
def _opened(draft_id: str) -> "Iterator[tuple[Store, Draft]]":
    """The draft and the store that it is in. Raises NotFound."""
    from app.errors import NotFound
    from app.main import open_settings_store

    store = open_settings_store(settings_from())
    try:
        draft = store.find_draft(draft_id)
        if draft is None:
            raise NotFound(f"there is no draft '{draft_id}'", "`copydesk brief status` names them")
        yield store, draft
    finally:
        store.close()


@receipt.command("show")
@click.argument("draft_id", metavar="DRAFT")
@click.option("--show", "shown", metavar="HASH", help="Print the bytes behind one hash; it may be shortened.")
@JSON
def receipt_show(draft_id: str, shown: str | None, as_json: bool) -> None:
    """The receipt of a DRAFT in words: brand, rules, prompt, facts, model, verdicts, edits, waivers,
    rounds of review, approvals, also of whole emails; and which of these the audit has no record of.

    Each hash says whether its bytes are there. Exit status 1 when any are neither there nor pruned.
    """
    from app.copywriting.dossier_lines import story_with_review
    from app.copywriting.review_story import one_line
    from app.db.blobs import BlobStore, Resolution
    from app.release.receipt_story import ReceiptReader

    with _opened(draft_id) as (store, draft):
        if shown is not None:
            found = ReceiptReader(BlobStore(store.engine)).show(draft, shown)
            _print(found.data, found.words)
            return
        story = story_with_review(store.engine, draft)
    if as_json:
        click.echo(story.model_dump_json(indent=2))
    else:
        for line in story.lines:
            click.echo(one_line(line))
        for item in story.hashes:
            files = f", lists {item.files} files" if item.files else ""
            lost = f", {item.files_lost} of them lost" if item.files_lost else ""
            click.echo(f"  {item.hash[:SHORT]}  {item.meaning}: {item.words}{files}{lost}")
    whole = {Resolution.KEPT, Resolution.PRUNED}
    sys.exit(int(any(item.state not in whole for item in story.hashes)))


@receipt.command("replay")
@click.argument("draft_id", metavar="DRAFT")
@JSON
def receipt_replay(draft_id: str, as_json: bool) -> None:
    """Judge the stored copy of a DRAFT again, by the rules and facts that its receipt names.

    No model is asked: stored answers are taken. Exit status 0 when every rule answers as it did, 1 when any
    does not, 2 when it cannot be replayed; the words say what is missing.
    """
    from app.db.blobs import BlobStore
    from app.db.briefs import Briefs
    from app.generation.replaying import Outcome, Replay
    from app.main import version

    with _opened(draft_id) as (store, draft):
        found = Replay(BlobStore(store.engine), Briefs(store.engine), version())(draft)
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        for line in found.lines:
            click.echo(line)
    sys.exit({Outcome.SAME: 0, Outcome.DIFFERENT: 1, Outcome.CANNOT: 2}[found.outcome])


@receipt.command("export")
@click.argument("draft_id", metavar="DRAFT")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A new file: the page."
)
def receipt_export(draft_id: str, out: Path) -> None:
    """Write all that is known about a DRAFT as one readable HTML file, for a lawyer or an archive.

    It holds no script and loads nothing. An existing file is not written over.
    """
    import datetime as dt

    from app.copywriting.dossier import dossier
    from app.copywriting.dossier_page import dossier_html
    from app.errors import StorageError, UsageError
    from app.main import version

    with _opened(draft_id) as (store, draft):
        found = dossier(store, draft, engine=version(), at=dt.datetime.now(dt.UTC))
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(dossier_html(found))
    except FileExistsError as error:
        raise UsageError(f"{out} exists already", "choose another --out") from error
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}", "choose another --out") from error
    click.echo(f"{out}: the receipt of draft {draft.id}; replay: {found.replay.outcome.value}")


def _print(data: bytes | None, words: str) -> None:
    """Print bytes as they are; JSON with line breaks where a person looks."""
    if data is None:
        click.echo(words, err=True)
        sys.exit(1)
    if sys.stdout.isatty():
        try:
            click.echo(json.dumps(json.loads(data), ensure_ascii=False, indent=2))
            return
        except ValueError:
            pass
    sys.stdout.buffer.write(data)
