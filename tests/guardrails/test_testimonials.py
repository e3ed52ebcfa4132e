"""Quotes, ratings and endorsements: supplied ones pass word for word."""

import pytest

from app.guardrails.banned_claims import GUARDRAIL as CLAIMS
from app.guardrails.testimonials import GUARDRAIL, LANGUAGES
from app.guardrails.word_frames import frames
from tests.guardrails.people import blocked

SUPPLIED = {
    "testimonials": ["Worth every penny - Dee, Cardiff", "Solid - verified rider"],
    "approved_claims": ["rated 4.3/5 from 640 reviews", "Dentists recommend our brush"],
}
PASSES = (
    "Rate your order from one to five stars.",
    "Wool from Wales keeps its shape.",
    "Ask your doctor before you use it.",
    "“Plain,” he said, “is a colour too.”",
    '"Refill" is printed on the lid.',
    "I can't resist a good marmalade, says our baker.",
    "Sign here, the sculptor said, and the clay agreed.",
    "Featured in March",
    "A four-star hotel in the hills",
    "Our experts in the kitchen are two sisters.",
    "Tell us what you think, good or bad.",
    "Vets and dogs are welcome.",
    "As seen from the hill",
    "Our fencing team can be found on Thursdays.",
    "Tell us what you think. Reviews help other gardeners choose.",
    "We call it the weekender because it holds one weekend.",
    'New in "Cobalt", "Rust" and "Moss"',
)
FAILS = (
    ("Anna in Leeds says she would never go back to cotton.", None),
    ("Word on the street is that it's the comfiest sofa in town.", None),
    ('Overheard in the shop: "I need three of these."', None),
    ("The cushion physios put their names to.", None),
    ('"Best boots ever," says Maria from Leeds', None),
    ("«Parfait» – Marie, Lyon", None),
    ('Maria says: "I never take them off."', None),
    ('★★★★★ "Flawless" - verified rider', "★★★★★"),
    ("Rated 4.9/5", None),
    ('"My skin has never felt softer"', None),
    ("Dr. Alan Whitcombe, a dermatologist, recommends our balm.", None),
    ("It's the fragrance Zendaya keeps in her handbag.", None),
    ("The insole podiatrists wear themselves", None),
    ("One customer told us she cancelled her holiday to stay in it.", None),
    ("94% of users said they slept better", None),
    ("As seen in Vogue", None),
    ("Chefs swear by it", None),
    ("Every chef in Paris has one at home.", None),
    ("Our riders love it", "Our riders love"),
    ("Don't just take our word for it", None),
    ("Nine out of ten dentists choose it", None),
    ("Serena Williams swears by this", None),
    ("Warm all day. - Tom, Bath", None),
    ("It never leaks, says a happy customer", None),
)
ELSEWHERE = (
    ("de-DE", "Ärzte empfehlen diese Sohle.", True),
    ("de-DE", "Frag deinen Arzt.", False),
    ("fr-FR", "Nos clients adorent ce sac.", True),
    ("fr-FR", "Un sac pour nos clients", False),
    ("es-ES", "Los dentistas recomiendan este cepillo.", True),
)


@pytest.mark.parametrize("text", PASSES)
def test_words_that_nobody_vouches_with_pass(text: str) -> None:
    assert blocked(GUARDRAIL, text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_what_was_not_supplied_is_refused(text: str, words: str | None) -> None:
    found = blocked(GUARDRAIL, text, {"testimonials": []})
    assert found
    assert words is None or words in found


@pytest.mark.parametrize(
    "text",
    [
        '"Worth every penny." - Dee, Cardiff',
        '"Worth every penny," says Dee, Cardiff',
        '"Solid" - verified rider',
        "Rated 4.3 from 640 reviews",
        "Dentists recommend our brush",
    ],
)
def test_what_was_supplied_passes_word_for_word(text: str) -> None:
    assert blocked(GUARDRAIL, text, SUPPLIED) == []
    assert blocked(CLAIMS, text, SUPPLIED) == []


@pytest.mark.parametrize(
    "text", ['"Worth every penny!" - Lee, Cardiff', '"Worth all pennies." - Dee, Cardiff', "Rated 4.8 stars"]
)
def test_a_changed_quote_is_refused(text: str) -> None:
    assert blocked(GUARDRAIL, text, SUPPLIED)


@pytest.mark.parametrize(("locale", "text", "refused"), ELSEWHERE)
def test_in_other_languages(locale: str, text: str, refused: bool) -> None:
    assert bool(blocked(GUARDRAIL, text, locale=locale)) == refused


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_files_of_all_languages_can_be_read(language: str) -> None:
    assert frames("testimonials", language).rules
