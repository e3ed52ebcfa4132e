"""Until when reviewers may decide: a time by tier, held up by open questions, never past the send window."""

import datetime as dt

from app.brand.review_terms import ReviewRules, ReviewTerms
from app.db.review_tables import Review


def latest(rules: ReviewRules, send_at: dt.datetime) -> dt.datetime:
    """The moment at which every review of an email ends, whatever is open."""
    return send_at - dt.timedelta(hours=rules.before_send_hours)


def first_due(rules: ReviewRules, terms: ReviewTerms, at: dt.datetime, send_at: dt.datetime) -> dt.datetime:
    """The deadline of a draft that is submitted now."""
    return min(at + dt.timedelta(hours=terms.hours), latest(rules, send_at))


def held(review: Review, rules: ReviewRules, at: dt.datetime) -> float:
    """For how many seconds questions have held the deadline up in all, up to the contract's limit."""
    open_for = (at - review.held_since).total_seconds() if review.held_since is not None else 0.0
    return min(review.held_seconds + open_for, rules.question_hours * 3600)


def due(review: Review, rules: ReviewRules, at: dt.datetime) -> dt.datetime:
    """The deadline as it is at a moment, with what an open question has added by then."""
    added = max(0.0, held(review, rules, at) - review.held_seconds)
    return min(review.due_at + dt.timedelta(seconds=added), review.latest_at)
