"""`copydesk receipt`: why a draft says what it says, with the bytes behind every hash."""

import json
import sys

import click

from app.commands.common import settings_from
from app.commands.proposal_text import SHORT


@click.command()
@click.argument("draft_id", metavar="DRAFT")
@click.option("--show", "shown", metavar="HASH", help="Print the bytes behind one hash; it may be shortened.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def receipt(draft_id: str, shown: str | None, as_json: bool) -> None:
    """The receipt of a DRAFT in words: brand, rules, prompt, facts, model, verdicts, edits, approvers.

    Each hash says whether its bytes are there. Exit status 1 when any are neither there nor pruned.
    """
    from app.db.blobs import BlobStore, Resolution
    from app.errors import NotFound
    from app.main import open_settings_store
    from app.release.receipt_story import ReceiptReader

    store = open_settings_store(settings_from())
    try:
        draft = store.find_draft(draft_id)
        if draft is None:
            raise NotFound(f"there is no draft '{draft_id}'", "`copydesk brief status` names them")
        reader = ReceiptReader(BlobStore(store.engine))
        if shown is not None:
            _show(reader.show(draft, shown).data, reader.show(draft, shown).words)
            return
        story = reader.story(draft)
    finally:
        store.close()
    if as_json:
        click.echo(story.model_dump_json(indent=2))
    else:
        for line in story.lines:
            click.echo(line)
        for item in story.hashes:
            files = f", lists {item.files} files" if item.files else ""
            lost = f", {item.files_lost} of them lost" if item.files_lost else ""
            click.echo(f"  {item.hash[:SHORT]}  {item.meaning}: {item.words}{files}{lost}")
    whole = {Resolution.KEPT, Resolution.PRUNED}
    sys.exit(int(any(item.state not in whole for item in story.hashes)))


def _show(data: bytes | None, words: str) -> None:
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
