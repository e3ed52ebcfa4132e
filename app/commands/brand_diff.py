"""`copydesk brand diff`: what the content's files, as they are now, do to everything that is approved."""

import json
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import counted, settings_from
from app.commands.proposal_text import brand_lines, change_lines
from app.errors import UsageError

if TYPE_CHECKING:
    from app.db.store import Store
    from app.release.publishing import FileChanges
    from app.release.standing import BrandChange
    from app.settings import Settings


@click.command("diff")
@click.argument("revision", metavar="REV")
@click.option("--brand", "brand_id", help="Only this brand.")
@click.option("--as-of", "as_of", help="Moment to judge for, ISO 8601; now when missing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def brand_diff(revision: str, brand_id: str | None, as_of: str | None, as_json: bool) -> None:
    """What brand/, prompts/ and blocks/ as they are now change against REV.

    REV is a git revision (HEAD, main, a tag) or the hash of a published version. Every approved block, every
    stored approved draft and every rule example is judged with both: what would now fail, by which rule and
    who answers for it, and what passes again. Exit status 1 when anything would now fail.
    """
    from app.contents import open_judging
    from app.db.engine import is_there
    from app.main import brands_of, moment, open_settings_store
    from app.manifest import read_publishable
    from app.release.publishing import FileChanges
    from app.release.revisions import differences

    settings = settings_from()
    if brand_id is not None:
        brands_of(settings, brand_id)
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        store = None
        if is_there(settings.database.get_secret_value()):  # content is compared without one too
            store = opened.enter_context(closing(open_settings_store(settings)))
        old = _laid_out(settings, store, revision, folder)
        files = FileChanges.between(read_publishable(old).entries, read_publishable(settings.content).entries)
        found = differences(old, settings.content, open_judging(store), moment(as_of))
    found = [change for change in found if brand_id in (None, change.brand)]
    if as_json:
        brands = [change.model_dump(mode="json") for change in found]
        click.echo(json.dumps({"revision": revision, "files": files.model_dump(), "brands": brands}))
    else:
        _show(found, files)
    sys.exit(1 if any(change.now_fails for change in found) else 0)


def _show(found: "list[BrandChange]", files: "FileChanges") -> None:
    for line in change_lines(files):
        click.echo(line)
    for change in found:
        for line in brand_lines(change, first=False):
            click.echo(line)
    worse = sum(len(change.now_fails) for change in found)
    click.echo(f"{counted(worse, 'finding')} would be new" if worse else "nothing would now fail")


def _laid_out(settings: "Settings", store: "Store | None", revision: str, folder: Path) -> Path:
    """The folder with the content of a revision: of git, or else of a published version."""
    from app.contents import open_publisher
    from app.release.revisions import git_content

    try:
        git_content(settings.content, revision, folder)
    except UsageError as unknown:
        if store is None:
            raise
        publisher = open_publisher(settings, store)
        try:
            version = publisher.store.find(revision)
        except UsageError:
            raise unknown from None
        return publisher.cache.put(version.hash, version.manifest, publisher.store.files(version))
    return folder
