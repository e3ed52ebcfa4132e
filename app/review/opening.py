"""A review as it begins: its tier and why, its deadline, its place in the queue, what there is to read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.brand.contract import DecisionContract
from app.brand.tiers import Tiering
from app.db.review_tables import Review
from app.db.tables import Draft
from app.review.deadlines import first_due, latest
from app.review.harm import expected_harm
from app.verdicts.reports import GuardReport


@dataclass(frozen=True)
class Ground:
    """What a review of a draft rests on: its tier with the reasons, its verdict, the email that it is for.

    `approved_copy` is the approved copy that it came from, by field.
    """

    contract: DecisionContract
    tiering: Tiering
    report: GuardReport
    market: str
    send_at: dt.datetime
    approved_copy: Mapping[str, str]

    def harm(self, draft: Draft) -> int:
        """The draft's place in the queue."""
        score = draft.confidence.score if draft.confidence is not None else None
        return expected_harm(self.tiering.tier, score, self.report)

    def words(self, draft: Draft) -> int:
        """Words of the fields that are not, word for word, those of approved copy."""
        known = self.approved_copy
        return sum(len(text.split()) for name, text in draft.copy_fields.items() if known.get(name) != text)

    def review(self, draft: Draft, *, by: str, at: dt.datetime) -> Review:
        """A new review of the draft. Its deadline never lies before now, so that nothing expires unseen."""
        rules = self.contract.review
        end = max(at, latest(rules, self.send_at))
        due = first_due(rules, rules.terms(self.tiering.tier), at, self.send_at)
        return Review(
            draft_id=draft.id,
            brand=draft.brand,
            brief_id=draft.brief_id,
            journey=draft.journey,
            locale=draft.locale,
            market=self.market,
            segment=draft.segment,
            kind=draft.kind,
            tier=self.tiering.tier,
            why=self.tiering.reasons,
            harm=self.harm(draft),
            words=self.words(draft),
            submitted_by=by,
            submitted_at=at,
            send_at=self.send_at,
            due_at=max(at, due),
            latest_at=end,
        )
