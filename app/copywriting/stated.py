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
from app.tokens import token_names

_LENGTH = 8


def public_id(kind: str, copy: Mapping[str, str]) -> str:
    """A short id of a variant, the same wherever it stands: letters and digits that say nothing of it."""
    raw = json.dumps([kind, dict(copy)], sort_keys=True, ensure_ascii=False).encode()
    return base64.b32encode(hashlib.sha256(raw).digest()).decode().lower()[:_LENGTH]


def facts_in(job: SlotJob, copy: Mapping[str, str]) -> dict[str, str]:
    """The facts that the copy states, as they are rendered."""
    names = {name for text in copy.values() for name in token_names(text)}
    return {name: job.facts.render(name) for name in sorted(names & job.facts.facts.keys())}


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
    """The moment after which the content may not be sent any more: the earliest end of a fact, a claim, a
    review or a waiver; None where nothing ends.
    """
    ends: list[dt.datetime] = []
    for job, content in stated:
        zone = ZoneInfo(job.target.window.time_zone)
        for name in facts_in(job, content.copy_fields):
            fact = job.facts.facts[name]
            if fact.valid_until is not None:
                ends.append(fact.valid_until)
            if isinstance(fact, DeadlineFact) and fact.role is Role.ENDS:
                ends.append(fact.value)
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
