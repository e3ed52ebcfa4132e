"""Giving a waiver: one finding about one text passes for a while, wherever the text stands in that market."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.brand.markets import market_of
from app.brief.json_document import JsonDocument
from app.copywriting.places import SlotPlace, by_receipt, named_now, place_of_draft
from app.copywriting.reviewing import ReviewDesk
from app.db.drafts import DraftChange
from app.db.tables import Draft
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.errors import Conflict, ContentError, CopydeskError, NotPermitted, OutOfDate
from app.generation.kept_answers import content_of
from app.release.content import writers
from app.review.situation import CLOSED, Actor
from app.verdicts.reports import Finding
from app.verdicts.waivers import LONGEST, Waiver, counted, never, text_hash
from app.yaml12 import nearest


@dataclass(frozen=True)
class WaiverOrder:
    """Which finding: of a rule, about a field of the draft as it was seen; `start` is needed where the rule
    found several things there. `until` is the moment from which it blocks again.
    """

    field: str
    rule: str
    reason: str
    until: dt.datetime
    seen: int
    start: int | None = None


def give(
    office: ReviewDesk,
    draft: Draft,
    actor: Actor,
    order: WaiverOrder,
    *,
    at: dt.datetime,
    waiver_id: str | None = None,
) -> StoredWaiver:
    """Let one finding pass, in every draft of the brand that says the same text in this market and locale.

    Raises NotPermitted for whom the contract does not name and for those who wrote the copy, Conflict for
    what cannot be waived, ContentError for a finding that is not there and a bad date, OutOfDate.
    """
    if draft.revision != order.seen:
        words = f"draft {draft.id} is at revision {draft.revision}, not at {order.seen}"
        raise OutOfDate(words, "read it again")
    place = place_of_draft(office.desk, draft)
    role = _role(place, draft, actor)
    finding, guardrail = _finding(place, draft, order)
    about = never(finding, guardrail, draft.kind)
    if about is not None:
        raise Conflict(f"a finding of '{finding.rule}' is never waived: it is about {about}", "edit the copy")
    _check_until(place, order.until, at)
    target, text = place.job.target, draft.copy_fields[order.field]
    row = StoredWaiver(
        brand=draft.brand,
        draft_id=draft.id,
        field=order.field,
        rule=finding.rule,
        category=finding.category,
        text=text_hash(text),
        start=finding.start,
        end=finding.end,
        locale=target.locale,
        market=market_of(target.market, target.locale),
        by=actor.email,
        role=role,
        reason=order.reason,
        at=at,
        until=order.until,
    )
    row.id = waiver_id or row.id
    waivers = Waivers(office.desk.drafts.engine)
    others = waivers.drafts_with(draft.brand, draft.locale, text)
    return waivers.give(row, list(_changes(office, draft, others, row.given)))


def obstacle(place: SlotPlace, draft: Draft, actor: Actor) -> str:
    """Why somebody can let nothing pass in a draft, in words; empty where they can."""
    try:
        _role(place, draft, actor)
    except CopydeskError as error:
        return error.message
    return ""


def revoke(office: ReviewDesk, row: StoredWaiver, actor: Actor, at: dt.datetime) -> StoredWaiver:
    """End a waiver. Whoever may give one may, and whoever gave it. Raises NotPermitted, Conflict."""
    named = office.desk.library(row.brand).brand.contract.review.may_waive
    if actor.email != row.by and not actor.roles & {role.value for role in named}:
        raise NotPermitted(_who(tuple(role.value for role in named)))
    return Waivers(office.desk.drafts.engine).revoke(row, actor.email, at)


def _role(place: SlotPlace, draft: Draft, actor: Actor) -> str:
    """The role in which the actor waives something in the draft. Raises NotPermitted, Conflict."""
    named = tuple(role.value for role in place.job.brand.contract.review.may_waive)
    mine = [role for role in named if role in actor.roles]
    if not mine:
        raise NotPermitted(_who(named), "ask somebody with such a role" if named else "the contract says who")
    if actor.email in writers(draft):
        raise NotPermitted("you had a hand in this copy, and nobody waives findings in what they wrote")
    if draft.state in CLOSED:
        raise Conflict(f"draft {draft.id} is {draft.state.value}")
    if not isinstance(content_of(draft, place.library).source, Draft):
        raise Conflict(f"draft {draft.id} is word for word the block '{draft.block}'", "edit it first")
    return mine[0]


def _who(named: tuple[str, ...]) -> str:
    return f"findings are waived by: {', '.join(named)}" if named else "nobody may waive findings"


def _finding(place: SlotPlace, draft: Draft, order: WaiverOrder) -> tuple[Finding, str]:
    """The finding that the order names, as the copy is judged now, and the guardrail that it is of."""
    asked = JsonDocument.of({})
    if order.field not in draft.copy_fields:
        words, hint = f"the draft has no field '{order.field}'", nearest(order.field, draft.copy_fields)
        raise ContentError([asked.problem(("field",), words, hint)])
    report = by_receipt(place, draft)
    here = [item for item in report.findings if item.blocks and item.field == order.field]
    found = [item for item in here if item.rule == order.rule and order.start in (None, item.start)]
    if not found:
        rules = sorted({item.rule for item in here})
        words = f"no finding of '{order.rule}' blocks the field '{order.field}'"
        raise ContentError([asked.problem(("rule",), words, ", ".join(rules) or "nothing blocks it")])
    places = sorted({(item.start, item.end, item.category) for item in found})
    if len(places) > 1:
        words = f"'{order.rule}' found {len(places)} things in '{order.field}'"
        starts = ", ".join(str(start) for start, _, _ in places)
        raise ContentError([asked.problem(("start",), words, f"one of: {starts}")])
    return found[0], next(item.rule for item in report.results if found[0] in item.findings)


def _check_until(place: SlotPlace, until: dt.datetime, at: dt.datetime) -> None:
    asked = JsonDocument.of({})
    if not at < until <= at + LONGEST:
        words = f"a waiver ends within {LONGEST.days} days from now"
        raise ContentError([asked.problem(("until",), words, f"by {at + LONGEST:%Y-%m-%d}")])
    if until <= place.job.as_of:
        words = f"the email is sent on {place.job.as_of:%Y-%m-%d %H:%M %Z}, when it would not hold any more"
        raise ContentError([asked.problem(("until",), words)])


def _changes(office: ReviewDesk, draft: Draft, others: list[Draft], waiver: Waiver) -> Iterator[DraftChange]:
    """The receipts of the drafts that say the text in this market, judged with the waiver."""
    for item in {draft.id: draft, **{other.id: other for other in others if other.id != draft.id}}.values():
        try:
            place = place_of_draft(office.desk, item)
        except Conflict:
            continue  # nothing judges it any more
        target = place.job.target
        if item.state in CLOSED or market_of(target.market, target.locale) != waiver.market:
            continue
        changed = _with(item, waiver)
        report = by_receipt(place, changed)
        if waiver.id not in counted(report):
            continue
        named = named_now(office.desk, place)
        judged = {
            "verdicts": report,
            "as_of": place.job.as_of,
            "hashes": named.hashes.model_copy(update={"prompt": item.receipt.hashes.prompt}),
        }
        receipt = changed.receipt.model_copy(update=judged)
        yield DraftChange(item.id, item.revision, {"receipt": receipt}, named.blobs)


def _with(draft: Draft, waiver: Waiver) -> Draft:
    changed = Draft(**{name: getattr(draft, name) for name in Draft.model_fields})
    waivers = (*draft.receipt.waivers, waiver)
    changed.receipt = draft.receipt.model_copy(update={"waivers": waivers})
    return changed
