"""The state of everything that is approved: it may be used as it is, or somebody has to look at it, and why.

Nothing is read or judged here: what is known about each piece comes in, and the state goes out.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.brand.claims_library import SOON as CLAIM_SOON

REVIEW_SOON = dt.timedelta(days=30)
"""How long before its review date a piece is said to be near it."""
UNUSED_FOR = dt.timedelta(days=180)
"""How long a piece has to be unused, while others were used, before that is said."""


class InventoryState(StrEnum):
    """What may be done with an approved piece."""

    APPROVED = "approved"
    NEEDS_REFRESHING = "needs_refreshing"


class Cause(StrEnum):
    """Why a piece needs refreshing."""

    RULES_REFUSE = "rules_refuse"
    REVIEW_PAST = "review_past"
    CLAIM_ENDED = "claim_ended"
    VALUE_CHANGED = "value_changed"
    RULES_LATER = "rules_later"
    CLAIM_ENDS = "claim_ends"
    REVIEW_NEAR = "review_near"
    UNUSED = "unused"


@dataclass(frozen=True)
class Why:
    """One reason: its particulars, and the day that it is about, if there is one."""

    cause: Cause
    detail: str = ""
    day: dt.date | None = None


@dataclass(frozen=True)
class ClaimSaid:
    """An entry of the claims library that a piece says, with its last day."""

    id: str
    expires: dt.date


@dataclass(frozen=True)
class Refused:
    """A rule that refuses a piece; `since` None means now, else the day from which it will."""

    rule: str
    message: str
    since: dt.date | None = None


@dataclass(frozen=True)
class Piece:
    """One approved block or draft, as far as its state depends on it. `since` is the day of its approval."""

    key: str
    since: dt.date
    review_by: dt.date | None


@dataclass(frozen=True)
class Known:
    """What was worked out about the pieces of a brand, each by the piece's key.

    `used` holds when a piece was used last; `used_since` is the day from which on uses are known, None where
    none is.
    """

    claims: Mapping[str, tuple[ClaimSaid, ...]] = field(default_factory=dict)
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of facts whose values are not those that were approved."""
    refused: Mapping[str, tuple[Refused, ...]] = field(default_factory=dict)
    used: Mapping[str, dt.date] = field(default_factory=dict)
    used_since: dt.date | None = None


def reasons(piece: Piece, known: Known, today: dt.date) -> tuple[Why, ...]:
    """Why a piece needs refreshing, the gravest first; empty when it may be used as it is."""
    found = (*_rules(piece, known, today), *_claims(piece, known, today), *_review(piece, today))
    found += (*_values(piece, known), *_unused(piece, known, today))
    order = list(Cause)
    return tuple(sorted(found, key=lambda why: order.index(why.cause)))


def state_of(why: tuple[Why, ...]) -> InventoryState:
    """The state that follows."""
    return InventoryState.NEEDS_REFRESHING if why else InventoryState.APPROVED


def _rules(piece: Piece, known: Known, today: dt.date) -> Iterator[Why]:
    for item in known.refused.get(piece.key, ()):
        later = item.since is not None and item.since > today
        yield Why(
            Cause.RULES_LATER if later else Cause.RULES_REFUSE, f"{item.rule}: {item.message}", item.since
        )


def _claims(piece: Piece, known: Known, today: dt.date) -> Iterator[Why]:
    for claim in known.claims.get(piece.key, ()):
        if claim.expires < today:
            yield Why(Cause.CLAIM_ENDED, claim.id, claim.expires)
        elif claim.expires <= today + CLAIM_SOON:
            yield Why(Cause.CLAIM_ENDS, claim.id, claim.expires)


def _review(piece: Piece, today: dt.date) -> Iterator[Why]:
    if piece.review_by is None:
        return
    if piece.review_by < today:
        yield Why(Cause.REVIEW_PAST, "", piece.review_by)
    elif piece.review_by <= today + REVIEW_SOON:
        yield Why(Cause.REVIEW_NEAR, "", piece.review_by)


def _values(piece: Piece, known: Known) -> Iterator[Why]:
    names = known.changed.get(piece.key, ())
    if names:
        yield Why(Cause.VALUE_CHANGED, ", ".join(sorted(names)))


def _unused(piece: Piece, known: Known, today: dt.date) -> Iterator[Why]:
    """Only where uses are known for as long: a new installation has used nothing."""
    if known.used_since is None or known.used_since > today - UNUSED_FOR:
        return
    last = known.used.get(piece.key)
    if (last or piece.since) <= today - UNUSED_FOR:
        yield Why(Cause.UNUSED, "", last)
