"""`copydesk blocks`: approval of the files in blocks/, which are no way around review."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.brief import database_option
from app.commands.common import PERSON, counted, settings_from

if TYPE_CHECKING:
    from app.copywriting.block_approving import BlockDesk
    from app.db.people import People
    from app.release.block_standing import BlockStanding
    from app.settings import Settings

brand_option = click.option("--brand", "brand_id", help="The brand, where several have a block of this id.")


@click.group()
def blocks() -> None:
    """Approved content in blocks/: what waits for an approval, and approving it."""


@blocks.command("waiting")
@click.option("--brand", "brand_id", help="Only this brand.")
@database_option
def blocks_waiting(brand_id: str | None, database: str | None) -> None:
    """Blocks that are new, changed or sealed unapproved: tier with its reasons, who approved, who has to."""
    from app.db.tables import now
    from app.main import brands_of

    settings, at, count = settings_from(database=database), now(), 0
    with _approvals(settings) as work:
        for name in brands_of(settings, brand_id):
            desk = work.desk(name)
            for standing in desk.waiting(at):
                count += 1
                doubt = desk.author_doubt(standing) if desk.review.in_force else None
                for line in _lines(standing, doubt):
                    click.echo(line)
    click.echo(f"{counted(count, 'block')} waiting")


@blocks.command("approve")
@click.argument("name", metavar="FILE_OR_BLOCK")
@click.option(
    "--as", "by", metavar="EMAIL", envvar=PERSON, required=True, help="Who approves: a person with roles."
)
@click.option(
    "--author", metavar="EMAIL", help="Who wrote it, where the file names nobody known; kept in the record."
)
@brand_option
@database_option
def blocks_approve(
    name: str, by: str, author: str | None, brand_id: str | None, database: str | None
) -> None:
    """Approve a block, or all of a file that wait, in the missing roles that the person has.

    The block's tier says who has to, and how many; nobody approves what they wrote. The file names its author
    and each approver by address, and with the last one its hash is written: then the block serves. Commit the
    file. Several blocks go together where the contract allows it for their tier (several_at_once).
    """
    from app.copywriting.reviewing import acting_person
    from app.db.tables import now

    settings, at = settings_from(database=database), now()
    with _approvals(settings) as work:
        desk, standings = _wanted(work, settings, name, brand_id)
        actor = acting_person(work.people, by, desk.library.brand.id)
        wrote = work.people.get(author).person.email if author is not None else None
        done = desk.approve(standings, actor, at, author=wrote)
    for standing in done:
        for line in _lines(standing):
            click.echo(line)
    sealed = sum(standing.complete for standing in done)
    click.echo(f"{counted(len(done), 'block')} approved by {actor.email}, {sealed} sealed")


@dataclass(frozen=True)
class _Work:
    settings: "Settings"
    people: "People"

    def desk(self, brand_id: str) -> "BlockDesk":
        """The blocks of a brand of the folder. Raises ContentError when it does not load."""
        from app.contents import sparing_of
        from app.copywriting.block_approving import BlockDesk
        from app.release.library import load_library

        root = self.settings.content
        library = load_library(root / "brand", root / "blocks", brand_id, sealed=False)
        sparing = sparing_of(self.settings, self.people.engine)
        return BlockDesk(library, root / "blocks", sparing.approvals, sparing.review(brand_id))


@contextmanager
def _approvals(settings: "Settings") -> Iterator[_Work]:
    from app.db.people import People
    from app.main import open_settings_store

    with closing(open_settings_store(settings)) as store:
        yield _Work(settings, People(store.engine))


def _wanted(
    work: _Work, settings: "Settings", name: str, brand_id: str | None
) -> "tuple[BlockDesk, list[BlockStanding]]":
    """What the argument names, with the desk of its brand. Raises NotFound, Conflict, UsageError."""
    from app.db.tables import now
    from app.errors import Conflict, NotFound
    from app.main import brands_of
    from app.yaml12 import nearest

    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        file = _in_blocks(path, settings.content / "blocks")
        desk = work.desk(file.parts[1])
        standings = desk.waiting(now(), str(file))
        if not standings:
            raise Conflict(f"no block of {file} waits for an approval")
        return desk, standings
    desks = [work.desk(brand) for brand in brands_of(settings, brand_id)]
    found = [(desk, placed) for desk in desks if (placed := desk.library.find(name)) is not None]
    if not found:
        known = [placed.block.id for desk in desks for placed in desk.library.blocks]
        raise NotFound(f"there is no block '{name}'", nearest(name, known))
    if len(found) > 1:
        brands = ", ".join(desk.library.brand.id for desk, _ in found)
        raise Conflict(f"several brands have a block '{name}': {brands}", "name one with --brand")
    desk, placed = found[0]
    return desk, [desk.standing(placed, now())]


def _in_blocks(path: Path, root: Path) -> Path:
    """The file as blocks/<brand>/... Raises UsageError for one that does not lie there."""
    from app.errors import UsageError

    try:
        inside = path.resolve().relative_to(root.resolve())
    except ValueError as error:
        raise UsageError(f"{path} does not lie in {root}", "a file of approved content") from error
    if not path.is_file() or len(inside.parts) != 3:
        raise UsageError(f"{path} is no file of approved content", f"{root}/BRAND/KIND/JOURNEY.yaml")
    return Path(root.name) / inside


def _lines(standing: "BlockStanding", doubt: tuple[str, str] | None = None) -> Iterator[str]:
    placed, block = standing.placed, standing.placed.block
    yield f"{block.id}: {placed.document.file}:{placed.line}, by {block.author}"
    yield f"  tier {standing.tiering.tier.value}"
    for reason in standing.tiering.reasons:
        yield f"    {reason}"
    for item in standing.given:
        yield f"  approved by {item.by} ({item.role}), {item.at:%Y-%m-%d %H:%M %Z}"
    if doubt is not None:
        yield f"  {doubt[0]}: {doubt[1]}"
    if block.approval.hash == block.content_hash() and not standing.lacks:
        yield f"  sealed, to be looked at again by {block.approval.review_by}"
    else:
        yield f"  {standing.lacks or 'approved, and not sealed: approve it again'}"
