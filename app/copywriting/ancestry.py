"""The approved copy that a draft came from: what a reviewer has read before need not be read again."""

import json
from collections.abc import Iterator, Mapping

from app.blocks.approved import digest
from app.db.blobs import BlobStore
from app.db.receipts import DraftApproval
from app.db.review_tables import Closed
from app.db.reviews import Reviews
from app.db.tables import Draft
from app.release.library import ContentLibrary


def approved_ancestor(draft: Draft, library: ContentLibrary, blobs: BlobStore) -> Mapping[str, str]:
    """The fields of the last copy of this draft that was approved: its own, where only its approval ended, as
    new values do; the block that it was taken from; an earlier state of its own words, or a block that those
    were word for word. Empty when there is none.
    """
    given = _approvals(draft, blobs)
    if any(item.content_hash == draft.content_hash and not item.stands for item in given):
        return dict(draft.copy_fields)
    placed = library.find(draft.block) if draft.block else None
    if placed is not None:
        return dict(placed.block.copy_)
    known = {digest([item.block.kind, draft.locale, dict(item.block.copy_)]): item for item in library.blocks}
    for content_hash, approved in _before(draft, frozenset(item.content_hash for item in given)):
        if content_hash in known:
            return dict(known[content_hash].block.copy_)
        found = blobs.find(content_hash).data if approved else None
        if found is not None:
            kind, _, fields = json.loads(found)
            if kind == draft.kind:
                return {str(name): str(text) for name, text in fields.items()}
    return {}


def _approvals(draft: Draft, blobs: BlobStore) -> list[DraftApproval]:
    """The approvals that ended a review, whatever became of them; one approval of several is none. For the
    words as they are only those count since which no reviewer asked for changes.
    """
    given = draft.receipt.approvers
    if not given:
        return []
    closed = [(item.closed_at, item.closed_as) for item in Reviews(blobs.engine).rounds(draft.id)]
    ended = {at for at, how in closed if how is Closed.APPROVED}
    objected = [at for at, how in closed if at is not None and how is Closed.CHANGES_REQUESTED]
    return [
        item
        for item in given
        if item.at in ended
        and not (item.content_hash == draft.content_hash and any(at >= item.at for at in objected))
    ]


def _before(draft: Draft, approved: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Hashes of earlier states of the copy, the latest first, and whether that state was approved."""
    seen = {draft.content_hash}
    for content_hash in (*(edit.before for edit in reversed(draft.receipt.edits)), *approved):
        if content_hash not in seen:
            seen.add(content_hash)
            yield content_hash, content_hash in approved
