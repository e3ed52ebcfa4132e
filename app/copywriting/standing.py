"""Where briefs stand in a list: counted, not judged. The page of one brief and its status say more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.brand.brand import Brand
from app.brand.roles import PersonRole
from app.brand.tiers import Tier
from app.db.run_answers import DraftCount, RunAnswers
from app.db.service_tables import StoredBrief
from app.db.tables import DraftState
from app.errors import UsageError

Place = tuple[str, str, str]
_BEST_FIRST = ("ready", "in_review", "written", "empty")


@dataclass(frozen=True)
class Standing:
    """One brief: its slots by how far they are, and how many pieces wait for whom.

    `ready` counts slots with approved copy, `in_review` those with copy in review, `written` those whose copy
    is with its writer, `empty` those without any.
    """

    stored: StoredBrief
    slots: int
    ready: int
    in_review: int
    written: int
    empty: int
    waits_for: Mapping[str, int]


def standings(answers: RunAnswers, brand: Brand, briefs: Iterable[StoredBrief]) -> list[Standing]:
    """Where some briefs of one brand stand."""
    shown = list(briefs)
    ids = [stored.id for stored in shown]
    counts: dict[str, list[DraftCount]] = {}
    for count in answers.counts(brand.id, ids):
        counts.setdefault(count.brief_id, []).append(count)
    waiting: dict[str, Counter[str]] = {}
    for brief_id, tier, number in answers.reviews(brand.id, ids):
        for role in brand.contract.needed(Tier(tier)) or (PersonRole.BRAND_OWNER.value,):
            waiting.setdefault(brief_id, Counter())[role] += number
    return [_standing(stored, brand, counts.get(stored.id, []), waiting.get(stored.id)) for stored in shown]


def _standing(
    stored: StoredBrief, brand: Brand, counts: Iterable[DraftCount], waiting: Counter[str] | None
) -> Standing:
    places = _places(stored, brand)
    best: dict[Place, str] = dict.fromkeys(places, "empty")
    for count in counts:
        place = (count.locale, brand.aliases.get(count.segment, count.segment), count.kind)
        sort = _sort(count)
        if place in best and sort is not None:
            best[place] = min(best[place], sort, key=_BEST_FIRST.index)
    found = Counter(best.values())
    waits_for = Counter(waiting or {})
    own = found["written"] + found["empty"]
    if own:
        waits_for[PersonRole.COPYWRITER.value] += own
    return Standing(
        stored=stored,
        slots=len(places),
        waits_for=dict(waits_for.most_common()),
        **{name: found[name] for name in _BEST_FIRST},
    )


def _places(stored: StoredBrief, brand: Brand) -> list[Place]:
    brief = stored.content
    return [
        (target.locale, _segment(brand, request.id), slot.kind)
        for target in brief.targets
        for request in brief.segments
        for slot in brief.slots
    ]


def _segment(brand: Brand, name: str) -> str:
    try:
        return brand.segment(name).id
    except UsageError:  # it does not exist any more; the page of the brief says so
        return name


def _sort(count: DraftCount) -> str | None:
    if count.state is DraftState.APPROVED or (count.state is DraftState.DRAFT and count.as_block):
        return "ready"
    if count.state is DraftState.IN_REVIEW:
        return "in_review"
    return "written" if count.state in (DraftState.DRAFT, DraftState.CHANGES_REQUESTED) else None
