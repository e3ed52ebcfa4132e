"""How reviews are shown over HTTP: a line of the queue, and one draft's review with who may do what."""

import datetime as dt
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from app.api.draft_views import DraftView
from app.api.review_examples import REVIEW, REVIEW_LINE, REVIEWED
from app.brand.review_terms import ReviewTerms
from app.brand.tiers import Tier
from app.copywriting.queueing import Waiting
from app.db.review_tables import Closed, NoteSort, RejectReason, Review, ReviewNote
from app.db.tables import DraftState
from app.release.approvals import drawn, may_go_unread
from app.review.deadlines import due
from app.review.situation import Situation
from app.verdicts.reports import Verdict


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TermsView(_View):
    """What the contract asks for in the tier."""

    people: int = Field(description="How many different people have to approve")
    in_turn: bool = Field(description="Whether the roles approve one after the other")
    hours: float = Field(description="How long reviewers have")
    whole_email: bool = Field(description="Whether the email as it is put together is approved as well")
    several_at_once: bool = Field(description="Whether several drafts may be approved in one request")
    valid_days: int = Field(description="How long an approval holds")


class GivenView(_View):
    """An approval that counts: of this copy, with its values of now, by nobody who wrote on it."""

    by: str
    role: str
    at: dt.datetime


class DeadlineView(_View):
    """Until when reviewers may decide. Past `due_at` the slot takes the safe block."""

    due_at: dt.datetime = Field(description="As it stands now, with what open questions have added so far")
    latest_at: dt.datetime = Field(description="No question holds it longer than this")
    held_since: dt.datetime | None = Field(description="Since when a question holds it up")
    held_by: tuple[str, ...] = Field(description="The open questions, by id")


class NoteView(_View):
    """What somebody said about the draft. It is text: whoever shows it escapes it."""

    id: str
    sort: NoteSort
    by: str = Field(description="Email; empty for what time did")
    at: dt.datetime
    text: str
    asked: str | None = Field(description="Whom a question is for")
    answers: str | None = Field(description="The question that an answer belongs to")
    open: bool = Field(description="Whether it is a question that nobody has answered")


class RoundView(_View):
    """One way of the draft through review."""

    submitted_by: str
    submitted_at: dt.datetime
    tier: Tier
    closed_at: dt.datetime | None
    closed_as: Closed | None
    reason: RejectReason | None


class ActionView(_View):
    """An action, and whether the one who asks may do it now."""

    action: str
    possible: bool
    why_not: str = Field(description="In words; empty where it is possible")


class UnreadView(_View):
    """Whether the contract lets the draft out without anybody's approval."""

    allowed: bool = Field(description="Whether it goes out unread as it is")
    drawn: bool = Field(description="Whether it is in the sample that people read all the same")


class ReviewView(_View):
    """A draft's tier with its reasons, what its approval lacks, its deadline, what was said, and what the
    one who asks may do. Of a draft that is not in review it says what its review would ask for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [REVIEW]})

    draft: str
    revision: int
    state: DraftState
    tier: Tier
    reasons: tuple[str, ...] = Field(description="What demands the tier, the most demanding first")
    terms: TermsView
    verdict: Verdict = Field(description="With the facts and rules of now, for the moment of sending")
    why_not: tuple[str, ...] = Field(description="What blocks it, in words; empty when the verdict is pass")
    needed: tuple[str, ...] = Field(description="The roles that all have to approve")
    given: tuple[GivenView, ...]
    covers: dict[str, str] = Field(
        description="What an approval covers beside the words, as a reader gets it: commercial values, where "
        "the link leads, the picture, the list of products, the market"
    )
    seen: str = Field(description="Names the copy with all of that; given with an approval, it has to fit")
    missing: tuple[str, ...] = Field(description="The roles that have not approved yet")
    next_roles: tuple[str, ...] = Field(description="The roles whose turn it is")
    people_missing: int = Field(description="How many more people have to approve")
    could_approve: tuple[str, ...] = Field(
        description="People with a role whose turn it is who had no hand in the copy"
    )
    unread: UnreadView
    deadline: DeadlineView | None = Field(description="Null when the draft is not in review")
    assignee: str | None
    harm: int = Field(description="The place in the queue: what an error would do times how likely one is")
    words: int = Field(description="Words to read: those that are not approved already")
    notes: tuple[NoteView, ...]
    rounds: tuple[RoundView, ...]
    actions: tuple[ActionView, ...]


class ReviewedDraft(_View):
    """A draft after an action of review."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [REVIEWED]})

    draft: DraftView
    review: ReviewView


class ReviewLine(_View):
    """An open review in the queue, with the copy that is to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [REVIEW_LINE]})

    draft: str
    revision: int
    brand: str
    brief: str
    journey: str
    locale: str
    market: str
    segment: str
    kind: str
    copy_fields: dict[str, str]
    tier: Tier
    reasons: tuple[str, ...]
    harm: int
    words: int
    submitted_by: str
    submitted_at: dt.datetime
    due_at: dt.datetime = Field(description="As it stands now")
    latest_at: dt.datetime
    held: bool = Field(description="Whether a question holds the deadline up")
    assignee: str | None


class ReviewPage(_View):
    """One page of the queue, the worst harm first, then the nearest deadline."""

    items: tuple[ReviewLine, ...]
    next: str | None = Field(default=None, description="Cursor of the next page; null on the last one")
    counts: dict[Tier, int] = Field(description="Open reviews that the filters leave, by tier; on all pages")


def review_view(situation: Situation, rounds: list[Review], actions: Mapping[str, str]) -> ReviewView:
    """The review of the situation's draft; `actions` say why each cannot be done, in no words if it can."""
    draft, ground, report = situation.draft, situation.ground, situation.report
    review, rules = situation.review, situation.contract.review
    known = review.why if review is not None and review.tier is situation.tier else None
    return ReviewView(
        draft=draft.id,
        revision=draft.revision,
        state=draft.state,
        tier=situation.tier,
        reasons=known or ground.tiering.reasons,
        terms=_terms(situation.terms),
        verdict=report.verdict,
        why_not=() if report.verdict is Verdict.PASS else report.reasons,
        needed=situation.needed,
        given=tuple(GivenView(by=item.by, role=item.role, at=item.at) for item in situation.given),
        covers=dict(situation.shown),
        seen=situation.seen,
        missing=situation.missing,
        next_roles=situation.next_roles,
        people_missing=situation.people_missing,
        could_approve=situation.with_roles(situation.next_roles),
        unread=UnreadView(
            allowed=may_go_unread(draft, situation.tier, situation.contract),
            drawn=drawn(draft.id, rules.unread_sample),
        ),
        deadline=_deadline(situation, review) if review is not None else None,
        assignee=review.assignee if review is not None else None,
        harm=review.harm if review is not None else ground.harm(draft),
        words=review.words if review is not None else ground.words(draft),
        notes=tuple(map(_note, situation.notes)),
        rounds=tuple(map(_round, rounds)),
        actions=tuple(
            ActionView(action=name, possible=not why, why_not=why) for name, why in actions.items()
        ),
    )


def review_line(waiting: Waiting) -> ReviewLine:
    """A line of the queue."""
    review, draft = waiting.review, waiting.draft
    return ReviewLine(
        draft=draft.id,
        revision=draft.revision,
        brand=review.brand,
        brief=review.brief_id,
        journey=review.journey,
        locale=review.locale,
        market=review.market,
        segment=review.segment,
        kind=review.kind,
        copy_fields=draft.copy_fields,
        tier=review.tier,
        reasons=review.why,
        harm=review.harm,
        words=review.words,
        submitted_by=review.submitted_by,
        submitted_at=review.submitted_at,
        due_at=waiting.due_at,
        latest_at=review.latest_at,
        held=review.held_since is not None,
        assignee=review.assignee,
    )


def _terms(terms: ReviewTerms) -> TermsView:
    return TermsView(**terms.model_dump())


def _deadline(situation: Situation, review: Review) -> DeadlineView:
    return DeadlineView(
        due_at=due(review, situation.contract.review, situation.at),
        latest_at=review.latest_at,
        held_since=review.held_since,
        held_by=tuple(item.id for item in situation.questions),
    )


def _note(row: ReviewNote) -> NoteView:
    return NoteView(
        id=row.id,
        sort=row.sort,
        by=row.by,
        at=row.at,
        text=row.text,
        asked=row.asked,
        answers=row.answers,
        open=row.open,
    )


def _round(row: Review) -> RoundView:
    return RoundView(
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        tier=row.tier,
        closed_at=row.closed_at,
        closed_as=row.closed_as,
        reason=row.reason,
    )
