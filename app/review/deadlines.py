"""Until when reviewers may decide: a time by tier, held up by open questions, never past the send window."""

import datetime as dt

from app.brand.review_terms import ReviewRules, ReviewTerms
from app.db.review_tables import Review
from app.errors import Conflict

REMINDED_BEFORE = dt.timedelta(hours=4)
"""How long before a deadline people are reminded of it."""


def latest(rules: ReviewRules, send_at: dt.datetime) -> dt.datetime:
    """The moment at which every review of an email ends, whatever is open."""
    return send_at - dt.timedelta(hours=rules.before_send_hours)


def first_due(rules: ReviewRules, terms: ReviewTerms, at: dt.datetime, send_at: dt.datetime) -> dt.datetime:
    """The deadline of a draft that is submitted now."""
    return min(at + dt.timedelta(hours=terms.hours), latest(rules, send_at))


def moved(
    review: Review, rules: ReviewRules, at: dt.datetime, send_at: dt.datetime
) -> dict[str, dt.datetime | None]:
    """The deadline of an open review whose email goes out at another moment; never before now. One that has
    passed does not move any more.
    """
    if due(review, rules, at) <= at:
        return {"send_at": send_at}
    end = max(at, latest(rules, send_at))
    hours = rules.terms(review.tier).hours
    whole = review.submitted_at + dt.timedelta(hours=hours, seconds=held(review, rules, at))
    until = max(at, min(whole, end))
    stored = until - _added(review, rules, at)
    return {"send_at": send_at, "due_at": stored, "latest_at": end, **reminder(review, rules, until)}


def reminder(review: Review, rules: ReviewRules, until: dt.datetime) -> dict[str, dt.datetime | None]:
    """What a new deadline does to the reminder: where it is so much later than the one that people were
    reminded of, they are reminded again.
    """
    told = review.reminded_at
    if told is None or until - due(review, rules, told) <= REMINDED_BEFORE:
        return {}
    return {"reminded_at": None}


def held(review: Review, rules: ReviewRules, at: dt.datetime) -> float:
    """For how many seconds questions have held the deadline up in all, up to the contract's limit."""
    open_for = (at - review.held_since).total_seconds() if review.held_since is not None else 0.0
    return min(review.held_seconds + open_for, rules.question_hours * 3600)


def due(review: Review, rules: ReviewRules, at: dt.datetime) -> dt.datetime:
    """The deadline as it is at a moment, with what an open question has added by then."""
    return min(review.due_at + _added(review, rules, at), review.latest_at)


def _added(review: Review, rules: ReviewRules, at: dt.datetime) -> dt.timedelta:
    """What an open question has added to the deadline that is stored."""
    return dt.timedelta(seconds=max(0.0, held(review, rules, at) - review.held_seconds))


def require_time(review: Review, rules: ReviewRules, at: dt.datetime) -> None:
    """Raises Conflict once the deadline has passed: from then on the review only expires, also where no sweep
    has looked yet.
    """
    until = due(review, rules, at)
    if until <= at:
        words = f"the deadline of draft {review.draft_id} passed at {until:%Y-%m-%d %H:%M %Z}"
        raise Conflict(f"{words}; the slot takes its safe block", "write a new one")
