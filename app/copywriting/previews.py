"""A preview of one email of a stored brief: chosen drafts and blocks, or the best that is stored per slot."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.blocks.approved import ApprovedBlock
from app.brief.json_document import JsonDocument
from app.copywriting.desk import Desk
from app.copywriting.models import Strict
from app.db.service_tables import StoredBrief
from app.db.tables import DraftState
from app.emails.models import FilledSlot, RenderedPreview
from app.emails.preview import compose_preview, render_preview
from app.emails.product_list import ShownItems
from app.emails.qa.reader import email_of_preview
from app.emails.qa.report import QaReport, check_email
from app.errors import Conflict, ContentError, UsageError
from app.generation.kept_answers import content_of
from app.generation.plan import SlotJob, jobs_of
from app.release.content import SlotContent
from app.release.library import ContentLibrary
from app.yaml12 import nearest


class Choice(Strict):
    """What stands in one slot: a draft or an approved block by its id; neither leaves the slot out."""

    draft: str | None = None
    block: str | None = None


class UsedSlot(Strict):
    """What a preview shows in one slot; without draft and block the slot is empty."""

    kind: str
    draft: str | None
    block: str | None
    state: DraftState | None
    """Of the draft; a block is approved content."""


@dataclass(frozen=True)
class Preview:
    """A rendered preview with its parts, the required kinds that nothing fills yet, and its QA."""

    rendered: RenderedPreview
    used: tuple[UsedSlot, ...]
    open_kinds: tuple[str, ...]
    qa: QaReport


def preview_email(
    desk: Desk,
    stored: StoredBrief,
    *,
    locale: str,
    segment: str,
    choices: Mapping[str, Choice],
    items: ShownItems = ShownItems.FULL,
) -> Preview:
    """Compose and render one email. `items` says how full lists of the reader's own are shown.

    Raises ContentError for names that do not fit, NotFound for a draft that the brand does not have, Conflict
    for a brief that cannot be used, RenderError when a value is missing.
    """
    library = desk.library(stored.brand)
    jobs = _email_jobs(stored, library, locale, segment)
    if jobs[0].suppressed is not None and jobs[0].stopped:
        words = f"no email is made for '{jobs[0].segment.id}': {jobs[0].suppressed.words}"
        raise Conflict(words, "another segment, or other flags")
    _refuse_strange(jobs, choices)
    best = {slot.job.kind.id: slot.chosen for slot in desk.slots(stored, jobs, library)}
    filled: list[FilledSlot] = []
    used: list[UsedSlot] = []
    for job in jobs:
        kind = job.kind.id
        content: SlotContent | None = None
        if job.suppressed is not None:
            pass
        elif kind in choices:
            content = _chosen(desk, job, library, choices[kind])
        elif (found := best.get(kind)) is not None:
            content = found.content
        used.append(_used(kind, content))
        if content is not None:
            filled.append(_filled(job, content))
    job = jobs[0]
    composed = compose_preview(
        library.brand,
        job.brief.journey.value,
        job.segment.name,
        job.target,
        job.facts,
        filled,
        partials=desk.serving.partials,
        items=items,
    )
    rendered = render_preview(composed)
    brand = library.brand.localised(job.target.locale, job.target.market)
    qa = check_email(email_of_preview(rendered, brand, job.facts))
    return Preview(rendered, tuple(used), composed.open_kinds, qa)


def _email_jobs(stored: StoredBrief, library: ContentLibrary, locale: str, segment: str) -> list[SlotJob]:
    try:
        jobs = jobs_of(stored.content, library)
    except UsageError as error:
        raise Conflict(f"brief '{stored.id}' cannot be used as it is: {error.message}", error.hint) from error
    key = (locale, library.brand.aliases.get(segment, segment))
    asked = JsonDocument.of({})
    problems = [
        asked.problem((field,), f"brief '{stored.id}' has no {field} '{name}'", nearest(name, known))
        for place, (field, name) in enumerate(zip(("locale", "segment"), key, strict=True))
        if name not in (known := {job.key[place] for job in jobs})
    ]
    if problems:
        raise ContentError(problems)
    return [job for job in jobs if job.key[:2] == key]


def _refuse_strange(jobs: list[SlotJob], choices: Mapping[str, Choice]) -> None:
    """Kinds that the brief has no slot for, and slots that name both a draft and a block."""
    kinds = [job.kind.id for job in jobs]
    asked = JsonDocument.of({})
    problems = [
        asked.problem(("slots", kind), f"the brief has no slot '{kind}'", nearest(kind, kinds))
        for kind in choices
        if kind not in kinds
    ]
    problems += [
        asked.problem(("slots", kind), "names a draft and a block", "one of the two, or neither")
        for kind, choice in choices.items()
        if choice.draft is not None and choice.block is not None
    ]
    if problems:
        raise ContentError(problems)


def _chosen(desk: Desk, job: SlotJob, library: ContentLibrary, choice: Choice) -> SlotContent | None:
    kind, locale = job.kind.id, job.target.locale
    asked = JsonDocument.of({})
    if choice.draft is not None:
        draft = desk.drafts.find(choice.draft, [library.brand.id])
        if (draft.kind, draft.locale) != (kind, locale):
            words = f"draft {draft.id} is a '{draft.kind}' for {draft.locale}"
            raise ContentError([asked.problem(("slots", kind, "draft"), words, f"a '{kind}' for {locale}")])
        return content_of(draft, library)
    if choice.block is not None:
        placed = library.find(choice.block)
        fitting = [p.block.id for p in library.blocks if p.block.kind == kind and locale in p.block.locales]
        if placed is None or placed.block.id not in fitting:
            words = f"there is no approved '{kind}' block '{choice.block}' for {locale}"
            at = ("slots", kind, "block")
            raise ContentError([asked.problem(at, words, nearest(choice.block, fitting))])
        return SlotContent.of_block(placed.block)
    return None


def _used(kind: str, content: SlotContent | None) -> UsedSlot:
    source = content.source if content is not None else None
    if source is None:
        return UsedSlot(kind=kind, draft=None, block=None, state=None)
    if isinstance(source, ApprovedBlock):
        return UsedSlot(kind=kind, draft=None, block=source.id, state=None)
    return UsedSlot(kind=kind, draft=source.id, block=None, state=source.state)


def _filled(job: SlotJob, content: SlotContent) -> FilledSlot:
    request, target = job.request, job.target
    return FilledSlot(
        kind=job.kind.id,
        copy_fields=dict(content.copy_fields),
        link=target.links[request.link] if request.link else None,
        image=request.image or content.image,
        feed=job.feed,
        products_from=job.request.products_from,
    )
