"""Submit: a draft that the guardrails pass goes to those who have to approve it."""

from sqlmodel import Session

from app.db.tables import DraftState
from app.errors import Conflict
from app.review.action import Nothing
from app.review.deadlines import latest
from app.review.situation import Situation
from app.review.writing import change_draft, named, record, tell
from app.verdicts.reports import Verdict

_FROM = (DraftState.DRAFT, DraftState.CHANGES_REQUESTED)


class Submit:
    """Begins a review, with the tier and the deadline of now."""

    id = "submit"
    order = Nothing

    def check(self, situation: Situation) -> None:
        draft = situation.draft
        situation.not_over()
        if draft.state not in _FROM:
            raise Conflict(f"draft {draft.id} is {draft.state.value.replace('_', ' ')} already")
        if situation.report.verdict is not Verdict.PASS:
            reasons = "; ".join(situation.report.reasons) or situation.report.verdict.value
            raise Conflict(f"the guardrails do not pass it: {reasons}", "mend the copy, then submit it")
        end = latest(situation.contract.review, situation.ground.send_at)
        if end <= situation.at:
            words = f"reviews of this email had to end by {end:%Y-%m-%d %H:%M %Z}"
            raise Conflict(words, "move the send window of the brief")

    def execute(self, session: Session, situation: Situation, order: Nothing) -> None:
        review = situation.ground.review(situation.draft, by=situation.actor.email, at=situation.at)
        session.add(review)
        change_draft(session, situation, state=DraftState.IN_REVIEW, tier=situation.tier)
        record(session, situation, self.id, {"why": list(review.why), "due": review.due_at.isoformat()})
        words = f"{named(situation)} waits for your review until {review.due_at:%Y-%m-%d %H:%M %Z}"
        tell(session, situation, "submitted", situation.with_roles(situation.next_roles), words)
