"""Where a draft stands in the brand's queue: the one before it, the one after it, the next for a person."""

from dataclasses import dataclass

from app.copywriting.reviewing import ReviewDesk
from app.db.review_tables import Review
from app.db.reviews import QueueFilter, QueuePlace
from app.errors import CopydeskError
from app.release.approvals import counts
from app.release.content import writers
from app.review.situation import Actor

LOOKED_AT = 30
"""Reviews of the queue among which the next one for a person is looked for."""


@dataclass(frozen=True)
class Neighbours:
    """The drafts before and after one in the queue, by id."""

    previous: str | None = None
    next: str | None = None


def neighbours_of(office: ReviewDesk, review: Review | None) -> Neighbours:
    """What stands beside an open review; a draft that is in none has no neighbours."""
    if review is None:
        return Neighbours()
    return Neighbours(*office.reviews.beside(QueueFilter((review.brand,)), place_of(review)))


def place_of(review: Review) -> QueuePlace:
    """A review's place in the queue."""
    return QueuePlace(review.harm, review.due_at, review.id)


def next_for(office: ReviewDesk, brand: str, actor: Actor, after: QueuePlace | None) -> str | None:
    """The next draft that waits for this person, after a place and then from the head of the queue on."""
    wanted = QueueFilter((brand,))
    behind = office.reviews.queue(wanted, after=after, limit=LOOKED_AT).entries if after else ()
    head = office.reviews.queue(wanted, limit=LOOKED_AT).entries
    for review, _ in (*behind, *head):
        if _waits_for(office, review, actor):
            return review.draft_id
    return None


def _waits_for(office: ReviewDesk, review: Review, actor: Actor) -> bool:
    """Whether the person has a role that it needs, did not write it, and has not approved it. Nothing is
    judged here: the draft's own page says the rest.
    """
    try:
        contract = office.desk.library(review.brand).brand.contract
        if not actor.roles & set(contract.needed(review.tier)) or review.assignee not in (None, actor.email):
            return False
        draft = office.desk.drafts.find(review.draft_id, [review.brand])
    except CopydeskError:
        return False
    given = {item.by for item in draft.receipt.approvers if counts(item, draft)}
    return actor.email not in writers(draft) | given
