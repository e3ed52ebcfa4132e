"""The state of approved content: what each cause takes, and what comes first."""

import datetime as dt

import pytest

from app.release.inventory import (
    REVIEW_SOON,
    UNUSED_FOR,
    Cause,
    ClaimSaid,
    InventoryState,
    Known,
    Piece,
    Refused,
    reasons,
    state_of,
)

TODAY = dt.date(2026, 11, 27)
DAY = dt.timedelta(days=1)
KEY = "block hero_winback"


def piece(review_by: dt.date | None = dt.date(2027, 11, 1), since: dt.date = dt.date(2025, 1, 1)) -> Piece:
    return Piece(KEY, since, review_by)


def causes(given: Piece, known: Known | None = None) -> list[Cause]:
    return [why.cause for why in reasons(given, known or Known(), TODAY)]


def test_nothing_is_amiss() -> None:
    assert causes(piece()) == []
    assert state_of(()) is InventoryState.APPROVED


@pytest.mark.parametrize(
    ("review_by", "expected"),
    [
        (TODAY - DAY, [Cause.REVIEW_PAST]),
        (TODAY, [Cause.REVIEW_NEAR]),
        (TODAY + REVIEW_SOON, [Cause.REVIEW_NEAR]),
        (TODAY + REVIEW_SOON + DAY, []),
        (None, []),
    ],
)
def test_review_dates(review_by: dt.date | None, expected: list[Cause]) -> None:
    assert causes(piece(review_by)) == expected


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (TODAY - DAY, [Cause.CLAIM_ENDED]),
        (TODAY, [Cause.CLAIM_ENDS]),
        (TODAY + dt.timedelta(days=60), [Cause.CLAIM_ENDS]),
        (TODAY + dt.timedelta(days=61), []),
    ],
)
def test_claims(expires: dt.date, expected: list[Cause]) -> None:
    assert causes(piece(), Known(claims={KEY: (ClaimSaid("wool", expires),)})) == expected


def test_rules_of_later_days_become_those_of_now() -> None:
    known = Known(refused={KEY: (Refused("new_law", "says best", TODAY + DAY),)})
    (why,) = reasons(piece(), known, TODAY)
    assert (why.cause, why.day, why.detail) == (Cause.RULES_LATER, TODAY + DAY, "new_law: says best")
    assert reasons(piece(), known, TODAY + DAY)[0].cause is Cause.RULES_REFUSE
    assert causes(piece(), Known(refused={KEY: (Refused("r", "m"),)})) == [Cause.RULES_REFUSE]


def test_changed_values_are_named() -> None:
    (why,) = reasons(piece(), Known(changed={KEY: ("offer.ends", "offer.code")}), TODAY)
    assert (why.cause, why.detail) == (Cause.VALUE_CHANGED, "offer.code, offer.ends")


def test_unused_is_said_only_where_uses_are_known_for_as_long() -> None:
    long_ago = TODAY - UNUSED_FOR
    assert causes(piece(), Known(used_since=None)) == []
    assert causes(piece(), Known(used_since=long_ago + DAY)) == []
    assert causes(piece(), Known(used_since=long_ago)) == [Cause.UNUSED]
    assert causes(piece(), Known(used_since=long_ago, used={KEY: TODAY - DAY})) == []
    assert causes(piece(), Known(used_since=long_ago, used={KEY: long_ago})) == [Cause.UNUSED]
    assert causes(piece(since=TODAY), Known(used_since=long_ago)) == [], "it is new"


def test_the_gravest_comes_first_and_what_is_about_others_is_left_out() -> None:
    known = Known(
        refused={KEY: (Refused("r", "m"),), "block other": (Refused("r", "m"),)},
        changed={KEY: ("offer.ends",), "block other": ("offer.code",)},
    )
    assert causes(piece(TODAY), known) == [Cause.RULES_REFUSE, Cause.VALUE_CHANGED, Cause.REVIEW_NEAR]
