"""What is asked of one slot, without the values: what its stored answer depends on.

Copy holds tokens, so it does not change when a price or a date does. The names of the facts, what they mean
and whether they hold when the email is sent are part of what is asked; their values are not, and neither are
links, products of a feed, or the day of sending. Stored copy is judged again with the values of today before
it answers (see docs/decisions/0003-values-and-fingerprints.md).
"""

from typing import Any

from app.generation.plan import SlotJob
from app.release.matching import feed_missing

_OF_THE_EMAIL = {"shown_when", "otherwise"}
"""What a slot's request says of the email around it, which no copy depends on."""
_OF_THE_WHOLE = {"id", "name", "author", "segments", "slots", "targets"}


def asked(job: SlotJob) -> dict[str, Any]:
    """The brief's part of a slot as JSON data, by what people call it."""
    brief = job.brief.model_dump(mode="json", exclude=_OF_THE_WHOLE)
    return {
        **brief,
        "message": job.message,
        "locale": job.target.locale,
        "market": job.target.market,
        "segment": job.segment.id,
        "slot": job.request.model_dump(mode="json", exclude=_OF_THE_EMAIL),
        "facts": {name: _meaning(job, name) for name in sorted(job.facts.facts)},
        "suppressed": job.suppressed.words if job.suppressed is not None else "",
        "feed": not feed_missing(job.kind.id, job.facts, job.as_of) if job.kind.feed else None,
    }


def _meaning(job: SlotJob, name: str) -> list[object]:
    fact = job.facts.facts[name]
    return [fact.kind, fact.role.value, fact.valid_at(job.as_of)]
