"""New values only: drafts whose approvals ended because a fact changed, and whose copy did not.

Reviewers see for each the values that it was approved with and those of now, and approve all of them in one
action. Everything that holds for an approval holds for each: the guardrails pass it with the new values, the
roles and people of its tier, and nobody approves what they wrote.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.copywriting.consequences import FALSE_NOW, OTHER_VALUES
from app.copywriting.reviewing import NOT_SAID, ReviewDesk, require_revision
from app.db.receipts import DraftApproval
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, DraftState
from app.errors import Conflict, CopydeskError
from app.review.actions.approve import ApproveOrder, require_read
from app.review.registry import ACTIONS
from app.review.situation import Actor, Situation

_APPROVE = ACTIONS["approve"]


@dataclass(frozen=True)
class ChangedValue:
    """One value that the copy states. `before` is None where it was not kept, `now` where there is none."""

    name: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class Offered:
    """A draft that can be approved again for its new values. `obstacle` is why this person cannot now."""

    situation: Situation
    values: tuple[ChangedValue, ...]
    obstacle: str

    @property
    def draft(self) -> Draft:
        """The draft."""
        return self.situation.draft


def offered(office: ReviewDesk, stored: StoredBrief, actor: Actor, at: dt.datetime) -> list[Offered]:
    """The drafts of a brief that are in review for new values only, each as it is judged now."""
    members = office.people.members(stored.brand)
    found = []
    for draft in office.desk.drafts.of_brief(stored.brand, stored.id).drafts:
        ended = ended_by_values(draft)
        if draft.state is not DraftState.IN_REVIEW or not ended:
            continue
        situation = office.situation(draft, actor, at, members)
        if situation.review is not None:
            found.append(Offered(situation, changed_values(situation), _obstacle(situation)))
    return found


def reapprove(  # noqa: PLR0917
    office: ReviewDesk,
    stored: StoredBrief,
    actor: Actor,
    seen: Mapping[str, int],
    at: dt.datetime,
    read: Mapping[str, str | None] = NOT_SAID,
) -> list[Draft]:
    """Approve drafts again, as they were seen: id and revision, and what `Situation.seen` was of each where
    that is known. All or none.

    Raises OutOfDate when one has changed since, Conflict for one that is not offered or a tier that allows no
    several at once, NotPermitted.
    """
    open_ = {item.draft.id: item for item in offered(office, stored, actor, at)}
    # read after them: what somebody changed while they were judged shows
    known = {draft.id: draft for draft in office.desk.drafts.of_brief(stored.brand, stored.id).drafts}
    chosen: list[Situation] = []
    for draft_id, revision in seen.items():
        item = open_.get(draft_id)
        if draft_id in known:
            require_revision(known[draft_id], revision)
        if item is None:
            words = f"draft {draft_id} does not wait for an approval of new values only"
            raise Conflict(words, "what does is listed beside")
        require_revision(item.draft, revision)
        require_read(item.situation, read.get(draft_id))
        if len(seen) > 1 and not item.situation.terms.several_at_once:
            words = f"draft {draft_id} is of tier {item.situation.tier.value}, which is approved one by one"
            raise Conflict(words, "name it alone")
        _APPROVE.check(item.situation)
        chosen.append(item.situation)
    with office.reviews.writing() as session:
        for situation in chosen:
            _APPROVE.execute(session, situation, ApproveOrder())
    return [office.desk.drafts.find(draft_id, [stored.brand]) for draft_id in seen]


def ended_by_values(draft: Draft) -> tuple[DraftApproval, ...]:
    """The approvals of the copy as it is that ended last, when that was since a value is another; none when
    the copy was edited since.
    """
    ended = [item for item in draft.receipt.approvers if item.ended is not None]
    last = max((item.ended.at for item in ended if item.ended is not None), default=None)
    edited = any(last is not None and edit.at >= last for edit in draft.receipt.edits)
    return tuple(
        item
        for item in ended
        if item.ended is not None
        and item.ended.at == last
        and not edited
        and item.content_hash == draft.content_hash
        and item.ended.why.startswith((OTHER_VALUES, FALSE_NOW))
    )


def changed_values(situation: Situation) -> tuple[ChangedValue, ...]:
    """The values of a draft that are others than those it was approved with; none unless that ended its
    approval.
    """
    ended = ended_by_values(situation.draft)
    return tuple(_values(ended, situation)) if ended else ()


def _values(ended: tuple[DraftApproval, ...], situation: Situation) -> Iterator[ChangedValue]:
    """The values that are others than in any of the ended approvals."""
    before = {name: value for item in ended for name, value in item.values.items()}
    shown = {name: value for item in ended for name, value in item.shown.items()}
    for name in sorted(before.keys() | situation.values.keys()):
        if before.get(name) != situation.values.get(name):
            yield ChangedValue(name, shown.get(name), situation.shown.get(name))


def _obstacle(situation: Situation) -> str:
    try:
        _APPROVE.check(situation)
    except CopydeskError as error:
        return error.message
    return ""
