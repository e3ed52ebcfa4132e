"""A draft's review in lines for people at a terminal."""

from collections.abc import Iterator

from app.copywriting.reviewing import possible
from app.review.situation import Situation
from app.verdicts.reports import Verdict

MOMENT = "%Y-%m-%d %H:%M %Z"


def story_of(situation: Situation, *, with_actions: bool) -> Iterator[str]:
    """The tier and why, who approves, the deadline, what was said; and what the actor may do."""
    draft, report = situation.draft, situation.report
    place = f"{draft.kind} for {draft.segment} in {draft.locale} of {draft.brief_id}"
    yield f"{draft.id}, revision {draft.revision}: {place}, {draft.state.value.replace('_', ' ')}"
    for name, text in draft.copy_fields.items():
        yield f"  {name}: {one_line(text)}"
    yield f"tier {situation.tier.value}"
    for reason in situation.ground.tiering.reasons:
        yield f"  {reason}"
    yield from _approvals(situation)
    if report.verdict is not Verdict.PASS:
        yield f"the guardrails: {report.verdict.value}"
        for reason in report.reasons:
            yield f"  {reason}"
    review, until = situation.review, situation.until
    if review is not None and until is not None:
        held = ", held by a question" if review.held_since is not None else ""
        held = ", passed" if until <= situation.at else held
        yield f"due {until:{MOMENT}}{held}; at the latest {review.latest_at:{MOMENT}}"
        yield f"assignee: {review.assignee or 'nobody'}"
    for note in situation.notes:
        asked = f" to {note.asked}" if note.asked else ""
        state = f" (open, {note.id})" if note.open else ""
        said = f"{note.sort.value}{asked} by {note.by or 'the clock'}{state}"
        yield f"{note.at:{MOMENT}} {said}: {one_line(note.text)}"
    if with_actions:
        yield from _actions(situation)


def _actions(situation: Situation) -> Iterator[str]:
    for name, why in possible(situation).items():
        if name != "expire":
            shown = name.replace("_", "-")
            yield f"  may not {shown}: {why}" if why else f"  may {shown}"


def _approvals(situation: Situation) -> Iterator[str]:
    turn = " in turn" if situation.terms.in_turn else ""
    people = situation.terms.people
    by = f", by {people} people" if people > 1 else ""
    yield f"approved by{turn}: {', '.join(situation.needed) or 'nobody'}{by}"
    for item in situation.given:
        yield f"  {item.role}: {item.by}, {item.at:{MOMENT}}"
    if situation.missing:
        yield f"  missing: {', '.join(situation.missing)}"
    if situation.people_missing:
        yield f"  people missing: {situation.people_missing}"


def one_line(text: str) -> str:
    """Text that people wrote, in one line and without what a terminal would act on."""
    return "".join(char if char.isprintable() else " " for char in text)
