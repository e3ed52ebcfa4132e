"""An email as a template: composed and rendered once, with marks for what only the sending platform knows.

The finished template holds every word and value, and nodes for variables, conditions and pages. What is
exported is a template in a dialect, and every preview is one filled with a synthetic person: no email is
composed in another way.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.models import Disclosure, Variable
from app.brief.facts import FactSheet
from app.brief.models import Target
from app.dialects.nodes import HasItems, Nodes, Page, Test
from app.emails.compose import Setting, compose
from app.emails.content import Block, Filler, Mark, Pictures, VariableWriter, Words
from app.emails.disclosing import Due, either, fork, marked
from app.emails.escape import refuse_foreign
from app.emails.mandatory import applies
from app.emails.markers import Markers
from app.emails.mjml_render import mjml_to_html
from app.emails.models import FilledSlot, ImageFile
from app.emails.product_list import row_writer
from app.errors import RenderError

SUBJECT = "subject"
NO_SUBJECT = "(no subject yet)"
"""Stands in previews for a subject that the brief holds; what is exported has one."""


@dataclass(frozen=True)
class SlotChoice:
    """What stands in one slot: that of the first test that holds, else `otherwise`; None leaves it out, and
    what stands there may have conditions of its own.
    """

    when: tuple[tuple[Test, "Standing"], ...] = ()
    otherwise: "Standing" = None


Standing = FilledSlot | SlotChoice | None
"""What stands in a slot for some readers."""


@dataclass(frozen=True)
class EmailTemplate:
    """A finished email with nodes where the platform fills something in. `mjml` holds the marks as words."""

    locale: str
    subject: Nodes
    preheader: Nodes
    html: Nodes
    text: Nodes
    mjml: str
    source: Nodes
    """The MJML cut at its marks."""
    images: tuple[ImageFile, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 over everything that a reader could see, in any platform."""
        parts = (self.locale, self.subject, self.preheader, self.html, self.text)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @property
    def nodes(self) -> Nodes:
        """All nodes of all parts."""
        return (*self.subject, *self.preheader, *self.html, *self.text)


def compile_template(
    brand: Brand,
    journey: str,
    target: Target,
    facts: FactSheet,
    slots: Mapping[str, Standing],
    *,
    partials: Path,
    images: str,
    own_footer: bool = True,
    preferences: str | None = None,
) -> EmailTemplate:
    """The template of an email of these slots, by kind in their order.

    `images` is where the pictures are hosted. Without `own_footer` the platform prints address and
    unsubscribe link. `preferences` is a page in the place of the platform's own. Raises RenderError when
    something is missing, or not allowed in an email.
    """
    brand = brand.localised(target.locale, target.market)
    if not images.startswith("https://"):
        raise RenderError("the pictures have no address where they are hosted", "hosted_base of the assets")
    if slots.get(SUBJECT) is None:
        raise RenderError("the email has no subject")
    marks = Markers(brand.hash, journey, target, facts, slots, images, own_footer, preferences)
    pages = ("", "")
    if own_footer:
        pages = marks.page(Page.UNSUBSCRIBE), preferences or marks.page(Page.PREFERENCES)
    filler = Filler(brand, journey, facts, Pictures(brand, images), writer(marks), rows=row_writer(marks))
    return compiled(filler, slots, marks, partials, Setting((), *pages, target.window.send_at))


def compiled(
    filler: Filler, slots: Mapping[str, Standing], marks: Markers, partials: Path, setting: Setting
) -> EmailTemplate:
    """The slots composed, rendered, and cut at the marks. Raises RenderError."""
    inbox = _inbox(filler, slots.get(SUBJECT), marks)
    blocks = [part for kind in _in_order(slots) for part in _parts(filler, slots[kind], marks)]
    owed = _disclosures(filler, slots, marks, setting.as_of)
    composed = compose(filler, inbox, blocks, partials, setting, disclosures=owed)
    html, warnings = mjml_to_html(composed.mjml)
    return EmailTemplate(
        locale=filler.facts.locale,
        subject=marks.nodes(composed.subject, html=False),
        preheader=marks.nodes(composed.preheader, html=False),
        html=marks.nodes(html, html=True),
        text=marks.nodes(composed.text, html=False),
        mjml=composed.mjml,
        source=marks.nodes(composed.mjml, html=True),
        images=composed.images,
        warnings=warnings,
    )


def writer(marks: Markers) -> VariableWriter:
    """Writes a mark for each variable. Raises RenderError for a fallback that no email may show."""

    def write(variable: Variable) -> str:
        refuse_foreign(variable.fallback, f"fallback of '{{{variable.name}}}'")
        return marks.variable(variable.name, variable.fallback)

    return write


def _in_order(slots: Mapping[str, Standing]) -> list[str]:
    for kind in slots:
        if kind not in KINDS:
            raise RenderError(f"there is no block kind '{kind}'")
    return sorted((kind for kind in slots if kind != SUBJECT), key=lambda kind: kind == "footer")


def _inbox(filler: Filler, choice: Standing, marks: Markers) -> tuple[Words, Words]:
    if choice is None:
        return filler.words(NO_SUBJECT, SUBJECT, "subject"), filler.words("", SUBJECT, "preheader")
    return _line(filler, choice, "subject", marks), _line(filler, choice, "preheader", marks)


def _line(filler: Filler, standing: Standing, field: str, marks: Markers) -> Words:
    """One line of the inbox, with a condition only where readers would read something else."""
    if standing is None:
        raise RenderError("subject: is left out for some readers", "a subject for everybody")
    if isinstance(standing, FilledSlot):
        return filler.block(standing).fields[field]
    line, said = _line(filler, standing.otherwise, field, marks), _said(standing.otherwise, field)
    for test, slot in reversed(standing.when):
        if said is not None and _said(slot, field) == said:
            continue
        other, said = _line(filler, slot, field, marks), None
        begin, turn, end = marks.begin(test), marks.otherwise(), marks.end()
        line = Words(
            f"{begin}{other.plain}{turn}{line.plain}{end}",
            begin + other.html + turn + line.html + end,
        )
    return line


def _said(standing: Standing, field: str) -> str | None:
    return standing.copy_fields.get(field) if isinstance(standing, FilledSlot) else None


def _parts(filler: Filler, standing: Standing, marks: Markers) -> list[Block | Mark]:
    if standing is None:
        return []
    if isinstance(standing, FilledSlot):
        block = filler.block(standing)
        if standing.products_from is None:
            return [block]
        return [Mark(marks.begin(HasItems(standing.products_from))), block, Mark(marks.end())]
    parts = _parts(filler, standing.otherwise, marks)
    for test, slot in reversed(standing.when):
        turn = [Mark(marks.otherwise()), *parts] if parts else []
        parts = [Mark(marks.begin(test)), *_parts(filler, slot, marks), *turn, Mark(marks.end())]
    return parts


def _disclosures(
    filler: Filler, slots: Mapping[str, Standing], marks: Markers, as_of: dt.datetime
) -> list[Words | Mark]:
    """Each disclosure for those readers who see a block that calls for it, with the values of that block."""
    found: list[Words | Mark] = []
    for item in filler.brand.disclosures:

        def said(slot: FilledSlot, item: Disclosure = item) -> Words | None:
            if not applies(item, filler.journey, {SUBJECT, slot.kind}, as_of):
                return None
            return filler.with_facts(slot.facts).words(item.text, "disclosure", item.id)

        if applies(item, filler.journey, {SUBJECT}, as_of):
            found.append(filler.words(item.text, "disclosure", item.id))
        else:
            empty: Due = None
            found += marked(reduce(either, (_due(slots[kind], said) for kind in slots), empty), marks)
    return found


def _due(standing: Standing, said: Callable[[FilledSlot], Words | None]) -> Due:
    """What is said because of what stands in a slot."""
    if standing is None:
        return None
    if isinstance(standing, FilledSlot):
        words, items = said(standing), standing.products_from
        return words if items is None else fork(HasItems(items), words, None)
    due = _due(standing.otherwise, said)
    for test, slot in reversed(standing.when):
        due = fork(test, _due(slot, said), due)
    return due
