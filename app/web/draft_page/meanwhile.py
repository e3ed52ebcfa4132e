"""What happened to a draft since somebody saw it, in words."""

from collections.abc import Iterator, Mapping

from app.web.draft_page.look import Look
from app.web.labels import load_labels
from app.web.rendering import day_and_time


def meanwhile(look: Look, seen: Mapping[str, str]) -> tuple[str, ...]:
    """What differs from the state that a form was made from, which says so in its fields."""
    return tuple(_changes(look, seen))


def _changes(look: Look, seen: Mapping[str, str]) -> Iterator[str]:
    draft = look.draft
    mine = [item for item in draft.receipt.approvers if item.by == look.actor.email and item.stands]
    if mine:
        yield f"You have approved it already, on {day_and_time(mine[-1].at)}."
    if seen.get("seen_copy") not in (None, draft.content_hash) and draft.receipt.edits:
        last = draft.receipt.edits[-1]
        yield f"{last.by} edited the words on {day_and_time(last.at)}."
    elif seen.get("seen_copy") == draft.content_hash:
        yield "The words are the same."
        if seen.get("seen") not in (None, look.situation.seen):
            yield "A value that they state, or the link, the picture or the market is another one now."
    if seen.get("seen_state") not in (None, draft.state.value):
        yield f"It is now: {load_labels()('draft_state', draft.state)}."
    if look.situation.review is not None and look.situation.review.assignee:
        yield f"{look.situation.review.assignee} has taken it."
    for question in look.situation.questions:
        yield f"{question.by} asked {question.asked}: {question.text}"
