"""Rendering every combination: branches of one template, and what readers should never see."""

import itertools

import pytest

from app.brand.brand import Brand
from app.dialects.filling import Person, fill
from app.emails.faults import faults_in
from app.emails.matrix import (
    BLANK,
    Axis,
    choice_of,
    combinations,
    rendered,
    slot_axis,
    slot_of,
    variable_axis,
)
from app.emails.models import FilledSlot
from app.emails.package import Printed, filled
from app.emails.template import EmailTemplate, SlotChoice, compile_template
from tests.emails.sample import PARTIALS, all_slots, sample_facts, sample_slot, sample_target

HEROES = [
    sample_slot("hero"),
    sample_slot("hero", headline="Out of the door", body="Come along with us."),
    sample_slot("hero", headline="A walk", body="It begins here, {person.first_name}."),
]


def compiled(brand: Brand, heroes: list[FilledSlot]) -> EmailTemplate:
    slots = {slot.kind: SlotChoice(otherwise=slot) for slot in all_slots()}
    slots["hero"] = choice_of("hero", heroes)
    return compile_template(
        brand,
        "welcome",
        sample_target(),
        sample_facts(),
        slots,
        partials=PARTIALS,
        images="https://images.fernhill.example/",
    )


@pytest.mark.parametrize("number", range(len(HEROES)))
def test_a_branch_is_the_email_with_that_variant_alone(brand: Brand, number: int) -> None:
    together, alone = compiled(brand, HEROES), compiled(brand, [HEROES[number]])
    person = Person({slot_of("hero"): str(number), "person.first_name": "Jo"})
    assert fill(together.html, person) == fill(alone.html, person)
    assert fill(together.text, person) == fill(alone.text, person)


def test_few_combinations_are_all_rendered_and_many_by_pairs() -> None:
    axes = [Axis(f"x{n}", tuple("abcd"), tuple("abcd")) for n in range(5)]
    assert len(list(combinations(axes, 1024))) == 1024
    some = list(combinations(axes, 1023))
    assert len(some) < 60
    for one, two in itertools.combinations(range(5), 2):
        assert {(row[one], row[two]) for row in some} == set(itertools.product(range(4), range(4)))


def test_a_sound_email_has_no_fault_in_any_combination(brand: Brand) -> None:
    template = compiled(brand, HEROES)
    axes = [slot_axis("hero", ["a", "b", "c"]), variable_axis("person.first_name", ["Jo", "Maria"])]
    picked = list(combinations(axes, 100))
    assert len(picked) == 12
    assert [fault for one in picked for fault in rendered(template, axes, one, frozenset())] == []


def test_a_fault_names_the_combination(brand: Brand) -> None:
    template = compiled(brand, [HEROES[0], sample_slot("hero", headline="Hello , you", body="Come.. in")])
    axes = [slot_axis("hero", ["good", "bad"])]
    assert rendered(template, axes, (0,), frozenset()) == []
    found = rendered(template, axes, (1,), frozenset())
    assert {(item.fault.what, item.combination["slot.hero"]) for item in found} == {
        ("a broken greeting", "bad"),
        ("doubled punctuation", "bad"),
    }


def test_missing_and_blank_values_take_the_fallback(brand: Brand) -> None:
    template = compiled(brand, [HEROES[2]])
    for value in (None, "", BLANK):
        seen = filled(template, Person({"person.first_name": value}))
        assert "It begins here, friend." in seen.text


CLEAN = Printed("Good to see you, Jo", "A quiet look", "<h1>Hello Jo</h1>", "Hello Jo, come in.\n")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"subject": "Good to see you, {person.first_name}"}, "a raw token"),
        ({"text": "Hello {{ first_name }}"}, "a raw token"),
        ({"html": "<h1>{% if x %}</h1>"}, "a raw token"),
        ({"text": "Come in , all."}, "doubled punctuation"),
        ({"text": "Hello , come in."}, "a broken greeting"),
        ({"text": "Dear, come in."}, "a broken greeting"),
        ({"subject": "undefined, come in"}, "a word of a program"),
        ({"text": "Hi,, come in"}, "doubled punctuation"),
        ({"subject": "See you, , soon"}, "doubled punctuation"),
        ({"preheader": ""}, "is empty"),
        ({"html": "<h1> </h1>"}, "an empty element"),
        ({"html": '<a href="">x</a>'}, "an empty address"),
    ],
)
def test_what_readers_should_never_see(change: dict[str, str], what: str) -> None:
    assert list(faults_in(CLEAN, "en-US")) == []
    broken = Printed(**{**CLEAN.__dict__, **change})
    assert what in {fault.what for fault in faults_in(broken, "en-US")}


def test_french_sets_a_blank_before_some_marks() -> None:
    french = Printed("Bonjour !", "Une promenade ?", "<h1>Bonjour !</h1>", "Prix : 10 €")
    assert list(faults_in(french, "fr-FR")) == []
