"""`copydesk choose`, `copydesk export`, `copydesk exports`: what ships, and what was handed over."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.brief import brand_option, database_option, find, opened
from app.commands.common import PERSON, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.copywriting.choosing import SlotOptions
    from app.copywriting.handoff import Package
    from app.db.release_tables import Arm

by_option = click.option("--by", metavar="EMAIL", envvar=PERSON, help="Who decides.")


@click.command()
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
@click.option("--locale", help="The slot's locale.")
@click.option("--segment", help="The slot's segment, by id or alias.")
@click.option("--slot", "kind", help="The slot's kind, such as hero.")
@click.option("--draft", help="The approved draft that ships, by id.")
@click.option("--block", help="The approved block that ships, by id.")
@click.option("--leave-out", is_flag=True, help="Nothing stands in the slot (optional kinds only).")
@click.option(
    "--arm",
    "arms",
    multiple=True,
    metavar="NAME=ID",
    help="An arm of a test, by the id of a draft or block; NAME*=ID is the control, which a person wrote.",
)
@click.option("--test", default="", help="The name of the test that the arms belong to.")
@click.option("--ready", is_flag=True, help="Choose wherever just one thing can ship and nothing is chosen.")
@by_option
def choose(  # noqa: PLR0917  # one parameter an option
    brief_id: str,
    brand_id: str | None,
    database: str | None,
    locale: str | None,
    segment: str | None,
    kind: str | None,
    draft: str | None,
    block: str | None,
    leave_out: bool,
    arms: tuple[str, ...],
    test: str,
    ready: bool,
    by: str | None,
) -> None:
    """Show what can ship in each slot of a brief and what was chosen, or choose it.

    With --locale, --segment and --slot and one of --draft, --block, --leave-out or two --arm and more, that
    is chosen for the slot. Exit status 1 while slots are without a choice.
    """
    from app.copywriting.choosing import choose as choose_one
    from app.copywriting.choosing import choose_ready, options_of
    from app.db.exports import Exports

    given = bool(draft or block or leave_out or arms)
    if (given or ready) and not by:
        raise click.UsageError(f"choosing needs --by EMAIL (or {PERSON})")
    if given and not (locale and segment and kind):
        raise click.UsageError("name the slot by --locale, --segment and --slot")
    with opened(database) as desk:
        exports, stored = Exports(desk.drafts.engine), find(desk, brief_id, brand_id)
        if given and by:
            chosen = _arms(draft, block, arms)
            key = (locale or "", segment or "", kind or "")
            choose_one(desk, exports, stored, key, chosen, by=by, test=test)
        elif ready and by:
            click.echo(f"{counted(len(choose_ready(desk, exports, stored, by)), 'choice')} made")
        slots = options_of(desk, exports, stored)
    _show(slots)
    sys.exit(0 if all(slot.chosen is not None for slot in slots) else 1)


def _arms(draft: str | None, block: str | None, arms: tuple[str, ...]) -> "list[Arm]":
    from pydantic import ValidationError

    from app.db.release_tables import SINGLE, Arm

    if not arms:
        return [Arm(name=SINGLE, draft=draft, block=block)]
    found = []
    for text in arms:
        name, equals, source = text.partition("=")
        if not equals or not source:
            raise click.UsageError(f"--arm {text}: write NAME=ID")
        is_draft = len(source) == 32 and all(c in "0123456789abcdef" for c in source)
        try:
            found.append(
                Arm(
                    name=name.removesuffix("*"),
                    control=name.endswith("*"),
                    **{"draft" if is_draft else "block": source},
                )
            )
        except ValidationError as error:
            message = f"--arm {text}: a name has small letters, digits and _"
            raise click.UsageError(message) from error
    return found


def _show(slots: "list[SlotOptions]") -> None:
    place = ("", "")
    for slot in slots:
        if slot.job.key[:2] != place:
            place = slot.job.key[:2]
            click.echo(f"\n{place[0]}  {slot.job.segment.name}")
        click.echo(f"  {slot.job.kind.id:16} {_chosen(slot)}")
        for option in slot.options if slot.chosen is None else ():
            why = f"cannot ship: {option.reasons[0]}" if option.reasons else "can ship"
            click.echo(f"    {option.content.label}: {why}")


def _chosen(slot: "SlotOptions") -> str:
    if slot.chosen is None:
        return "nobody has chosen yet"
    shown = ", ".join(
        f"{arm.name}{' (control)' if arm.control else ''}: {arm.draft or arm.block or 'left out'}"
        for arm in slot.chosen.arms
    )
    test = f"test {slot.chosen.test}, " if slot.chosen.test else ""
    return f"{test}{shown}, by {slot.chosen.chosen_by} on {slot.chosen.chosen_at:%Y-%m-%d}"


@click.command()
@click.argument("brief_id", metavar="BRIEF_ID")
@click.option(
    "--account", "account_id", required=True, help="The account, a file in platforms/ of the brand."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write to, or a file that ends in .zip.",
)
@brand_option
@database_option
@click.option("--locale", help="Only this locale.")
@click.option("--segment", "segments", multiple=True, help="Only this segment, by id or alias; repeatable.")
@click.option("--arm", help="Only this arm of a test, by its name.")
@click.option("--together", is_flag=True, help="One conditional email for all segments of a locale.")
@click.option("--despite-checks", is_flag=True, help="Export although the checks of emails find an error.")
@by_option
def export(  # noqa: PLR0917  # one parameter an option
    brief_id: str,
    account_id: str,
    out: Path,
    brand_id: str | None,
    database: str | None,
    locale: str | None,
    segments: tuple[str, ...],
    arm: str | None,
    together: bool,
    despite_checks: bool,
    by: str | None,
) -> None:
    """Write the chosen emails of a brief in the dialect of an account's platform, and record the export.

    Every email passes the gate and the checks of `copydesk email check` first. Nothing is written when one of
    them is refused.
    """
    from app.copywriting.shipping import Wanted, make, record
    from app.db.exports import Exports

    if not by:
        raise click.UsageError(f"an export needs --by EMAIL (or {PERSON})")
    wanted = Wanted(account_id, locale, segments, arm, together, despite_checks)
    with opened(database) as desk:
        exports, stored = Exports(desk.drafts.engine), find(desk, brief_id, brand_id)
        made = make(desk, exports, stored, wanted, by=by)
        _write(made.packages, out)
        record(exports, made)
        account = desk.library(stored.brand).brand.account(account_id)
    for package in made.packages:
        click.echo(
            f"{package.folder}: {len(package.files['email.html']) // 1000} KB, {package.email.record.id}"
        )
        for line in package.email.record.content.warnings:
            click.echo(f"  note: {line}")
    for line in made.kept_back:
        click.echo(f"kept back: {line}")
    click.echo(f"{counted(len(made.packages), 'email')} for {account.name} in {out}; each has a HANDOFF.md")


def _write(made: "Sequence[Package]", out: Path) -> None:
    from app.copywriting.shipping import zip_of
    from app.emails.package import write_folder
    from app.errors import StorageError

    if out.suffix != ".zip":
        for package in made:
            write_folder(package.files, out / package.folder)
        return
    try:
        out.write_bytes(zip_of(made))
    except OSError as error:
        raise StorageError(f"the export was not written to {out}: {error.strerror}") from error


@click.command()
@click.argument("brief_id", metavar="BRIEF_ID")
@brand_option
@database_option
def exports(brief_id: str, brand_id: str | None, database: str | None) -> None:
    """Show what was exported of a brief, and which of it became stale, with the reason.

    Exit status 1 when an export is stale.
    """
    import datetime as dt

    from app.copywriting.exported import states_of
    from app.db.exports import Exports

    with opened(database) as desk:
        stored = find(desk, brief_id, brand_id)
        states = states_of(desk, Exports(desk.drafts.engine), stored, dt.datetime.now(dt.UTC))
    for state in states:
        export = state.export
        place = f"{export.locale} {', '.join(export.segments)}"
        arm = "" if export.arm == "only" else f", arm {export.arm}"
        verdict = "stale" if state.stale else "holds"
        who = f"{export.account}, {export.exported_at:%Y-%m-%d} by {export.exported_by}"
        click.echo(f"{verdict:6} {export.id}  {place}{arm}  {who}")
        for line in state.stale:
            click.echo(f"         {line}")
    click.echo(f"{counted(len(states), 'export')}, {sum(bool(item.stale) for item in states)} stale")
    sys.exit(1 if any(item.stale for item in states) else 0)


@click.command("where-used")
@click.option("--text", help="Words of the copy.")
@click.option("--claim", help="An entry of the claims library, by id.")
@click.option("--fact", help="A fact or variable, such as offer.discount.")
@click.option("--block", help="An approved block, by id.")
@click.option("--brand", "brand_id", help="Only this brand.")
@database_option
def where_used(  # noqa: PLR0917  # one parameter an option
    text: str | None,
    claim: str | None,
    fact: str | None,
    block: str | None,
    brand_id: str | None,
    database: str | None,
) -> None:
    """List the approved content, drafts and exports that use a text, a claim, a fact or a block.

    Exit status 1 when nothing does.
    """
    from app.copywriting import where_used as uses
    from app.db.exports import Exports

    if sum(given is not None for given in (text, claim, fact, block)) != 1:
        raise click.UsageError("give one of --text, --claim, --fact and --block")
    with opened(database) as desk:
        brands = [brand_id] if brand_id else list(desk.serving.libraries.serving)
        if text is not None:
            wanted = uses.of_text(text)
        elif fact is not None:
            wanted = uses.of_fact(fact, desk)
        elif claim is not None:
            wanted = uses.of_claim(claim, desk, brands)
        else:
            wanted = uses.of_block(block or "", desk, brands)
        found = list(uses.where_used(desk, Exports(desk.drafts.engine), brands, wanted))
    for use in found:
        click.echo(f"{use.what:7} {use.id:34} {use.state:18} {use.brand}: {use.where}")
    click.echo(counted(len(found), "use"))
    sys.exit(0 if found else 1)
