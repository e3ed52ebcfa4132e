"""What a person leaves behind besides their work: what they wrote freely, and their ways in."""

import hashlib
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.brand.tiers import Tier
from app.db.email_tables import EmailApproval, EmailReview
from app.db.locking import writing
from app.db.outbox_tables import Delivery
from app.db.people import People
from app.db.proposal_tables import Proposal, ProposalSort
from app.db.review_tables import NoteSort, ReviewNote
from app.db.sessions import SessionRows
from app.db.sign_in import OutsideRows, PasswordRows
from app.db.sign_in_tables import SignedInBy, SignInSession
from app.db.waiver_tables import StoredWaiver
from tests.db.factories import AS_OF, make_draft, make_receipt
from tests.db.recorder import HOUR

ISSUER = "https://login.example"


def write_freely(engine: Engine, words: str, by: str) -> None:
    """Keep words wherever people write freely, as written by a person."""
    draft = make_draft(note=words)
    place: dict[str, Any] = {"brand": "fernhill", "locale": "en-US", "market": "US"}
    finding: dict[str, Any] = {"field": "label", "rule": "voice", "category": "voice", "start": 0, "end": 3}
    waiver = StoredWaiver(
        draft_id=draft.id,
        **place,
        **finding,
        text="e" * 64,
        by=by,
        role="legal",
        reason=words,
        at=AS_OF,
        until=AS_OF,
    )
    draft.receipt = make_receipt().model_copy(update={"waivers": (waiver.given,)})
    about: dict[str, Any] = {"brand": "fernhill", "by": by}
    review = EmailReview(
        **place,
        brief_id="b",
        segment="all",
        arm="only",
        tier=Tier.LOW,
        why=(),
        digest="d" * 64,
        versions=(),
        shown={},
        submitted_by=by,
        due_at=AS_OF,
        note=words,
    )
    key = hashlib.sha256(by.encode()).hexdigest()
    data: dict[str, Any] = {"text": "See our kit", "words": "See", "why": words}
    with Session(writing(engine)) as session:
        session.add_all([review, draft])
        session.flush()
        session.add(waiver)
        ended: dict[str, Any] = {"ended_at": AS_OF, "ended_why": words}
        session.add_all(
            [
                EmailApproval(**about, review_id=review.id, version="d" * 64, role="legal", **ended),
                ReviewNote(**about, draft_id=draft.id, sort=NoteSort.COMMENT, text=words),
                Proposal(**about, sort=ProposalSort.WRONG_FINDING, key=key, data=data, reason=words),
                Delivery(
                    brand="fernhill", event="draft.asked", subject="draft", data={}, words=words, address=by
                ),
            ]
        )
        session.commit()


def sign_in_every_way(engine: Engine, by: str) -> None:
    """Give a person a password, a link, an identity elsewhere and a session; they want no mail."""
    person = People(engine).get(by).person
    key = hashlib.sha256(by.encode()).hexdigest()
    passwords = PasswordRows(engine)
    passwords.put(person.id, f"hash of {by}", AS_OF, by="machine")
    passwords.add_link(by, key, AS_OF, AS_OF)
    OutsideRows(engine).bind(ISSUER, f"subject {by}", by, AS_OF)
    People(engine).want_mail(by, wanted=False)
    moments: dict[str, Any] = {"created_at": AS_OF, "seen_at": AS_OF, "expires_at": AS_OF + HOUR}
    row = SignInSession(
        id=key, person_id=person.id, signed_in_by=SignedInBy.PASSWORD, device="Firefox", **moments
    )
    SessionRows(engine).add(row)
