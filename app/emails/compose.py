"""Composing an email from filled slots: one composition, with an entry for each kind of caller."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from babel import Locale
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from app.blocks.registry import KINDS, REQUIRED
from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.brief.models import Target
from app.emails.allow_list import check_mjml
from app.emails.content import Block, Filler, Mark, Pictures, Words
from app.emails.escape import finalize, refuse_foreign
from app.emails.mandatory import mandatory_parts
from app.emails.models import ComposedEmail, FilledSlot, PreviewEmail
from app.emails.palette import theme_of
from app.emails.plain_text import plain_text
from app.emails.product_list import ShownItems, filled_rows
from app.emails.sandbox import DataSandbox
from app.errors import RenderError

LAYOUT = "_layout/layout.mjml"
IMAGES = "images/"
LINKS_PAGE = "links.html"
PREHEADER_LENGTH = 140
"""Inboxes show up to about this much after the subject; the rest is filled, so that no body text shows."""
_FILLER = Markup("&#8199;&#847;")


@dataclass(frozen=True)
class Setting:
    """How one path differs from the other: the marking, and where links lead."""

    note: tuple[str, ...]
    unsubscribe: str
    preferences: str
    as_of: dt.datetime
    """When the email is sent."""


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
    """An unapproved email for people to look at, in the words of its language and market.

    `partials` is the folder blocks/ with the MJML files. `items` says how many sample items stand for a list
    that the sending platform keeps; without any its block is left out.
    A block of products whose feed is missing or older than its lifetime when the email is sent is left out.
    Slots stand in their order with the footer last. A required kind without a slot is one that the brief
    holds: the preview names it as open. Raises RenderError naming block, field and token when a value is
    missing, and when the composition holds anything that an email may not hold.
    """
    brand = brand.localised(target.locale, target.market)
    left_out = tuple(slot.kind for slot in slots if not _fed(slot, target.window.send_at))
    empty = {slot.kind for slot in slots if slot.products_from is not None and items is ShownItems.NONE}
    slots = [slot for slot in slots if slot.kind not in left_out and slot.kind not in empty]
    filled = {slot.kind for slot in slots}
    open_kinds = tuple(kind for kind in REQUIRED if kind not in filled)
    note = (segment_name, target.locale, *(f"open: {kind}" for kind in open_kinds))
    for part in note:
        refuse_foreign(part, "preview note")
    if facts.locale != target.locale:
        raise RenderError(f"the facts are for '{facts.locale}', the email is for '{target.locale}'")
    links = f"{LINKS_PAGE}#unsubscribe", f"{LINKS_PAGE}#preferences"
    setting = Setting(note, *links, target.window.send_at)
    rows = partial(filled_rows, shown=items)
    filler = Filler(brand, journey, facts, Pictures(brand, IMAGES), rows=rows)
    blocks = [filler.block(slot) for slot in _in_order(slots)]
    composed = compose(filler, _inbox(filler, slots), blocks, partials, setting)
    return PreviewEmail(
        composed=composed, segment_name=segment_name, open_kinds=open_kinds, left_out=left_out
    )


def compose(
    filler: Filler,
    inbox: tuple[Words, Words],
    blocks: Sequence[Block | Mark],
    partials: Path,
    setting: Setting,
) -> ComposedEmail:
    """The checked MJML and the text of an email: subject and preheader, then the blocks in their order.

    Raises RenderError when the composition holds anything that an email may not hold.
    """
    brand, pictures, locale = filler.brand, filler.pictures, filler.facts.locale
    refuse_foreign(brand.identity.name, "brand, name")
    subject, preheader = inbox
    shown = [block for block in blocks if isinstance(block, Block)]
    mandatory = mandatory_parts(
        filler, shown, setting.as_of, unsubscribe=setting.unsubscribe, preferences=setting.preferences
    )
    context: dict[str, object] = {
        "lang": locale,
        **_direction(locale),
        "theme": theme_of(brand.identity.design),
        "brand_name": brand.identity.name,
        "logo": pictures.default("logo"),
        "logo_dark": pictures.default("logo_dark"),
        "subject": subject,
        "preheader": preheader,
        "padding": _FILLER * max(0, PREHEADER_LENGTH - len(preheader.plain)),
        "blocks": blocks,
        "mandatory": mandatory,
        "preview_note": setting.note,
    }
    mjml = _template(partials, context)
    check_mjml(mjml, preview=bool(setting.note))
    return ComposedEmail(
        subject=subject.plain,
        preheader=preheader.plain,
        mjml=mjml,
        text=plain_text(blocks, mandatory, " / ".join(setting.note)),
        images=tuple(pictures.used[name] for name in sorted(pictures.used)),
    )


def _inbox(filler: Filler, slots: Sequence[FilledSlot]) -> tuple[Words, Words]:
    slot = next((slot for slot in slots if slot.kind == "subject"), None)
    if slot is None:
        return filler.words("(no subject yet)", "subject", "subject"), filler.words(
            "", "subject", "preheader"
        )
    block = filler.block(slot)
    return block.fields["subject"], block.fields["preheader"]


def _fed(slot: FilledSlot, as_of: dt.datetime) -> bool:
    """Whether what the block shows is fresh: products, prices and pictures of an old feed are not shown."""
    kind = KINDS.get(slot.kind)
    if kind is None or not kind.feed or kind.required or slot.products_from is not None:
        return True
    return slot.feed is not None and slot.feed.fresh_at(as_of)


def _in_order(slots: Sequence[FilledSlot]) -> list[FilledSlot]:
    body = [slot for slot in slots if slot.kind != "subject"]
    return sorted(body, key=lambda slot: slot.kind == "footer")


@lru_cache(maxsize=128)
def _direction(locale: str) -> dict[str, str]:
    rtl = Locale.parse(locale, sep="-").text_direction == "rtl"
    return (
        {"dir": "rtl", "start": "right", "end": "left"}
        if rtl
        else {"dir": "ltr", "start": "left", "end": "right"}
    )


@lru_cache(maxsize=8)
def _environment(partials: Path) -> DataSandbox:
    return DataSandbox(
        loader=FileSystemLoader(partials),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _template(partials: Path, context: dict[str, object]) -> str:
    try:
        return _environment(partials).get_template(LAYOUT).render(context)
    except TemplateError as error:
        name = getattr(error, "name", None) or LAYOUT
        raise RenderError(f"template '{name}': {error.message}", "see blocks/") from error
