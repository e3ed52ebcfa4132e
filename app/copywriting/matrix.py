"""Every email that a brief can become, rendered and looked through before anybody exports it."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.brand.brand import Brand
from app.copywriting.anybody_else import contents_for_anybody_else
from app.copywriting.choosing import SlotOptions, content_of_arm, options_of
from app.copywriting.desk import Desk
from app.copywriting.exporting import test_of
from app.db.exports import Exports
from app.db.release_tables import ANYBODY_ELSE
from app.db.service_tables import StoredBrief
from app.dialects.nodes import InSegment, compared_in, variables_of
from app.emails.content import Pictures
from app.emails.matrix import (
    Axis,
    MatrixFault,
    choice_of,
    combinations,
    list_axis,
    rendered,
    slot_axis,
    variable_axis,
)
from app.emails.models import FilledSlot
from app.emails.product_list import ShownItems, sample_values
from app.emails.template import EmailTemplate, SlotChoice, compile_template
from app.errors import Conflict
from app.generation.plan import SlotJob
from app.processors import on_all_processors
from app.release.content import SlotContent
from app.release.library import ContentLibrary

MOST = 5_000
"""Combinations of one email up to which each is rendered; beyond them every pair of choices is covered."""


@dataclass(frozen=True)
class MatrixEmail:
    """What was rendered of one email: a locale and a segment, which is empty for readers of none."""

    locale: str
    segment: str
    axes: tuple[Axis, ...]
    product: int
    rendered: int
    faults: tuple[MatrixFault, ...]
    """Each fault once, with the combination in which it was seen first."""
    count: Mapping[str, int]
    """How often each kind of fault was seen."""

    @property
    def pairwise(self) -> bool:
        """Whether pairs of choices were covered in the place of all combinations."""
        return self.rendered < self.product


@dataclass(frozen=True)
class MatrixPlan:
    """What readers of one segment, or with an empty one of none, may get of an email, before it is rendered:
    the template with all variants, and the combinations of them.
    """

    locale: str
    segment: str
    template: EmailTemplate
    axes: tuple[Axis, ...]
    picked: tuple[tuple[int, ...], ...]


def matrix_of(
    desk: Desk,
    exports: Exports,
    stored: StoredBrief,
    *,
    most: int = MOST,
    together: bool = False,
    on_email: Callable[[int, int], None] | None = None,
) -> list[MatrixEmail]:
    """Render every email of a brief with every variant that can ship, and what readers' data may lack;
    `together` the conditional emails for all segments of a locale, also for readers of none of them.

    `on_email` is told how many emails are done, of how many. Raises what `matrix_plans` does.
    """
    plans = matrix_plans(desk, exports, stored, most=most, together=together)
    done = []
    for number, plan in enumerate(plans, start=1):
        done.append(matrix_email(plan))
        if on_email is not None:
            on_email(number, len(plans))
    return done


def matrix_plans(
    desk: Desk,
    exports: Exports,
    stored: StoredBrief,
    *,
    most: int = MOST,
    locale: str | None = None,
    together: bool = False,
) -> list[MatrixPlan]:
    """What would be rendered, with `locale` only of that one. Where somebody chose for a slot, only what was
    chosen is.

    Raises Conflict when a slot has nothing that can ship, RenderError when an email cannot be composed.
    """
    library = desk.library(stored.brand)
    segments: dict[tuple[str, str], list[SlotOptions]] = {}
    for slot in options_of(desk, exports, stored, locale=locale):
        segments.setdefault(slot.job.key[:2], []).append(slot)
    emails: dict[tuple[str, ...], list[_Part]] = {}
    for key, slots in segments.items():
        part = _part(desk, library, key[1], slots)
        emails.setdefault(key[:1] if together else key, []).append(part)
    return [plan for parts in emails.values() for plan in _plans(desk, library, parts, most)]


@dataclass(frozen=True)
class _Part:
    """What one segment gets in each slot, by kind, and the axes of its variants."""

    segment: str
    jobs: tuple[SlotJob, ...]
    choices: Mapping[str, SlotChoice]
    axes: tuple[Axis, ...]


def _part(desk: Desk, library: ContentLibrary, segment: str, slots: Sequence[SlotOptions]) -> _Part:
    choices: dict[str, SlotChoice] = {}
    axes: list[Axis] = []
    for slot in slots:
        contents = _contents(desk, library, slot)
        kind = slot.job.kind.id
        variants = [_filled(slot.job, content) if content else None for content in contents]
        choices[kind] = choice_of(kind, variants)
        condition = slot.job.request.shown_when
        if condition is not None:
            placed = library.find(slot.job.request.otherwise or "")
            other = _filled(slot.job, SlotContent.of_block(placed.block)) if placed is not None else None
            choices[kind] = SlotChoice(((test_of(condition, slot.job), choices[kind]),), other)
        axes.append(slot_axis(kind, [content.label if content else "left out" for content in contents]))
    return _Part(segment, tuple(slot.job for slot in slots), choices, tuple(axes))


def _plans(desk: Desk, library: ContentLibrary, parts: Sequence[_Part], most: int) -> Iterator[MatrixPlan]:
    """One email for each of its segments, and for anybody else where it has several."""
    job = parts[0].jobs[0]
    template = compile_template(
        library.brand,
        job.brief.journey.value,
        job.target,
        job.facts,
        parts[0].choices if len(parts) == 1 else _together(library, parts),
        partials=desk.serving.partials,
        images=library.brand.assets.hosted_base,
    )
    readers = _axes_of_readers(template, library.brand.localised(job.target.locale, job.target.market))
    ways = [(part.segment, part.axes) for part in parts]
    if len(parts) > 1:
        ways.append((ANYBODY_ELSE, ()))
    for segment, variants in ways:
        axes = (*variants, *readers)
        yield MatrixPlan(job.target.locale, segment, template, axes, tuple(combinations(axes, most)))


def _together(library: ContentLibrary, parts: Sequence[_Part]) -> dict[str, SlotChoice]:
    """The slots of a conditional email: those of each segment, and evergreen content for anybody else."""
    jobs = [job for part in parts for job in part.jobs]
    by_kind, contents = contents_for_anybody_else(library, jobs)
    rest = {kind: _filled(by_kind[kind], content) for kind, content in contents.items()}
    asked = [slot.kind for slot in jobs[0].brief.slots]
    return {
        kind: SlotChoice(
            tuple((InSegment(part.segment), part.choices.get(kind)) for part in parts), rest.get(kind)
        )
        for kind in asked
        if any(kind in part.choices for part in parts)
    }


def matrix_email(plan: MatrixPlan) -> MatrixEmail:
    """Render one email in all its combinations."""
    work = partial(rendered, plan.template, plan.axes, segments=frozenset({plan.segment}))
    found = [fault for part in on_all_processors(work, plan.picked) for fault in part]
    firsts: dict[tuple[str, str, str], MatrixFault] = {}
    for item in found:
        firsts.setdefault((item.fault.what, item.fault.part, item.fault.shown), item)
    return MatrixEmail(
        locale=plan.locale,
        segment=plan.segment,
        axes=plan.axes,
        product=math.prod(len(axis.values) for axis in plan.axes),
        rendered=len(plan.picked),
        faults=tuple(firsts.values()),
        count=Counter(item.fault.what for item in found),
    )


def _axes_of_readers(template: EmailTemplate, brand: Brand) -> list[Axis]:
    """What readers' data may be: each variable, also with each value that a condition asks for, and how full
    each list is.
    """
    needed, compared = variables_of(template.nodes), compared_in(template.nodes)
    axes = [
        variable_axis(
            name, tuple(dict.fromkeys((*brand.variables[name].examples[:2], *compared.get(name, ()))))
        )
        for name in sorted(needed & brand.variables.keys())
    ]
    pictures = Pictures(brand, brand.assets.hosted_base)
    for name in sorted(needed & brand.lists.keys()):
        full = sample_values(brand.lists[name], pictures, ShownItems.FULL)
        axes.append(list_axis(name, full))
    return axes


def _contents(desk: Desk, library: ContentLibrary, slot: SlotOptions) -> list[SlotContent | None]:
    if slot.chosen is not None:
        return [content_of_arm(desk, library, arm) for arm in slot.chosen.arms]
    ready: list[SlotContent | None] = [option.content for option in slot.ready]
    if not slot.job.kind.required:
        ready.append(None)
    if not ready:
        raise Conflict(
            f"{' '.join(slot.job.key)}: nothing can ship here yet",
            f"copydesk brief status {slot.job.brief.id} says what is missing",
        )
    return ready


def _filled(job: SlotJob, content: SlotContent) -> FilledSlot:
    return FilledSlot(
        kind=job.kind.id,
        copy_fields=dict(content.copy_fields),
        link=job.target.links[job.request.link] if job.request.link else None,
        image=job.request.image or content.image,
        feed=job.feed,
        products_from=job.request.products_from,
        facts=job.facts,
    )


def lines_of(email: MatrixEmail) -> Iterator[str]:
    """What was found, in words."""
    how = "every pair of choices" if email.pairwise else "every combination"
    who = email.segment or "anybody else"
    yield f"{email.locale} {who}: {email.rendered:,} of {email.product:,} rendered ({how})"
    for item in email.faults:
        fault = item.fault
        where = ", ".join(f"{name}={label}" for name, label in item.combination.items())
        yield f"  {fault.part}: {fault.what}: '{fault.shown}' with {where}"
