"""Reviews as both kinds of database have to give them: order, pages, filters, deadlines."""

import datetime as dt
from typing import Any, Protocol

from app.brand.tiers import Tier
from app.db.briefs import BriefFilter, Briefs
from app.db.drafts import Drafts
from app.db.receipts import DraftApproval
from app.db.review_queue import GroupWanted, ReviewQueue
from app.db.review_tables import Closed, NoteSort, RejectReason, Review, ReviewNote
from app.db.reviews import QueueFilter, QueuePage, QueuePlace, Reviews
from app.db.tables import Draft
from tests.db.factories import AS_OF, make_draft, make_receipt

HOUR = dt.timedelta(hours=1)


class Recording(Protocol):
    """Calls a method and writes down what came of it."""

    called: set[str]

    def __call__(self, method: Any, *arguments: Any, **named: Any) -> Any: ...


def make_review(draft: Draft, **changes: Any) -> Review:
    """An open review of a draft."""
    given = {
        "draft_id": draft.id,
        "brand": draft.brand,
        "brief_id": draft.brief_id,
        "journey": draft.journey,
        "locale": draft.locale,
        "market": "US",
        "segment": draft.segment,
        "kind": draft.kind,
        "tier": Tier.LOW,
        "why": ("low: it is a block of the kind cta",),
        "harm": 100,
        "words": 3,
        "submitted_by": "cal@fernhill.example",
        "submitted_at": AS_OF,
        "send_at": AS_OF + 99 * HOUR,
        "due_at": AS_OF + 48 * HOUR,
        "latest_at": AS_OF + 98 * HOUR,
    }
    return Review(**{**given, **changes})


def record_reviews(record: Recording, reviews: Reviews, drafts: Drafts) -> None:
    """Every method of Reviews."""
    kinds = ("cta", "hero", "cta", "hero", "subject", "cta")
    stored = [drafts.add(make_draft(kind=kind, brief_id="reviewed", created_at=AS_OF)) for kind in kinds]
    other = drafts.add(make_draft(brand="oatmere", brief_id="reviewed", created_at=AS_OF))
    rows = [
        make_review(stored[0], harm=300, due_at=AS_OF + 2 * HOUR),
        make_review(stored[1], harm=300, due_at=AS_OF + HOUR, tier=Tier.ELEVATED, assignee="rae@x.example"),
        make_review(stored[2], harm=300, due_at=AS_OF + 2 * HOUR, held_since=AS_OF),
        make_review(stored[3], harm=27_000, tier=Tier.RESTRICTED, segment="campers"),
        make_review(stored[4], harm=50, locale="en-GB", due_at=AS_OF + HOUR),
        make_review(stored[5], closed_at=AS_OF + HOUR, closed_as=Closed.REJECTED, reason=RejectReason.UNTRUE),
        make_review(stored[5], submitted_at=AS_OF + 3 * HOUR, harm=300, due_at=AS_OF + 3 * HOUR),
        make_review(other, harm=900),
    ]
    question = ReviewNote(
        brand="fernhill",
        draft_id=stored[0].id,
        sort=NoteSort.QUESTION,
        by="rae@x.example",
        text="Wirklich „so“? 🥾",
        asked="cal@x.example",
        at=AS_OF,
    )
    answer = ReviewNote(
        brand="fernhill",
        draft_id=stored[0].id,
        sort=NoteSort.ANSWER,
        by="cal@x.example",
        text="So.",
        answers=question.id,
        at=AS_OF + HOUR,
    )
    record.called.add("Reviews.writing")
    with reviews.writing() as session:
        session.add_all([*rows, question, answer])
    _queue(record, reviews)
    for draft in (stored[0], stored[5], other):
        record(reviews.open_of, draft.id)
        record(reviews.rounds, draft.id)
        record(reviews.notes, draft.id)
    ids = [draft.id for draft in stored]
    assert sorted(reviews.open_of_all(ids)) == sorted(ids)
    record(reviews.open_of_all, ids[:1])
    record(reviews.open_of_all, [])
    record(reviews.notes_of_all, ids)
    record(reviews.closed_since, ["fernhill", "oatmere"], AS_OF)
    record(reviews.closed_since, ["fernhill"], AS_OF + 2 * HOUR)
    _missed(record, reviews, drafts)
    record.called.add("Reviews.mark_reminded")
    with reviews.writing() as session:
        assert [reviews.mark_reminded(session, row.id, AS_OF) for row in (rows[0], rows[0], rows[5])] == [
            True,
            False,
            False,
        ]
    for review in (rows[0], rows[3], rows[4]):
        record(reviews.beside, QueueFilter(["fernhill"]), QueuePlace(review.harm, review.due_at, review.id))
    record(drafts.in_slot, stored[0])


def _missed(record: Recording, reviews: Reviews, drafts: Drafts) -> None:
    """Those that expired or were withdrawn too late, the last one first, until the email is sent."""
    ends = [
        (Closed.EXPIRED, 10),
        (Closed.EXPIRED, 12),
        (Closed.WITHDRAWN, 11),
        (Closed.WITHDRAWN, 9),
        (Closed.REJECTED, 13),
    ]
    rows = []
    for as_, hours in ends:
        draft = drafts.add(make_draft(brand="marlow", brief_id="missed", created_at=AS_OF))
        closing = {"closed_as": as_, "closed_at": AS_OF + hours * HOUR}
        rows.append(make_review(draft, due_at=AS_OF + 10 * HOUR, **closing))
    rows[1].send_at = AS_OF + 20 * HOUR
    wanted = [rows[number].id for number in (1, 2, 0)]
    with reviews.writing() as session:
        session.add_all(rows)
    found = record(reviews.missed, AS_OF)
    assert [review.id for review, _ in found] == wanted
    assert len(record(reviews.missed, AS_OF + 20 * HOUR)) == 2


def _queue(record: Recording, reviews: Reviews) -> None:
    ours, both = QueueFilter(["fernhill"]), QueueFilter(["fernhill", "oatmere"])
    whole = record(reviews.queue, both)
    assert [review.harm for review, _ in whole.entries] == [27_000, 900, 300, 300, 300, 300, 50]
    dues = [review.due_at for review, _ in whole.entries[2:6]]
    assert dues == sorted(dues)
    assert whole.after is None
    assert _paged(record, reviews, both) == [review.id for review, _ in whole.entries]
    for wanted in (
        ours,
        QueueFilter([]),
        QueueFilter(["fernhill"], brief_id="reviewed", kind="cta"),
        QueueFilter(["fernhill"], segment="campers"),
        QueueFilter(["fernhill"], locale="en-GB"),
        QueueFilter(["fernhill"], tier=Tier.ELEVATED),
        QueueFilter(["fernhill"], assignee="rae@x.example"),
        QueueFilter(["fernhill"], assignee="", kind="hero"),
        QueueFilter(["fernhill"], brief_id="another"),
    ):
        record(reviews.queue, wanted)
        counted = record(reviews.count, wanted)
        assert sum(counted.values()) == len(reviews.queue(wanted).entries)
    record(reviews.due, AS_OF)
    first = record(reviews.due, AS_OF + 2 * HOUR, limit=3)
    assert len(first) == 3
    record(reviews.due, AS_OF + 2 * HOUR, after=first[-1][0])


def _paged(record: Recording, reviews: Reviews, wanted: QueueFilter) -> list[str]:
    """The ids of all reviews in the queue, read two at a time."""
    found: list[str] = []
    page: QueuePage = record(reviews.queue, wanted, limit=2)
    found += [review.id for review, _ in page.entries]
    while page.after is not None:
        page = record(reviews.queue, wanted, after=page.after, limit=2)
        found += [review.id for review, _ in page.entries]
    return found


def record_review_queue(record: Recording, queue: ReviewQueue, drafts: Drafts, briefs: Briefs) -> None:
    """Every method of ReviewQueue, after `record_reviews`: in groups, with approvals but without verdicts."""
    approval = DraftApproval(by="rae@x.example", role="legal", at=AS_OF, content_hash="c" * 64)
    approved = make_draft(brief_id="reviewed", receipt=make_receipt(approval), kind="cta", created_at=AS_OF)
    drafts.add(approved)
    with Reviews(queue.engine).writing() as session:
        session.add(make_review(approved, harm=20, held_since=AS_OF))
    ours = GroupWanted("fernhill")
    whole = record(queue.page, ours, None, 50)
    assert [(entry.review.kind, entry.review.harm) for entry in whole] == [
        ("hero", 27_000),
        ("hero", 300),
        *[("cta", 300)] * 3,
        ("cta", 20),
        ("subject", 50),
    ]
    (given,) = whole[5].draft.receipt.approvers
    assert given == approval
    found, after = [], None
    while page := record(queue.page, ours, after, 2):
        found += [entry.review.id for entry in page]
        after = page[-1].place
    assert found == [entry.review.id for entry in whole]
    for wanted in (
        ours.of_tiers([Tier.ELEVATED, Tier.RESTRICTED]),
        ours.of_tiers([]),
        GroupWanted("fernhill", brief="reviewed", kind="cta", segment="weekend_hikers", locale="en-US"),
        GroupWanted("fernhill", assignee="rae@x.example"),
        GroupWanted("fernhill", assignee=""),
        GroupWanted("another"),
    ):
        record(queue.page, wanted, None, 50)
    facets = record(queue.facets, "fernhill", AS_OF + HOUR, AS_OF + 2 * HOUR)
    counted = [sum(getattr(facet, name) for facet in facets) for name in ("count", "soon", "late")]
    assert counted == [7, 1, 2]
    record(queue.held, "fernhill", AS_OF + 2 * HOUR)
    record(queue.progress, "fernhill", ["reviewed", "another"])
    record(queue.asked, "fernhill", "cal@x.example", 5)
    record(queue.asked, "oatmere", "cal@x.example", 5)
    record(queue.waits_for, [entry.draft.id for entry in whole])
    known = [line.id for line in briefs.page(BriefFilter(["fernhill"]))]
    assert known
    record(queue.briefs, "fernhill", known)
    record(queue.brief_names, "fernhill", known)
