"""Composing an email from its blocks: MJML and plain text, for what is exported and for previews alike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from app.emails.allow_list import check_mjml
from app.emails.content import Block, Filler, Mark, Words
from app.emails.escape import finalize, refuse_foreign
from app.emails.mandatory import mandatory_parts
from app.emails.models import ComposedEmail
from app.emails.palette import theme_of
from app.emails.plain_text import plain_text
from app.emails.sandbox import DataSandbox
from app.errors import RenderError

LAYOUT = "_layout/layout.mjml"
PREHEADER_LENGTH = 140
"""Inboxes show up to about this much after the subject; the rest is filled, so that no body text shows."""
_FILLER = Markup("&#8199;&#847;")


@dataclass(frozen=True)
class Setting:
    """What an email is besides its content: its marking, where its pages are, and when it is sent."""

    note: tuple[str, ...]
    """What the marking of a preview says; empty in what is exported, which has none."""
    unsubscribe: str
    preferences: str
    as_of: dt.datetime
    """When the email is sent."""


def compose(
    filler: Filler,
    inbox: tuple[Words, Words],
    blocks: Sequence[Block | Mark],
    partials: Path,
    setting: Setting,
    *,
    disclosures: Sequence[Words | Mark],
) -> ComposedEmail:
    """The checked MJML and the text of an email: subject and preheader, then the blocks in their order, and
    the disclosures that they call for.

    Raises RenderError when the composition holds anything that an email may not hold.
    """
    brand, pictures, locale = filler.brand, filler.pictures, filler.facts.locale
    refuse_foreign(brand.identity.name, "brand, name")
    subject, preheader = inbox
    mandatory = mandatory_parts(
        filler, disclosures, unsubscribe=setting.unsubscribe, preferences=setting.preferences
    )
    context: dict[str, object] = {
        "lang": locale,
        **_direction(locale),
        "theme": theme_of(brand.identity.design),
        "brand_name": brand.identity.name,
        "logo": pictures.default("logo"),
        "logo_dark": pictures.default("logo_dark"),
        "shaded": pictures.shaded,
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
