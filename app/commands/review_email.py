"""`copydesk review email`: whole emails, where their tier asks for an approval of the whole."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from app.commands.brief import brand_option, database_option, find, opened
from app.commands.common import PERSON

if TYPE_CHECKING:
    from pydantic import BaseModel

    from app.review.emails.situation import EmailSituation

ORDER = TypeVar("ORDER", bound="BaseModel")
ACTIONS = ("submit", "approve", "request-changes", "withdraw")


@click.command("email")
@click.argument("brief_id", metavar="BRIEF")
@click.option(
    "--do", "action", type=click.Choice(ACTIONS), help="What to do with one email; else they are listed."
)
@click.option("--locale", help="Only emails in it.")
@click.option("--segment", help="Only emails for it, by id or alias; empty for readers of no segment.")
@click.option("--arm", default="only", show_default=True, help="The arm of a test, by its name.")
@click.option("--text", help="What should be otherwise, or why it is withdrawn.")
@click.option("--as", "by", metavar="EMAIL", envvar=PERSON, help="Who does it: a person with roles.")
@brand_option
@database_option
def review_email(  # noqa: PLR0917  # one parameter an option
    brief_id: str,
    action: str | None,
    locale: str | None,
    segment: str | None,
    arm: str,
    text: str | None,
    by: str | None,
    brand_id: str | None,
    database: str | None,
) -> None:
    """The emails of a BRIEF as wholes: which tier asks for an approval, who has given it, who has to.

    Emails are listed once every slot of theirs has been chosen (`copydesk choose`). Exit status 1 when one
    that is listed still lacks an approval.
    """
    from app.copywriting.reviewing import acting_person
    from app.copywriting.whole_emails import EmailOffice, seen_of
    from app.db.tables import now
    from app.errors import UsageError
    from app.review.emails.registry import EMAIL_ACTIONS
    from app.review.situation import CLOCK

    with opened(database) as desk:
        office = EmailOffice.over(desk)
        stored = find(desk, brief_id, brand_id)
        if action is not None:
            if by is None or locale is None or segment is None:
                raise UsageError("an action needs --as, --locale and --segment", "one email, and who does it")
            name = action.replace("-", "_")
            actor = acting_person(office.people, by, stored.brand)
            situation = office.situation(stored, (locale, segment, arm), actor, now())
            order = order_of(EMAIL_ACTIONS[name].order, {"text": text})
            office.act(name, situation, order, seen=seen_of(situation))
        found = office.situations(stored, CLOCK, now(), locale=locale, segment=segment)
        lines = [line for _, item in found for line in _lines(item)]
        lacking = any(item.email.tiering is not None and item.state != "approved" for _, item in found)
    for line in lines or [f"no email of brief '{stored.id}' has every slot chosen yet: `copydesk choose`"]:
        click.echo(line)
    raise SystemExit(int(lacking))


def order_of(order: type[ORDER], given: Mapping[str, object]) -> ORDER:
    """What an action is given on a command line. Raises UsageError for a word that does not fit."""
    from pydantic import ValidationError

    from app.errors import UsageError

    try:
        return order.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _lines(item: "EmailSituation") -> list[str]:
    email = item.email
    arm = "" if email.arm == "only" else f" {email.arm}"
    head = f"{email.locale} {email.segment or '(anybody else)'}{arm}: {item.state.value.replace('_', ' ')}"
    if email.tiering is None:
        return [head]
    lines = [head, *(f"  {reason}" for reason in email.tiering.reasons[:1])]
    lines += [f"  approved by {given.by} as {given.role}" for given in item.given]
    if item.next_roles:
        lines.append(f"  waits for: {', '.join(item.next_roles)}")
    return [*lines, *(f"  {words}" for words in email.obstacles)]
