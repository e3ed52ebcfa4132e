"""What a piece of content states: its facts and claims, until when they hold, and its short public id."""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from app.blocks.approved import ApprovedBlock
from app.brand.claims_library import Claim
from app.brief.facts import DeadlineFact, Role
from app.db.tables import Draft
from app.generation.plan import SlotJob
from app.guardrails.claim_wording import claims_said
from app.guardrails.frame import Piece
from app.release.content import SlotContent
from app.release.lease import bound_facts, stated_names

_LENGTH = 8


def public_id(kind: str, copy: Mapping[str, str]) -> str:
    """A short id of a variant, the same wherever it stands: letters and digits that say nothing of it."""
    raw = json.dumps([kind, dict(copy)], sort_keys=True, ensure_ascii=False).encode()
    return base64.b32encode(hashlib.sha256(raw).digest()).decode().lower()[:_LENGTH]


def facts_in(job: SlotJob, content: SlotContent) -> dict[str, str]:
    """The facts that the content states, by token or written out, and the prices of the products beside it,
    as they are rendered.
    """
    return values_now(job, stated_names(content, job.facts))


def values_now(job: SlotJob, names: Iterable[str]) -> dict[str, str]:
    """The facts of these names that the slot has, and the prices of the products that are given for it."""
    known = {name: job.facts.render(name) for name in sorted(names) if name in job.facts.facts}
    zone = ZoneInfo(job.target.window.time_zone)
    items = job.feed.items if job.feed is not None else ()
    return known | {f"price of {item.name}": item.price.render(job.target.locale, zone) for item in items}


def claims_in(job: SlotJob, content: SlotContent) -> tuple[str, ...]:
    """The ids of entries of the claims library that the copy says as they were approved."""
    return tuple(sorted({claim.id for claim in _claims(job, content)}))


def _claims(job: SlotJob, content: SlotContent) -> list[Claim]:
    said = [
        entry
        for text in content.copy_fields.values()
        for entry in claims_said(Piece(text, kind=job.kind.id), job.context)
    ]
    return [entry.claim for entry in said if not entry.wrong]


def last_moment(stated: Iterable[tuple[SlotJob, SlotContent]]) -> dt.datetime | None:
    """The moment after which the content may not be sent any more: the earliest end of a fact that it stands
    and falls with, of a feed, a claim, a review or a waiver; None where nothing ends.
    """
    ends: list[dt.datetime] = []
    for job, content in stated:
        zone = ZoneInfo(job.target.window.time_zone)
        for fact in bound_facts(content, job.facts).values():
            if fact.valid_until is not None:
                ends.append(fact.valid_until)
            if isinstance(fact, DeadlineFact) and fact.role is Role.ENDS:
                ends.append(fact.value)
        if job.feed is not None:
            ends.append(job.feed.ends)
        ends += [_end_of(claim.expires, zone) for claim in _claims(job, content)]
        ends += [waiver.until for waiver in content.waivers]
        reviewed = _review_by(content)
        if reviewed is not None:
            ends.append(_end_of(reviewed, zone))
    return min(ends, default=None)


def _end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)


def _review_by(content: SlotContent) -> dt.date | None:
    source = content.source
    if isinstance(source, ApprovedBlock):
        return source.approval.review_by
    return source.review_by if isinstance(source, Draft) else None
