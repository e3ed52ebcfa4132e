"""The queue of review as people see it: what waits, until when as it stands now, how much of each tier."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.brand.tiers import Tier
from app.copywriting.reviewing import ReviewDesk
from app.db.review_tables import Review
from app.db.reviews import QueueFilter, QueuePlace
from app.db.tables import Draft
from app.review.deadlines import due


@dataclass(frozen=True)
class Waiting:
    """One open review with its draft. Nothing is judged for it."""

    review: Review
    draft: Draft
    due_at: dt.datetime


@dataclass(frozen=True)
class Queue:
    """A page of what waits, where the next one begins, and how many wait in all, by tier."""

    entries: tuple[Waiting, ...]
    after: QueuePlace | None
    counts: Mapping[Tier, int]


def queue_of(
    office: ReviewDesk, wanted: QueueFilter, at: dt.datetime, *, after: QueuePlace | None, limit: int
) -> Queue:
    """The page of open reviews that the filter leaves, by expected harm, then by deadline."""
    page = office.reviews.queue(wanted, after=after, limit=limit)
    entries = tuple(Waiting(review, draft, _due(office, review, at)) for review, draft in page.entries)
    return Queue(entries, page.after, office.reviews.count(wanted))


def _due(office: ReviewDesk, review: Review, at: dt.datetime) -> dt.datetime:
    """The deadline as it stands; as it was stored where the brand does not serve."""
    library = office.desk.serving.libraries.serving.get(review.brand)
    return due(review, library.brand.contract.review, at) if library is not None else review.due_at
