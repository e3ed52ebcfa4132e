"""Stored rows of some weeks of a brand: what was asked, written, refused, reviewed and edited."""

import datetime as dt
from decimal import Decimal

from sqlmodel import Session

from app.brand.tiers import Tier
from app.brief.models import Brief
from app.db.blobs import BlobStore
from app.db.receipts import Edit
from app.db.review_tables import Closed, RejectReason, Review
from app.db.service_tables import BriefRevision
from app.db.store import Store
from app.db.tables import Draft, Origin
from app.generation.hashing import copy_blob
from app.verdicts.decisions import Outcome, Reason
from tests.db.factories import (
    make_call,
    make_decision,
    make_draft,
    make_receipt,
    make_record,
    make_refusal,
    make_run,
)
from tests.generation.desk import BRIEF

MONDAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
"""Of the week 2026-W48."""
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(weeks=1)
ANSWERS = (
    (Outcome.GENERATED, Reason.PASSED),
    (Outcome.REUSED, Reason.MATCHED_APPROVED),
    (Outcome.FELL_BACK, Reason.LOW_CONFIDENCE),
    (Outcome.LEFT_OUT, Reason.FEED_MISSING),
)
ENDS = (Closed.APPROVED, Closed.APPROVED, Closed.REJECTED, Closed.EXPIRED)


def fill_week(store: Store, monday: dt.datetime = MONDAY, *, times: int = 1, tag: str = "a") -> None:
    """A week: a run with four answers, one refused line, one call, and four reviews; `times` so many."""
    with Session(store.engine, expire_on_commit=False) as session, session.begin():
        for number in range(times):
            name = f"{tag}{number}"
            run = make_run(id=f"run-{name}", started_at=monday + HOUR, brief_id=f"brief_{name}")
            session.add(run)
            for place, (outcome, reason) in enumerate(ANSWERS):
                record = make_record(run, f"{name}-{place}", make_decision(reason, outcome))
                record.created_at = monday + 2 * HOUR
                session.add(record)
            session.flush()
            refusal = make_refusal(run)
            refusal.slot_fingerprint = f"{name}-0"
            session.add(refusal)
            session.add(make_call(run, slot_fingerprint=f"{name}-0", cost_usd=Decimal("0.03")))
            session.add(_brief(f"brief_{name}", monday))
            for place, closed in enumerate(ENDS):
                draft = make_draft(id=f"{name}-{place}", brief_id=run.brief_id)
                session.add(draft)
                session.flush()
                session.add(_review(draft, closed, monday + (place + 1) * DAY))


def edit_thrice(store: Store, monday: dt.datetime = MONDAY) -> None:
    """The same edit by a reviewer in three drafts of three weeks, the last one in the week of `monday`."""
    before, after = "Discover our packs", "See our packs"
    copies = [copy_blob("cta", "en-US", {"label": text}) for text in (before, after)]
    BlobStore(store.engine).add(copies)
    with Session(store.engine, expire_on_commit=False) as session, session.begin():
        for number in range(3):
            at = monday + HOUR - number * WEEK
            edit = Edit(by="rae@example.com", at=at, before=copies[0].hash, after=copies[1].hash)
            session.add(
                make_draft(
                    id=f"edited-{number}",
                    origin=Origin.EDITED,
                    copy_fields={"label": after},
                    requested_by="cal@example.com",
                    receipt=make_receipt().model_copy(update={"edits": (edit,)}),
                    updated_at=at,
                )
            )


def _brief(brief_id: str, at: dt.datetime) -> BriefRevision:
    return BriefRevision(
        brand="fernhill",
        brief_id=brief_id,
        revision=1,
        author="cal@example.com",
        change="stored",
        content=Brief.model_validate({**BRIEF, "id": brief_id}),
        created_at=at,
    )


def _review(draft: Draft, closed: Closed, at: dt.datetime) -> Review:
    return Review(
        draft_id=draft.id,
        brand=draft.brand,
        brief_id=draft.brief_id,
        journey=draft.journey,
        locale=draft.locale,
        market="US",
        segment=draft.segment,
        kind=draft.kind,
        tier=Tier.LOW,
        why=("cta",),
        harm=10,
        words=20,
        submitted_by="cal@example.com",
        submitted_at=at - DAY,
        send_at=at + WEEK,
        due_at=at + DAY,
        latest_at=at + DAY,
        closed_at=at,
        closed_as=closed,
        reason=RejectReason.OFF_BRAND if closed is Closed.REJECTED else None,
    )
