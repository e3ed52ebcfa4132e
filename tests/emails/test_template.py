"""Templates: one composition, with nodes where the sending platform fills something in."""

import html
import re
from collections.abc import Mapping
from typing import Any

import jinja2
import pytest

from app.brand.brand import Brand
from app.dialects.dialect import Names
from app.dialects.filling import PAGES, Person, fill
from app.dialects.nodes import (
    HasValue,
    InSegment,
    Nodes,
    Page,
    Place,
    Test,
    fields_of,
    pages_of,
    segments_of,
    variables_of,
)
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from app.emails.models import FilledSlot
from app.emails.output_check import check_html
from app.emails.template import EmailTemplate, SlotChoice, compile_template
from app.errors import RenderError, UsageError
from tests.emails.sample import (
    LISTED,
    PARTIALS,
    all_slots,
    listing,
    sample_facts,
    sample_slot,
    sample_target,
)

HOSTED = "https://images.fernhill.example/mail/"
NAMES = Names({"person.first_name": "first_name"}, {"regulars": ("group", "regulars")})
REGULARS = InSegment("regulars")
NAMED = HasValue("person.first_name")
PEOPLE: Mapping[str, tuple[dict[str, Any], bool]] = {
    "known": ({"first_name": "Jo"}, False),
    "regular": ({"first_name": "Jo"}, True),
    "nobody": ({}, False),
    "null": ({"first_name": None}, True),
    "empty": ({"first_name": ""}, False),
    "blank": ({"first_name": " \t"}, True),
    "hostile": ({"first_name": '<img src=x onerror="x">{{ 7*7 }}'}, True),
}


def compiled(brand: Brand, *, own_footer: bool = True, **choices: SlotChoice) -> EmailTemplate:
    slots = {slot.kind: SlotChoice(otherwise=slot) for slot in all_slots()}
    return compile_template(
        brand,
        "welcome",
        sample_target(),
        sample_facts(),
        {**slots, **choices},
        partials=PARTIALS,
        images=HOSTED,
        own_footer=own_footer,
    )


def conditional(test: Test, slot: FilledSlot | None, otherwise: FilledSlot | None) -> SlotChoice:
    return SlotChoice(((test, slot),), otherwise)


def by_engine(nodes: Nodes, place: Place, data: Mapping[str, Any]) -> str:
    engine = jinja2.Environment(keep_trailing_newline=True, autoescape=False)  # noqa: S701 - tags escape
    pages = {"unsubscribe_url": PAGES[Page.UNSUBSCRIBE], "preferences_url": PAGES[Page.PREFERENCES]}
    return engine.from_string(Printer(dialect("jinja"), NAMES).print(nodes, place)).render(**data, **pages)


@pytest.fixture
def template(brand: Brand) -> EmailTemplate:
    """An email with a condition on a variable, one on a segment, and one that leaves a slot out."""
    return compiled(
        brand,
        subject=conditional(
            REGULARS,
            sample_slot("subject", subject="Welcome back, {person.first_name}"),
            sample_slot("subject"),
        ),
        hero=conditional(
            NAMED, sample_slot("hero"), sample_slot("hero", headline="Good to see you", body="Come in.")
        ),
        recommendations=conditional(REGULARS, None, sample_slot("recommendations")),
    )


@pytest.mark.parametrize("who", PEOPLE)
def test_an_engine_shows_what_the_preview_shows(template: EmailTemplate, who: str) -> None:
    values, regular = PEOPLE[who]
    person = Person(
        {f"person.{name}": value for name, value in values.items()},
        frozenset({"regulars"} if regular else ()),
    )
    data = {**values, **({"group": "regulars"} if regular else {})}
    for nodes, place in (
        (template.html, Place.TEXT),
        (template.text, Place.PLAIN),
        (template.subject, Place.PLAIN),
        (template.preheader, Place.PLAIN),
    ):
        assert html.unescape(by_engine(nodes, place, data)) == html.unescape(fill(nodes, person))


@pytest.mark.parametrize("who", PEOPLE)
def test_every_branch_is_a_whole_email(template: EmailTemplate, who: str) -> None:
    values, regular = PEOPLE[who]
    person = Person(
        {f"person.{name}": value for name, value in values.items()},
        frozenset({"regulars"} if regular else ()),
    )
    shown = fill(template.html, person)
    check_html(shown)
    opened, closed = (len(re.findall(tag, shown)) for tag in ("<table", "</table>"))
    assert opened == closed
    assert "cdmark" not in shown
    assert "cdmark" not in fill(template.text, person)
    assert ("Walking pot" in shown) is not regular


def test_what_a_template_needs_is_known(template: EmailTemplate) -> None:
    assert variables_of(template.nodes) == {"person.first_name"}
    assert segments_of(template.nodes) == {"regulars"}
    assert pages_of(template.nodes) == {Page.UNSUBSCRIBE, Page.PREFERENCES}


def test_the_same_content_has_the_same_hash_and_other_content_another(brand: Brand) -> None:
    assert compiled(brand).hash == compiled(brand).hash
    other = SlotChoice(otherwise=sample_slot("hero", headline="Good to see you"))
    assert compiled(brand, hero=other).hash != compiled(brand).hash


def test_a_line_that_does_not_differ_has_no_condition(brand: Brand) -> None:
    alike = conditional(REGULARS, sample_slot("subject", subject="Other"), sample_slot("subject"))
    template = compiled(brand, subject=alike)
    assert segments_of(template.subject) == {"regulars"}
    assert segments_of(template.preheader) == frozenset()


def test_where_the_platform_adds_the_footer_the_layout_prints_none(brand: Brand) -> None:
    template = compiled(brand, own_footer=False)
    assert not pages_of(template.nodes)
    address = brand.identity.postal_address
    assert address not in fill(template.text, Person())
    assert address in fill(compiled(brand).text, Person())


def test_pictures_are_where_they_are_hosted(brand: Brand) -> None:
    shown = fill(compiled(brand).html, Person())
    assert set(re.findall(r'src="([^"]*)"', shown)) == {
        f"{HOSTED}{name}.png" for name in ("logo", "hero", "tip", "pot")
    }


def test_without_a_hosted_address_there_is_no_template(brand: Brand) -> None:
    slots = {slot.kind: SlotChoice(otherwise=slot) for slot in all_slots()}
    with pytest.raises(RenderError, match="hosted"):
        compile_template(
            brand, "welcome", sample_target(), sample_facts(), slots, partials=PARTIALS, images="images/"
        )


def test_copy_cannot_hold_a_mark(brand: Brand) -> None:
    """Words that were marks in another email are only words."""
    found = re.search(r"cdmark\w+end", compiled(brand).mjml)
    assert found is not None
    stolen = f"See {found[0]} now"
    template = compiled(brand, hero=SlotChoice(otherwise=sample_slot("hero", headline=stolen)))
    assert stolen in fill(template.html, Person())


def test_a_subject_is_there_for_everybody(brand: Brand) -> None:
    with pytest.raises(RenderError, match="for everybody"):
        compiled(brand, subject=conditional(REGULARS, None, sample_slot("subject")))


def test_an_unmapped_name_is_refused_with_the_nearest_known_one(brand: Brand) -> None:
    names = Names({"person.firstname": "first_name"})
    with pytest.raises(UsageError, match=r"where 'person\.first_name' is") as refused:
        Printer(dialect("jinja"), names).print(compiled(brand).html)
    assert "person.firstname" in refused.value.hint


def test_a_list_is_a_loop_below_its_heading_and_both_are_left_out_where_it_is_empty(brand: Brand) -> None:
    template = compiled(listing(brand), recommendations=SlotChoice(otherwise=LISTED))
    assert fields_of(template.nodes) == {"left_behind": frozenset({"name", "link", "image", "price"})}
    heading = LISTED.copy_fields["heading"]
    items = [{"name": "Mug & lid", "link": "https://x.example/?a=1&b=2", "price": " "}, {}, {"name": "No"}]
    for nodes, cut in (
        (template.html, "Mug &amp; lid"),
        (template.text, "* Mug & lid\nhttps://x.example/?a=1&b=2"),
    ):
        shown = fill(nodes, Person({"left_behind": items}))
        assert heading in html.unescape(shown)
        assert cut in shown
        assert "Your choice" in shown
        assert "No<" not in shown
        for empty in (Person(), Person({"left_behind": None}), Person({"left_behind": []})):
            left_out = fill(nodes, empty)
            assert heading not in html.unescape(left_out)
            assert "Your choice" not in left_out
    assert 'href="https://x.example/?a=1&amp;b=2"' in fill(template.html, Person({"left_behind": items}))


def test_a_list_under_a_condition_stands_where_both_hold(brand: Brand) -> None:
    template = compiled(
        listing(brand), recommendations=conditional(REGULARS, LISTED, sample_slot("recommendations"))
    )
    person = Person({"left_behind": [{"name": "Mug"}]}, frozenset({"regulars"}))
    assert "* Mug\n" in fill(template.text, person)
    assert "* Mug\n" not in fill(template.text, Person({"left_behind": [{"name": "Mug"}]}))


def test_without_prices_or_pictures_an_item_has_none(brand: Brand) -> None:
    plain = listing(
        brand,
        price=False,
        fallbacks={"name": "Your choice", "link": "https://fernhill.example/cart"},
        samples=[{"name": "Mug"}, {}],
    )
    template = compiled(plain, recommendations=SlotChoice(otherwise=LISTED))
    assert fields_of(template.nodes) == {"left_behind": frozenset({"name", "link"})}


def test_a_list_that_the_brand_does_not_have_is_refused_with_the_nearest(brand: Brand) -> None:
    strange = LISTED.model_copy(update={"products_from": "left_behnd"})
    with pytest.raises(RenderError, match="has no list of products 'left_behnd'") as refused:
        compiled(listing(brand), recommendations=SlotChoice(otherwise=strange))
    assert refused.value.hint == "did you mean 'left_behind'?"
