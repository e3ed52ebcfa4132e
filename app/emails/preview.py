"""Previews for people to look at before anything is approved: the template of the email, marked and filled.

A preview is composed as what is exported is. It differs in its marking, in the slots that may still be open,
and in that its pictures and pages lie beside it.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.blocks.registry import KINDS, REQUIRED
from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.brief.models import Target
from app.dialects.filling import Person, fill
from app.dialects.nodes import Page
from app.emails.compose import Setting
from app.emails.content import Filler, Pictures
from app.emails.escape import refuse_foreign
from app.emails.markers import Markers
from app.emails.models import FilledSlot, PreviewPaths, RenderedPreview
from app.emails.package import filled
from app.emails.template import EmailTemplate, compiled, writer
from app.errors import RenderError, StorageError

IMAGES = "images/"
LINKS_PAGE = Path(__file__).parent / "templates" / "links.html"
PAGES = {page: f"{LINKS_PAGE.name}#{page.value}" for page in (Page.UNSUBSCRIBE, Page.PREFERENCES)}
"""Where the platform's pages lead in a preview: to a page beside it that says what they are."""
NO_FEED = "the product feed is missing, or older than its lifetime when the email is sent"
NOBODY = Person()
"""Of whom nothing is known: every variable shows its fallback."""


@dataclass(frozen=True)
class PreviewEmail:
    """A template for people to look at: not approved, marked as such, and never accepted by export.

    `open_kinds` are the required kinds that no slot filled, because the brief holds them; `left_out` are the
    kinds that have copy and no fresh product feed.
    """

    template: EmailTemplate
    open_kinds: tuple[str, ...]
    left_out: tuple[str, ...]


def compose_preview(  # noqa: PLR0917
    brand: Brand,
    journey: str,
    segment_name: str,
    target: Target,
    facts: FactSheet,
    slots: Sequence[FilledSlot],
    *,
    partials: Path,
) -> PreviewEmail:
    """An unapproved email, in the words of its language and market.

    `partials` is the folder blocks/ with the MJML files.
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
    filler = Filler(brand, journey, facts, Pictures(brand, IMAGES), writer(marks))
    return PreviewEmail(compiled(filler, shown, marks, partials, setting), open_kinds, left_out)


def render_preview(email: PreviewEmail, person: Person = NOBODY) -> RenderedPreview:
    """What a synthetic person would read; without one, the fallbacks stand for all variables."""
    template, person = email.template, replace(person, pages=PAGES)
    seen = filled(template, person)
    return RenderedPreview(
        subject=seen.subject,
        preheader=seen.preheader,
        mjml=fill(template.source, person),
        html=seen.html,
        text=seen.text,
        images=template.images,
        warnings=(*template.warnings, *(f"{kind}: left out, {NO_FEED}" for kind in email.left_out)),
    )


def _fed(slot: FilledSlot, target: Target) -> bool:
    """Whether what the block shows is fresh: products, prices and pictures of an old feed are not shown."""
    kind = KINDS.get(slot.kind)
    if kind is None or not kind.feed or kind.required:
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
