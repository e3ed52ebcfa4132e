"""Free: with the terms that the facts give, in the same sentence."""

from typing import Any

import pytest

from app.brief.plain_facts import fact_sheet_from_plain
from app.guardrails import free_offer
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from tests.factories import make_context

OVER = {"free_terms": "Free engraving on pens over £25"}
PASSES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("Free engraving on pens over £25", OVER, "en-GB"),
    ("Free engraving on every pen over twenty-five pounds", OVER, "en-GB"),
    (
        "A complimentary blade with your first razor",
        {"free_terms": "Blade free with a starter razor"},
        "en-GB",
    ),
    ("Buy one, get one free", {"offer": "2 for 1"}, "en-GB"),
    ("Sugar-free, free-range and free from nuts. Feel free to ask. Free your weekend.", {}, "en-GB"),
    ("Free delivery", {}, "en-GB"),  # left to the claim rules
    ("Gratis Gravur ab 25 €", {"free_terms": "Gratis Gravur ab 25 €"}, "de-DE"),
    ("Gravure offerte dès 25 €", {"free_terms": "Gravure offerte dès 25 €"}, "fr-FR"),
)
FAILS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("Free engraving on every pen", {}, "en-GB"),
    ("Free engraving on every pen", OVER, "en-GB"),
    ("Free engraving on pens over £15", OVER, "en-GB"),
    ("Free returns, always", {"free_terms": "Free returns within 60 days, UK only"}, "en-GB"),
    ("Gravur gratis", {"free_terms": "Gratis Gravur ab 25 €"}, "de-DE"),
    ("Gravure offerte", {"free_terms": "Gravure offerte dès 25 €"}, "fr-FR"),
)


def messages(text: str, plain: dict[str, Any], locale: str) -> list[str]:
    sheet, _ = fact_sheet_from_plain(plain, locale)
    context = make_context(facts=sheet, tokens_only=False, locale=locale)
    return [item.message for item in run_one(free_offer.GUARDRAIL, Piece(text), context).findings]


@pytest.mark.parametrize(("text", "plain", "locale"), PASSES)
def test_free_with_its_terms_passes(text: str, plain: dict[str, Any], locale: str) -> None:
    assert messages(text, plain, locale) == []


@pytest.mark.parametrize(("text", "plain", "locale"), FAILS)
def test_free_without_its_terms_is_refused_with_what_the_facts_say(
    text: str, plain: dict[str, Any], locale: str
) -> None:
    said = plain.get("free_terms", "the facts give no terms")
    assert any(said in message for message in messages(text, plain, locale))


@pytest.mark.parametrize(
    ("text", "locale", "refused"),
    [
        ("There's a free kettle with your name on it", "en-GB", True),
        ("Free solar panels for homeowners", "en-GB", True),
        ("Your first month, completely free.", "en-GB", True),
        ("Free coffee for everyone", "en-GB", True),
        ("A free mug with every order", "en-GB", False),
        ("Spend £40 and the tote is free", "en-GB", False),
        ("Returns are free.", "en-GB", False),
        ("Free delivery", "en-GB", False),
        ("There is no free plan", "en-GB", False),
        ("Free kicks and muddy knees", "en-GB", False),
        ("Kids fly free", "en-GB", True),
        ("Your first month is on us", "en-GB", True),
        ("Your first box won't cost you a penny", "en-GB", True),
        ("Here's a mug for nothing", "en-GB", True),
        ("The blame is on us.", "en-GB", False),
        ("It's on us to get it right.", "en-GB", False),
        ("The hall is free on Tuesday evenings.", "en-GB", False),
        ("We've a table free at eight", "en-GB", False),
        ("Set your weekend free", "en-GB", False),
        ("There's no such thing as a free lunch", "en-GB", False),
        ("Nothing here is free, but most of it is under a tenner.", "en-GB", False),
        ("Free jazz, live in the cellar", "en-GB", False),
        ("Read our free newsletter every Thursday", "en-GB", False),
        ("What's on the house? Slate, mostly.", "en-GB", False),
        ("Gratis Gravur", "de-DE", True),
        ("Gratis Gravur ab 25 €", "de-DE", False),
        ("Gravure offerte", "fr-FR", True),
        ("Gravure offerte dès 25 €", "fr-FR", False),
    ],
)
def test_without_facts_any_condition_will_do_and_none_is_refused(
    text: str, locale: str, refused: bool
) -> None:
    context = make_context(facts=None, tokens_only=False, locale=locale)
    assert bool(run_one(free_offer.GUARDRAIL, Piece(text), context).findings) is refused


def test_copy_with_tokens_is_left_to_the_claim_rules() -> None:
    context = make_context(facts=None, tokens_only=True)
    assert not run_one(free_offer.GUARDRAIL, Piece("A free mug"), context).findings
