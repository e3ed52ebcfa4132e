"""How a draft was reviewed, for its dossier: its rounds, what was said, its approvals, what was let pass, and
the emails that hold it. What the audit does not tell of is marked.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from app.copywriting.dossier_waivers import ShownWaiver, waivers_of
from app.db.audit_log import AuditFilter, AuditLog
from app.db.audit_tables import AuditRecord
from app.db.email_tables import EmailApproval, EmailReview
from app.db.emails import Emails
from app.db.receipts import DraftApproval
from app.db.review_tables import Review, ReviewNote
from app.db.reviews import Reviews
from app.db.tables import Draft
from app.db.waivers import Waivers
from app.release.content import SlotContent
from app.release.whole import part_of

PAGE = 1000
"""Audit records that are read at a time."""


@dataclass(frozen=True)
class ShownApproval:
    """An approval on the receipt. `recorded` says whether the audit tells of it: where not, nothing but
    the receipt itself says that it was given.
    """

    approval: DraftApproval
    recorded: bool


@dataclass(frozen=True)
class ShownRound:
    """One way of the draft through review, and what was said from then until the next one."""

    review: Review
    notes: tuple[ReviewNote, ...]


@dataclass(frozen=True)
class ShownEmailApproval:
    """An approval of an email as a whole, with whether the audit tells of it."""

    approval: EmailApproval
    recorded: bool


@dataclass(frozen=True)
class ShownEmail:
    """One way of a whole email that holds the draft through review, with all approvals, ended ones too.
    `as_it_stands` says whether the email holds the copy and picture that the draft has now.
    """

    review: EmailReview
    approvals: tuple[ShownEmailApproval, ...]
    as_it_stands: bool


@dataclass(frozen=True)
class ShownReview:
    """Everything that people did about the draft in review. `before` was said before it was submitted."""

    approvals: tuple[ShownApproval, ...]
    before: tuple[ReviewNote, ...]
    rounds: tuple[ShownRound, ...]
    emails: tuple[ShownEmail, ...]
    waivers: tuple[ShownWaiver, ...]
    records: tuple[AuditRecord, ...]
    """What the audit tells of all this, oldest first."""

    @property
    def questions(self) -> Mapping[str, ReviewNote]:
        """Notes by their id, for the answers to them."""
        said = (*self.before, *(note for item in self.rounds for note in item.notes))
        return {note.id: note for note in said}

    def waiver(self, waiver_id: str) -> ShownWaiver | None:
        """The waiver that a finding names."""
        return next((item for item in self.waivers if item.waiver.id == waiver_id), None)


def review_of(engine: Engine, draft: Draft) -> ShownReview:
    """What is stored about the draft's review. Raises StorageError."""
    emails, log, source = Emails(engine), AuditLog(engine), f"draft {draft.id}"
    holding = emails.with_source(draft.brand, draft.brief_id, source)
    given = Waivers(engine).of_draft(draft)
    records = list(records_of(log, [source, *(f"email {row.id}" for row in holding)]))
    elsewhere = records_of(log, sorted({f"draft {row.draft_id}" for row in given} - {source}))
    ids = {row.id for row in given}
    records += [record for record in elsewhere if record.data.get("waiver") in ids]
    records.sort(key=lambda record: record.seq)
    names = log.names([record.actor for record in records])
    before, rounds = _rounds(Reviews(engine), draft)
    return ShownReview(
        approvals=_approvals(draft, records, names),
        before=before,
        rounds=rounds,
        emails=tuple(_email(draft, row, emails.approvals(row.id), (records, names)) for row in holding),
        waivers=waivers_of(draft, given, records, names),
        records=tuple(records),
    )


def records_of(log: AuditLog, subjects: Iterable[str]) -> Iterator[AuditRecord]:
    """Every record of some subjects, the newest of each first."""
    for subject in subjects:
        page = log.records(AuditFilter(subject=subject, limit=PAGE))
        while page:
            yield from page
            page = log.records(AuditFilter(subject=subject, limit=PAGE, before=page[-1].seq))


def _rounds(reviews: Reviews, draft: Draft) -> tuple[tuple[ReviewNote, ...], tuple[ShownRound, ...]]:
    """What was said before the first round, and the rounds, each with what was said since it began."""
    before: list[ReviewNote] = []
    rounds = [ShownRound(row, ()) for row in reviews.rounds(draft.id)]
    for note in reviews.notes(draft.id):
        began = sum(item.review.submitted_at <= note.at for item in rounds)
        if began:
            here = rounds[began - 1]
            rounds[began - 1] = replace(here, notes=(*here.notes, note))
        else:
            before.append(note)
    return tuple(before), tuple(rounds)


def _approvals(
    draft: Draft, records: Sequence[AuditRecord], names: Mapping[str, str]
) -> tuple[ShownApproval, ...]:
    """The approvals of the receipt: each needs a record of this person, in this role, about this copy."""
    known = Counter[Hashable](
        (names.get(record.actor), role, record.data.get("content"))
        for record in records
        if record.action == "draft.approve"
        for role in _listed(record, "roles")
    )
    given = draft.receipt.approvers
    vouched = _vouched(((item.by, item.role, item.content_hash) for item in given), known)
    return tuple(map(ShownApproval, given, vouched))


def _email(
    draft: Draft,
    review: EmailReview,
    approvals: Sequence[EmailApproval],
    audit: tuple[Sequence[AuditRecord], Mapping[str, str]],
) -> ShownEmail:
    """An email that holds the draft; who approved several versions of it at once is named once."""
    records, names = audit
    known = Counter[Hashable](
        (names.get(record.actor), role, version)
        for record in records
        if (record.action, record.subject) == ("email.approve", f"email {review.id}")
        for role in _listed(record, "roles")
        for version in _listed(record, "versions")
    )
    source, now = f"draft {draft.id}", part_of(SlotContent.of_draft(draft))
    holding = {
        item.digest: now in item.parts
        for item in review.versions
        if any(part.source == source for part in item.parts)
    }
    given = [item for item in approvals if item.version in holding]
    vouched = _vouched(((item.by, item.role, item.version) for item in given), known)
    once: dict[Hashable, ShownEmailApproval] = {}
    for item, recorded in zip(given, vouched, strict=True):
        key = (item.by, item.role, item.at, item.ended_at)
        earlier = once.get(key)
        once[key] = ShownEmailApproval(item, recorded and (earlier is None or earlier.recorded))
    return ShownEmail(review, tuple(once.values()), all(holding.values()))


def _vouched(given: Iterable[Hashable], known: Counter[Hashable]) -> Iterator[bool]:
    """For each approval whether a record tells of it. A record vouches for one: a copy of an approval that
    has ended has none.
    """
    for key in given:
        yield known[key] > 0
        known[key] -= 1


def _listed(record: AuditRecord, name: str) -> list[str]:
    found = record.data.get(name)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
