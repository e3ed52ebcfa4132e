"""Whole emails that wait for an approval, for the top of the queue."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.brand.tiers import Tier
from app.db.emails import Emails
from app.db.release_tables import ANYBODY_ELSE, SINGLE
from app.web.email_links import path_to
from app.web.queue_page.lines import SOON, Deadline, Shelf
from app.web.queue_page.words import from_now


@dataclass(frozen=True)
class WaitingEmail:
    """One email in review. `audience` is empty for readers of no segment, `arm` where nothing is tested."""

    brief_name: str
    audience: str
    locale: str
    arm: str
    path: str
    tier: Tier
    missing: tuple[str, ...]
    """The roles that have not approved yet."""
    mine: bool
    """Whether one of them is the person's, who has not approved it yet."""
    deadline: Deadline


def waiting_emails(shelf: Shelf) -> tuple[WaitingEmail, ...]:
    """The emails of the brand that are in review as a whole, those for the person first. Whether they still
    are what was submitted is not looked at here: their own page does.
    """
    found = list(_emails(shelf))
    return tuple(sorted(found, key=lambda item: not item.mine))


def _emails(shelf: Shelf) -> Iterator[WaitingEmail]:
    rows = Emails(shelf.office.desk.drafts.engine).waiting(shelf.brand)
    shelf.fetch([review.brief_id for review, _ in rows])
    contract, actor = shelf.library.brand.contract, shelf.actor
    for review, given in rows:
        roles = {item.role for item in given}
        missing = tuple(role for role in contract.needed(review.tier) if role not in roles)
        next_roles = missing[:1] if contract.review.terms(review.tier).in_turn else missing
        approved = any(item.by == actor.email for item in given)
        sort = "late" if review.due_at <= shelf.at else "soon" if review.due_at <= shelf.at + SOON else ""
        yield WaitingEmail(
            brief_name=shelf.brief_name(review.brief_id),
            audience="" if review.segment == ANYBODY_ELSE else shelf.audience(review.segment),
            locale=review.locale,
            arm="" if review.arm == SINGLE else review.arm,
            path=path_to(review.brand, review.brief_id, review.locale, review.segment),
            tier=review.tier,
            missing=missing,
            mine=not approved and bool(actor.roles & set(next_roles)),
            deadline=Deadline(review.due_at, from_now(review.due_at, shelf.at), sort),
        )
