"""`copydesk publish`, `versions` and `rollback`: content as immutable versions, and which one serves."""

import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from app.commands.common import counted, settings_from
from app.commands.proposal_text import SHORT, change_lines, proposal_lines

if TYPE_CHECKING:
    import datetime as dt

    from app.db.content import ContentStore
    from app.db.service_tables import ContentVersion, ServingMove
    from app.manifest import Publishable
    from app.release.publishing import Proposal, Publisher
    from app.settings import Settings

_BY = click.option("--by", help="Who does it; by default the user of this machine.")
_AS_OF = click.option("--as-of", "as_of", help="Moment to judge for, ISO 8601; now when missing.")
_DRY = click.option("--dry-run", is_flag=True, help="Judge and show, and change nothing.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
MOST_MOVES = 1_000


@click.command()
@click.option("--note", default="", help="What changes and why, in a few words.")
@click.option("--accept-failing", is_flag=True, help="Publish although approved content fails.")
@_BY
@_AS_OF
@_DRY
@_JSON
def publish(  # noqa: PLR0917  # one parameter an option
    note: str, accept_failing: bool, by: str | None, as_of: str | None, dry_run: bool, as_json: bool
) -> None:
    """Store brand/, prompts/ and blocks/ as one immutable version, and let all processes serve it.

    Approved content is judged with it first. Exit status 1 when it is refused.
    """
    from app.contents import record_spared
    from app.main import moment
    from app.manifest import read_publishable

    settings = settings_from()
    content = read_publishable(settings.content)
    with _publisher(settings) as publisher:
        proposal = publisher.propose(content, moment(as_of))
        refused = _refusal(proposal, accept_failing) or _unapproved(settings, proposal.as_of)
        done = None
        if proposal.version != proposal.serving and not refused and not dry_run:
            reason = _with_accepted(note, proposal)
            record_spared(settings, publisher.store.engine)
            done = publisher.publish(content, proposal, author=_person(by), note=reason)
    words = refused or _published(proposal, dry_run, done.blobs if done is not None else 0)
    _answer(proposal, words, as_json, moved=done is not None, refused=bool(refused))


@click.command()
@click.option(
    "--to", "version", metavar="HASH", help="The version that is to serve; the one before when missing."
)
@click.option("--brand", help="Only this brand goes back; everything else serves on as it does.")
@click.option("--why", default="", help="Why it goes back, in a few words.")
@_BY
@_AS_OF
@_DRY
@_JSON
def rollback(  # noqa: PLR0917  # one parameter an option
    version: str | None,
    brand: str | None,
    why: str,
    by: str | None,
    as_of: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let an earlier version serve again, from the next fetch on in every process.

    Without --to it is the one before the last move, or the last one in which the brand was different. A hash
    may be shortened. What would then fail is shown and does not hold it up; a version that does not load is
    refused with exit status 1. Who does it and why is kept.
    """
    from app.main import moment

    with _publisher(settings_from()) as publisher:
        wanted = publisher.store.find(version) if version else publisher.previous(brand)
        content = publisher.with_brand_of(brand, wanted) if brand is not None else None
        proposal = _proposed(publisher, wanted, content, moment(as_of))
        refused = _unusable(proposal)
        moved = proposal.version != proposal.serving and not refused and not dry_run
        reason = why or "rolled back"
        if moved and content is not None:
            reason = f"brand {brand} as in {wanted.hash[:SHORT]}: {reason}"
            publisher.publish(content, proposal, author=_person(by), note=reason)
        elif moved:
            publisher.roll_back(proposal, by=_person(by), why=reason)
    words = f"version {proposal.version[:SHORT]} serves now" if moved else "nothing was changed"
    if proposal.version == proposal.serving:
        words = f"version {proposal.version[:SHORT]} serves already"
    _answer(proposal, refused or words, as_json, moved=moved, refused=bool(refused))


def _proposed(
    publisher: "Publisher", wanted: "ContentVersion", content: "Publishable | None", as_of: "dt.datetime"
) -> "Proposal":
    """What going back would change: to `wanted` as a whole, or to `content`, which holds one brand of it."""
    return publisher.propose_stored(wanted, as_of) if content is None else publisher.propose(content, as_of)


@click.group()
def versions() -> None:
    """Published versions: list them, look into one, compare two."""


@versions.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many.")
@_JSON
def versions_list(limit: int, as_json: bool) -> None:
    """The versions that were published, newest first, and which one serves."""
    with _content() as content:
        found = content.versions(limit)
        move = content.serving()
    serving = move.version if move is not None else None
    if as_json:
        click.echo(_json({"serving": serving, "versions": [_version(item) for item in found]}))
        return
    for item in found:
        mark = "serves" if item.hash == serving else ""
        click.echo(
            f"{item.hash[:SHORT]}  {item.created_at:%Y-%m-%d %H:%M}  {mark:6}  {item.author}: {item.note}"
        )
    if not found:
        click.echo("nothing is published yet: `copydesk publish`")


@versions.command("show")
@click.argument("version")
@_JSON
def versions_show(version: str, as_json: bool) -> None:
    """The files of one VERSION with their hashes, and when it served."""
    with _content() as content:
        found = content.find(version)
        moves = [move for move in content.moves(MOST_MOVES) if found.hash in (move.version, move.previous)]
    if as_json:
        shown = {**_version(found), "files": found.manifest, "moves": [_move(item) for item in moves]}
        click.echo(_json(shown))
        return
    click.echo(
        f"version {found.hash}\npublished {found.created_at:%Y-%m-%d %H:%M} by {found.author}: {found.note}"
    )
    for move in reversed(moves):
        what = "began to serve" if move.version == found.hash else "ceased to serve"
        click.echo(f"{move.moved_at:%Y-%m-%d %H:%M} {what}: {move.moved_by}: {move.why}")
    for path, digest in found.manifest.items():
        click.echo(f"  {digest[:SHORT]}  {path}")


@versions.command("diff")
@click.argument("old")
@click.argument("new")
@_JSON
def versions_diff(old: str, new: str, as_json: bool) -> None:
    """The files by which version NEW differs from version OLD."""
    from app.release.publishing import FileChanges

    with _content() as content:
        before, after = content.find(old), content.find(new)
    changes = FileChanges.between(before.manifest, after.manifest)
    if as_json:
        click.echo(_json({"old": before.hash, "new": after.hash, **changes.model_dump()}))
        return
    click.echo(f"from {before.hash[:SHORT]} to {after.hash[:SHORT]}:")
    _echo(change_lines(changes))


def _refusal(proposal: "Proposal", accept_failing: bool) -> str:
    """Why the content is not published; empty when it may be."""
    unusable = _unusable(proposal)
    if unusable or proposal.version == proposal.serving:
        return unusable
    if proposal.shortfalls and not accept_failing:
        count = counted(len(proposal.shortfalls), "finding")
        return f"not published: {count} on approved content; mend it, or say --accept-failing"
    return ""


def _unapproved(settings: "Settings", as_of: "dt.datetime") -> str:
    """What to say where blocks are sealed that the brand's people did not approve; nobody may accept that."""
    from app.contents import unapproved_blocks

    problems = unapproved_blocks(settings, as_of)
    if not problems:
        return ""
    count = counted(len(problems), "block")
    return f"not published: {count} sealed without approval, as `copydesk brand check` lists: {problems[0]}"


def _unusable(proposal: "Proposal") -> str:
    if not proposal.unusable or proposal.version == proposal.serving:
        return ""
    return f"not served: {counted(len(proposal.unusable), 'problem')} without which nothing can be sent"


def _with_accepted(note: str, proposal: "Proposal") -> str:
    """The note as it is kept: an audit must see what somebody accepted."""
    if not proposal.shortfalls:
        return note
    return "; ".join(filter(None, [note[:400], f"{counted(len(proposal.shortfalls), 'finding')} accepted"]))


def _published(proposal: "Proposal", dry_run: bool, blobs: int) -> str:
    short = proposal.version[:SHORT]
    if proposal.version == proposal.serving:
        return f"version {short} serves already: nothing new was stored"
    if dry_run:
        return "nothing was stored: this was a dry run"
    stored = "was stored before" if proposal.stored else f"is stored ({counted(blobs, 'new file')})"
    return f"version {short} {stored} and serves now"


def _answer(proposal: "Proposal", words: str, as_json: bool, *, moved: bool, refused: bool) -> None:
    """Print the outcome and leave with its exit status."""
    if as_json:
        click.echo(_json({"moved": moved, "refused": refused, "outcome": words} | _plain(proposal)))
    else:
        _echo(proposal_lines(proposal))
        click.echo(words, err=refused)
    sys.exit(1 if refused else 0)


def _plain(proposal: "Proposal") -> dict[str, Any]:
    return proposal.model_dump(mode="json")


@contextmanager
def _publisher(settings: "Settings") -> "Iterator[Publisher]":
    from app.contents import open_publisher
    from app.main import open_settings_store

    store = open_settings_store(settings)
    try:
        yield open_publisher(settings, store)
    finally:
        store.close()


@contextmanager
def _content() -> "Iterator[ContentStore]":
    from app.db.content import ContentStore
    from app.main import open_settings_store

    store = open_settings_store(settings_from())
    try:
        yield ContentStore(store.engine)
    finally:
        store.close()


def _person(given: str | None) -> str:
    """Who publishes: the name that was given, else the user of this machine."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"


def _version(version: "ContentVersion") -> dict[str, Any]:
    return {
        "hash": version.hash,
        "author": version.author,
        "note": version.note,
        "created_at": version.created_at.isoformat(),
        "files": len(version.manifest),
    }


def _move(move: "ServingMove") -> dict[str, Any]:
    return {
        "version": move.version,
        "previous": move.previous,
        "moved_by": move.moved_by,
        "why": move.why,
        "moved_at": move.moved_at.isoformat(),
    }


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
