"""Drafts of a brief whose values changed and whose words did not: what would be approved again, together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.copywriting.reapproving import ChangedValue, Offered
from app.db.tables import Draft
from app.errors import OutOfDate
from app.http.errors import InvalidRequest
from app.web.copy_page.views import BriefView, TextView

_REFERENCE = re.compile(r"([0-9a-f]{32}):([0-9]{1,9}):([0-9a-f]{16})\Z")


@dataclass(frozen=True)
class NewValues:
    """A draft as it would be approved again. `why_not` says why this person cannot do so here."""

    draft: Draft
    texts: tuple[TextView, ...]
    values: tuple[ChangedValue, ...]
    why_not: str
    reference: str
    """As the form names it: the draft, its revision and a mark of the values that were shown."""


def new_values(found: Sequence[Offered], view: BriefView) -> tuple[NewValues, ...]:
    """What is offered, with the words as readers see them."""
    texts = {copy.id: copy.texts for a in view.audiences for p in a.positions for copy in p.drafts}
    return tuple(
        NewValues(
            draft=item.draft,
            texts=texts.get(item.draft.id, ()),
            values=item.values,
            why_not=item.obstacle or _alone(item, len(found)),
            reference=f"{item.draft.id}:{item.draft.revision}:{item.situation.seen}",
        )
        for item in found
    )


def seen_in(
    references: Sequence[str], found: Sequence[Offered]
) -> tuple[Mapping[str, int], Mapping[str, str | None]]:
    """Revisions and marks of the drafts as a form has seen them. Raises InvalidRequest, and OutOfDate where
    one shows other values by now.
    """
    parts = [match for item in references if (match := _REFERENCE.match(item))]
    if not parts or len(parts) < len(references):
        raise InvalidRequest("the form names no drafts that were seen", "load the page again")
    now = {item.draft.id: item.situation.seen for item in found}
    for part in parts:
        if now.get(part[1], part[3]) != part[3]:
            raise OutOfDate("values changed again since you saw them", "look at what they are now")
    return {part[1]: int(part[2]) for part in parts}, {part[1]: part[3] for part in parts}


def _alone(item: Offered, among: int) -> str:
    several = item.situation.terms.several_at_once or among == 1
    return "" if several else "copy with this risk is approved one by one, on its own page"
