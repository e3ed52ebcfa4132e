"""A receipt in words with how its draft was reviewed, in short lines."""

import datetime as dt
from collections.abc import Iterable, Iterator

from sqlalchemy import Engine

from app.copywriting.dossier_review import ShownEmail, ShownReview, ShownRound, review_of
from app.copywriting.dossier_waivers import ShownWaiver
from app.copywriting.review_story import one_line
from app.db.blobs import BlobStore
from app.db.review_tables import NoteSort, ReviewNote
from app.db.tables import Draft
from app.release.receipt_story import ReceiptReader, ReceiptStory


def story_with_review(engine: Engine, draft: Draft) -> ReceiptStory:
    """The receipt in words with how the draft was reviewed; what the audit has no record of is marked. Raises
    StorageError.
    """
    review = review_of(engine, draft)
    unrecorded = [number for number, given in enumerate(review.approvals) if not given.recorded]
    story = ReceiptReader(BlobStore(engine)).story(draft, unrecorded)
    return story.model_copy(update={"lines": (*story.lines, *_lines(review))})


def _lines(review: ShownReview) -> Iterator[str]:
    """The rounds with what was said, waivers and whole emails."""
    yield from _notes(review.before)
    for number, item in enumerate(review.rounds, 1):
        yield from _round(number, item)
    for waiver in review.waivers:
        yield from _waiver(waiver)
    for email in review.emails:
        yield from _email(email)


def _round(number: int, item: ShownRound) -> Iterator[str]:
    review = item.review
    reason = f" ({review.reason.value.replace('_', ' ')})" if review.reason is not None else ""
    yield (
        f"round {number} of review: submitted by {review.submitted_by} on {_moment(review.submitted_at)},"
        f" tier {review.tier.value}; {_end(review.closed_as, review.closed_at, reason)}"
    )
    yield from (f"  {one_line(why)}" for why in review.why)
    yield from _notes(item.notes)


def _notes(notes: Iterable[ReviewNote]) -> Iterator[str]:
    for note in notes:
        by = f" by {note.by}" if note.sort is not NoteSort.EVENT else ""
        asked = f" to {note.asked}" if note.asked else ""
        waits = ", not answered" if note.open else ""
        yield f"  {note.sort.value}{by}{asked} on {_moment(note.at)}{waits}: {one_line(note.text)}"


def _waiver(item: ShownWaiver) -> Iterator[str]:
    waiver = item.waiver
    named = f"waiver of {waiver.rule} by {waiver.by} as {waiver.role} on {_moment(waiver.at)}"
    if item.revoked_at is not None:
        yield f"{named}: revoked by {item.revoked_by} on {_moment(item.revoked_at)}"
    if not item.recorded:
        yield f"no record of this {named}"


def _email(item: ShownEmail) -> Iterator[str]:
    review = item.review
    other = "" if item.as_it_stands else ", with other words or another picture than now"
    yield (
        f"whole email for {review.segment or 'anybody else'} in {review.locale}{other}: submitted by"
        f" {review.submitted_by} on {_moment(review.submitted_at)}, tier {review.tier.value};"
        f" {_end(review.closed_as, review.closed_at)}"
    )
    for given in item.approvals:
        approval = given.approval
        ended = f"; ended on {_moment(approval.ended_at)}: {approval.ended_why}" if approval.ended_at else ""
        unknown = "" if given.recorded else "; no record of this approval"
        yield f"  approved by {approval.by} as {approval.role} on {_moment(approval.at)}{ended}{unknown}"
    if not item.approvals:
        yield "  nobody has approved it"
    if review.note:
        yield f"  {one_line(review.note)}"


def _end(closed_as: str | None, at: dt.datetime | None, reason: str = "") -> str:
    if at is None or closed_as is None:
        return "not ended"
    return f"{closed_as.replace('_', ' ')}{reason} on {_moment(at)}"


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
