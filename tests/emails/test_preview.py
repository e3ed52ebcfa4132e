"""A preview is the template that is exported, marked and filled."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jinja2
import pytest

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.dialects.dialect import ListNames, Names
from app.dialects.filling import Person
from app.dialects.nodes import Page
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from app.emails.models import FilledSlot, RenderedPreview
from app.emails.package import Printed, printed
from app.emails.plain_text import RULE
from app.emails.preview import IMAGES, PAGES, render_preview
from app.emails.product_list import ShownItems
from app.emails.template import compile_template
from app.errors import RenderError
from tests.emails.sample import (
    LISTED,
    PARTIALS,
    all_slots,
    listing,
    preview_of,
    sample_facts,
    sample_slot,
    sample_target,
)

HOSTED = "https://images.fernhill.example/mail/"
CALLED = {"name": "title", "link": "url", "image": "picture", "price": "cost"}
NAMES = Names({"person.first_name": "first_name"}, lists={"left_behind": ListNames("basket", fields=CALLED)})
SECTION = (
    '<!--[if mso | IE]><table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center"'
)
PEOPLE: Mapping[str, dict[str, Any]] = {
    "nobody": {},
    "known": {"first_name": "Jo"},
    "long": {"first_name": "Wilhelmina Henrietta Alexandrina of the Upper Valley"},
    "blank": {"first_name": "  "},
    "null": {"first_name": None},
}
BASKETS: Mapping[ShownItems, list[dict[str, str]]] = {
    ShownItems.FULL: [{"title": "Mug", "cost": "$9", "picture": f"{HOSTED}pot.png"}, {}],
    ShownItems.ONE: [{"title": "Mug", "cost": "$9", "picture": f"{HOSTED}pot.png"}],
    ShownItems.NONE: [],
}
"""The sample items as a platform has them."""
HOSTILE = {"first_name": '<img src=x onerror="x"> & {{ 7*7 }} O\'Hara'}


def exported(brand: Brand, slots: list[FilledSlot]) -> Printed:
    """The template as it is exported for a sender of one's own."""
    choices = {slot.kind: slot for slot in slots}
    template = compile_template(
        brand, "welcome", sample_target(), sample_facts(), choices, partials=PARTIALS, images=HOSTED
    )
    return printed(template, Printer(dialect("jinja"), NAMES))


def by_jinja(text: str, values: Mapping[str, Any]) -> str:
    engine = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - tags escape
    pages = {"unsubscribe_url": PAGES[Page.UNSUBSCRIBE], "preferences_url": PAGES[Page.PREFERENCES]}
    return engine.from_string(text).render(**values, **pages)


def seen_by(brand: Brand, slots: list[FilledSlot], values: Mapping[str, Any]) -> RenderedPreview:
    person = Person({f"person.{name}": value for name, value in values.items()})
    return render_preview(preview_of(brand, slots), person)


def unmarked(preview: RenderedPreview) -> tuple[str, str]:
    """HTML and text of a preview without what makes it one: its marking, and that pictures lie beside it."""
    page = re.sub(
        r'<meta (?:name="copydesk-status"|name="robots"|http-equiv="Content-Sec)[^>]*>', "", preview.html
    )
    ribbon = page.index("Preview - not approved")
    begin, end = page.rindex(SECTION, 0, ribbon), page.index(SECTION, ribbon)
    page = page[:begin] + page[end:]
    return page.replace(f'"{IMAGES}', f'"{HOSTED}'), preview.text.split(f"{RULE}\n\n", 1)[1]


@pytest.mark.parametrize("who", PEOPLE)
def test_a_preview_without_its_marking_is_the_exported_template_rendered_by_jinja(
    brand: Brand, who: str
) -> None:
    slots, values = all_slots(), PEOPLE[who]
    preview, template = seen_by(brand, slots, values), exported(brand, slots)
    assert preview.subject == by_jinja(template.subject, values)
    assert preview.preheader == by_jinja(template.preheader, values)
    page, text = unmarked(preview)
    assert page == by_jinja(template.html, values)
    assert text == by_jinja(template.text, values)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "subject"])
def test_this_holds_for_an_email_without_a_kind(brand: Brand, kind: str) -> None:
    slots = [slot for slot in all_slots() if slot.kind != kind]
    page, text = unmarked(seen_by(brand, slots, {}))
    template = exported(brand, slots)
    assert (page, text) == (by_jinja(template.html, {}), by_jinja(template.text, {}))


def with_list() -> list[FilledSlot]:
    return [LISTED if slot.kind == LISTED.kind else slot for slot in all_slots()]


@pytest.mark.parametrize("items", ShownItems)
def test_this_holds_for_an_email_with_a_list_however_full_it_is(brand: Brand, items: ShownItems) -> None:
    listed, slots = listing(brand), with_list()
    page, text = unmarked(render_preview(preview_of(listed, slots, items=items)))
    template, values = exported(listed, slots), {"basket": BASKETS[items]}
    assert page == by_jinja(template.html, values)
    assert text == by_jinja(template.text, values)


def test_lists_are_shown_full_unless_asked_otherwise(brand: Brand) -> None:
    listed, slots = listing(brand), with_list()
    preview = render_preview(preview_of(listed, slots))
    assert preview == render_preview(preview_of(listed, slots, items=ShownItems.FULL))
    assert "* Mug, $9\n" in preview.text
    assert "* Your choice\n" in preview.text
    assert "pot.png" in [image.name for image in preview.images]


def test_a_preview_with_an_empty_list_has_neither_its_block_nor_its_pictures(brand: Brand) -> None:
    preview = render_preview(preview_of(listing(brand), with_list(), items=ShownItems.NONE))
    assert LISTED.copy_fields["heading"] not in preview.html + preview.text
    assert "pot.png" not in [image.name for image in preview.images]


def test_a_person_whose_list_is_known_sees_that(brand: Brand) -> None:
    person = Person({"left_behind": [{"name": "Kettle"}]})
    preview = render_preview(preview_of(listing(brand), with_list()), person)
    assert "* Kettle\n" in preview.text
    assert "Mug" not in preview.text


def test_hostile_values_show_as_the_engine_shows_them(brand: Brand) -> None:
    """Jinja2 writes quotes with other references; readers see the same."""
    page, text = unmarked(seen_by(brand, all_slots(), HOSTILE))
    template = exported(brand, all_slots())
    assert html.unescape(page) == html.unescape(by_jinja(template.html, HOSTILE))
    assert text == by_jinja(template.text, HOSTILE)
    assert "<img src=x" not in page


def test_the_mjml_of_a_preview_is_filled_too(brand: Brand) -> None:
    preview = seen_by(brand, all_slots(), {"first_name": "Jo"})
    assert "Good to see you, Jo" in preview.mjml
    assert "links.html#unsubscribe" in preview.mjml
    assert "cdmark" not in preview.mjml + preview.html + preview.text


def test_a_slot_that_is_open_is_named_in_the_marking(brand: Brand) -> None:
    preview = seen_by(brand, [sample_slot("hero")], {})
    assert preview.subject == "(no subject yet)"
    assert all(f"open: {kind}" in preview.html for kind in ("subject", "cta", "footer"))
    assert "open: subject / open: cta" in " ".join(preview.text.split())


def test_a_fallback_with_the_syntax_of_a_platform_is_refused(brand: Brand) -> None:
    name = "person.first_name"
    variable = brand.variables[name].model_copy(update={"fallback": "{{ x }}"})
    broken = replace(brand, variables={name: variable})
    with pytest.raises(RenderError, match=r"fallback of '\{person.first_name\}': '\{' is template syntax"):
        preview_of(broken, all_slots())
