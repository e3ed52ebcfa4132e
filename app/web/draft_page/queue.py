"""Where a draft stands in the brand's queue: the one before it, the one after it, the next for a person."""

import datetime as dt
from dataclasses import dataclass

from app.copywriting.reviewing import ReviewDesk
from app.db.review_tables import Review
from app.db.reviews import QueueFilter, QueuePlace
from app.review.situation import Actor
from app.web.queue_page.view import first_waiting, shelf_of


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


def next_for(office: ReviewDesk, brand: str, actor: Actor, at: dt.datetime) -> str | None:
    """The draft at the head of what waits for this person, as the page of the queue shows it."""
    return first_waiting(shelf_of(office, brand, actor, at))
