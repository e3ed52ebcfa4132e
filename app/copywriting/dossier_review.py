"""How a draft was reviewed, for its dossier: its rounds, its approvals, and the emails that hold it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from app.db.audit_tables import AuditRecord
from app.db.email_tables import EmailApproval, EmailReview
from app.db.emails import Emails
from app.db.receipts import DraftApproval
from app.db.review_tables import Review, ReviewNote
from app.db.reviews import Reviews
from app.db.tables import Draft


@dataclass(frozen=True)
class ShownApproval:
    """An approval on the receipt. `recorded` says whether the audit tells of it: where not, nothing but
    the receipt itself says that it was given.
    """

    approval: DraftApproval
    recorded: bool


@dataclass(frozen=True)
class ShownEmail:
    """One way of a whole email that holds the draft through review, with all approvals, ended ones too."""

    review: EmailReview
    approvals: tuple[EmailApproval, ...]


@dataclass(frozen=True)
class ShownReview:
    """Everything that people did about the draft in review."""

    rounds: tuple[Review, ...]
    notes: tuple[ReviewNote, ...]
    emails: tuple[ShownEmail, ...]

    @property
    def asked(self) -> Mapping[str, ReviewNote]:
        """Questions by their id, for the answers to them."""
        return {note.id: note for note in self.notes}


def review_of(engine: Engine, draft: Draft) -> ShownReview:
    """What is stored about the draft's review. Raises StorageError."""
    reviews, emails = Reviews(engine), Emails(engine)
    holding = emails.with_source(draft.brand, draft.brief_id, f"draft {draft.id}")
    return ShownReview(
        tuple(reviews.rounds(draft.id)),
        tuple(reviews.notes(draft.id)),
        tuple(ShownEmail(review, tuple(emails.approvals(review.id))) for review in holding),
    )


def approvals_of(
    draft: Draft, records: Sequence[AuditRecord], names: Mapping[str, str]
) -> tuple[ShownApproval, ...]:
    """The approvals of the receipt, each with whether a record of the draft tells of it."""
    known = set(_recorded(records, names))
    return tuple(
        ShownApproval(item, (item.by, item.role, item.content_hash) in known)
        for item in draft.receipt.approvers
    )


def _recorded(records: Iterable[AuditRecord], names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for record in records:
        roles = record.data.get("roles")
        if record.action == "draft.approve" and isinstance(roles, list):
            who, content = names.get(record.actor, record.actor), str(record.data.get("content", ""))
            yield from ((who, str(role), content) for role in roles)
