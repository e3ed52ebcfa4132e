"""Rivals that are run down, and rivals that are only mentioned."""

import pytest

from app.guardrails.disparagement import GUARDRAIL, LANGUAGES
from app.guardrails.word_frames import frames
from tests.guardrails.people import blocked

RIVAL = {"competitors": ["Zenbike"]}
PASSES = (
    "Our rack fits Zenbike frames too.",
    "Works with Zenbike and other brands.",
    "Switching from Zenbike? We import your routes.",
    "A zen bike ride along the canal.",
    "Other brands of lamp fit too.",
    "Compatible with iPhone and Android.",
    "Unlike winter, spring is short. Unlike Monday, Sunday is slow.",
    "Faster than a train, slower than a cat.",
    "An honest comparison chart, with our weak spots in it.",
    "Follow us on Instagram, never miss a walk.",
    "The Quillon kettle never drips.",
    "Pick up your parcel at Tesco; it is not open on Sunday.",
    "Your bank may ask you to confirm the payment.",
)
FAILS = (
    "Zenbike frames snap. Ours are welded to last.",
    "Would you let Zenbike near your brakes?",
    "Z e n b i k e ? Zzz.",
    "Lighter than Zenbike.",
    "We make Zenbike look slow.",
    "Zenbike: expensive and late.",
    "Unlike the other guys, we mend.",
    "Cheap brands fall apart.",
    "Better than the leading brand.",
    "Tired of Vodafone letting you down?",
    "Unlike Nimbus, we use real wool.",
    "The competition is overpriced.",
    "Why are so many people leaving Quillon?",
    "Harrow & Pike's knives go blunt in a week. Ours don't.",
    "Other mattresses go lumpy in a year.",
    "Everyone else rounds up. We round down.",
)
ELSEWHERE = (
    ("de-DE", "Anders als die Konkurrenz halten wir Wort.", True),
    ("de-DE", "Passt auch zu anderen Marken.", False),
    ("fr-FR", "Contrairement à la concurrence, nous réparons.", True),
    ("fr-FR", "Compatible avec les autres marques", False),
    ("es-ES", "A diferencia de la competencia, reparamos.", True),
    ("de-DE", "Anders als Vodafone halten wir Wort.", True),
    ("de-DE", "Anders als Zelte trocknen Planen schnell.", False),
    ("de-DE", "Anders als Sonntag haben wir heute offen.", False),
    ("fr-FR", "Contrairement à Vodafone, nous tenons parole.", True),
    ("fr-FR", "Contrairement à Bretagne Nord, il fait beau ici.", False),
    ("es-ES", "A diferencia de Vodafone, cumplimos.", True),
    ("es-ES", "A diferencia de Galicia, aquí no llueve.", False),
)


@pytest.mark.parametrize("text", PASSES)
def test_compatibility_and_fair_words_pass(text: str) -> None:
    assert blocked(GUARDRAIL, text, RIVAL) == []


@pytest.mark.parametrize("text", FAILS)
def test_a_rival_that_is_run_down_is_refused(text: str) -> None:
    assert blocked(GUARDRAIL, text, RIVAL)


@pytest.mark.parametrize(("locale", "text", "refused"), ELSEWHERE)
def test_in_other_languages(locale: str, text: str, refused: bool) -> None:
    assert bool(blocked(GUARDRAIL, text, locale=locale)) == refused


def test_an_approved_comparison_passes() -> None:
    approved = {**RIVAL, "approved_claims": ["Lighter than Zenbike by 200 g (tested in May)"]}
    assert blocked(GUARDRAIL, "Lighter than Zenbike by 200 g.", approved) == []
    assert blocked(GUARDRAIL, "Stronger than Zenbike.", approved)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_files_of_all_languages_can_be_read(language: str) -> None:
    assert frames("disparagement", language).rules
