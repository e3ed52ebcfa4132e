"""Stores reviews and approvals of whole emails."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.brand.tiers import TIERS, Tier
from app.db.email_tables import EmailApproval, EmailClosed, EmailPart, EmailReview
from app.db.people import everybodys_names
from app.db.transactions import Transactions
from app.errors import OutOfDate

Place = tuple[str, str, str]


@dataclass(frozen=True)
class ApprovedVersion:
    """One reading of an email that was approved: the tier that it was approved in, the commercial values of
    the email as reviewers read them, and the approvals that nothing has ended.
    """

    tier: Tier
    shown: Mapping[str, str]
    approvals: tuple[EmailApproval, ...]


class Emails(Transactions):
    """Each method is one short transaction; `writing` is one that an action does its work in."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A write in which an action changes a review."""
        with self._write() as session:
            yield session

    def latest(self, brand: str, brief_id: str) -> Mapping[Place, EmailReview]:
        """The last review of each email of a brief, by locale, segment and arm; of several at one moment
        the open one.
        """
        query = (
            select(EmailReview)
            .where(EmailReview.brand == brand, EmailReview.brief_id == brief_id)
            .order_by(
                col(EmailReview.submitted_at), col(EmailReview.closed_at).is_(None), col(EmailReview.id)
            )
        )
        with self._read() as session:
            return {row.place: row for row in session.exec(query)}

    def with_source(self, brand: str, brief_id: str, source: str) -> list[EmailReview]:
        """The reviews of emails of a brief that show a draft (`draft <id>`) or a block, in order."""
        query = (
            select(EmailReview)
            .where(EmailReview.brand == brand, EmailReview.brief_id == brief_id)
            .order_by(col(EmailReview.submitted_at), col(EmailReview.id))
        )
        with self._read() as session:
            return [
                row
                for row in session.exec(query)
                if any(part.source == source for version in row.versions for part in version.parts)
            ]

    def approvals(self, review_id: str) -> list[EmailApproval]:
        """All approvals of one review, also those that have ended."""
        query = select(EmailApproval).where(EmailApproval.review_id == review_id)
        with self._read() as session:
            return list(session.exec(query.order_by(col(EmailApproval.at), col(EmailApproval.id))))

    def of_version(self, brand: str, version: str) -> list[EmailApproval]:
        """The approvals of the version with this digest that nothing has ended."""
        return self._standing(brand, [version])

    def of_part(self, brand: str, place: Place, part: EmailPart, brief: str = "") -> list[ApprovedVersion]:
        """Each approved version that holds a part, of emails for a locale, market and segment; of one brief,
        where it is named.
        """
        locale, market, segment = place
        query = select(EmailReview).where(
            EmailReview.brand == brand,
            EmailReview.locale == locale,
            EmailReview.market == market,
            EmailReview.segment == segment,
            EmailReview.closed_as == EmailClosed.APPROVED,
        )
        if brief:
            query = query.where(EmailReview.brief_id == brief)
        with self._read() as session:
            rows = {
                item.digest: row
                for row in sorted(session.exec(query), key=lambda row: TIERS.index(row.tier))
                for item in row.versions
                if part in item.parts
            }
        given: dict[str, list[EmailApproval]] = {}
        for approval in self._standing(brand, sorted(rows)) if rows else ():
            given.setdefault(approval.version, []).append(approval)
        return [
            ApprovedVersion(rows[version].tier, rows[version].shown, tuple(found))
            for version, found in given.items()
        ]

    def people(self) -> Mapping[str, str]:
        """What everybody is called, by address: who wrote a part may be named so."""
        with self._read() as session:
            return everybodys_names(session)

    def waiting(self, brand: str, limit: int = 100) -> list[tuple[EmailReview, tuple[EmailApproval, ...]]]:
        """Open reviews of emails of a brand with the approvals that stand, by their deadline."""
        query = (
            select(EmailReview)
            .where(EmailReview.brand == brand, col(EmailReview.closed_at).is_(None))
            .order_by(col(EmailReview.due_at), col(EmailReview.id))
            .limit(limit)
        )
        with self._read() as session:
            rows = list(session.exec(query))
            given = select(EmailApproval).where(
                col(EmailApproval.review_id).in_([row.id for row in rows]),
                col(EmailApproval.ended_at).is_(None),
            )
            found: dict[str, list[EmailApproval]] = {}
            for item in session.exec(given.order_by(col(EmailApproval.at), col(EmailApproval.id))):
                found.setdefault(item.review_id, []).append(item)
        return [(row, tuple(found.get(row.id, ()))) for row in rows]

    def overdue(self, at: dt.datetime, limit: int = 200) -> list[EmailReview]:
        """Open reviews whose deadline has come by `at`."""
        query = (
            select(EmailReview)
            .where(col(EmailReview.closed_at).is_(None), col(EmailReview.due_at) <= at)
            .order_by(col(EmailReview.due_at), col(EmailReview.id))
            .limit(limit)
        )
        with self._read() as session:
            return list(session.exec(query))

    def _standing(self, brand: str, versions: Collection[str]) -> list[EmailApproval]:
        query = (
            select(EmailApproval)
            .where(
                EmailApproval.brand == brand,
                col(EmailApproval.version).in_(versions),
                col(EmailApproval.ended_at).is_(None),
            )
            .order_by(col(EmailApproval.at), col(EmailApproval.id))
        )
        with self._read() as session:
            return list(session.exec(query))


def require_latest(session: Session, place: tuple[str, str, Place], seen: tuple[str, int] | None) -> None:
    """Raises OutOfDate when the last review of an email is not the one that was seen, by id and revision."""
    brand, brief_id, (locale, segment, arm) = place
    query = (
        select(EmailReview)
        .where(
            EmailReview.brand == brand,
            EmailReview.brief_id == brief_id,
            EmailReview.locale == locale,
            EmailReview.segment == segment,
            EmailReview.arm == arm,
        )
        .order_by(
            col(EmailReview.submitted_at).desc(),
            col(EmailReview.closed_at).is_(None).desc(),
            col(EmailReview.id).desc(),
        )
        .limit(1)
    )
    row = session.exec(query).first()
    if (None if row is None else (row.id, row.revision)) != seen:
        raise OutOfDate("somebody was quicker: the review of this email has changed", "read it again")


def change_email(session: Session, review: EmailReview, **values: object) -> None:
    """Change a review at the revision that was seen. Raises OutOfDate."""
    found = session.execute(
        update(EmailReview)
        .where(col(EmailReview.id) == review.id, col(EmailReview.revision) == review.revision)
        .values(**values, revision=review.revision + 1)
    )
    if not getattr(found, "rowcount", 0):
        raise OutOfDate("somebody was quicker: the review of this email has changed", "read it again")


def end_email_approvals(session: Session, review: EmailReview, at: dt.datetime, why: str) -> None:
    """End the approvals of a review; they stay where they are, with the reason."""
    session.execute(
        update(EmailApproval)
        .where(col(EmailApproval.review_id) == review.id, col(EmailApproval.ended_at).is_(None))
        .values(ended_at=at, ended_why=why)
    )
