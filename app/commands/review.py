"""`copydesk review`: the queue, one draft's review, and every action on it for a person at this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from app.commands.brief import database_option, find, opened
from app.commands.common import PERSON, counted, print_table
from app.commands.review_email import order_of, review_email

if TYPE_CHECKING:
    from app.copywriting.reviewing import ReviewDesk
    from app.db.tables import Draft

as_option = click.option(
    "--as", "by", metavar="EMAIL", envvar=PERSON, required=True, help="Who does it: a person with roles."
)
revision_option = click.option(
    "--revision", type=click.IntRange(min=1), help="The draft's revision that you read; else the newest."
)
Command = Callable[..., Any]


@click.group()
def review() -> None:
    """Drafts in review: what waits, one draft's review, and each action of it.

    Whoever acts is named by --as: a person of `copydesk people` with a role for the draft's brand. Nobody
    acts without one, also not on this machine.
    """


@contextmanager
def _office(database: str | None) -> Iterator["ReviewDesk"]:
    from app.copywriting.reviewing import ReviewDesk

    with opened(database) as desk:
        yield ReviewDesk.over(desk)


def _draft(office: "ReviewDesk", draft_id: str) -> "Draft":
    return office.desk.drafts.find(draft_id, list(office.desk.serving.libraries.serving))


def _act(name: str, draft_id: str, by: str, revision: int | None, database: str | None, **given: Any) -> None:
    """Do an action and say where the draft stands then. Raises UsageError for a word that does not fit."""
    from app.copywriting.reviewing import acting_person
    from app.db.tables import now
    from app.review.registry import ACTIONS

    order = order_of(ACTIONS[name].order, given)
    with _office(database) as office:
        draft = _draft(office, draft_id)
        actor = acting_person(office.people, by, draft.brand)
        changed = office.act(name, draft, actor, order, seen=revision or draft.revision, at=now())
        situation = office.situation(changed, actor, now())
    click.echo(f"{changed.id}: {changed.state.value.replace('_', ' ')}")
    if situation.until is not None:
        roles = ", ".join(situation.next_roles)
        click.echo(
            f"tier {situation.tier.value}, waits until {situation.until:%Y-%m-%d %H:%M %Z} for: {roles}"
        )


@review.command("list")
@click.option("--brand", "brand_id", help="Only this brand.")
@click.option("--tier", help="Only this tier: low, standard, elevated or restricted.")
@click.option("--assignee", help="Only what this person has taken; `nobody` for what nobody has.")
@click.option("--limit", type=click.IntRange(1, 2000), default=50, show_default=True)
@database_option
def review_list(
    brand_id: str | None, tier: str | None, assignee: str | None, limit: int, database: str | None
) -> None:
    """What waits for review, by expected harm, then by deadline."""
    from app.brand.tiers import TIERS, Tier
    from app.copywriting.queueing import queue_of
    from app.db.reviews import QueueFilter
    from app.db.tables import now
    from app.errors import UsageError
    from app.yaml12 import nearest

    if tier is not None and tier not in set(Tier):
        raise UsageError(f"there is no tier '{tier}'", nearest(tier, TIERS))
    with _office(database) as office:
        if brand_id is not None:
            office.desk.library(brand_id)
        wanted = QueueFilter(
            brands=[brand_id] if brand_id else list(office.desk.serving.libraries.serving),
            tier=Tier(tier) if tier else None,
            assignee="" if assignee == "nobody" else assignee,
        )
        queue = queue_of(office, wanted, now(), after=None, limit=limit)
    rows = [
        (
            item.draft.id,
            item.review.tier.value,
            f"{item.due_at:%Y-%m-%d %H:%M}",
            str(item.review.words),
            item.review.assignee or "",
            f"{item.review.brief_id} {item.review.locale} {item.review.segment} {item.review.kind}",
        )
        for item in queue.entries
    ]
    print_table(("draft", "tier", "due (UTC)", "words", "assignee", "slot"), rows, "nothing waits for review")
    if rows:
        shown = ", ".join(f"{queue.counts[item]} {item.value}" for item in TIERS if queue.counts.get(item))
        click.echo(f"{counted(sum(queue.counts.values()), 'review')} open: {shown}")


@review.command("show")
@click.argument("draft_id", metavar="DRAFT")
@click.option("--as", "by", metavar="EMAIL", envvar=PERSON, help="Whose actions are listed.")
@database_option
def review_show(draft_id: str, by: str | None, database: str | None) -> None:
    """A draft's tier with its reasons, who has to approve, the deadline, what was said, what one may do."""
    from app.copywriting.review_story import story_of
    from app.copywriting.reviewing import acting_person
    from app.db.tables import now
    from app.review.situation import Actor

    with _office(database) as office:
        draft = _draft(office, draft_id)
        actor = acting_person(office.people, by, draft.brand) if by else Actor("", "machine", frozenset())
        situation = office.situation(draft, actor, now())
        for line in story_of(situation, with_actions=bool(by)):
            click.echo(line)


def _action(name: str, *decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """A command of the group with the options that every action has."""

    def wrap(function: Command) -> Command:
        options: tuple[Callable[[Command], Any], ...] = (database_option, revision_option, as_option)
        for decorator in (*options, *reversed(decorators)):
            function = decorator(function)
        made: Command = review.command(name)(function)
        return made

    return wrap


_ONE = click.argument("draft_id", metavar="DRAFT")
_TEXT = click.argument("text")


@_action(
    "submit",
    click.argument("draft_id", metavar="[DRAFT]", required=False),
    click.option("--brief", "brief_id", help="Every slot's chosen or best draft of this brief instead."),
    click.option("--brand", "brand_id", help="The brand, where several have a brief of this id."),
)
def review_submit(draft_id: str | None, brief_id: str | None, brand_id: str | None, **common: Any) -> None:
    """Submit a DRAFT that the guardrails pass, or those of a whole brief."""
    if bool(draft_id) == bool(brief_id):
        raise click.UsageError("name a DRAFT or a --brief")
    if draft_id:
        _act("submit", draft_id, **common)
    else:
        _submit_brief(str(brief_id), brand_id, common["by"], common["database"])


def _submit_brief(brief_id: str, brand_id: str | None, by: str, database: str | None) -> None:
    from app.copywriting.reviewing import acting_person
    from app.copywriting.submitting import submit_brief
    from app.db.tables import now

    with _office(database) as office:
        stored = find(office.desk, brief_id, brand_id)
        actor = acting_person(office.people, by, stored.brand)
        done = list(submit_brief(office, stored, actor, now()))
    for item in done:
        name = item.draft.id if item.draft is not None else ""
        click.echo(f"{item.locale} {item.segment} {item.kind:12} {name:32}  {item.why_not or 'submitted'}")
    count = sum(not item.why_not for item in done)
    click.echo(f"{counted(count, 'draft')} submitted")


@_action(
    "take",
    _ONE,
    click.option("--assignee", metavar="EMAIL", help="Somebody else."),
    click.option("--release", is_flag=True, help="Nobody any more."),
)
def review_take(draft_id: str, assignee: str | None, release: bool, **common: Any) -> None:
    """Say who reads a DRAFT: you, or somebody else."""
    _act("take", draft_id, assignee=assignee, release=release, **common)


@_action("ask", _ONE, click.argument("person", metavar="EMAIL"), _TEXT)
def review_ask(draft_id: str, person: str, text: str, **common: Any) -> None:
    """Ask EMAIL something about a DRAFT. Until it is answered nobody approves, and the deadline waits."""
    _act("ask", draft_id, person=person, text=text, **common)


@_action("answer", _ONE, click.argument("question"), _TEXT)
def review_answer(draft_id: str, question: str, text: str, **common: Any) -> None:
    """Answer a QUESTION about a DRAFT; `copydesk review show` says its id."""
    _act("answer", draft_id, question=question, text=text, **common)


@_action("comment", _ONE, _TEXT)
def review_comment(draft_id: str, text: str, **common: Any) -> None:
    """Say something about a DRAFT; nothing about it changes."""
    _act("comment", draft_id, text=text, **common)


@_action("approve", _ONE)
def review_approve(draft_id: str, **common: Any) -> None:
    """Approve a DRAFT in the missing roles that you have."""
    _act("approve", draft_id, **common)


@_action("request-changes", _ONE, _TEXT)
def review_request_changes(draft_id: str, text: str, **common: Any) -> None:
    """Send a DRAFT back to its writer with what should be otherwise."""
    _act("request_changes", draft_id, text=text, **common)


@_action(
    "reject",
    _ONE,
    click.option("--reason", required=True, help="Such as off_brand, untrue, not_lawful, unclear, other."),
    click.option("--text", help="In words."),
)
def review_reject(draft_id: str, reason: str, text: str | None, **common: Any) -> None:
    """Reject a DRAFT for good."""
    _act("reject", draft_id, reason=reason, text=text, **common)


@_action("withdraw", _ONE, click.option("--text", help="Why."))
def review_withdraw(draft_id: str, text: str | None, **common: Any) -> None:
    """Take a DRAFT back, also an approved one."""
    _act("withdraw", draft_id, text=text, **common)


@_action("escalate", _ONE, click.argument("tier"), _TEXT)
def review_escalate(draft_id: str, tier: str, text: str, **common: Any) -> None:
    """Raise the TIER of a DRAFT; nothing lowers it again."""
    _act("escalate", draft_id, tier=tier, text=text, **common)


@review.command("sweep")
@database_option
def review_sweep(database: str | None) -> None:
    """Remind people of deadlines that are near, and end reviews whose deadline has passed.

    `copydesk serve` does it every minute; this is for a machine on which nothing serves.
    """
    from app.copywriting.review_clock import sweep
    from app.db.tables import now

    with _office(database) as office:
        swept = sweep(office, now())
    click.echo(f"{counted(swept.reminded, 'reminder')}, {counted(swept.expired, 'review')} expired")


review.add_command(review_email)
