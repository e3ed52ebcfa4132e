"""Previews for people to look at before anything is approved: the template of the email, marked and filled.

A preview is composed as what is exported is. It differs in its marking, in the slots that may still be open,
and in that its pictures and pages lie beside it.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.blocks.registry import KINDS, REQUIRED
from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.brief.models import Target
from app.dialects.filling import Person, fill
from app.dialects.nodes import Page, fields_of
from app.emails.compose import Setting
from app.emails.content import Filler, Pictures
from app.emails.escape import refuse_foreign
from app.emails.markers import Markers
from app.emails.models import FilledSlot, PreviewPaths, RenderedPreview
from app.emails.package import filled
from app.emails.product_list import ShownItems, row_writer, sample_values
from app.emails.template import EmailTemplate, compiled, writer
from app.errors import RenderError, StorageError

IMAGES = "images/"
LINKS_PAGE = Path(__file__).parent / "templates" / "links.html"
PAGES = {page: f"{LINKS_PAGE.name}#{page.value}" for page in (Page.UNSUBSCRIBE, Page.PREFERENCES)}
"""Where the platform's pages lead in a preview: to a page beside it that says what they are."""
NO_FEED = "the product feed is missing, or older than its lifetime when the email is sent"
NOBODY = Person()
"""Of whom nothing is known: every variable shows its fallback, and lists the sample items of the email."""


@dataclass(frozen=True)
class PreviewEmail:
    """A template for people to look at: not approved, marked as such, and never accepted by export.

    `open_kinds` are the required kinds that no slot filled, because the brief holds them; `left_out` are the
    kinds that have copy and no fresh product feed. `lists` are the sample items that stand for lists of the
    reader's own.
    """

    template: EmailTemplate
    open_kinds: tuple[str, ...]
    left_out: tuple[str, ...]
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


def compose_preview(  # noqa: PLR0917
    brand: Brand,
    journey: str,
    segment_name: str,
    target: Target,
    facts: FactSheet,
    slots: Sequence[FilledSlot],
    *,
    partials: Path,
    items: ShownItems = ShownItems.FULL,
) -> PreviewEmail:
    """An unapproved email, in the words of its language and market.

    `partials` is the folder blocks/ with the MJML files. `items` says how many sample items stand for a list
    that the sending platform keeps; without any its block is left out.
    A block of products whose feed is missing or older than its lifetime when the email is sent is left out.
    Slots stand in their order with the footer last. A required kind without a slot is one that the brief
    holds: the preview names it as open. Raises RenderError naming block, field and token when a value is
    missing, and when the composition holds anything that an email may not hold.
    """
    brand = brand.localised(target.locale, target.market)
    shown = {slot.kind: slot for slot in slots if _fed(slot, target)}
    left_out = tuple(slot.kind for slot in slots if slot.kind not in shown)
    open_kinds = tuple(kind for kind in REQUIRED if kind not in shown)
    note = (segment_name, target.locale, *(f"open: {kind}" for kind in open_kinds))
    for part in note:
        refuse_foreign(part, "preview note")
    if facts.locale != target.locale:
        raise RenderError(f"the facts are for '{facts.locale}', the email is for '{target.locale}'")
    marks = Markers(brand.hash, journey, target, facts, slots, note)
    pages = marks.page(Page.UNSUBSCRIBE), marks.page(Page.PREFERENCES)
    setting = Setting(note, *pages, target.window.send_at)
    pictures = Pictures(brand, IMAGES)
    filler = Filler(brand, journey, facts, pictures, writer(marks), rows=row_writer(marks))
    template = compiled(filler, shown, marks, partials, setting)
    lists = {name: sample_values(brand.lists[name], pictures, items) for name in fields_of(template.nodes)}
    return PreviewEmail(template, open_kinds, left_out, lists)


def render_preview(email: PreviewEmail, person: Person = NOBODY) -> RenderedPreview:
    """What a synthetic person would read; without one, the fallbacks stand for all variables. A list that the
    person does not have is shown with the samples of the email.
    """
    template, person = email.template, replace(person, values={**email.lists, **person.values}, pages=PAGES)
    seen = filled(template, person)
    return RenderedPreview(
        subject=seen.subject,
        preheader=seen.preheader,
        mjml=fill(template.source, person),
        html=seen.html,
        text=seen.text,
        images=tuple(image for image in template.images if f"{IMAGES}{image.name}" in seen.html),
        warnings=(*template.warnings, *(f"{kind}: left out, {NO_FEED}" for kind in email.left_out)),
    )


def _fed(slot: FilledSlot, target: Target) -> bool:
    """Whether what the block shows is fresh: products, prices and pictures of an old feed are not shown."""
    kind = KINDS.get(slot.kind)
    if kind is None or not kind.feed or kind.required or slot.products_from is not None:
        return True
    return slot.feed is not None and slot.feed.fresh_at(target.window.send_at)


def write_preview(email: RenderedPreview, folder: Path) -> PreviewPaths:
    """Write email.html, email.txt, email.mjml, links.html and images/ into `folder`, making it if needed."""
    html, text, mjml = (folder / f"email.{suffix}" for suffix in ("html", "txt", "mjml"))
    images = tuple(folder / "images" / image.name for image in email.images)
    for image in email.images:
        if not image.source.is_file():
            raise RenderError(f"image file '{image.source.name}' is not there")
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        html.write_text(email.html, encoding="utf-8")
        text.write_text(email.text, encoding="utf-8")
        mjml.write_text(email.mjml, encoding="utf-8")
        shutil.copyfile(LINKS_PAGE, folder / LINKS_PAGE.name)
        for image, path in zip(email.images, images, strict=True):
            shutil.copyfile(image.source, path)
    except OSError as error:
        raise StorageError(f"the preview was not written to {folder}: {error.strerror}") from error
    return PreviewPaths(html=html, text=text, mjml=mjml, images=images)
