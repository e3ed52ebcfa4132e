"""Disclosures go to the readers who see what calls for them, and to nobody else."""

from dataclasses import replace

import pytest

from app.brand.brand import Brand
from app.brief.facts import NameFact, Role
from app.dialects.filling import Person, fill
from app.dialects.nodes import HasItems, HasValue, InSegment, Test
from app.emails.output_check import check_html
from app.emails.template import EmailTemplate, SlotChoice, Standing, compile_template
from tests.emails.sample import LISTED, PARTIALS, all_slots, listing, sample_facts, sample_slot, sample_target

TERMS = "Offer terms: "
REGULARS = InSegment("regulars")
NAMED = HasValue("person.first_name")
READERS = (
    Person({"person.first_name": "Jo"}),
    Person({}, frozenset({"regulars"})),
    Person({"person.first_name": "Jo"}, frozenset({"regulars"})),
    Person(),
)


def compiled(brand: Brand, **standing: Standing) -> EmailTemplate:
    slots = {slot.kind: slot for slot in all_slots()}
    return compile_template(
        brand,
        "welcome",
        sample_target(),
        sample_facts(),
        {**slots, **standing},
        partials=PARTIALS,
        images="https://images.fernhill.example/mail/",
    )


def called_for_by(brand: Brand, *kinds: str) -> Brand:
    """The brand with terms that these kinds call for."""
    changed = (
        item.model_copy(update={"kinds": kinds}) if item.id == "offer_terms" else item
        for item in brand.disclosures
    )
    return replace(brand, disclosures=tuple(changed))


def under(test: Test, kind: str) -> SlotChoice:
    return SlotChoice(((test, sample_slot(kind)),))


def other_than(test: Test, kind: str) -> SlotChoice:
    return SlotChoice(((test, None),), sample_slot(kind))


@pytest.mark.parametrize(
    ("offer", "proof", "due"),
    [
        (sample_slot("offer"), None, (1, 1, 1, 1)),
        (sample_slot("offer"), under(NAMED, "proof"), (1, 1, 1, 1)),
        (under(NAMED, "offer"), sample_slot("proof"), (1, 1, 1, 1)),
        (under(NAMED, "offer"), None, (1, 0, 1, 0)),
        (other_than(REGULARS, "offer"), None, (1, 0, 0, 1)),
        (SlotChoice(((NAMED, sample_slot("offer")),), sample_slot("offer")), None, (1, 1, 1, 1)),
        (under(NAMED, "offer"), under(REGULARS, "proof"), (1, 1, 1, 0)),
        (under(NAMED, "offer"), under(NAMED, "proof"), (1, 0, 1, 0)),
        (under(NAMED, "offer"), other_than(NAMED, "proof"), (1, 1, 1, 1)),
        (SlotChoice(((REGULARS, under(NAMED, "offer")),)), None, (0, 0, 1, 0)),
        (None, None, (0, 0, 0, 0)),
    ],
)
def test_a_disclosure_is_printed_once_for_whoever_sees_what_calls_for_it(
    brand: Brand, offer: Standing, proof: Standing, due: tuple[int, ...]
) -> None:
    template = compiled(called_for_by(brand, "offer", "proof"), offer=offer, proof=proof)
    for person, times in zip(READERS, due, strict=True):
        for nodes in (template.html, template.text):
            shown = fill(nodes, person)
            assert shown.count(TERMS) == times
            assert shown.count("Prices include tax.") == 1
            assert "cdmark" not in shown
        check_html(fill(template.html, person))


def test_one_that_everybody_reads_has_no_test(brand: Brand) -> None:
    both = SlotChoice(((REGULARS, sample_slot("offer", headline="For you")),), sample_slot("offer"))
    template = compiled(brand, offer=both)
    assert sum(TERMS in str(node) for node in template.text) == 1
    assert not any(TERMS in str(node) for node in template.text if hasattr(node, "test"))


def test_what_a_list_calls_for_is_not_printed_without_its_items(brand: Brand) -> None:
    template = compiled(called_for_by(listing(brand), "recommendations"), recommendations=LISTED)
    assert any(getattr(node, "test", None) == HasItems("left_behind") for node in template.html)
    assert TERMS in fill(template.text, Person({"left_behind": [{"name": "Mug"}]}))
    assert TERMS not in fill(template.text, Person())


def test_a_disclosure_says_the_values_of_the_block_that_calls_for_it(brand: Brand) -> None:
    """Two segments may have offers with values of their own."""
    told = tuple(
        item.model_copy(update={"text": "Offer terms: with {offer.code}."})
        if item.id == "offer_terms"
        else item
        for item in brand.disclosures
    )
    facts = sample_facts()
    code = NameFact(kind="code", role=Role.CODE, source="shop", value="OTHER20")
    others = facts.model_copy(update={"facts": {**facts.facts, "offer.code": code}})
    both = SlotChoice(
        ((REGULARS, sample_slot("offer").model_copy(update={"facts": others})),), sample_slot("offer")
    )
    template = compiled(replace(brand, disclosures=told), offer=both)
    regular, nobody = fill(template.text, READERS[1]), fill(template.text, READERS[3])
    assert "Offer terms: with OTHER20." in regular
    assert nobody.count(TERMS) == 1
    assert "OTHER20" not in nobody
