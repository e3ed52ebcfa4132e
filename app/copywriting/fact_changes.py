"""Changing the facts of a stored brief: what it does to existing copy is shown before it is applied.

Copy is kept and no model is asked. A change that would leave the brief with problems, such as a price above
the former price or a token without a fact, can be looked at and not applied.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from app.brief.facts import DeadlineFact
from app.brief.history import with_history
from app.brief.json_document import JsonDocument
from app.brief.models import Brief, Target
from app.copywriting.briefs import as_json, merge_patch
from app.copywriting.consequences import Consequences
from app.copywriting.desk import Desk
from app.copywriting.exported import ExportState, stale_after
from app.copywriting.models import Strict
from app.copywriting.revising import NOTHING, prepare, store
from app.db.service_tables import StoredBrief
from app.errors import ContentError, NotFound, Problem
from app.generation.plan import brief_problems
from app.release.library import ContentLibrary
from app.tokens import TokenName
from app.yaml12 import nearest

LONGEST_CHANGE = 300
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[A-Z]{2}$")]


class TargetChange(Strict):
    """What changes at one target. Facts and links are merged by name, null removes one; window is merged;
    a feed takes the place of the old one, null removes it.
    """

    locale: Locale
    facts: Annotated[dict[TokenName, dict[str, Any] | None], Field(max_length=200)] = Field(
        default_factory=dict, description="By name; what is given of a fact changes, null removes the fact"
    )
    links: Annotated[dict[str, str | None], Field(max_length=100)] = Field(default_factory=dict)
    window: dict[str, Any] = Field(default_factory=dict)
    feed: dict[str, Any] | None = None

    def as_patch(self) -> dict[str, Any]:
        """The merge patch of the target. A feed is replaced as a whole."""
        patch: dict[str, Any] = {"facts": self.facts, "links": self.links, "window": self.window}
        if "feed" in self.model_fields_set:
            patch["feed"] = self.feed
        return patch


class ValueChange(Strict):
    """One thing that changes at a target, as a reader would see it; empty where there was or is nothing."""

    locale: str
    what: str
    before: str
    after: str


class ContentProblem(Strict):
    """What would be wrong with the brief; `pointer` leads into the brief as it would be."""

    pointer: str
    message: str
    expected: str


class StaleExport(Strict):
    """An export that the change makes stale: what was handed over has to be exported again and replaced."""

    id: str
    account: str
    locale: str
    segments: tuple[str, ...]
    exported_at: dt.datetime
    reasons: tuple[str, ...]


class FactsEffect(Strict):
    """What a change of facts does. `revision` is the one it was worked out for, or that it made."""

    brief: str
    brand: str
    revision: int
    applied: bool
    can_be_applied: bool
    values: tuple[ValueChange, ...]
    problems: tuple[ContentProblem, ...]
    effect: Consequences
    exports_stale: tuple[StaleExport, ...] = ()


class FactsFile(Strict):
    """A change of facts as a file."""

    targets: Annotated[tuple[TargetChange, ...], Field(min_length=1, max_length=20)]


def setting(
    stored: StoredBrief, values: Mapping[str, str], locale: str | None = None
) -> tuple[TargetChange, ...]:
    """New values for facts that exist, by name: at one target, or at every target that has the fact.

    Raises NotFound for a fact or a target that the brief does not have.
    """
    targets = [target for target in stored.content.targets if locale in (None, target.locale)]
    if not targets:
        known = [target.locale for target in stored.content.targets]
        raise NotFound(f"the brief has no target '{locale}'", nearest(locale or "", known))
    facts = {name for target in targets for name in target.facts}
    for name in values:
        if name not in facts:
            raise NotFound(f"no target has a fact '{name}'", nearest(name, facts))
    return tuple(
        TargetChange(
            locale=target.locale,
            facts={name: {"value": value} for name, value in values.items() if name in target.facts},
        )
        for target in targets
    )


def preview_facts(
    desk: Desk, stored: StoredBrief, changes: Sequence[TargetChange], library: ContentLibrary
) -> FactsEffect:
    """What the change would do; nothing is stored. Raises ContentError when it makes no readable brief."""
    after, document = _changed(stored, changes)
    problems = brief_problems(after, document, library)
    if after == stored.content:
        return _effect(stored, after, NOTHING, problems)
    effect = prepare(desk, stored, after, library).effect
    return _effect(stored, after, effect, problems, exports=stale_after(desk, stored, after))


def apply_facts(
    desk: Desk, stored: StoredBrief, changes: Sequence[TargetChange], library: ContentLibrary, *, by: str
) -> FactsEffect:
    """Store the change, end the approvals whose values it changes, keep all copy: in one transaction.

    Raises ContentError with the problems that it would leave, OutOfDate when the brief has another revision.
    """
    after, document = _changed(stored, changes)
    problems = brief_problems(after, document, library)
    if problems:
        raise ContentError(problems)
    if after == stored.content:
        return _effect(stored, after, NOTHING, [], applied=True)
    prepared = prepare(desk, stored, after, library)
    exports = stale_after(desk, stored, after)
    where = ", ".join(change.locale for change in changes)
    revised = store(desk, prepared, library, by=by, change=f"facts of {where}"[:LONGEST_CHANGE])
    shown = _effect(stored, after, revised.effect, [], applied=True, exports=exports)
    return shown.model_copy(update={"revision": revised.stored.revision})


def _changed(stored: StoredBrief, changes: Sequence[TargetChange]) -> tuple[Brief, JsonDocument]:
    data = as_json(stored.content)
    known = [target["locale"] for target in data["targets"]]
    asked = JsonDocument.of({})
    unknown = [
        asked.problem(("targets", number, "locale"), f"there is no target '{name}'", nearest(name, known))
        for number, name in enumerate(change.locale for change in changes)
        if name not in known
    ]
    if unknown:
        raise ContentError(unknown)
    for change in changes:
        place = known.index(change.locale)
        target = dict(data["targets"][place])
        patch = change.as_patch()
        if "feed" in patch:
            target["feed"] = None
        data["targets"][place] = merge_patch(target, patch)
    document = JsonDocument.of(data)
    brief, problems = document.build(Brief)
    if brief is None:
        raise ContentError(problems)
    return with_history(stored.content, brief), document


def _effect(
    stored: StoredBrief,
    after: Brief,
    effect: Consequences,
    problems: Sequence[Problem],
    *,
    applied: bool = False,
    exports: Sequence[ExportState] = (),
) -> FactsEffect:
    return FactsEffect(
        brief=stored.id,
        brand=stored.brand,
        revision=stored.revision,
        applied=applied,
        can_be_applied=not problems,
        values=tuple(
            change
            for old, new in zip(stored.content.targets, after.targets, strict=True)
            for change in _values(old, new)
        ),
        problems=tuple(
            ContentProblem(pointer=item.field, message=item.message, expected=item.expected)
            for item in problems
        ),
        effect=effect,
        exports_stale=tuple(
            StaleExport(
                id=state.export.id,
                account=state.export.account,
                locale=state.export.locale,
                segments=state.export.segments,
                exported_at=state.export.exported_at,
                reasons=state.stale,
            )
            for state in exports
        ),
    )


def _values(old: Target, new: Target) -> list[ValueChange]:
    """Everything that differs between two states of a target."""
    before, after = _shown(old), _shown(new)
    return [
        ValueChange(locale=new.locale, what=what, before=before.get(what, ""), after=after.get(what, ""))
        for what in dict.fromkeys([*before, *after])
        if before.get(what) != after.get(what)
    ]


def _shown(target: Target) -> dict[str, str]:
    sheet = target.fact_sheet()
    shown: Mapping[str, str] = {
        **{name: _fact(target, name, sheet.render(name)) for name in target.facts},
        **{f"link {name}": url for name, url in target.links.items()},
        "send_at": f"{target.window.send_at.isoformat()} ({target.window.time_zone})",
    }
    if target.feed is None:
        return dict(shown)
    names = ", ".join(item.name for item in target.feed.items)
    return {**shown, "feed": f"{names}, observed {target.feed.observed_at.isoformat()}"}


def _fact(target: Target, name: str, rendered: str) -> str:
    """The value as it is read, and what else decides whether and how it may be stated."""
    fact = target.facts[name]
    limits = [
        f"{word} {moment.isoformat()}"
        for word, moment in (("from", fact.valid_from), ("until", fact.valid_until))
        if moment is not None
    ]
    if isinstance(fact, DeadlineFact):
        limits += [f"announced before for {moment.isoformat()}" for moment in fact.previously]
    return ", ".join([f"{rendered} ({fact.role.value})", *limits])
